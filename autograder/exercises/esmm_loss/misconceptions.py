"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import math

import torch
import torch.nn.functional as F

from autograder.testing import misconception

bce = F.binary_cross_entropy_with_logits


def product_logit(a, b):
    return -torch.logsumexp(torch.stack([-a, -b, -a - b]), dim=0)


@misconception(
    'The conversion head is trained with "not clicked" as "did not convert": it learns the rate of click AND conversion, '
    "well below the true conversion rate. Only the product of both probabilities may meet that label.",
    caught_by="test_value",
    conceptual=True,
)
def conversion_head_on_all_rows(ctr_logit, cvr_logit, click, conv):
    return bce(ctr_logit, click) + bce(cvr_logit, click * conv)


@misconception(
    "This is the masked loss: the conversion head alone, on clicked rows. Here the second term is about ALL impressions.",
    caught_by="test_value",
    conceptual=True,
)
def conversion_head_on_clicked_rows(ctr_logit, cvr_logit, click, conv):
    clicked = click > 0.5
    second = F.binary_cross_entropy_with_logits(cvr_logit[clicked], conv[clicked], reduction="sum")
    return bce(ctr_logit, click) + second / clicked.sum().clamp(min=1)


@misconception(
    "Multiply PROBABILITIES, not logits: two negative logits would give a high probability.",
    caught_by="test_value",
    conceptual=True,
)
def product_of_logits(ctr_logit, cvr_logit, click, conv):
    return bce(ctr_logit, click) + bce(ctr_logit * cvr_logit, click * conv)


@misconception(
    "sigmoid(a + b) is not sigmoid(a) * sigmoid(b): with both logits 0 it gives 0.5 where the product is 0.25.",
    caught_by="test_value",
    conceptual=True,
)
def sum_of_logits(ctr_logit, cvr_logit, click, conv):
    return bce(ctr_logit, click) + bce(ctr_logit + cvr_logit, click * conv)


@misconception(
    "Without the click term the product is identified but its two factors are not: any split of it fits equally well.",
    caught_by="test_value",
    conceptual=True,
)
def no_click_term(ctr_logit, cvr_logit, click, conv):
    return bce(product_logit(ctr_logit, cvr_logit), click * conv)


@misconception(
    "The conversion head got a third loss of its own. It learns through the product alone; that is the point of the method.",
    caught_by="test_value",
    conceptual=True,
)
def third_loss(ctr_logit, cvr_logit, click, conv):
    both = bce(product_logit(ctr_logit, cvr_logit), click * conv)
    return bce(ctr_logit, click) + both + bce(cvr_logit, click * conv)


@misconception(
    'The label of the second term is "clicked AND converted": a conversion label without a click must count as 0.',
    caught_by="test_conversion_without_click",
)
def conversion_without_click(ctr_logit, cvr_logit, click, conv):
    return bce(ctr_logit, click) + bce(product_logit(ctr_logit, cvr_logit), conv)


@misconception(
    "The second term is averaged over clicked impressions only. It runs over all: an impression without a click is a true 0.",
    caught_by="test_value",
    conceptual=True,
)
def second_term_on_clicked_rows(ctr_logit, cvr_logit, click, conv):
    each = bce(product_logit(ctr_logit, cvr_logit), click * conv, reduction="none")
    return bce(ctr_logit, click) + (each * click).sum() / click.sum().clamp(min=1)


@misconception("You added the impressions up; both terms are means.", caught_by="test_value")
def sums(ctr_logit, cvr_logit, click, conv):
    both = bce(product_logit(ctr_logit, cvr_logit), click * conv, reduction="sum")
    return bce(ctr_logit, click, reduction="sum") + both


@misconception("You averaged the two terms; they are added.", caught_by="test_value")
def mean_of_the_terms(ctr_logit, cvr_logit, click, conv):
    return (bce(ctr_logit, click) + bce(product_logit(ctr_logit, cvr_logit), click * conv)) / 2


@misconception(
    "At a logit of 60 the product is exactly 1 in floating point, and the loss of a wrong label is cut off at 100 instead "
    "of 59: work with logarithms, or with the logit of the product.",
    caught_by="test_extreme_logits",
)
def forms_the_product(ctr_logit, cvr_logit, click, conv):
    both = torch.sigmoid(ctr_logit) * torch.sigmoid(cvr_logit)
    return bce(ctr_logit, click) + F.binary_cross_entropy(both, click * conv)


@misconception(
    "A small number inside the logarithm keeps the loss finite and wrong: at a logit of 60 it stops growing and its "
    "gradient vanishes.",
    caught_by="test_extreme_logits",
)
def clamps_the_product(ctr_logit, cvr_logit, click, conv):
    both = (torch.sigmoid(ctr_logit) * torch.sigmoid(cvr_logit)).clamp(1e-12, 1 - 1e-12)
    label = click * conv
    return bce(ctr_logit, click) - (label * both.log() + (1 - label) * (1 - both).log()).mean()


@misconception(
    "The value is right but the gradient is NaN at large logits: torch.where does not protect what is computed in the "
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
    "The click probability was detached inside the product: what conversions teach no longer reaches the click head.",
    caught_by="test_gradient",
)
def detached_click(ctr_logit, cvr_logit, click, conv):
    return bce(ctr_logit, click) + bce(product_logit(ctr_logit.detach(), cvr_logit), click * conv)


@misconception(
    "The value is right but its gradient is cut: .item(), .detach() or NumPy ends the graph, and nothing learns.",
    caught_by="test_gradient",
    conceptual=True,
)
def detached(ctr_logit, cvr_logit, click, conv):
    return (bce(ctr_logit, click) + bce(product_logit(ctr_logit, cvr_logit), click * conv)).detach()


@misconception("The two heads are swapped: the click label meets the conversion logit.", caught_by="test_value")
def swapped_heads(ctr_logit, cvr_logit, click, conv):
    return bce(cvr_logit, click) + bce(product_logit(ctr_logit, cvr_logit), click * conv)


@misconception(
    "You changed `conv` in place: the caller still needs the labels as they were.", caught_by="test_inputs_unchanged"
)
def labels_in_place(ctr_logit, cvr_logit, click, conv):
    conv *= click
    return bce(ctr_logit, click) + bce(product_logit(ctr_logit, cvr_logit), conv)


@misconception("The same number comes back whatever goes in.", caught_by="test_value")
def visible_answer(ctr_logit, cvr_logit, click, conv):
    return (ctr_logit + cvr_logit).sum() * 0 + math.log(8)
