"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import torch
import torch.nn.functional as F

from autograder.testing import misconception


def bce(logits, labels):
    return F.binary_cross_entropy_with_logits(logits, labels, reduction="none")


def conv_mean(conv_logit, conv, rows=bce):
    """The right second term, for answers that are wrong elsewhere."""
    observed = ~conv.isnan()
    return rows(conv_logit[observed], conv[observed]).sum() / observed.sum().clamp(min=1)


def with_rows(rows, click_logit, conv_logit, click, conv, w_click, w_conv):
    """The right loss, but for how the cost of a row is worked out."""
    return w_click * rows(click_logit, click).mean() + w_conv * conv_mean(conv_logit, conv, rows)


def right(*args):
    return with_rows(bce, *args)


@misconception(
    "0.85 where 1.75 was expected: divide by the number of rows with a conversion label, not by all rows.",
    caught_by="test_value",
    conceptual=True,
)
def divides_by_batch_size(click_logit, conv_logit, click, conv, w_click, w_conv):
    observed = ~conv.isnan()
    conv_loss = bce(conv_logit[observed], conv[observed]).sum() / len(conv)
    return w_click * bce(click_logit, click).mean() + w_conv * conv_loss


@misconception(
    'The rows without a label now teach the model "did not convert". Missing is not zero: leave them out.',
    caught_by="test_value",
    conceptual=True,
    family={"divisor": ("rows", "labels")},
)
def missing_means_no_conversion(click_logit, conv_logit, click, conv, w_click, w_conv, *, divisor="rows"):
    count = len(conv) if divisor == "rows" else (~conv.isnan()).sum().clamp(min=1)
    return w_click * bce(click_logit, click).mean() + w_conv * bce(conv_logit, conv.nan_to_num(0.0)).sum() / count


@misconception(
    "Rows without a label got a logit of 0 and were kept: each still costs log 2 = 0.69. Often logit and label were "
    "multiplied by the mask, which hides a row's numbers, not the row.",
    caught_by="test_value",
    family={"divisor": ("rows", "labels")},
)
def logits_filled_with_zero(click_logit, conv_logit, click, conv, w_click, w_conv, *, divisor="rows"):
    observed = ~conv.isnan()
    count = len(conv) if divisor == "rows" else observed.sum().clamp(min=1)
    rows = bce(conv_logit * observed, conv.nan_to_num(0.0))
    return w_click * bce(click_logit, click).mean() + w_conv * rows.sum() / count


@misconception(
    "The value is right, the gradient is NaN: what hides the loss of a missing label afterwards, torch.where or "
    "nan_to_num, does not stop its NaN from travelling back. Replace the missing label before the loss.",
    caught_by="test_gradient",
    conceptual=True,
)
def where_after_the_loss(click_logit, conv_logit, click, conv, w_click, w_conv):
    observed = ~conv.isnan()
    rows = torch.where(observed, bce(conv_logit, conv), torch.zeros_like(conv_logit))
    return w_click * bce(click_logit, click).mean() + w_conv * rows.sum() / observed.sum().clamp(min=1)


@misconception(
    "A clicked row can still miss its conversion label, and the NaN of that row ends up in the loss: use the "
    "label's own mask, not `click == 1`.",
    caught_by="test_labels_decide",
    conceptual=True,
)
def clicked_rows(click_logit, conv_logit, click, conv, w_click, w_conv):
    clicked = click == 1
    rows = bce(conv_logit[clicked], conv[clicked]).sum() / clicked.sum().clamp(min=1)
    return w_click * bce(click_logit, click).mean() + w_conv * rows


@misconception(
    "Conversion labels of rows without a click are left out. Whether a label exists is decided by the label alone.",
    caught_by="test_labels_decide",
)
def clicked_and_labelled_rows(click_logit, conv_logit, click, conv, w_click, w_conv):
    kept = (click == 1) & ~conv.isnan()
    rows = bce(conv_logit[kept], conv[kept]).sum() / kept.sum().clamp(min=1)
    return w_click * bce(click_logit, click).mean() + w_conv * rows


