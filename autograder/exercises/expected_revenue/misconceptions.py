"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import math

import numpy as np

from autograder.testing import misconception


def expit(logits):  # as SciPy's, which an exercise on plain NumPy does not wait for
    small = np.exp(-np.abs(logits))
    return np.where(np.asarray(logits) >= 0, np.ones_like(small), small) / (1 + small)


def log_expit(logits):
    return -np.logaddexp(0, -logits)


def softmax(logits, axis=None):
    shares = np.exp(logits - np.max(logits, axis=axis, keepdims=True))
    return shares / shares.sum(axis=axis, keepdims=True)


@misconception(
    "With both logits 0 the result is 0: the logits themselves were multiplied. Two negative logits would bring "
    "revenue. Apply the sigmoid to each first.",
    caught_by="test_value",
    conceptual=True,
)
def multiplies_logits(ctr_logit, cvr_logit, price):
    return ctr_logit * cvr_logit * price


@misconception(
    "Every impression got the same value, a product of means. The mean of a product is not that: click rate, "
    "conversion rate and price go together across items. Multiply within each impression.",
    caught_by="test_value",
    conceptual=True,
)
def product_of_means(ctr_logit, cvr_logit, price):
    return np.full(price.shape, expit(ctr_logit).mean() * expit(cvr_logit).mean() * price.mean())


@misconception(
    "The price of each impression meets the mean chance of {what} over the batch. Every impression has its own.",
    caught_by="test_value",
    conceptual=True,
    family={"what": ("a click", "a conversion", "both")},
)
def mean_rates(ctr_logit, cvr_logit, price, *, what="a click"):
    click, conversion = expit(ctr_logit), expit(cvr_logit)
    if what == "both":
        return np.mean(click * conversion) * price
    return (click.mean() * conversion if what == "a click" else click * conversion.mean()) * price


@misconception(
    "The sigmoid is applied twice: every probability is pushed to between 0.5 and 0.73.", caught_by="test_value"
)
def double_sigmoid(ctr_logit, cvr_logit, price):
    return expit(expit(ctr_logit)) * expit(expit(cvr_logit)) * price


@misconception(
    "The product of the two probabilities went through a sigmoid once more. It is a probability already.",
    caught_by="test_value",
)
def sigmoid_of_the_probabilities(ctr_logit, cvr_logit, price):
    return expit(expit(ctr_logit) * expit(cvr_logit)) * price


@misconception(
    "The probability of click and conversion came back; it still has to be multiplied by the price.",
    caught_by="test_value",
)
def price_ignored(ctr_logit, cvr_logit, price):
    return expit(ctr_logit) * expit(cvr_logit)


@misconception(
    "The price counts {power}. It multiplies the chance of a sale once.",
    caught_by="test_value",
    family={"power": ("squared", "with its root", "as its logarithm", "as log(1 + price)")},
)
def another_power_of_the_price(ctr_logit, cvr_logit, price, *, power="squared"):
    with np.errstate(all="ignore"):
        counted = {
            "squared": price**2,
            "with its root": np.sqrt(price),
            "as its logarithm": np.log(price),
            "as log(1 + price)": np.log1p(price),
        }[power]
    return expit(ctr_logit) * expit(cvr_logit) * counted


@misconception(
    "The price is {how} the chance of a sale. Worth is the chance TIMES the price.",
    caught_by="test_value",
    family={"how": ("added to", "dividing")},
)
def price_not_multiplied(ctr_logit, cvr_logit, price, *, how="added to"):
    chance = expit(ctr_logit) * expit(cvr_logit)
    with np.errstate(all="ignore"):
        return chance + price if how == "added to" else chance / price


@misconception(
    "Every impression is paid the {what} price of the batch. Each has a price of its own.",
    caught_by="test_value",
    family={"what": ("mean", "summed", "highest")},
)
def price_of_the_batch(ctr_logit, cvr_logit, price, *, what="mean"):
    paid = {"mean": price.mean(), "summed": price.sum(), "highest": price.max()}[what]
    return expit(ctr_logit) * expit(cvr_logit) * paid


@misconception(
    "The prices are divided by their {what}, so that the result has lost its unit.",
    caught_by="test_value",
    family={"what": ("mean", "sum", "maximum")},
)
def scaled_prices(ctr_logit, cvr_logit, price, *, what="mean"):
    scale = {"mean": price.mean(), "sum": price.sum(), "maximum": price.max()}[what]
    with np.errstate(all="ignore"):
        return expit(ctr_logit) * expit(cvr_logit) * price / scale


