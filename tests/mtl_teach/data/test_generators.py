"""The data generators: the ground truth is what it says, and the same seed gives the same bytes."""

from dataclasses import FrozenInstanceError, fields
from functools import partial

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.special import expit, logit
from sklearn.datasets import load_digits
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import average_precision_score, f1_score

from mtl_teach.data import (
    CLICK_WORLDS,
    make_click_logs,
    make_demand_series,
    make_house_sales,
    make_related_tasks,
    make_soil_and_water,
    make_topics,
    two_digits,
)
from mtl_teach.data import click_logs as module
from mtl_teach.metrics import ThresholdTuner, mean_interval

GENERATORS = {
    "house sales": partial(make_house_sales, 300, missing_days=0.3),
    "soil and water": partial(make_soil_and_water, 300),
    "topics": partial(make_topics, 300),
    "click logs": partial(make_click_logs, 300, hidden_intent=1.0),
    "demand series": partial(make_demand_series, 5, 60),
    "related tasks": partial(make_related_tasks, 0.5, (60, 30), n_test=100),
    "two digits": partial(two_digits, 100, 50),
}
every_generator = pytest.mark.parametrize("make", GENERATORS.values(), ids=GENERATORS)


def assert_mean_zero(values, sigmas=4.5):
    """Each column's mean is within `sigmas` standard errors of 0: a false alarm in 150,000 per column."""
    error = values.std(axis=0, ddof=1) / np.sqrt(len(values))
    assert np.all(np.abs(values.mean(axis=0)) <= sigmas * error)


def assert_probabilities(outcome, probability, groups=10):
    """Outcome rates agree with the probabilities overall and within groups of similar probability."""
    order = np.argsort(probability)
    for part in np.array_split(order, groups):
        spread = np.sqrt(np.sum(probability[part] * (1 - probability[part])))
        assert abs(outcome[part].sum() - probability[part].sum()) < 4.5 * spread


def arrays(record):
    return {f.name: v for f in fields(record) if isinstance(v := getattr(record, f.name), np.ndarray)}


class TestEveryGenerator:
    @every_generator
    def test_same_seed_gives_the_same_bytes(self, make):
        first, second = arrays(make(seed=7)), arrays(make(seed=7))
        assert all(first[name].tobytes() == second[name].tobytes() for name in first)

    @every_generator
    def test_another_seed_gives_other_data(self, make):
        assert make(seed=7).X.tobytes() != make(seed=8).X.tobytes()

    @every_generator
    def test_a_generator_serves_as_seed_and_moves_on(self, make):
        rng = np.random.default_rng(7)
        first, second = make(seed=rng), make(seed=rng)
        assert first.X.tobytes() == make(seed=7).X.tobytes()
        assert first.X.tobytes() != second.X.tobytes()

    @every_generator
    def test_global_random_state_is_untouched(self, make):
        before = np.random.get_state()[1].tobytes()  # noqa: NPY002
        make(seed=0)
        assert np.random.get_state()[1].tobytes() == before  # noqa: NPY002

    @every_generator
    def test_shapes_names_and_units_agree(self, make):
        data = make(seed=0)
        assert data.mask.dtype == bool
        assert data.y.shape == data.mask.shape == (data.n_samples, data.n_tasks)
        assert len(data.task_names) == len(data.task_units) == data.n_tasks
        assert len(data.feature_names) == len(data.feature_units) == data.X.shape[1]
        assert all(len(array) == data.n_samples for array in arrays(data).values())

    @every_generator
    def test_a_label_is_nan_exactly_where_the_mask_is_false(self, make):
        data = make(seed=0)
        np.testing.assert_array_equal(np.isnan(data.y), ~data.mask)

    @every_generator
    def test_take_restricts_truth_and_labels_together(self, make):
        data = make(seed=0)
        part = data.take([3, 1])
        assert type(part) is type(data)
        for name, array in arrays(part).items():
            np.testing.assert_array_equal(array, arrays(data)[name][[3, 1]])
        assert data.take(slice(0, 5)).n_samples == 5
        assert data.take(data.mask[:, 0]).n_samples == data.mask[:, 0].sum()

    @every_generator
    def test_the_record_is_frozen(self, make):
        with pytest.raises(FrozenInstanceError):
            make(seed=0).X = None


