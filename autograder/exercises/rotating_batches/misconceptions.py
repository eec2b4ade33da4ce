"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import math

import numpy as np

from autograder.testing import misconception


def grid(n_batches, rounds):
    """One turn per task in each of so many rounds, with the number of the round in place of the batch."""
    return [(task, number) for number in range(rounds) for task in range(len(n_batches))]


def played(turns, n_batches, restart):
    """The turns of a grid that the tasks take, with the batch that they show in them."""
    return [(task, number % n_batches[task]) for task, number in turns if restart or number < n_batches[task]]


def right(n_batches, restart):
    """The right turns, for answers that are wrong elsewhere."""
    return played(grid(n_batches, max(n_batches)), n_batches, restart)


@misconception(
    "All batches of the first task come first, then all of the second: nothing rotates, and each task trains the trunk alone "
    "for a while. Let the round be the outer loop and the task the inner one.",
    caught_by="test_equal_numbers",
    conceptual=True,
    family={"filled": (False, True)},
)
def one_task_after_the_other(n_batches, restart, *, filled=False):
    return sorted(right(n_batches, filled and restart), key=lambda turn: turn[0])


@misconception(
    "Without `restart` the epoch ends with the shortest task, so that later batches of the others are never shown. Often "
    "because of zip, which stops at the first list that ends.",
    caught_by="test_no_restart",
    conceptual=True,
    family={"with_restart": ("the same", "right")},
)
def ends_with_the_shortest(n_batches, restart, *, with_restart="the same"):
    return right(n_batches, True) if restart and with_restart == "right" else grid(n_batches, min(n_batches))


@misconception(
    "There are as many rounds as one task at a fixed place in the list has batches. The longest task decides, wherever it "
    "stands.",
    caught_by="test_no_restart",
    family={"place": (0, -1)},
)
def rounds_of_one_task(n_batches, restart, *, place=0):
    return played(grid(n_batches, n_batches[place]), n_batches, restart)


@misconception(
    "With `restart` a task whose batches are used up is passed over, as it is without. So the long tasks have more turns, and "
    "the end of the epoch is theirs alone.",
    caught_by="test_restart",
)
def never_restarts(n_batches, restart):
    return right(n_batches, False)


@misconception(
    "Without `restart` a task whose batches are used up begins again all the same. Pass it over: each batch is shown once.",
    caught_by="test_no_restart",
)
def always_restarts(n_batches, restart):
    return right(n_batches, True)


@misconception(
    "With `restart` tasks are passed over when their batches are used up, and without it they begin again: the two have "
    "changed places.",
    caught_by="test_restart",
)
def restart_turned_around(n_batches, restart):
    return right(n_batches, not restart)


@misconception(
    "In each pair the batch stands first and the task second. A turn is (task, batch).", caught_by="test_equal_numbers"
)
def pair_turned_around(n_batches, restart):
    return [(batch, task) for task, batch in right(n_batches, restart)]


@misconception(
    "The tasks, their batches or both are numbered from 1. Number them from 0, as Python does.",
    caught_by="test_equal_numbers",
    family={"first": ((1, 1), (1, 0), (0, 1))},
)
def counted_from_one(n_batches, restart, *, first=(1, 1)):
    return [(task + first[0], batch + first[1]) for task, batch in right(n_batches, restart)]


@misconception(
    "With `restart` a task that has shown all its batches repeats its last one. It begins again: batch 0 comes next, and from "
    "there it goes on.",
    caught_by="test_restart",
    conceptual=True,
)
def repeats_the_last(n_batches, restart):
    if not restart:
        return right(n_batches, False)
    return [(task, min(batch, n_batches[task] - 1)) for task, batch in grid(n_batches, max(n_batches))]


@misconception(
    "With `restart` a task that has shown all its batches shows batch 0 in every round that is left. It begins again and goes "
    "on: 0, 1, 2 and so forth.",
    caught_by="test_restart",
)
def repeats_the_first(n_batches, restart):
    if not restart:
        return right(n_batches, False)
    return [(task, batch if batch < n_batches[task] else 0) for task, batch in grid(n_batches, max(n_batches))]


@misconception(
    "With `restart` the count goes on past a task's last batch: batch 3 of a task with three batches does not exist. "
    "After the last comes number 0 again.",
    caught_by="test_restart",
)
def counts_on(n_batches, restart):
    return grid(n_batches, max(n_batches)) if restart else right(n_batches, False)


@misconception(
    "With `restart` a task begins again once; the next time it counts on beyond its last batch. It begins again as often as "
    "needed.",
    caught_by="test_restart",
)
def begins_again_once(n_batches, restart):
    if not restart:
        return right(n_batches, False)
    return [
        (t, batch - n_batches[t] if batch >= n_batches[t] else batch) for t, batch in grid(n_batches, max(n_batches))
    ]


@misconception(
    "With `restart` a task that begins again shows batch 0 twice in a row. Often because its counter is set to 0 and not "
    "counted up in that turn.",
    caught_by="test_restart",
)
def first_batch_twice(n_batches, restart):
    if not restart:
        return right(n_batches, False)

    def shown(number, count):
        return number if number < count else max((number - count) % (count + 1) - 1, 0)

    return [(task, shown(number, n_batches[task])) for task, number in grid(n_batches, max(n_batches))]