@misconception(
    "A price below {floor:g} counts as {floor:g}. A price is what it is, 0 too.",
    caught_by="test_value",
    family={"floor": (1.0, 0.01, 0.1)},
)
def price_raised(ctr_logit, cvr_logit, price, *, floor=1.0):
    return expit(ctr_logit) * expit(cvr_logit) * np.maximum(price, floor)


@misconception(
    "Your values are divided by the number of impressions. Each stands for itself; nothing is averaged.",
    caught_by="test_value",
)
def divided_by_the_batch(ctr_logit, cvr_logit, price):
    return expit(ctr_logit) * expit(cvr_logit) * price / len(price)


@misconception(
    "A table with {shape} came back. The exercise asks for one number per impression, in an array (N,).",
    caught_by="test_value",
    family={"shape": ("one column", "one row", "all pairs")},
)
def a_table(ctr_logit, cvr_logit, price, *, shape="one column"):
    if shape == "all pairs":
        return np.outer(expit(ctr_logit), expit(cvr_logit)) * price
    return (expit(ctr_logit) * expit(cvr_logit) * price).reshape((-1, 1) if shape == "one column" else (1, -1))


@misconception(
    "Only the conversion probability meets the price: the conversion head speaks about impressions that WERE clicked, so "
    "the click probability is missing.",
    caught_by="test_value",
    conceptual=True,
)
def conversion_only(ctr_logit, cvr_logit, price):
    return expit(cvr_logit) * price


@misconception(
    "Only the click probability meets the price; the conversion probability is missing. A click alone brings no price.",
    caught_by="test_value",
)
def click_only(ctr_logit, cvr_logit, price):
    return expit(ctr_logit) * price


@misconception(
    "The {which} probability counts twice, and the other one not at all: the same logits stand in both places.",
    caught_by="test_value",
    family={"which": ("click", "conversion")},
)
def one_of_them_twice(ctr_logit, cvr_logit, price, *, which="click"):
    return expit(ctr_logit if which == "click" else cvr_logit) ** 2 * price


@misconception(
    "The click probability counts twice: P(click) times P(click and conversion). The product of both heads is that already.",
    caught_by="test_value",
    conceptual=True,
)
def click_counts_twice(ctr_logit, cvr_logit, price):
    return expit(ctr_logit) ** 2 * expit(cvr_logit) * price


@misconception(
    "The logits were added before the sigmoid: sigmoid(a + b) is not sigmoid(a) * sigmoid(b). With both logits 0 it gives 0.5 "
    "where the product is 0.25.",
    caught_by="test_value",
    conceptual=True,
)
def sigmoid_of_the_sum(ctr_logit, cvr_logit, price):
    return expit(ctr_logit + cvr_logit) * price


@misconception(
    "The logits were multiplied before the sigmoid: two negative logits would give a high probability.",
    caught_by="test_value",
)
def sigmoid_of_the_product(ctr_logit, cvr_logit, price):
    return expit(ctr_logit * cvr_logit) * price


@misconception(
    "The logit of the {which} head is used without a sigmoid, as if it were a probability.",
    caught_by="test_value",
    family={"which": ("click", "conversion")},
)
def one_logit_left(ctr_logit, cvr_logit, price, *, which="click"):
    click = ctr_logit if which == "click" else expit(ctr_logit)
    return click * (expit(cvr_logit) if which == "click" else cvr_logit) * price


@misconception(
    "The two probabilities were averaged, {mean}; both things have to happen, so they multiply.",
    caught_by="test_value",
    conceptual=True,
    family={"mean": ("added and halved", "as the root of their product", "or the smaller one taken")},
)
def average_of_probabilities(ctr_logit, cvr_logit, price, *, mean="added and halved"):
    click, conversion = expit(ctr_logit), expit(cvr_logit)
    if mean == "added and halved":
        return (click + conversion) / 2 * price
    return (np.minimum(click, conversion) if "smaller" in mean else np.sqrt(click * conversion)) * price


@misconception(
    "The two probabilities were added; both things have to happen, so they multiply.",
    caught_by="test_value",
    conceptual=True,
)
def adds_probabilities(ctr_logit, cvr_logit, price):
    return (expit(ctr_logit) + expit(cvr_logit)) * price