@misconception(
    "The weights were scaled to sum to 1. They are used as given: L is the sum of weight times loss.",
    caught_by="test_weights",
    conceptual=True,
)
def normalised_weights(click_logit, conv_logit, click, conv, w_click, w_conv):
    return right(click_logit, conv_logit, click, conv, w_click, w_conv) / (w_click + w_conv)


@misconception(
    "The loss is NaN as soon as one conversion label is missing. NaN * 0 is NaN, so multiplying the loss by the mask "
    "does not remove it. Remove these rows before the loss.",
    caught_by="test_value",
    conceptual=True,
    family={"masked": (True, False)},
)
def loss_times_mask(click_logit, conv_logit, click, conv, w_click, w_conv, *, masked=True):
    observed = ~conv.isnan() if masked else torch.ones_like(conv)
    rows = (bce(conv_logit, conv) * observed).sum() / observed.sum().clamp(min=1)
    return w_click * bce(click_logit, click).mean() + w_conv * rows


@misconception(
    "At a logit of 200 the loss is cut off at 100 and its gradient is 0: a sigmoid rounds to exactly 1 there, and the "
    "loss on probabilities cannot see more. There is a loss that takes logits.",
    caught_by="test_extreme_logits",
    conceptual=True,
)
def probabilities(click_logit, conv_logit, click, conv, w_click, w_conv):
    def rows(z, y):
        return F.binary_cross_entropy(z.sigmoid(), y, reduction="none")

    return with_rows(rows, click_logit, conv_logit, click, conv, w_click, w_conv)


@misconception(
    "At a logit of 200 the loss is NaN or infinite: the sigmoid rounds to exactly 1, and log(1 - 1) is minus infinity. "
    "There is a loss that takes logits.",
    caught_by="test_extreme_logits",
    conceptual=True,
)
def log_of_the_sigmoid(click_logit, conv_logit, click, conv, w_click, w_conv):
    def rows(z, y):
        return -(y * z.sigmoid().log() + (1 - y) * (1 - z.sigmoid()).log())

    return with_rows(rows, click_logit, conv_logit, click, conv, w_click, w_conv)


@misconception(
    "At a logit of 200 with label 0 the loss stops growing, as with a probability that is kept {eps:g} away from 0 "
    "and 1. A clamp, or a small number inside the logarithm, makes the loss finite, not right, and its gradient "
    "vanishes. There is a loss that takes logits.",
    caught_by="test_extreme_logits",
    conceptual=True,
    family={
        "eps": (1e-7, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15),
        "clamped": (True, False),
    },
)
def clamps_the_probability(click_logit, conv_logit, click, conv, w_click, w_conv, *, eps=1e-7, clamped=True):
    def rows(z, y):
        p, more = (z.sigmoid().clamp(eps, 1 - eps), 0.0) if clamped else (z.sigmoid(), eps)
        return -(y * (p + more).log() + (1 - y) * (1 - p + more).log())

    return with_rows(rows, click_logit, conv_logit, click, conv, w_click, w_conv)


@misconception(
    "At logits of 200 and -200 the loss is that of {limit:g} and -{limit:g}: clipped logits make it finite, not "
    "right, and beyond the limit nothing learns. The loss that takes logits needs no limit.",
    caught_by="test_extreme_logits",
    conceptual=True,
    family={"limit": (15.0, 5.0, 6.0, 8.0, 10.0, 12.0, 16.0, 18.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0, 80.0, 88.0)},
)
def clamps_the_logits(click_logit, conv_logit, click, conv, w_click, w_conv, *, limit=15.0):
    def rows(z, y):
        return bce(z.clamp(-limit, limit), y)

    return with_rows(rows, click_logit, conv_logit, click, conv, w_click, w_conv)


