"""Wrong values, what a tutor says about each, and the check that must catch it.

Each is a function of the numbers in the statement, published or a student's own, so no message holds a number: it says
in which term the slip lies, and is true of every answer with that value.
"""

from autograder.testing import misconception


@misconception(
    "That is the total with the conversion term multiplied by the share of labelled rows, as if its sum had been "
    "divided by all rows. Its average was taken over the labelled rows only: it is masked already.",
    caught_by="test_total_loss",
    conceptual=True,
)
def times_coverage(click, cvr, percent, w_click, w_cvr):
    return w_click * click + w_cvr * cvr * percent / 100


@misconception(
    "That is the total with both terms multiplied by the share of labelled rows. The share touches neither: click"
    " labels exist everywhere, and the conversion average is masked already.",
    caught_by="test_total_loss",
    conceptual=True,
)
def coverage_on_everything(click, cvr, percent, w_click, w_cvr):
    return (w_click * click + w_cvr * cvr) * percent / 100


@misconception(
    "That is the total with the click term multiplied by the share of rows with a conversion label. Every row has"
    " a click label.",
    caught_by="test_total_loss",
    conceptual=True,
)
def coverage_on_the_clicks(click, cvr, percent, w_click, w_cvr):
    return w_click * click * percent / 100 + w_cvr * cvr


@misconception(
    "That is the total with the conversion term multiplied by the share of rows *without* a label. Those rows "
    "have no say in the loss, not even through their number.",
    caught_by="test_total_loss",
    conceptual=True,
)
def times_the_unlabelled(click, cvr, percent, w_click, w_cvr):
    return w_click * click + w_cvr * cvr * (1 - percent / 100)


@misconception(
    "That is the total with the batch split between the tasks: the click term times the unlabelled share, the "
    "conversion term times the labelled one. Click labels exist for every row.",
    caught_by="test_total_loss",
    conceptual=True,
)
def splits_the_batch(click, cvr, percent, w_click, w_cvr):
    return w_click * click * (1 - percent / 100) + w_cvr * cvr * percent / 100


@misconception(
    "That is the total with the conversion term divided by the share of labelled rows: this undoes a mask that "
    "was never multiplied in.",
    caught_by="test_total_loss",
    conceptual=True,
    family={"decimals": (15, 3, 2)},
)
def divided_by_coverage(click, cvr, percent, w_click, w_cvr, *, decimals=15):
    return round(w_click * click + w_cvr * cvr / (percent / 100), decimals)


@misconception(
    "That is the total with the conversion term divided by the share of rows without a label. The average stands "
    "as it is.",
    caught_by="test_total_loss",
    conceptual=True,
    family={"decimals": (15, 3, 2)},
)
def divided_by_the_unlabelled(click, cvr, percent, w_click, w_cvr, *, decimals=15):
    return round(w_click * click + w_cvr * cvr / (1 - percent / 100), decimals)


@misconception(
    "That is the total with both terms divided by the share of labelled rows. Both averages are divided by the "
    "right number of rows already.",
    caught_by="test_total_loss",
    conceptual=True,
    family={"decimals": (15, 3, 2)},
)
def everything_divided_by_coverage(click, cvr, percent, w_click, w_cvr, *, decimals=15):
    return round((w_click * click + w_cvr * cvr) / (percent / 100), decimals)


@misconception(
    "That is the total with the conversion term multiplied by the percentage itself. The share does not enter at "
    "all; and a percentage would enter as a fraction.",
    caught_by="test_total_loss",
    conceptual=True,
)
def percent_as_a_number(click, cvr, percent, w_click, w_cvr):
    return w_click * click + w_cvr * cvr * percent


@misconception(
    "That is the total with weights scaled to sum to 1. They are used as given.",
    caught_by="test_total_loss",
    conceptual=True,
    family={"decimals": (15, 3, 2)},
)
def normalised_weights(click, cvr, percent, w_click, w_cvr, *, decimals=15):
    return round((w_click * click + w_cvr * cvr) / (w_click + w_cvr), decimals)


@misconception(
    "That is the average of the two terms. The total is their sum.",
    caught_by="test_total_loss",
)
def average_of_tasks(click, cvr, percent, w_click, w_cvr):
    return (w_click * click + w_cvr * cvr) / 2


@misconception(
    "That is the mean over all labels of both tasks, each term in proportion to its number of labels. The total "
    "is a weighted sum of two averages; how many labels are behind each does not matter.",
    caught_by="test_total_loss",
    conceptual=True,
    family={"decimals": (15, 3, 2)},
)
def mean_over_all_labels(click, cvr, percent, w_click, w_cvr, *, decimals=15):
    return round((w_click * click + w_cvr * cvr * percent / 100) / (1 + percent / 100), decimals)


@misconception(
    "That is the mean over all labels of both tasks, without the weights. The total is a weighted sum of the two "
    "averages.",
    caught_by="test_total_loss",
    conceptual=True,
    family={"decimals": (15, 3, 2)},
)
def mean_over_all_labels_without_weights(click, cvr, percent, w_click, w_cvr, *, decimals=15):
    return round((click + cvr * percent / 100) / (1 + percent / 100), decimals)


@misconception(
    "That is the total with the conversion weight multiplied by the share of labelled rows and both weights then "
    "scaled to sum to 1. The weights are used as given, and the average is masked already.",
    caught_by="test_total_loss",
    conceptual=True,
    family={"decimals": (15, 3, 2)},
)
def normalised_after_coverage(click, cvr, percent, w_click, w_cvr, *, decimals=15):
    return round((w_click * click + w_cvr * cvr * percent / 100) / (w_click + w_cvr * percent / 100), decimals)