class TestHouseSales:
    def test_expected_is_the_conditional_mean_and_noise_sd_the_spread(self):
        data = make_house_sales(40_000)
        z = (data.y - data.expected) / data.noise_sd
        assert_mean_zero(z)
        assert_mean_zero(z**2 - 1)

    def test_both_labels_are_positive_and_of_very_different_scale(self):
        data = make_house_sales(5000)
        assert data.y.min() > 0
        assert 2000 < data.y[:, 0].std() / data.y[:, 1].std() < 8000

    def test_the_price_unit_changes_the_unit_and_nothing_else(self):
        euros, thousands = make_house_sales(50), make_house_sales(50, price_unit="kEUR")
        np.testing.assert_allclose(euros.y, thousands.y * [1000, 1])
        np.testing.assert_allclose(euros.expected, thousands.expected * [1000, 1])
        assert thousands.task_units == ("kEUR", "days")

    def test_days_are_missing_at_the_stated_rate_and_the_price_never(self):
        data = make_house_sales(10_000, missing_days=0.3)
        assert data.mask[:, 0].all()
        assert abs(data.mask[:, 1].mean() - 0.7) < 4.5 * np.sqrt(0.21 / 10_000)


class TestSoilAndWater:
    def test_expected_is_the_conditional_mean_without_outliers(self):
        data = make_soil_and_water(60_000, outliers=0.0)
        assert_mean_zero(data.y - data.expected)

    def test_temperature_is_uniform_from_minus_10_to_40(self):
        temperature = make_soil_and_water(5000).y[:, 3]
        assert stats.kstest(temperature, stats.uniform(-10, 50).cdf).pvalue > 1e-4

    def test_rain_falls_with_its_probability_and_on_40_percent_of_days(self):
        data = make_soil_and_water(40_000)
        assert_probabilities(data.y[:, 4] > 0, data.rain_probability)
        assert abs(data.rain_probability.mean() - 0.4) < 0.01

    def test_rain_has_the_larger_range_and_the_smaller_variance(self):
        temperature, rain = make_soil_and_water(20_000).y[:, 3:].T
        assert np.ptp(rain) > 1.5 * np.ptp(temperature)
        share = rain.var() / (rain.var() + temperature.var())
        assert 0.18 < share < 0.26

    def test_kelvin_is_an_offset_and_nothing_else(self):
        celsius, kelvin = make_soil_and_water(50), make_soil_and_water(50, temperature_unit="K")
        np.testing.assert_allclose(kelvin.y - celsius.y, [[0, 0, 0, 273.15, 0]] * 50, atol=1e-9)
        np.testing.assert_allclose(kelvin.expected - celsius.expected, [[0, 0, 0, 273.15, 0]] * 50, atol=1e-9)

    def test_outliers_are_ten_times_the_clean_value_at_the_stated_rate(self):
        clean, dirty = make_soil_and_water(20_000, outliers=0.0), make_soil_and_water(20_000, outliers=0.01)
        ratio = dirty.y[:, 1] / clean.y[:, 1]
        np.testing.assert_allclose(ratio, np.where(dirty.is_outlier, 10.0, 1.0))
        assert abs(dirty.is_outlier.mean() - 0.01) < 4.5 * np.sqrt(0.0099 / 20_000)