@misconception(
    "In float32 the loss is infinite at a logit of 200 or of -200, since e^200 is more than a float32 holds. log(1 + "
    "e^z) is safe where nothing large is exponentiated: softplus, logsigmoid, or the loss that takes logits.",
    caught_by="test_extreme_logits",
    family={"sign": (1.0, -1.0)},
)
def exponential_overflows(click_logit, conv_logit, click, conv, w_click, w_conv, *, sign=1.0):
    def rows(z, y):
        return torch.log1p(torch.exp(sign * z)) - (y if sign > 0 else y - 1) * z

    return with_rows(rows, click_logit, conv_logit, click, conv, w_click, w_conv)


@misconception(
    "Value right, gradient wrong where a logit is exactly 0, as every head with weights of 0 gives: sigmoid(0) - y is "
    "0.5 or -0.5. max(z, 0) and |z| have kinks at 0, and there autograd takes one slope of many. Use softplus or the "
    "library's loss.",
    caught_by="test_gradient_at_zero",
    conceptual=True,
    family={"clamped": (False, True)},
)
def kink_at_zero(click_logit, conv_logit, click, conv, w_click, w_conv, *, clamped=False):
    def rows(z, y):
        return (z.clamp(min=0) if clamped else torch.relu(z)) - z * y + torch.log1p(torch.exp(-z.abs()))

    return with_rows(rows, click_logit, conv_logit, click, conv, w_click, w_conv)


@misconception(
    "In float32 the gradient is NaN at logits of 200 or -200 though the loss is right: torch.where does not protect "
    "what is computed in the branch that it does not select, and e^200 overflows there.",
    caught_by="test_gradient_at_the_edges",
    conceptual=True,
)
def where_between_two_forms(click_logit, conv_logit, click, conv, w_click, w_conv):
    def rows(z, y):
        return torch.where(z >= 0, z + torch.log1p(torch.exp(-z)), torch.log1p(torch.exp(z))) - z * y

    return with_rows(rows, click_logit, conv_logit, click, conv, w_click, w_conv)


@misconception(
    "The sigmoid is applied twice: this loss already takes logits. A perfect model could not get below 0.31 a task.",
    caught_by="test_value",
    conceptual=True,
)
def double_sigmoid(click_logit, conv_logit, click, conv, w_click, w_conv):
    return right(click_logit.sigmoid(), conv_logit.sigmoid(), click, conv, w_click, w_conv)


@misconception(
    "A batch without conversion labels gives 0/0 = NaN, and the whole loss with it.",
    caught_by="test_no_conversion_label",
    conceptual=True,
)
def empty_is_nan(click_logit, conv_logit, click, conv, w_click, w_conv):
    observed = ~conv.isnan()
    rows = bce(conv_logit[observed], conv[observed]).mean()
    return w_click * bce(click_logit, click).mean() + w_conv * rows


@misconception(
    "Without any conversion label the whole loss became 0. Only its second term does: the clicks still have their "
    "labels.",
    caught_by="test_no_conversion_label",
    conceptual=True,
)
def empty_drops_the_clicks(click_logit, conv_logit, click, conv, w_click, w_conv):
    total = right(click_logit, conv_logit, click, conv, w_click, w_conv)
    return total * 0.0 if conv.isnan().all() else total


@misconception(
    "Every row has a click label: the click term must not be cut down to the rows with a conversion label.",
    caught_by="test_value",
    conceptual=True,
)
def click_term_masked_too(click_logit, conv_logit, click, conv, w_click, w_conv):
    observed = ~conv.isnan()
    clicks = bce(click_logit[observed], click[observed]).sum() / observed.sum().clamp(min=1)
    return w_click * clicks + w_conv * conv_mean(conv_logit, conv)


@misconception(
    "The mean over the labelled rows was divided by their share of the batch once more: it is a mean already.",
    caught_by="test_value",
    conceptual=True,
)
def divides_by_the_share(click_logit, conv_logit, click, conv, w_click, w_conv):
    share = (~conv.isnan()).to(conv.dtype).mean().clamp(min=1e-12)
    return w_click * bce(click_logit, click).mean() + w_conv * conv_mean(conv_logit, conv) / share