@misconception(
    "Two things: the conversion term is multiplied by the share of labelled rows, and the weights are scaled to "
    "sum to 1. Neither belongs there.",
    caught_by="test_total_loss",
    conceptual=True,
    family={"decimals": (15, 3, 2)},
)
def normalised_and_coverage(click, cvr, percent, w_click, w_cvr, *, decimals=15):
    return round((w_click * click + w_cvr * cvr * percent / 100) / (w_click + w_cvr), decimals)


@misconception(
    "Two things: the conversion term is multiplied by the share of labelled rows, and the two terms are averaged."
    " Neither belongs there.",
    caught_by="test_total_loss",
    conceptual=True,
    family={"decimals": (15, 3, 2)},
)
def averaged_and_coverage(click, cvr, percent, w_click, w_cvr, *, decimals=15):
    return round((w_click * click + w_cvr * cvr * percent / 100) / 2, decimals)


@misconception(
    "That is the total with the two weights swapped: each multiplies the loss of the other task.",
    caught_by="test_total_loss",
)
def swapped_weights(click, cvr, percent, w_click, w_cvr):
    return w_cvr * click + w_click * cvr


@misconception(
    "Two things: the weights are swapped, and the conversion term is multiplied by the share of labelled rows.",
    caught_by="test_total_loss",
)
def swapped_and_coverage(click, cvr, percent, w_click, w_cvr):
    return w_cvr * click + w_click * cvr * percent / 100


@misconception(
    "That is the sum of the two averages without their weights.",
    caught_by="test_total_loss",
)
def weights_ignored(click, cvr, percent, w_click, w_cvr):
    return click + cvr


@misconception(
    "That is the plain mean of the two averages: the weights are missing, and the total is a sum.",
    caught_by="test_total_loss",
)
def mean_without_weights(click, cvr, percent, w_click, w_cvr):
    return (click + cvr) / 2


@misconception(
    "That is the total with the share of labelled rows in place of the conversion weight.",
    caught_by="test_total_loss",
)
def coverage_as_the_weight(click, cvr, percent, w_click, w_cvr):
    return click + cvr * percent / 100


@misconception(
    "That is the total with the conversion weight on both terms. The clicks have a weight of their own.",
    caught_by="test_total_loss",
)
def conversion_weight_on_both(click, cvr, percent, w_click, w_cvr):
    return w_cvr * (click + cvr)


@misconception(
    "That is the total with the conversion weight counted twice.",
    caught_by="test_total_loss",
)
def weight_twice(click, cvr, percent, w_click, w_cvr):
    return w_click * click + w_cvr**2 * cvr


@misconception(
    "That is the click term plus the conversion weight, both multiplied by the conversion average. Multiply "
    "first, then add.",
    caught_by="test_total_loss",
)
def added_before_multiplying(click, cvr, percent, w_click, w_cvr):
    return (w_click * click + w_cvr) * cvr


@misconception(
    "That is the total with each weight added to its loss. A weight multiplies.",
    caught_by="test_total_loss",
)
def weights_added(click, cvr, percent, w_click, w_cvr):
    return w_click + click + w_cvr + cvr


@misconception(
    "That is the conversion term alone; the click term is missing, and clicks are observed in every row.",
    caught_by="test_total_loss",
)
def conversion_only(click, cvr, percent, w_click, w_cvr):
    return w_cvr * cvr


@misconception(
    "That is the click term alone; the conversion term is missing.",
    caught_by="test_total_loss",
)
def click_only(click, cvr, percent, w_click, w_cvr):
    return w_click * click


@misconception(
    "That is the product of the two terms. The total is their sum.",
    caught_by="test_total_loss",
)
def product(click, cvr, percent, w_click, w_cvr):
    return w_click * click * w_cvr * cvr


@misconception(
    "That is the difference of the two terms. The total is their sum.",
    caught_by="test_total_loss",
)
def difference(click, cvr, percent, w_click, w_cvr):
    return w_cvr * cvr - w_click * click


@misconception(
    "The size is right and the sign is not: a cross-entropy is never negative, and neither is this sum.",
    caught_by="test_total_loss",
)
def negative(click, cvr, percent, w_click, w_cvr):
    return -(w_click * click + w_cvr * cvr)


@misconception(
    "The digits are right and the decimal point is not.",
    caught_by="test_total_loss",
    family={"factor": (10, 0.1, 100, 0.01)},
)
def point_shifted(click, cvr, percent, w_click, w_cvr, *, factor=10):
    return (w_click * click + w_cvr * cvr) * factor


@misconception(
    "Right, but rounded: that is the total with too few decimals. It has at most three; keep all of them.",
    caught_by="test_total_loss",
    family={"dropped": (1, 2), "half": (1, 0)},
)
def rounded(click, cvr, percent, w_click, w_cvr, *, dropped=1, half=1):
    thousandths, unit = round(1000 * (w_click * click + w_cvr * cvr)), 10**dropped
    while thousandths * 10**dropped % (10 * unit) == 0:
        unit *= 10
    return (thousandths + half * unit // 2) // unit * unit / 1000


@misconception(
    "Right, but rounded too early: that is the total of averages that were rounded to one decimal. Keep all decimals "
    "until the end.",
    caught_by="test_total_loss",
    family={"up": (1, 0)},
)
def rounded_averages(click, cvr, percent, w_click, w_cvr, *, up=1):
    click, cvr = ((round(one * 100) // 10 + up * (round(one * 100) % 10 >= 5)) / 10 for one in (click, cvr))
    return w_click * click + w_cvr * cvr