class TestTopics:
    def test_labels_follow_their_probabilities(self):
        data = make_topics(20_000)
        for task in range(data.n_tasks):
            assert_probabilities(data.y[:, task], data.probability[:, task])

    def test_the_mean_probability_is_the_stated_prevalence(self):
        data = make_topics(500)
        np.testing.assert_allclose(data.probability.mean(axis=0), data.prevalence, atol=1e-9)

    def test_topics_may_occur_together(self):
        assert make_topics(1000).y.sum(axis=1).max() >= 2

    def test_without_sharpness_the_words_say_nothing(self):
        data = make_topics(100, sharpness=0.0)
        np.testing.assert_allclose(data.probability, np.tile(data.prevalence, (100, 1)), atol=1e-9)

    def test_words_carry_the_topic_and_fillers_do_not(self):
        data = make_topics(4000)
        sport = data.task_names.index("sport")
        columns = {word: np.corrcoef(data.X[:, j], data.y[:, sport])[0, 1] for j, word in enumerate(data.feature_names)}
        assert columns["goal"] > 0.2 > 0.08 > abs(columns["said"])

    def test_a_threshold_tuned_on_six_positives_loses_to_one_half(self):
        """With the *true* probabilities, so that nothing but the tuning is to blame."""
        rare = {"obituary": 0.02}
        fresh = make_topics(10_000, prevalence=rare, sharpness=3.0, seed=1)
        at_half = f1_score(fresh.y, fresh.probability >= 0.5)
        gains = []
        for seed in range(60):
            few = make_topics(300, prevalence=rare, sharpness=3.0, seed=100 + seed)
            tuner = ThresholdTuner().fit(few.y, few.probability)
            gains.append(f1_score(fresh.y, tuner.predict(fresh.probability)) - at_half)
        assert mean_interval(gains).high < 0

    def test_a_positive_weight_of_20_keeps_the_ranking_and_ruins_the_calibration(self):
        train, test = (make_topics(4000, prevalence={"health": 0.044}, seed=seed) for seed in (1, 2))
        probability, precision = [], []
        for weight in (1, 20):
            weights = np.where(train.y[:, 0] == 1, weight, 1)
            model = LogisticRegression(max_iter=2000).fit(np.log1p(train.X), train.y[:, 0], sample_weight=weights)
            probability.append(model.predict_proba(np.log1p(test.X))[:, 1])
            precision.append(average_precision_score(test.y[:, 0], probability[-1]))
        assert abs(precision[0] - precision[1]) < 0.02
        assert abs(probability[0].mean() - 0.044) < 0.01
        assert probability[1].mean() > 0.2

    def test_a_choice_of_topics_is_possible(self):
        data = make_topics(200, prevalence={"health": 0.5})
        assert data.task_names == ("health",)


