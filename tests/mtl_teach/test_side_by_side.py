"""Networks that train side by side end where each would alone."""

import copy

import pytest
import torch
import torch.nn.functional as F

from mtl_teach.losses import masked_loss
from mtl_teach.models import HardSharing
from mtl_teach.side_by_side import train_side_by_side

RATES, STOPS = [0.01, 0.05, 0.2], [3, 10]
WEIGHTS = torch.tensor([[1.0, 1.0], [1.0, 0.3], [0.0, 1.0]])


def random(*shape, seed):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.fixture
def networks():
    return [HardSharing(4, 5, [1, 1], generator=torch.Generator().manual_seed(seed)) for seed in range(3)]


@pytest.fixture
def data():
    x, y, x_new = random(3, 20, 4, seed=1), random(3, 20, 2, seed=2), random(3, 7, 4, seed=3)
    y[:, ::3, 1] = torch.nan
    y[1, :, 0] = torch.nan  # a task without any label
    return x, y, x_new


def alone(network, x, y, x_new, rate, weights, method):
    network, seen = copy.deepcopy(network), []
    optimiser = method(network.parameters(), lr=rate)
    for step in range(1, STOPS[-1] + 1):
        optimiser.zero_grad()
        (masked_loss(network(x), y) * weights).sum().backward()
        optimiser.step()
        if step in STOPS:
            seen.append(network(x_new).detach())
    return torch.stack(seen)


@pytest.mark.parametrize("method", [torch.optim.Adam, torch.optim.SGD])
def test_each_network_trains_as_if_it_were_alone(networks, data, method):
    together = train_side_by_side(networks, *data, rates=RATES, stops=STOPS, task_weights=WEIGHTS, method=method)
    each = [alone(*one, rate, weights, method) for *one, rate, weights in zip(networks, *data, RATES, WEIGHTS)]
    torch.testing.assert_close(together, torch.stack(each, dim=1), rtol=1e-4, atol=1e-5)


def test_batches_go_through_all_rows_and_another_loss_can_be_asked_for(networks, data):
    """Ten steps of seven rows: the same orders of rows as for a network that trains alone."""
    x, _, x_new = data
    y = torch.randint(0, 2, (3, 20, 2), generator=torch.Generator().manual_seed(4)).float()

    def losses(output, labels):
        return F.binary_cross_entropy_with_logits(output, labels, reduction="none").mean(dim=1)

    more = {"rates": RATES, "stops": [10], "loss_fn": losses, "batch_size": 7}
    together = train_side_by_side(networks, x, y, x_new, generator=torch.Generator().manual_seed(5), **more)
    for at, network in enumerate(networks):
        model, order = copy.deepcopy(network), torch.Generator().manual_seed(5)
        optimiser = torch.optim.Adam(model.parameters(), lr=RATES[at])
        rows = [part for _ in range(4) for part in torch.randperm(20, generator=order).split(7)][:10]
        for part in rows:
            optimiser.zero_grad()
            losses(model(x[at, part])[None], y[at, part][None]).sum().backward()
            optimiser.step()
        torch.testing.assert_close(together[0, at], model(x_new[at]).detach(), rtol=1e-4, atol=1e-5)


def test_the_networks_that_came_in_are_left_as_they_were(networks, data):
    before = [copy.deepcopy(network.state_dict()) for network in networks]
    train_side_by_side(networks, *data, rates=RATES, stops=[2])
    for network, state in zip(networks, before):
        torch.testing.assert_close(network.state_dict(), state, rtol=0, atol=0)


def test_without_weights_every_task_counts_once(networks, data):
    torch.testing.assert_close(
        train_side_by_side(networks, *data, rates=RATES, stops=[4]),
        train_side_by_side(networks, *data, rates=RATES, stops=[4], task_weights=[1.0, 1.0]),
    )


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"rates": [0.1]}, r"`rates` must have shape \(n_networks,\) = \(3,\); got \(1,\)\."),
        ({"rates": [0.1, 0.0, 0.1]}, r"`rates` must be positive; got 0 at index 1\."),
        ({"stops": [5, 3]}, r"`stops` must increase from at least 1; got \[5, 3\]\."),
        ({"batch_size": 5}, r"`batch_size` must be at least 1 and come with a `generator`; got 5\."),
        ({"stops": [2.5]}, r"`stops` must be an integer of at least 1; got 2\.5\."),
        ({"task_weights": [1.0, 1.0, 1.0]}, r"`task_weights` must have shape \(n_tasks,\) = \(2,\), .*; got \(3,\)\."),
        ({"stops": []}, r"`stops` must increase from at least 1; got \[\]\."),
        ({"y": torch.zeros(3, 19, 2)}, r"`y` must have shape \(n_networks, n_samples, n_tasks\) = \(3, 20, any\)"),
        ({"x_new": torch.zeros(3, 7, 3)}, r"`x_new` must have shape .* = \(3, any, 4\); got \(3, 7, 3\)\."),
    ],
)
def test_what_does_not_fit_is_named(networks, data, changed, message):
    given = dict(zip(("x", "y", "x_new"), data), rates=RATES, stops=STOPS) | changed
    with pytest.raises(ValueError, match=message):
        train_side_by_side(networks, **given)
