"""Tells one chunk of the day; runs in a process of its own."""

from __future__ import annotations

import random

from sandan.simulate import stories
from sandan.simulate.buyers import Totals
from sandan.simulate.faults import FAULTS
from sandan.simulate.plan import CLEAN, IMPORT_SHARE, Chunk, second_of, slots
from sandan.simulate.sheet import Clock
from sandan.simulate.teller import Place, Teller

SMALL_DAY = 20_000  # below it, messages hold fewer than 100 records, so that there are several of each


def tell(chunk: Chunk) -> int:
    """Write the chunk's files and expectations; gives the number of declarations."""
    rng = random.Random(f"chunk {chunk.day} {chunk.seed} {chunk.declarations} {chunk.index}")
    stem = f"{chunk.day:%Y%m%d}{chunk.index:04d}"
    per_file = 100 if chunk.declarations >= SMALL_DAY else 25
    place = Place(chunk.folder, stem, per_file, chunk.reference)
    teller = Teller(Clock(chunk.day), rng, place, Totals(chunk.before))
    slot = chunk.first
    for case in chunk.cases:
        index, ordinal = case
        second = second_of(slot, chunk.declarations)
        if index == CLEAN:
            stories.clean(teller, "I" if rng.random() < IMPORT_SHARE else "E", slot, second)
        else:
            fault = FAULTS[index]
            flow = fault.flow if fault.flow != "*" else "EI"[(index + ordinal + chunk.day.toordinal()) % 2]
            stories.STORIES[fault.story](stories.Told(teller, fault, flow, slot, second, rng.randrange(10**6), ordinal))
        slot += slots(case)
        teller.settle()
    if chunk.index == 0:
        teller.sink("export-orders").foreign("CEB304")
    teller.finish()
    return slot - chunk.first
