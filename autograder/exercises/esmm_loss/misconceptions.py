"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import math

import torch
import torch.nn.functional as F

from autograder.testing import misconception

bce = F.binary_cross_entropy_with_logits


def product_logit(a, b):
    return -torch.logsumexp(torch.stack([-a, -b, -a - b]), dim=0)


def product(a, b):
    return torch.sigmoid(a) * torch.sigmoid(b)


def second_term(a, b, click, conv):
    return bce(product_logit(a, b), click * conv)


def right(ctr_logit, cvr_logit, click, conv):
    """The right loss, for answers that are wrong elsewhere."""
    return bce(ctr_logit, click) + second_term(ctr_logit, cvr_logit, click, conv)


@misconception(
    'The conversion head is trained with "not clicked" as "did not convert": it learns the rate of click and '
    "conversion, well below the true conversion rate. Only the product of both probabilities may meet that label.",
    caught_by="test_value",
    conceptual=True,
)
def conversion_head_on_all_rows(ctr_logit, cvr_logit, click, conv):
    return bce(ctr_logit, click) + bce(cvr_logit, click * conv)


@misconception(
    "This is the masked loss: the conversion head alone, on clicked rows. Here the second term is about all "
    "impressions, and about the product of both probabilities.",
    caught_by="test_value",
    conceptual=True,
    family={"divisor": ("clicks", "rows")},
)
def conversion_head_on_clicked_rows(ctr_logit, cvr_logit, click, conv, *, divisor="clicks"):
    clicked = click > 0.5
    second = bce(cvr_logit[clicked], conv[clicked], reduction="sum")
    return bce(ctr_logit, click) + second / (clicked.sum().clamp(min=1) if divisor == "clicks" else len(click))


@misconception(
    "Multiply probabilities, not logits: two negative logits would give a high probability.",
    caught_by="test_value",
    conceptual=True,
    family={"second": ("mean", "sum")},
)
def product_of_logits(ctr_logit, cvr_logit, click, conv, *, second="mean"):
    return bce(ctr_logit, click) + bce(ctr_logit * cvr_logit, click * conv, reduction=second)


@misconception(
    "sigmoid(a + b) is not sigmoid(a) * sigmoid(b): with both logits 0 it gives 0.5 where the product is 0.25.",
    caught_by="test_value",
    conceptual=True,
    family={"second": ("mean", "sum")},
)
def sum_of_logits(ctr_logit, cvr_logit, click, conv, *, second="mean"):
    return bce(ctr_logit, click) + bce(ctr_logit + cvr_logit, click * conv, reduction=second)


@misconception(
    "Without the click term the product is identified but its two factors are not: any split of it fits equally well.",
    caught_by="test_value",
    conceptual=True,
)
def no_click_term(ctr_logit, cvr_logit, click, conv):
    return second_term(ctr_logit, cvr_logit, click, conv)


@misconception(
    "The conversion head got a third loss of its own. It learns through the product alone; that is the point of the "
    "method.",
    caught_by="test_value",
    conceptual=True,
    family={"rows": ("all", "clicked", "clicked, over all")},
)
def third_loss(ctr_logit, cvr_logit, click, conv, *, rows="all"):
    third = bce(cvr_logit, click * conv)
    if rows != "all":
        third = bce(cvr_logit, click * conv, weight=click, reduction="sum")
        third = third / (click.sum().clamp(min=1) if rows == "clicked" else len(click))
    return right(ctr_logit, cvr_logit, click, conv) + third


@misconception(
    'The label of the second term is "clicked and converted": a conversion label without a click must count as 0.',
    caught_by="test_conversion_without_click",
)
def conversion_without_click(ctr_logit, cvr_logit, click, conv):
    return bce(ctr_logit, click) + bce(product_logit(ctr_logit, cvr_logit), conv)