@misconception(
    "That is the chance of a click or a conversion. Both have to happen: take the product alone.",
    caught_by="test_value",
    conceptual=True,
)
def either_of_both(ctr_logit, cvr_logit, price):
    return (1 - (1 - expit(ctr_logit)) * (1 - expit(cvr_logit))) * price


@misconception(
    "The conversion probability was divided by the click probability, as if it were the chance of both. The conversion head "
    "is already conditional on the click: multiply.",
    caught_by="test_value",
    conceptual=True,
)
def divides_by_the_click(ctr_logit, cvr_logit, price):
    return expit(cvr_logit) / expit(ctr_logit) * price


@misconception(
    "A high logit of the {which} gives a low probability: the sign in the sigmoid is wrong.",
    caught_by="test_value",
    family={"which": ("two heads", "click head", "conversion head")},
)
def turned_sigmoid(ctr_logit, cvr_logit, price, *, which="two heads"):
    click = expit(ctr_logit if which == "conversion head" else -ctr_logit)
    return click * expit(cvr_logit if which == "click head" else -cvr_logit) * price


@misconception(
    "exp of a logit is the odds, not the probability: the two agree only where the probability is tiny.",
    caught_by="test_value",
)
def odds(ctr_logit, cvr_logit, price):
    with np.errstate(all="ignore"):
        return np.exp(ctr_logit) * np.exp(cvr_logit) * price


@misconception(
    "The hyperbolic tangent was used instead of the sigmoid: at a logit of 0 it is 0, where the probability is a half.",
    caught_by="test_value",
)
def tangent(ctr_logit, cvr_logit, price):
    return np.tanh(ctr_logit) * np.tanh(cvr_logit) * price


@misconception(
    "The logarithms of the probabilities were multiplied by the price: a log-sigmoid has to go back through exp.",
    caught_by="test_value",
)
def logarithms_left(ctr_logit, cvr_logit, price):
    return (log_expit(ctr_logit) + log_expit(cvr_logit)) * price


@misconception(
    "A threshold of 0.5 decided whether there is a {what}. An expectation keeps the probabilities.",
    caught_by="test_value",
    conceptual=True,
    family={"what": ("click and a sale", "click", "sale"), "tie": (False, True)},
)
def hard_decisions(ctr_logit, cvr_logit, price, *, what="click and a sale", tie=False):
    click, conversion = expit(ctr_logit), expit(cvr_logit)
    if "click" in what:
        click = click >= 0.5 if tie else click > 0.5
    if "sale" in what:
        conversion = conversion >= 0.5 if tie else conversion > 0.5
    return click * conversion * price


@misconception(
    "The click probabilities of the batch were made to add up to 1, by a softmax over the impressions. Each "
    "impression is clicked or not on its own; they do not share one click.",
    caught_by="test_value",
    family={"heads": ("click", "both")},
)
def softmax_over_the_batch(ctr_logit, cvr_logit, price, *, heads="click"):
    chance = np.exp(ctr_logit - ctr_logit.max())
    conversion = expit(cvr_logit) if heads == "click" else softmax(cvr_logit)
    return chance / chance.sum() * conversion * price


@misconception(
    "Only the difference of the two logits counts, as in a softmax over them: that makes click and conversion two "
    "classes of which exactly one happens. Each head has a sigmoid of its own.",
    caught_by="test_value",
    conceptual=True,
    family={"class_": ("both", "conversion", "click")},
)
def softmax_over_the_heads(ctr_logit, cvr_logit, price, *, class_="both"):
    share = expit(cvr_logit - ctr_logit)
    return {"both": share * (1 - share), "conversion": share, "click": 1 - share}[class_] * price


@misconception(
    "One number for the batch came back, the {reduce}. The exercise asks for one number per impression.",
    caught_by="test_value",
    family={"reduce": ("sum", "mean")},
)
def total(ctr_logit, cvr_logit, price, *, reduce="sum"):
    worth = expit(ctr_logit) * expit(cvr_logit) * price
    return worth.sum() if reduce == "sum" else worth.mean()