@misconception(
    "The conversion term is too small, as if about {eps:g} had been added to the number of labels. An epsilon in the "
    "denominator biases every batch; a count of at least 1 acts only where there is no label.",
    caught_by="test_value",
    family={"eps": (1e-3, 1.0, 0.1, 1e-2, 1e-4, 1e-5, 1e-6)},
)
def epsilon_in_the_denominator(click_logit, conv_logit, click, conv, w_click, w_conv, *, eps=1e-3):
    observed = ~conv.isnan()
    rows = bce(conv_logit[observed], conv[observed]).sum() / (observed.sum() + eps)
    return w_click * bce(click_logit, click).mean() + w_conv * rows


@misconception(
    "The value is right but no gradient reaches the logits: .item(), .detach(), float() or NumPy ends the graph, and "
    "nothing learns. A new tensor made of the number does not restore it.",
    caught_by="test_gradient",
    conceptual=True,
    family={"new_leaf": (False, True)},
)
def detached(click_logit, conv_logit, click, conv, w_click, w_conv, *, new_leaf=False):
    return right(click_logit, conv_logit, click, conv, w_click, w_conv).detach().requires_grad_(new_leaf)


@misconception("The two weights are swapped: w_click belongs to the clicks.", caught_by="test_weights")
def swapped_weights(click_logit, conv_logit, click, conv, w_click, w_conv):
    return right(click_logit, conv_logit, click, conv, w_conv, w_click)


@misconception(
    "Both losses are multiplied by `{weight}`, the other weight changes nothing. Often a line was copied and one name in it "
    "stayed: each task has its own weight.",
    caught_by="test_weights",
    family={"weight": ("w_click", "w_conv"), "divisor": ("labels", "rows")},
)
def one_weight_for_both(click_logit, conv_logit, click, conv, w_click, w_conv, *, weight="w_click", divisor="labels"):
    observed = ~conv.isnan()
    count = observed.sum().clamp(min=1) if divisor == "labels" else len(conv)
    rows = bce(conv_logit[observed], conv[observed]).sum() / count
    return (w_click if weight == "w_click" else w_conv) * (bce(click_logit, click).mean() + rows)


@misconception("The weights are never used: with a weight of 0 a task must vanish.", caught_by="test_weights")
def weights_ignored(click_logit, conv_logit, click, conv, w_click, w_conv):
    return right(click_logit, conv_logit, click, conv, 1.0, 1.0)


@misconception(
    "0.875, half of what was expected: L is the sum of the two weighted losses, not their mean.",
    caught_by="test_value",
)
def mean_over_tasks(click_logit, conv_logit, click, conv, w_click, w_conv):
    return right(click_logit, conv_logit, click, conv, w_click, w_conv) / 2


@misconception(
    "Both sums are divided by the number of all labels together. Each task has a mean of its own: its weight, not "
    "its number of labels, says how much it counts.",
    caught_by="test_value",
    conceptual=True,
)
def pooled_over_all_labels(click_logit, conv_logit, click, conv, w_click, w_conv):
    observed = ~conv.isnan()
    total = w_click * bce(click_logit, click).sum() + w_conv * bce(conv_logit[observed], conv[observed]).sum()
    return total / (len(click) + observed.sum())


@misconception(
    "The conversion losses are added up correctly, and divided by the number of {divisor}. Their mean is over the rows that have "
    "a conversion label, clicked or not.",
    caught_by="test_value",
    conceptual=True,
    family={"divisor": ("clicks", "conversions", "rows without a click")},
)
def divides_by_the_clicks(click_logit, conv_logit, click, conv, w_click, w_conv, *, divisor="clicks"):
    observed = ~conv.isnan()
    count = {"clicks": click.sum(), "conversions": conv[observed].sum(), "rows without a click": (1 - click).sum()}
    rows = bce(conv_logit[observed], conv[observed]).sum() / count[divisor].clamp(min=1)
    return w_click * bce(click_logit, click).mean() + w_conv * rows


