"""How many of a day's declarations get which fault, and which chunk of the day tells each."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sandan.simulate.faults import FAULTS, Fault

CHUNK = 5000  # declarations; fixed, so that the number of processors changes no byte
IMPORT_SHARE = 0.35
CLEAN = -1


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of the day. `cases` holds (index in FAULTS or CLEAN, how manieth of its kind); `first` numbers it."""

    day: date
    seed: int
    declarations: int
    index: int
    first: int
    cases: tuple[tuple[int, int], ...]
    folder: Path


def quotas(day: date, seed: int, declarations: int, faults: tuple[Fault, ...] = FAULTS) -> list[int]:
    """Cases of each fault: its share of the declarations, rounded so that the sum is right too."""
    at = random.Random(f"quota {day} {seed}").random()
    counts = []
    for fault in faults:
        upto = at + fault.share * declarations / fault.size
        counts.append(math.floor(upto) - math.floor(at))
        at = upto
    return counts


def chunks(day: date, seed: int, declarations: int, folder: Path) -> list[Chunk]:
    """The whole day in parts of at most about CHUNK declarations, the faults spread evenly at random."""
    cases: list[tuple[int, int]] = []
    told = 0
    for index, count in enumerate(quotas(day, seed, declarations)):
        cases += [(index, ordinal) for ordinal in range(count)]
        told += count * FAULTS[index].size
    cases += [(CLEAN, 0)] * (declarations - told)
    random.Random(f"plan {day} {seed} {declarations}").shuffle(cases)

    parts = max(1, math.ceil(declarations / CHUNK))
    result = []
    first = 0
    for index in range(parts):
        mine = tuple(cases[len(cases) * index // parts : len(cases) * (index + 1) // parts])
        result.append(Chunk(day, seed, declarations, index, first, mine, folder))
        first += sum(slots(case) for case in mine)
    return result


def slots(case: tuple[int, int]) -> int:
    """How many declarations a case has."""
    return 1 if case[0] == CLEAN else FAULTS[case[0]].size


def second_of(slot: int, declarations: int) -> int:
    """The time of day of a declaration: the day is busiest at noon, and ends early enough for what follows."""
    u = slot / declarations
    return 300 + int(80000 * (u + 0.1 * math.sin(2 * math.pi * u) / 1))