class TestClickLogs:
    @pytest.mark.parametrize("world", CLICK_WORLDS)
    def test_click_rate_agrees_with_p_click(self, world):
        log = make_click_logs(20_000, **CLICK_WORLDS[world])
        assert_probabilities(log.click, log.p_click)

    @pytest.mark.parametrize("world", CLICK_WORLDS)
    def test_conversions_of_the_clicked_agree_with_p_conversion_given_click(self, world):
        log = make_click_logs(20_000, **CLICK_WORLDS[world])
        clicked = log.take(log.click == 1)
        assert_probabilities(clicked.y[:, 1], clicked.p_conversion_given_click)

    @pytest.mark.parametrize("world", CLICK_WORLDS)
    def test_conversions_had_all_clicked_agree_with_p_conversion_do_click(self, world):
        log = make_click_logs(20_000, **CLICK_WORLDS[world])
        assert_probabilities(log.conversion_if_clicked, log.p_conversion_do_click)

    def test_quadrature_agrees_with_adaptive_integration(self):
        log = make_click_logs(3, hidden_intent=3.0, seed=1)
        for row in range(3):
            a = module._CLICK_BASE + log.X[row] @ module._CLICK
            b = module._CONVERT_BASE + log.X[row] @ module._CONVERT

            def average(f):
                return integrate.quad(lambda u: f(u) * stats.norm.pdf(u), -12, 12, epsabs=1e-12)[0]

            p_click = average(lambda u, a=a: expit(a + 3 * u))
            p_both = average(lambda u, a=a, b=b: expit(a + 3 * u) * expit(b + 3 * u))
            assert log.p_click[row] == pytest.approx(p_click, abs=1e-6)
            assert log.p_conversion_given_click[row] == pytest.approx(p_both / p_click, abs=1e-6)

    def test_without_hidden_intent_seeing_and_doing_agree(self):
        log = make_click_logs(500, hidden_intent=0.0, curvature=0.5)
        np.testing.assert_allclose(log.p_conversion_given_click, log.p_conversion_do_click, rtol=1e-12)

    def test_hidden_intent_drives_seeing_and_doing_apart_more_and_more(self):
        gaps = []
        for gamma in (0.0, 0.5, 1.0, 1.5, 2.0):
            log = make_click_logs(2000, hidden_intent=gamma)
            gaps.append((log.p_conversion_given_click - log.p_conversion_do_click).mean())
        assert np.all(np.diff(gaps) > 0)
        assert gaps[-1] > 0.15

    @pytest.mark.parametrize("world", CLICK_WORLDS)
    def test_rates_are_those_asked_for_in_every_world(self, world):
        log = make_click_logs(40_000, click_rate=0.02, conversion_rate=0.03, **CLICK_WORLDS[world])
        both = log.p_click * log.p_conversion_given_click
        assert log.p_click.mean() == pytest.approx(0.02, rel=0.03)  # exact for the intents that were drawn
        assert both.sum() / log.p_click.sum() == pytest.approx(0.03, rel=0.08)
        assert_probabilities(log.click, log.p_click)
        assert_mean_zero(log.click_and_conversion - both)

    def test_rates_move_the_two_base_logits_and_nothing_else(self):
        usual, rare = make_click_logs(500), make_click_logs(500, click_rate=0.02, conversion_rate=0.03)
        for quantity in ("p_click", "p_conversion_given_click"):
            shift = logit(getattr(rare, quantity)) - logit(getattr(usual, quantity))
            np.testing.assert_allclose(shift, shift[0], rtol=1e-9)
            assert shift[0] < -2
        np.testing.assert_array_equal(rare.X, usual.X)
        np.testing.assert_array_equal(rare.price, usual.price)
        np.testing.assert_array_equal(rare.intent, usual.intent)

    def test_the_default_log_has_kept_its_bytes(self):
        log = make_click_logs(2000, hidden_intent=1.0, curvature=0.5, seed=3)
        assert (log.click.sum(), log.click_and_conversion.sum()) == (876, 383)

    def test_a_conversion_is_missing_exactly_without_a_click(self):
        log = make_click_logs(500)
        np.testing.assert_array_equal(log.mask[:, 1], log.click == 1)
        np.testing.assert_array_equal(log.y[log.mask[:, 1], 1], log.conversion_if_clicked[log.mask[:, 1]])

    def test_click_and_conversion_is_a_true_zero_without_a_click(self):
        log = make_click_logs(500)
        assert np.isfinite(log.click_and_conversion).all()
        assert log.click_and_conversion[log.click == 0].max() == 0
        assert log.click_and_conversion.sum() == np.nansum(log.y[:, 1])

    def test_expected_revenue_agrees_with_the_revenue_earned(self):
        log = make_click_logs(20_000, **CLICK_WORLDS["C"])
        assert_mean_zero(log.click_and_conversion * log.price - log.expected_revenue)

    def test_the_propensity_is_the_probability_that_the_label_is_observed(self):
        log = make_click_logs(20_000)
        assert_probabilities(log.mask[:, 1], log.propensity)

    def test_the_three_worlds_do_what_the_lesson_says(self):
        """A: masking unbiased. B: masking biased, weighting repairs the mean. C: neither finds do(click)."""
        bias = {}
        for world, settings in CLICK_WORLDS.items():
            log = make_click_logs(40_000, **settings)
            seen = log.take(log.mask[:, 1])
            for name, weight in (("masked", None), ("weighted", 1 / seen.propensity)):
                model = LogisticRegression(C=1e6).fit(seen.X, seen.y[:, 1], sample_weight=weight)
                bias[world, name] = (model.predict_proba(log.X)[:, 1] - log.p_conversion_do_click).mean()
        assert abs(bias["A", "masked"]) < 0.01
        assert bias["B", "masked"] < -0.02
        assert abs(bias["B", "weighted"]) < 0.012
        assert min(bias["C", "masked"], bias["C", "weighted"]) > 0.15


class TestDemandSeries:
    def test_counts_are_poisson_around_expected(self):
        data = make_demand_series(40, 300, missing=0.0)
        z = (data.y - data.expected) / np.sqrt(data.expected)
        assert_mean_zero(z)
        assert_mean_zero(z**2 - 1)

    def test_given_their_expectations_the_series_are_independent(self):
        data = make_demand_series(40, 300, missing=0.0)
        z = (data.y - data.expected) / np.sqrt(data.expected)
        correlation = np.corrcoef(z.T)[np.triu_indices(3, 1)]
        assert np.abs(correlation).max() < 4.5 / np.sqrt(len(z))

    def test_labels_are_missing_at_the_stated_rate(self):
        data = make_demand_series(200, 300, missing=0.2, gap_days=10)
        effective = data.mask.size / 10  # days of one gap fall together
        assert abs((~data.mask).mean() - 0.2) < 4.5 * np.sqrt(2 * 0.16 / effective)

    def test_gaps_inside_a_series_are_at_least_gap_days_long(self):
        data = make_demand_series(10, 200, missing=0.3, gap_days=8)
        for item in range(10):
            for missing in (~data.mask[data.item == item]).T:
                edges = np.flatnonzero(np.diff(np.concatenate([[False], missing, [False]]).astype(int)))
                for start, stop in edges.reshape(-1, 2):
                    assert stop - start >= 8 or start == 0 or stop == 200

    def test_without_missing_every_label_is_observed(self):
        assert make_demand_series(2, 50, missing=0.0).mask.all()

    def test_rows_are_sorted_by_item_then_day(self):
        data = make_demand_series(3, 4)
        np.testing.assert_array_equal(data.item, np.repeat([0, 1, 2], 4))
        np.testing.assert_array_equal(data.day, np.tile([0, 1, 2, 3], 3))


