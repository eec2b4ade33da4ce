"""Cost: two numbers under their names, and a latency that is a median."""

from types import SimpleNamespace

import pytest
import torch
from torch import nn

from mtl_teach.cost import count_flops, measure_latency
from mtl_teach.models import HardSharing


class TestCountFlops:
    def test_a_multiply_add_is_one_mac_and_two_flops(self):
        assert count_flops(nn.Linear(10, 4), torch.zeros(3, 10)) == {"macs": 3 * 10 * 4, "flops": 2 * 3 * 10 * 4}

    def test_a_shared_trunk_is_counted_once(self):
        model = HardSharing(10, [20, 30], [1, 1, 1])
        assert count_flops(model, torch.zeros(1, 10))["macs"] == 10 * 20 + 20 * 30 + 3 * 30

    def test_a_convolution_is_counted(self):
        layer = nn.Conv2d(3, 8, kernel_size=3, bias=False)
        assert count_flops(layer, torch.zeros(1, 3, 10, 10))["macs"] == 8 * 8 * 8 * 3 * 3 * 3

    def test_activations_are_not_counted(self):
        assert count_flops(nn.ReLU(), torch.zeros(5, 5)) == {"macs": 0, "flops": 0}

    def test_no_graph_and_no_gradient_are_left(self):
        model = nn.Linear(4, 4)
        count_flops(model, torch.zeros(1, 4))
        assert model.weight.grad is None


class TestMeasureLatency:
    def test_is_the_median_and_the_interquartile_range_in_milliseconds(self, monkeypatch):
        ticks = iter([0.0, 9.0, *(t for d in (0.001, 0.002, 0.003, 0.004, 0.100) for t in (0.0, d))])
        monkeypatch.setattr("mtl_teach.cost.time.perf_counter", lambda: next(ticks))
        latency = measure_latency(nn.Identity(), torch.zeros(1), repeats=5, warmup=1)
        assert latency.median_ms == pytest.approx(3.0)
        assert latency.iqr_ms == pytest.approx(2.0)

    def test_on_a_cuda_device_the_clock_waits_for_the_work(self, monkeypatch):
        waited = []
        monkeypatch.setattr(torch.cuda, "synchronize", waited.append)
        on_device = SimpleNamespace(is_cuda=True, device="cuda:0")
        measure_latency(lambda x: x, on_device, repeats=2, warmup=1)
        assert waited == ["cuda:0"] * 3

    def test_runs_warmup_and_repeats_without_gradients(self):
        calls = []
        measure_latency(lambda x: calls.append(torch.is_grad_enabled()), torch.zeros(1), repeats=4, warmup=3)
        assert calls == [False] * 7

    def test_evaluation_mode_is_on_meanwhile_and_each_part_gets_its_mode_back(self):
        model = nn.Sequential(nn.Dropout(), nn.Dropout())
        model[1].eval()
        seen = []
        model.register_forward_hook(lambda module, *_: seen.append([m.training for m in module.modules()]))
        measure_latency(model, torch.zeros(2), repeats=2, warmup=0)
        assert seen == [[False] * 3] * 2
        assert [m.training for m in model.modules()] == [True, True, False]

    def test_the_mode_comes_back_after_an_error(self):
        model = nn.Linear(3, 1)
        with pytest.raises(RuntimeError, match="shapes"):
            measure_latency(model, torch.zeros(1, 2), repeats=2)
        assert model.training

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"repeats": 1}, r"`repeats` must be an integer of at least 2; got 1\."),
            ({"warmup": -1}, r"`warmup` must be an integer of at least 0; got -1\."),
        ],
    )
    def test_bad_input_is_refused_by_name(self, arguments, message):
        with pytest.raises(ValueError, match=message):
            measure_latency(nn.Identity(), torch.zeros(1), **arguments)
