"""rmse_to_units(rmse_z (T,), mean (T,), scale (T,)) -> (T,): root mean squared errors in label units."""

import numpy as np

from autograder.testing import INPUTS_LEFT, agree, assert_all_unchanged, assert_close, believes, depends, points, probe

NAMES = ("rmse_z", "mean", "scale")


def right(rmse_z, mean, scale):
    return rmse_z.astype(float) * scale.astype(float)


def verify(student, *cases):
    # Tasks differ by orders of magnitude, so every entry is compared with itself.
    agree(student, cases, right, NAMES, atol=0, what="the RMSE")


def draw(rng, count):
    """Scales that differ by orders of magnitude, and means that have nothing to do with them."""
    return rng.uniform(0.05, 1.2, count), rng.normal(0, 300, count), 10 ** rng.uniform(-2, 3, count)


def single(rng, count):
    """In float32 with small means, so that bringing two values back and subtracting them is right as well."""
    scale = 10 ** rng.uniform(-2, 3, count)
    return tuple(x.astype(np.float32) for x in (rng.uniform(0.3, 1.2, count), rng.uniform(-1, 1, count) * scale, scale))


@points(1)
def test_value(student, rng):
    """An error in units of the standard deviation becomes one in units of the label."""
    small = (
        (np.array([0.5]), np.array([0.0]), np.array([81.6])),
        (np.array([0.5]), np.array([200.0]), np.array([81.6])),
        (np.array([0.5, 0.25]), np.array([200.0, 7.0]), np.array([81.6, 2.0])),
    )
    others = (make(rng, count) for count in (2, 3, 6) for make in (draw, single))
    units = (np.array([0.5, 250.0]), np.array([1.0, 0.0]), np.array([1e-6, 1e6]))
    verify(student, *small, *others, units)


@points(0.5)
@depends("test_value")
def test_it_is_the_rmse(student, rng):
    """It is the RMSE that the predictions have once they are back in label units."""
    labels = rng.normal(0, 1, (25, 3)) * [1.0, 12.0, 0.02] + [5.0, -40.0, 3.0]
    mean, scale = labels.mean(0), labels.std(0)
    predicted_z = (labels - mean) / scale + rng.normal(0, 0.4, labels.shape)
    rmse_z = np.sqrt(((predicted_z - (labels - mean) / scale) ** 2).mean(0))
    expected = np.sqrt(((predicted_z * scale + mean - labels) ** 2).mean(0))
    got = student(rmse_z, mean, scale)
    inputs = {"rmse_z": rmse_z, "mean": mean, "scale": scale}
    assert_close(got, expected, inputs, rtol=1e-6, atol=0, what="the RMSE")


@points(1)
def test_the_mean_cancels(student, rng):
    """The answer does not depend on the mean, which may be negative; a perfect prediction stays perfect."""
    perfect = np.array([0.0, 0.0]), np.array([200.0, -3.0]), np.array([81.6, 2.0])
    rmse_z, mean, scale = draw(rng, 4)
    verify(student, perfect, *((rmse_z, shifted, scale) for shifted in (mean, -mean, mean + 1e4)))


@points(0.5)
@depends("test_value")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The three arrays are as they were before the call."""
    assert_all_unchanged(student, ((np.array([0.5]), np.array([200.0]), np.array([81.6])), draw(rng, 3)), NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(np.array([0.5]), np.array([200.0]), np.array([81.6]))
    yield probe(np.array([0.5, 0.25]), np.array([200.0, -7.0]), np.array([81.6, 2.0]))
    yield probe(np.array([0.5, 0.25]), np.array([200.0, -7.0]), np.array([81.6, 2.0]), after=True)
    yield probe(np.array([0.0, 0.5]), np.array([3.0, 0.0]), np.array([2.0, 1.0]))
    yield probe(np.array([1 / 3]), np.array([0.0]), np.array([0.01]))
    yield probe(*draw(rng, 5))