class TestRelatedTasks:
    @pytest.mark.parametrize("nonlinear", [True, False], ids=["nonlinear", "linear"])
    @pytest.mark.parametrize("correlation", [0.0, 0.4, 0.8, 1.0])
    def test_signals_have_the_stated_correlation(self, correlation, nonlinear):
        data = make_related_tasks(correlation, (100, 100), n_test=20_000, nonlinear=nonlinear)
        measured = np.corrcoef(data.signal.T)[0, 1]
        assert measured == pytest.approx(correlation, abs=4.5 * (1 - correlation**2) / np.sqrt(20_100) + 1e-9)

    def test_the_signal_is_the_conditional_mean_and_explains_the_stated_share(self):
        data = make_related_tasks(0.5, (10, 10), n_test=40_000, ceiling_r2=(0.95, 0.1))
        test = data.take(data.is_test)
        assert_mean_zero(test.y - test.signal)
        assert_mean_zero((test.y - test.signal) ** 2 - (1 - np.array(data.ceiling_r2)))
        np.testing.assert_allclose(test.signal.var(axis=0), data.ceiling_r2, rtol=0.05)

    def test_each_task_has_its_own_number_of_labels_and_the_test_rows_have_all(self):
        data = make_related_tasks(1.0, (100, 6, 30), n_test=50, n_features=12)
        np.testing.assert_array_equal(data.mask[~data.is_test].sum(axis=0), [100, 6, 30])
        assert data.mask[data.is_test].all()
        assert data.is_test.sum() == 50

    def test_at_correlation_one_the_signals_are_one_function(self):
        data = make_related_tasks(1.0)
        np.testing.assert_array_equal(data.signal[:, 0], data.signal[:, 1])

    def test_the_linear_variant_is_linear(self):
        data = make_related_tasks(0.3, nonlinear=False)
        model = LinearRegression().fit(data.X, data.signal)
        assert model.score(data.X, data.signal) == pytest.approx(1.0)

    def test_a_rich_task_of_the_same_kind_helps_the_task_with_60_labels(self):
        """The reason the data exists: with one function behind both, the rich task's fit wins."""
        gains = []
        for seed in range(5):
            data = make_related_tasks(1.0, (1000, 60), seed=seed, n_features=30, nonlinear=False)
            train, test = data.take(~data.is_test), data.take(data.is_test)
            poor = train.take(train.mask[:, 1])
            alone = LinearRegression().fit(poor.X, poor.y[:, 1])
            pooled = LinearRegression().fit(train.X, train.y[:, 0])
            gains.append(pooled.score(test.X, test.y[:, 1]) - alone.score(test.X, test.y[:, 1]))
        assert min(gains) > 0.05