@misconception(
    "A term is a sum over rows; both are means, each over its own labels.",
    caught_by="test_value",
    family={"of": ("both", "clicks", "conversions")},
)
def sums_of_rows(click_logit, conv_logit, click, conv, w_click, w_conv, *, of="both"):
    observed = ~conv.isnan()
    clicks, convs = bce(click_logit, click), bce(conv_logit[observed], conv[observed])
    click_term = clicks.mean() if of == "conversions" else clicks.sum()
    return w_click * click_term + w_conv * (conv_mean(conv_logit, conv) if of == "clicks" else convs.sum())


@misconception(
    "Only one of the two losses is in your total; it is the weighted sum of both.",
    caught_by="test_value",
    family={"task": ("conversion", "click")},
)
def one_task_only(click_logit, conv_logit, click, conv, w_click, w_conv, *, task="conversion"):
    if task == "conversion":
        return w_conv * conv_mean(conv_logit, conv)
    return w_click * bce(click_logit, click).mean()


@misconception(
    "The two heads are swapped: the click labels meet the conversion logits, and the other way round.",
    caught_by="test_value",
)
def swapped_heads(click_logit, conv_logit, click, conv, w_click, w_conv):
    return right(conv_logit, click_logit, click, conv, w_click, w_conv)


@misconception(
    "Both losses are those of the {copied}. Often a line was copied and one name in it stayed: each task has its own logits "
    "and its own labels.",
    caught_by="test_value",
    family={"copied": ("click logits", "conversion logits", "click labels")},
)
def copied_line(click_logit, conv_logit, click, conv, w_click, w_conv, *, copied="click logits"):
    if copied == "click labels":
        conv = torch.where(conv.isnan(), conv, click)
    logits = {"click logits": (click_logit, click_logit), "conversion logits": (conv_logit, conv_logit)}
    return right(*logits.get(copied, (click_logit, conv_logit)), click, conv, w_click, w_conv)


@misconception(
    "Right in size, wrong in sign: a loss is minus the log-likelihood, so that it falls as the model gets better.",
    caught_by="test_value",
)
def negated(click_logit, conv_logit, click, conv, w_click, w_conv):
    return -right(click_logit, conv_logit, click, conv, w_click, w_conv)


@misconception(
    "Rows with label 0 cost nothing: the cross-entropy has two terms, y log p and (1 - y) log(1 - p), and the second "
    "one is missing.",
    caught_by="test_value",
    conceptual=True,
)
def positives_only(click_logit, conv_logit, click, conv, w_click, w_conv):
    def rows(z, y):
        return -y * F.logsigmoid(z)

    return with_rows(rows, click_logit, conv_logit, click, conv, w_click, w_conv)


@misconception(
    "The number is right but comes in a tensor of shape (1,), not (): something kept or added a dimension. A sum or a "
    "mean of a vector without `keepdim` or `unsqueeze` has none.",
    caught_by="test_value",
)
def keeps_a_dimension(click_logit, conv_logit, click, conv, w_click, w_conv):
    return right(click_logit, conv_logit, click, conv, w_click, w_conv).reshape(1)


@misconception(
    "`conv` was changed in place: the caller still needs to know which labels are missing.",
    caught_by="test_inputs_unchanged",
)
def fills_in_place(click_logit, conv_logit, click, conv, w_click, w_conv):
    loss = right(click_logit, conv_logit, click, conv, w_click, w_conv)
    conv[conv.isnan()] = 0.0
    return loss


@misconception("2.05 comes back whatever goes in: that is the answer to one example.", caught_by="test_value")
def hard_coded(click_logit, conv_logit, click, conv, w_click, w_conv):
    return (click_logit.sum() + conv_logit.sum()) * 0.0 + 2.05