@misconception(
    "Only clicked impressions enter the second term. It runs over all: an impression without a click is a true 0.",
    caught_by="test_value",
    conceptual=True,
    family={"divisor": ("clicks", "rows")},
)
def second_term_on_clicked_rows(ctr_logit, cvr_logit, click, conv, *, divisor="clicks"):
    each = bce(product_logit(ctr_logit, cvr_logit), click * conv, reduction="none")
    count = click.sum().clamp(min=1) if divisor == "clicks" else len(click)
    return bce(ctr_logit, click) + (each * click).sum() / count


@misconception(
    "The impressions are summed in {of}; both terms are means.",
    caught_by="test_value",
    family={"of": ("both terms", "the click term", "the second term")},
)
def sums(ctr_logit, cvr_logit, click, conv, *, of="both terms"):
    first = bce(ctr_logit, click) * (1 if of == "the second term" else len(click))
    return first + second_term(ctr_logit, cvr_logit, click, conv) * (1 if of == "the click term" else len(click))


@misconception(
    "The result is half of what it should be, as the mean of the two terms would be. Add them.", caught_by="test_value"
)
def mean_of_the_terms(ctr_logit, cvr_logit, click, conv):
    return right(ctr_logit, cvr_logit, click, conv) / 2


@misconception(
    "At logits of 60 the loss of a wrong label is cut off at 100 instead of 59: there the product is exactly 1 in "
    "floating point. Work with logarithms, or with the logit of the product.",
    caught_by="test_extreme_logits",
    family={"click_too": (False, True)},
)
def forms_the_product(ctr_logit, cvr_logit, click, conv, *, click_too=False):
    first = F.binary_cross_entropy(ctr_logit.sigmoid(), click) if click_too else bce(ctr_logit, click)
    return first + F.binary_cross_entropy(product(ctr_logit, cvr_logit), click * conv)


@misconception(
    "At logits of 60 the loss is NaN or infinite: there the product is exactly 1 in floating point, and log(1 - 1) is "
    "minus infinity. Work with logarithms, or with the logit of the product.",
    caught_by="test_extreme_logits",
    family={"form": ("product", "sum", "logit", "log1p"), "click_too": (False, True), "picked": (False, True)},
)
def log_of_the_product(ctr_logit, cvr_logit, click, conv, *, form="product", click_too=False, picked=False):
    """``picked`` takes one of the two logarithms by the label; else each is multiplied by it, and 0 * inf is NaN."""
    p, label, clicked = product(ctr_logit, cvr_logit), click * conv, ctr_logit.sigmoid()
    first = bce(ctr_logit, click)
    if click_too:
        first = -(click * clicked.log() + (1 - click) * (1 - clicked).log()).mean()
    if form == "logit":
        return first + bce(torch.log(p / (1 - p)), label)
    log_p = p.log() if form == "product" else F.logsigmoid(ctr_logit) + F.logsigmoid(cvr_logit)
    log_q = torch.log1p(-log_p.exp()) if form == "log1p" else (1 - p).log()
    rows = torch.where(label > 0, log_p, log_q) if picked else label * log_p + (1 - label) * log_q
    return first - rows.mean()


@misconception(
    "At logits of 60 the loss stops growing, as with a product that is kept {eps:g} away from 0 and 1, and its "
    "gradient vanishes. A clamp, or a small number inside the logarithm, makes it finite, not right. Work with "
    "logarithms, or with the logit of the product.",
    caught_by="test_extreme_logits",
    family={
        "eps": (1e-12, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-15),
        "how": ("clamped", "added", "library", "logit", "half clamped", "half added"),
        "click_too": (False, True),
    },
)
def clamps_the_product(ctr_logit, cvr_logit, click, conv, *, eps=1e-12, how="clamped", click_too=False):
    def loss(log_p, p, label):
        if how == "added":
            return -(label * (p + eps).log() + (1 - label) * (1 - p + eps).log()).mean()
        if how.startswith("half"):
            log_q = (1 - p).clamp(min=eps).log() if how == "half clamped" else (1 - p + eps).log()
            return -(label * log_p + (1 - label) * log_q).mean()
        p = p.clamp(eps, 1 - eps)
        if how == "logit":
            return bce(p.logit(), label)
        if how == "library":
            return F.binary_cross_entropy(p, label)
        return -(label * p.log() + (1 - label) * (1 - p).log()).mean()

    log_click, log_sale = F.logsigmoid(ctr_logit), F.logsigmoid(cvr_logit)
    first = loss(log_click, ctr_logit.sigmoid(), click) if click_too else bce(ctr_logit, click)
    return first + loss(log_click + log_sale, product(ctr_logit, cvr_logit), click * conv)


