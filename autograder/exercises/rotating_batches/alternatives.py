"""Right answers that look nothing alike."""

import itertools
from collections import deque

import numpy as np

from autograder.testing import alternative


@alternative("rounds over tasks, with a remainder")
def rounds(n_batches, restart):
    turns = []
    for number in range(max(n_batches)):
        for task, count in enumerate(n_batches):
            if restart or number < count:
                turns.append((task, number % count))
    return turns


@alternative("endless cycles cut to the longest task; for the rest zip_longest without its gaps")
def cycles(n_batches, restart):
    if restart:
        streams = [itertools.cycle([(task, batch) for batch in range(count)]) for task, count in enumerate(n_batches)]
        return list(itertools.chain.from_iterable(itertools.islice(zip(*streams), max(n_batches))))
    streams = [[(task, batch) for batch in range(count)] for task, count in enumerate(n_batches)]
    rows = itertools.zip_longest(*streams)
    return [turn for row in rows for turn in row if turn is not None]


@alternative("a queue in which a task goes to the back after its turn; lists of lists")
def queue(n_batches, restart):
    waiting, turns = deque((task, 0) for task in range(len(n_batches))), []
    most = max(n_batches)
    while waiting:
        task, shown = waiting.popleft()
        turns.append([task, shown % n_batches[task]])
        if shown + 1 < (most if restart else n_batches[task]):
            waiting.append((task, shown + 1))
    return turns


@alternative("all pairs, sorted by their batch")
def sorted_pairs(n_batches, restart):
    length = max(n_batches)
    pairs = [(batch, task) for task, n in enumerate(n_batches) for batch in range(length if restart else n)]
    return [(task, batch % n_batches[task]) for batch, task in sorted(pairs)]


@alternative("a NumPy grid of rounds and tasks; an array (turns, 2)")
def grid(n_batches, restart):
    counts = np.array(n_batches)
    number, task = np.indices((counts.max(), len(counts))).reshape(2, -1)
    keep = (number < counts[task]) | restart
    return np.column_stack([task, number % counts[task]])[keep]


@alternative("the places of a mask, in a torch tensor")
def in_torch(n_batches, restart):
    import torch

    counts = torch.tensor(n_batches)
    there = torch.arange(int(counts.max()))[:, None] < counts
    number, task = torch.nonzero(there | bool(restart), as_tuple=True)
    return torch.stack([task, number % counts[task]], dim=1)


@alternative("one iterator per task, dropped or made anew when it ends")
def iterators(n_batches, restart):
    left = {task: iter(range(count)) for task, count in enumerate(n_batches)}
    ended, turns = set(), []
    while True:
        this_round = []
        for task in sorted(left):
            batch = next(left[task], None)
            if batch is None:
                ended.add(task)
                if not restart:
                    del left[task]
                    continue
                left[task] = iter(range(n_batches[task]))
                batch = next(left[task])
            this_round.append((task, batch))
        if len(ended) == len(n_batches):  # in this round the longest had nothing left, too
            return turns
        turns += this_round


@alternative("recursion over the rounds")
def recursion(n_batches, restart):
    def after(number):
        if number == max(n_batches):
            return ()
        row = tuple((t, number % n) for t, n in enumerate(n_batches) if restart or n > number)
        return row + after(number + 1)

    return after(0)