@misconception(
    "The batches of the tasks begin again at the same time, as if all had equally many. Each task begins again after "
    "its own number of batches. Often the remainder is taken with another divisor.",
    caught_by="test_restart",
    family={"by": ("shortest", "tasks", "first")},
)
def begins_again_with_the_others(n_batches, restart, *, by="shortest"):
    if not restart:
        return right(n_batches, False)
    after = {"shortest": min(n_batches), "tasks": len(n_batches), "first": n_batches[0]}[by]
    return [(task, batch % after) for task, batch in grid(n_batches, max(n_batches))]


@misconception(
    "The number of the batch counts all turns so far, also those of the other tasks, so that batches are left out. Count the "
    "turns of each task by itself, or the rounds.",
    caught_by="test_equal_numbers",
    family={"wrapped": (True, False)},
)
def counts_the_turns_of_all(n_batches, restart, *, wrapped=True):
    turns = [task for task, _ in right(n_batches, restart)]
    return [(task, number % n_batches[task] if wrapped else number) for number, task in enumerate(turns)]


@misconception(
    "With `restart` the epoch ends as soon as every batch was shown, in the middle of a round. It ends with the round: each "
    "task has equally many turns.",
    caught_by="test_restart",
)
def ends_within_the_round(n_batches, restart):
    turns = right(n_batches, restart)
    every = set(right(n_batches, False))
    return next(turns[:end] for end in range(len(turns) + 1) if set(turns[:end]) == every)


@misconception(
    "With `restart` the rounds go on until all tasks end together. The epoch is over with the round in which the longest task "
    "shows its last batch.",
    caught_by="test_restart",
)
def goes_on_until_all_end_together(n_batches, restart):
    rounds = math.lcm(*n_batches) if restart else max(n_batches)
    return played(grid(n_batches, rounds), n_batches, restart)


@misconception(
    "With `restart` the list has as many turns as there are batches in all: then the longest task does not get to its end. "
    "There are as many rounds as it has batches.",
    caught_by="test_restart",
)
def as_many_turns_as_batches(n_batches, restart):
    return right(n_batches, restart)[: sum(n_batches)]


@misconception(
    "With `restart` there are as many rounds as all tasks together have batches. The longest task decides: its batches are "
    "shown once.",
    caught_by="test_restart",
)
def as_many_rounds_as_batches(n_batches, restart):
    return played(grid(n_batches, sum(n_batches)), n_batches, restart)


@misconception(
    "One round is missing or one is too many: of tasks with equally many batches the last ones are missing, or more "
    "are shown than there are. Often because a range is off by one at one end.",
    caught_by="test_equal_numbers",
    family={"more": (-1, 1)},
)
def one_round_off(n_batches, restart, *, more=-1):
    turns = grid(n_batches, max(n_batches) + more)
    return [(task, batch % n_batches[task]) for task, batch in turns if restart or batch < n_batches[task] + more]


@misconception(
    "Batch 0 is never shown: the batches begin with number 1. Often because the number is counted up before it is used.",
    caught_by="test_equal_numbers",
)
def first_batch_left_out(n_batches, restart):
    return [(task, batch) for task, batch in right(n_batches, restart) if batch]


@misconception(
    "Without `restart` a task has one turn too many, with a batch that it has shown already or does not have. Often because of "
    "`<=` in place of `<`: the batches are numbered from 0.",
    caught_by="test_no_restart",
    family={"wrapped": (True, False)},
)
def one_turn_too_many(n_batches, restart, *, wrapped=True):
    if restart:
        return right(n_batches, True)
    turns = [(t, batch) for t, batch in grid(n_batches, max(n_batches)) if batch <= n_batches[t]]
    return [(task, batch % n_batches[task] if wrapped else batch) for task, batch in turns]


@misconception(
    "With `restart` the turns of a task that begins again are put at the end of the epoch. They belong in their round, where "
    "the others have theirs.",
    caught_by="test_restart",
    family={"by": ("task", "round")},
)
def repeats_at_the_end(n_batches, restart, *, by="task"):
    if not restart:
        return right(n_batches, False)
    rest = [(task, number) for task, number in grid(n_batches, max(n_batches)) if number >= n_batches[task]]
    rest = sorted(rest) if by == "task" else rest
    return right(n_batches, False) + [(task, number % n_batches[task]) for task, number in rest]


@misconception(
    "Where a task drops out, the one after it loses its turn in that round. Often because the task was removed from "
    "the very list that the loop runs over.",
    caught_by="test_no_restart",
)
def skips_the_next(n_batches, restart):
    if restart:
        return right(n_batches, True)
    left, shown, turns = list(range(len(n_batches))), [0] * len(n_batches), []
    while left:
        for task in left:
            turns.append((task, shown[task]))
            shown[task] += 1
            if shown[task] == n_batches[task]:
                left.remove(task)
    return turns