@misconception(
    "At logits of 60 and -60 the loss is that of {limit:g} and -{limit:g}: clipped logits make it finite, not right, "
    "and beyond the limit nothing learns. Work with logarithms, or with the logit of the product.",
    caught_by="test_extreme_logits",
    family={"limit": (15.0, 5.0, 6.0, 8.0, 10.0, 12.0, 16.0, 18.0, 20.0, 25.0, 30.0, 40.0, 50.0)},
)
def clamps_the_logits(ctr_logit, cvr_logit, click, conv, *, limit=15.0):
    return right(ctr_logit.clamp(-limit, limit), cvr_logit.clamp(-limit, limit), click, conv)


@misconception(
    "The value is right, the gradient is wrong where a logit is exactly 0, as from a head with weights of 0: max(z, 0) "
    "and |z| have kinks there, and autograd takes one slope of many. Use softplus, logsigmoid or the library's loss.",
    caught_by="test_gradient_at_zero",
    conceptual=True,
    family={"clamped": (False, True)},
)
def kink_at_zero(ctr_logit, cvr_logit, click, conv, *, clamped=False):
    positive = ctr_logit.clamp(min=0) if clamped else torch.relu(ctr_logit)
    first = positive - ctr_logit * click + torch.log1p(torch.exp(-ctr_logit.abs()))
    return first.mean() + second_term(ctr_logit, cvr_logit, click, conv)


@misconception(
    "The value is right but the gradient is NaN at logits of 60: torch.where does not protect what is computed in the "
    "branch that it does not select.",
    caught_by="test_extreme_gradient",
    conceptual=True,
)
def where_between_two_forms(ctr_logit, cvr_logit, click, conv):
    log_p = F.logsigmoid(ctr_logit) + F.logsigmoid(cvr_logit)
    log_q = torch.where(log_p > -math.log(2), torch.log(-torch.expm1(log_p)), torch.log1p(-torch.exp(log_p)))
    label = click * conv
    return bce(ctr_logit, click) - (label * log_p + (1 - label) * log_q).mean()


@misconception(
    "What conversions teach does not reach the click head: its gradient is that of the first term alone. Often the "
    "click probability was detached inside the product.",
    caught_by="test_gradient",
)
def detached_click(ctr_logit, cvr_logit, click, conv):
    return bce(ctr_logit, click) + second_term(ctr_logit.detach(), cvr_logit, click, conv)


@misconception(
    "The conversion head gets no gradient: it learns through the product alone, and there it was detached.",
    caught_by="test_gradient",
)
def detached_conversion(ctr_logit, cvr_logit, click, conv):
    return bce(ctr_logit, click) + second_term(ctr_logit, cvr_logit.detach(), click, conv)


@misconception(
    "The value is right but no gradient reaches the logits: .item(), .detach(), float() or NumPy ends the graph, and "
    "nothing learns. A new tensor made of the number does not help.",
    caught_by="test_gradient",
    conceptual=True,
    family={"new_leaf": (False, True)},
)
def detached(ctr_logit, cvr_logit, click, conv, *, new_leaf=False):
    return right(ctr_logit, cvr_logit, click, conv).detach().requires_grad_(new_leaf)


@misconception("The two heads are swapped: the click label meets the conversion logit.", caught_by="test_value")
def swapped_heads(ctr_logit, cvr_logit, click, conv):
    return right(cvr_logit, ctr_logit, click, conv)