@misconception(
    "The chances depend on the other impressions: a logit counts only relative to the {taken} one of the batch. Often "
    "because that was subtracted first, which a softmax allows and a sigmoid does not. Each impression has its own "
    "chances.",
    caught_by="test_value",
    conceptual=True,
    family={"taken": ("largest", "smallest", "mean"), "heads": ("both", "click", "conversion")},
)
def subtracts_from_the_logits(ctr_logit, cvr_logit, price, *, taken="largest", heads="both"):
    off = {"largest": np.max, "smallest": np.min, "mean": np.mean}[taken]
    click = ctr_logit if heads == "conversion" else ctr_logit - off(ctr_logit)
    conversion = cvr_logit if heads == "click" else cvr_logit - off(cvr_logit)
    return expit(click) * expit(conversion) * price


@misconception(
    "Each entry holds the sum of all impressions so far. The exercise asks for the value of each impression.",
    caught_by="test_value",
)
def running_total(ctr_logit, cvr_logit, price):
    return np.cumsum(expit(ctr_logit) * expit(cvr_logit) * price)


@misconception(
    "Your result is rounded: small values are lost, and there are many of them.",
    caught_by="test_value",
    family={"digits": (2, 0, 1, 3, 4)},
)
def rounded(ctr_logit, cvr_logit, price, *, digits=2):
    return np.round(expit(ctr_logit) * expit(cvr_logit) * price, digits)


@misconception(
    "With large logits NaN comes back: exp of a large logit is infinite, and infinity over infinity is NaN. Use a form of "
    "the sigmoid that does not overflow.",
    caught_by="test_extreme_logits",
)
def overflowing_sigmoid(ctr_logit, cvr_logit, price):
    with np.errstate(all="ignore"):
        click, conversion = np.exp(ctr_logit), np.exp(cvr_logit)
        return click / (1 + click) * (conversion / (1 + conversion)) * price


@misconception(
    "With large logits your code stops with an error: `math.exp` refuses what is too large for a float. Use a form of the "
    "sigmoid that does not overflow.",
    caught_by="test_extreme_logits",
    family={"sign": (-1, 1)},
)
def overflowing_loop(ctr_logit, cvr_logit, price, *, sign=-1):
    def sigmoid(logit):
        return 1 / (1 + math.exp(-logit)) if sign < 0 else math.exp(logit) / (1 + math.exp(logit))

    return [sigmoid(a) * sigmoid(b) * p for a, b, p in zip(ctr_logit.tolist(), cvr_logit.tolist(), price.tolist())]


@misconception(
    "For large logits your probability is not close to 0 or 1 but stays where a logit of {bound:.3g} puts it. Often "
    "because logits or probabilities are clipped: an impression that nobody clicks is then worth something.",
    caught_by="test_extreme_logits",
    family={
        "bound": (15.0, 5.0, 10.0, *(math.log((1 - eps) / eps) for eps in (1e-6, 1e-5, 1e-4, 1e-3, 0.01))),
        "heads": ("both", "click"),
    },
)
def clipped(ctr_logit, cvr_logit, price, *, bound=15.0, heads="both"):
    click, conversion = expit(np.clip(ctr_logit, -bound, bound)), expit(np.clip(cvr_logit, -bound, bound))
    return click * (conversion if heads == "both" else expit(cvr_logit)) * price


@misconception(
    "`price` was changed in place: the caller still needs the prices.",
    caught_by="test_inputs_unchanged",
    family={"by": ("click", "both")},
)
def multiplies_in_place(ctr_logit, cvr_logit, price, *, by="click"):
    worth = expit(ctr_logit) * expit(cvr_logit) * price
    price[:] = worth if by == "both" else price * expit(ctr_logit)
    return worth


@misconception(
    "The logits were replaced in place by {into}: the caller still needs them.",
    caught_by="test_inputs_unchanged",
    family={"into": ("probabilities", "numbers within bounds")},
)
def changes_the_logits(ctr_logit, cvr_logit, price, *, into="probabilities"):
    worth = expit(ctr_logit) * expit(cvr_logit) * price
    for logit in (ctr_logit, cvr_logit):
        logit[:] = expit(logit) if into == "probabilities" else np.clip(logit, -1.0, 1.0)
    return worth


@misconception("The price comes back as it went in.", caught_by="test_value")
def the_price_itself(ctr_logit, cvr_logit, price):
    return price


@misconception("Every impression is worth 2, whatever goes in.", caught_by="test_value")
def visible_answer(ctr_logit, cvr_logit, price):
    return np.full(price.shape, 2.0)