@misconception(
    "A task that has no batch left keeps an entry in the list, with something in place of a batch. Pass it over: it has no "
    "turn.",
    caught_by="test_no_restart",
    family={"entry": ((0, -1), (0, None), (1, None), (0, float("nan")))},
)
def empty_turns_kept(n_batches, restart, *, entry=(0, -1)):
    whole, mark = entry
    turns = []
    for task, batch in grid(n_batches, max(n_batches)):
        there = restart or batch < n_batches[task]
        turns.append((task, batch % n_batches[task]) if there else mark if whole else (task, mark))
    return turns


@misconception(
    "Without `restart` the turns of each task are spread evenly over the epoch, so that a long task has several in a row from "
    "the start. Rotating means one turn per task and round, as long as it has a batch.",
    caught_by="test_no_restart",
    conceptual=True,
    family={"from_the": ("middle", "start", "end")},
)
def spread_evenly(n_batches, restart, *, from_the="middle"):
    if restart:
        return right(n_batches, True)
    shift = {"middle": 0.5, "start": 0, "end": 1}[from_the]
    return sorted(right(n_batches, False), key=lambda turn: ((turn[1] + shift) / n_batches[turn[0]], turn[0]))


@misconception(
    "The tasks were ordered by their numbers of batches. In every round they come in the order in which they stand in the list.",
    caught_by="test_no_restart",
    family={"first": ("longest", "shortest")},
)
def ordered_by_length(n_batches, restart, *, first="longest"):
    sign = -1 if first == "longest" else 1
    turns = sorted(grid(n_batches, max(n_batches)), key=lambda turn: (turn[1], sign * n_batches[turn[0]]))
    return played(turns, n_batches, restart)


@misconception(
    "Every second round runs backwards, from the last task to the first. Each round has the same order.",
    caught_by="test_equal_numbers",
)
def back_and_forth(n_batches, restart):
    turns = sorted(grid(n_batches, max(n_batches)), key=lambda turn: (turn[1], turn[0] * (-1) ** turn[1]))
    return played(turns, n_batches, restart)


@misconception(
    "The rounds begin with the last task. The first task of the list has the first turn.",
    caught_by="test_equal_numbers",
)
def last_task_first(n_batches, restart):
    turns = sorted(grid(n_batches, max(n_batches)), key=lambda turn: (turn[1], -turn[0]))
    return played(turns, n_batches, restart)


@misconception(
    "One number stands for each turn. Give a pair: which task has the turn, and which of its batches it shows.",
    caught_by="test_equal_numbers",
    family={"which": ("tasks", "batches")},
)
def half_of_the_pairs(n_batches, restart, *, which="tasks"):
    return [turn[which == "batches"] for turn in right(n_batches, restart)]


@misconception(
    "The pairs came back in lists of their own, one per round or task. Give one flat list of pairs.",
    caught_by="test_equal_numbers",
    family={"one_per": ("round", "task")},
)
def nested(n_batches, restart, *, one_per="round"):
    turns = right(n_batches, restart)
    if one_per == "task":
        return [[turn for turn in turns if turn[0] == task] for task in range(len(n_batches))]
    rounds = [[]]
    for turn in turns:
        if rounds[-1] and turn[0] <= rounds[-1][-1][0]:
            rounds.append([])
        rounds[-1].append(turn)
    return rounds


@misconception(
    "Two lists came back, one with the tasks and one with the batches. Give one list of pairs.",
    caught_by="test_equal_numbers",
)
def two_lists(n_batches, restart):
    return tuple(np.array(right(n_batches, restart)).T.tolist())


@misconception(
    "An iterator came back, not a list: it can be read once only, and has no length. Often because of `yield`, zip or round "
    "brackets around a comprehension. Put list(...) around it, or collect the pairs.",
    caught_by="test_equal_numbers",
    family={"kind": ("generator", "zip", "map", "iterator")},
)
def an_iterator(n_batches, restart, *, kind="generator"):
    turns = right(n_batches, restart)
    kinds = {"zip": zip(*zip(*turns)), "map": map(tuple, turns), "iterator": iter(turns)}
    return kinds.get(kind, (turn for turn in turns))


@misconception(
    "Only the first turn came back. Often because the `return` stands inside the loop.",
    caught_by="test_equal_numbers",
    family={"of": ("epoch", "round")},
)
def only_the_beginning(n_batches, restart, *, of="epoch"):
    return right(n_batches, restart)[: 1 if of == "epoch" else len(n_batches)]


@misconception(
    "After the call `n_batches` is another list. Often because batches are counted down in it, tasks removed from it, or it "
    "was sorted. Work on a copy: the caller needs it for the next epoch.",
    caught_by="test_inputs_unchanged",
    family={"how": ("counted down", "removed", "sorted")},
)
def in_place(n_batches, restart, *, how="counted down"):
    turns = right(n_batches, restart)
    if how == "counted down":
        n_batches[:] = [0] * len(n_batches)
    elif how == "removed":
        n_batches.clear()
    else:
        n_batches.sort()
    return turns


@misconception("The same turns come back whatever goes in.", caught_by="test_equal_numbers")
def constant(n_batches, restart):
    return [(0, 0), (1, 0), (0, 1), (1, 0), (0, 2), (1, 0)]