@misconception(
    "The second loss applies a sigmoid to what is a probability already: the product of both sigmoids is no logit.",
    caught_by="test_value",
    conceptual=True,
    family={"click_too": (False, True)},
)
def product_as_a_logit(ctr_logit, cvr_logit, click, conv, *, click_too=False):
    first = bce(ctr_logit.sigmoid() if click_too else ctr_logit, click)
    return first + bce(product(ctr_logit, cvr_logit), click * conv)


@misconception(
    "The second loss applies a sigmoid to what is a log-probability already: the sum of both log-sigmoids is log p, "
    "not the logit log p - log(1 - p).",
    caught_by="test_value",
    conceptual=True,
)
def log_probability_as_a_logit(ctr_logit, cvr_logit, click, conv):
    return bce(ctr_logit, click) + bce(F.logsigmoid(ctr_logit) + F.logsigmoid(cvr_logit), click * conv)


@misconception(
    "An impression without a sale costs nothing in the second term. The cross-entropy has two parts, y log p and "
    "(1 - y) log(1 - p), and the second one is missing.",
    caught_by="test_value",
    conceptual=True,
    family={"click_too": (False, True)},
)
def positives_only(ctr_logit, cvr_logit, click, conv, *, click_too=False):
    first = -(click * F.logsigmoid(ctr_logit)).mean() if click_too else bce(ctr_logit, click)
    return first - (click * conv * (F.logsigmoid(ctr_logit) + F.logsigmoid(cvr_logit))).mean()


@misconception(
    "In the second term log(1 - p) is that of neither a click nor a sale, log(1 - σ(a)) + log(1 - σ(b)). The product "
    "also fails with one of the two: 1 - pq is not (1 - p)(1 - q).",
    caught_by="test_value",
    conceptual=True,
)
def both_must_fail(ctr_logit, cvr_logit, click, conv):
    log_p, log_q = (
        F.logsigmoid(ctr_logit) + F.logsigmoid(cvr_logit),
        F.logsigmoid(-ctr_logit) + F.logsigmoid(-cvr_logit),
    )
    label = click * conv
    return bce(ctr_logit, click) - (label * log_p + (1 - label) * log_q).mean()


@misconception(
    "The click probability multiplies the conversion logit. Multiply the two probabilities, and take the "
    "cross-entropy of their product.",
    caught_by="test_value",
    conceptual=True,
)
def probability_times_logit(ctr_logit, cvr_logit, click, conv):
    return bce(ctr_logit, click) + bce(ctr_logit.sigmoid() * cvr_logit, click * conv)


@misconception(
    "The two terms were multiplied. Add them: the losses of two events add up, their probabilities multiply.",
    caught_by="test_value",
)
def terms_multiplied(ctr_logit, cvr_logit, click, conv):
    return bce(ctr_logit, click) * second_term(ctr_logit, cvr_logit, click, conv)


@misconception(
    "The size is right, the sign is wrong: a loss is minus the log-likelihood, so that it falls as the model gets "
    "better.",
    caught_by="test_value",
)
def negated(ctr_logit, cvr_logit, click, conv):
    return -right(ctr_logit, cvr_logit, click, conv)


@misconception(
    "The number is right but comes in a tensor of shape (1,), not (): something kept or added a dimension. A sum or a "
    "mean of a vector without `keepdim` or `unsqueeze` has none.",
    caught_by="test_value",
)
def keeps_a_dimension(ctr_logit, cvr_logit, click, conv):
    return right(ctr_logit, cvr_logit, click, conv).reshape(1)


@misconception(
    "`conv` was changed in place: the caller still needs the labels as they were.", caught_by="test_inputs_unchanged"
)
def labels_in_place(ctr_logit, cvr_logit, click, conv):
    conv *= click
    return bce(ctr_logit, click) + bce(product_logit(ctr_logit, cvr_logit), conv)


@misconception("The same number comes back whatever goes in.", caught_by="test_value")
def visible_answer(ctr_logit, cvr_logit, click, conv):
    return (ctr_logit + cvr_logit).sum() * 0 + math.log(8)