class TestTwoDigits:
    def test_base_digits_are_split_before_composing(self):
        data = two_digits(4000, 2000)
        assert not set(data.base[data.is_test].ravel()) & set(data.base[~data.is_test].ravel())

    def test_labels_are_those_of_the_base_digits(self):
        data = two_digits(50, 50)
        np.testing.assert_array_equal(data.y, load_digits().target[data.base])

    def test_without_overlap_the_base_digits_stand_apart(self):
        data = two_digits(20, 1, shift=8)
        images = load_digits().images / 16
        pictures = data.X.reshape(-1, data.side, data.side)
        np.testing.assert_array_equal(pictures[:, :8, :8], images[data.base[:, 0]])
        np.testing.assert_array_equal(pictures[:, 8:, 8:], images[data.base[:, 1]])
        assert pictures[:, :8, 8:].max() == 0

    def test_where_digits_overlap_the_darker_ink_counts(self):
        data = two_digits(20, 1, shift=0)
        images = load_digits().images / 16
        pictures = data.X.reshape(-1, 8, 8)
        np.testing.assert_array_equal(pictures, np.maximum(images[data.base[:, 0]], images[data.base[:, 1]]))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: make_house_sales(0), r"`n_samples` must be an integer of at least 1; got 0\."),
        (lambda: make_house_sales(2.5), r"`n_samples` must be an integer of at least 1; got 2\.5\."),
        (lambda: make_house_sales(True), r"`n_samples` must be an integer of at least 1; got True\."),
        (
            lambda: make_house_sales(price_unit="USD"),
            r"`price_unit` must be one of 'EUR', 'kEUR'; got 'USD'\.",
        ),
        (lambda: make_house_sales(missing_days=1.5), r"`missing_days` must lie in \[0, 1\]; got 1\.5\."),
        (lambda: make_soil_and_water(outliers=-0.1), r"`outliers` must lie in \[0, 1\]; got -0\.1\."),
        (
            lambda: make_soil_and_water(temperature_unit="F"),
            r"`temperature_unit` must be one of 'C', 'K'; got 'F'\.",
        ),
        (lambda: make_topics(1), r"`n_samples` must be an integer of at least 2; got 1\."),
        (
            lambda: make_topics(prevalence={"chess": 0.1}),
            r"`prevalence` must name topics among .*; got \['chess'\]\.",
        ),
        (lambda: make_topics(prevalence={}), r"`prevalence` must name topics among .*; got \[\]\."),
        (
            lambda: make_topics(prevalence={"sport": 1.0}),
            r"`prevalence\['sport'\]` must lie in \(0, 1\); got 1\.0\.",
        ),
        (lambda: make_topics(sharpness=-1.0), r"`sharpness` must be non-negative; got -1\.0\."),
        (lambda: make_click_logs(hidden_intent=-1.0), r"`hidden_intent` must lie in \[0, 3\]; got -1\.0\."),
        (lambda: make_click_logs(click_rate=1.0), r"`click_rate` must lie in \(0, 1\); got 1\.0\."),
        (lambda: make_click_logs(conversion_rate=0.0), r"`conversion_rate` must lie in \(0, 1\); got 0\.0\."),
        (lambda: make_click_logs(-3), r"`n_samples` must be an integer of at least 1; got -3\."),
        (lambda: make_demand_series(0), r"`n_items` must be an integer of at least 1; got 0\."),
        (lambda: make_demand_series(n_days=0), r"`n_days` must be an integer of at least 1; got 0\."),
        (lambda: make_demand_series(gap_days=0), r"`gap_days` must be an integer of at least 1; got 0\."),
        (lambda: make_demand_series(missing=1.0), r"`missing` must lie in \[0, 1\); got 1\.0\."),
        (lambda: make_related_tasks(-0.1), r"`correlation` must lie in \[0, 1\]; got -0\.1\."),
        (lambda: make_related_tasks(0.5, ()), r"`n_labels` must name at least one task; got none\."),
        (lambda: make_related_tasks(0.5, (10, 0)), r"`n_labels` must be an integer of at least 1; got 0\."),
        (lambda: make_related_tasks(0.5, n_test=-1), r"`n_test` must be an integer of at least 0; got -1\."),
        (
            lambda: make_related_tasks(0.5, directions=0),
            r"`directions` must be an integer of at least 1; got 0\.",
        ),
        (
            lambda: make_related_tasks(0.5, n_features=8),
            r"`n_features` must be an integer of at least 9; got 8\.",
        ),
        (
            lambda: make_related_tasks(0.5, ceiling_r2=0.0),
            r"`ceiling_r2` must lie in \(0, 1\]; got \[0\.0, 0\.0\]\.",
        ),
        (lambda: two_digits(0), r"`n_train` must be an integer of at least 1; got 0\."),
        (lambda: two_digits(n_test=0), r"`n_test` must be an integer of at least 1; got 0\."),
        (lambda: two_digits(shift=9), r"`shift` must lie in \[0, 8\]; got 9\."),
    ],
)
def test_bad_input_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_representation_names_tasks_units_and_coverage():
    text = repr(make_house_sales(200, missing_days=1.0))
    assert text.startswith("HouseSales(200 samples, 6 features, tasks: price [EUR], days on market [days]; ")
    assert text.endswith("50 % of the labels observed)")
