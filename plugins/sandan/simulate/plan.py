"""How many of a day's declarations get which fault, and which chunk of the day tells each."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sandan.simulate.fault import Fault
from sandan.simulate.faults import FAULTS

CHUNK = 5000  # declarations; fixed, so that the number of processors changes no byte
IMPORT_SHARE = 0.35
CLEAN = -1


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of the day. `cases` holds (index in FAULTS or CLEAN, how manieth of its kind); `first` numbers it.

    `reference` is the operator's folder, `before` the truth of the latest earlier day, None where the day is told after
    a later one.
    """

    day: date
    seed: int
    declarations: int
    index: int
    first: int
    cases: tuple[tuple[int, int], ...]
    folder: Path
    reference: Path
    before: Path | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: so many declarations of a day; `faults` multiplies the share of every fault.

    A case of each fault named in `planted` is among them, whatever its share.
    """

    day: date
    seed: int
    declarations: int
    faults: float = 1.0
    planted: tuple[str, ...] = ()


def quotas(wanted: Wanted, faults: tuple[Fault, ...] = FAULTS) -> list[int]:
    """Cases of each fault: its share of the declarations, rounded so that the sum is right, and the planted ones."""
    at = random.Random(f"quota {wanted.day} {wanted.seed}").random()
    counts = []
    for fault in faults:
        upto = at + fault.share * wanted.faults * wanted.declarations / fault.size
        counts.append(max(math.floor(upto) - math.floor(at), int(fault.name in wanted.planted)))
        at = upto
    return counts


def chunks(wanted: Wanted, folder: Path, reference: Path, before: Path | None) -> list[Chunk]:
    """The whole day in parts of at most about CHUNK declarations, the faults spread evenly at random.

    `reference` and `before` are for the chunks.
    """
    day, seed, declarations = wanted.day, wanted.seed, wanted.declarations
    cases: list[tuple[int, int]] = []
    told = 0
    counts = quotas(wanted)
    for index in sorted(range(len(counts)), key=lambda index: FAULTS[index].name not in wanted.planted):
        count = min(counts[index], (declarations - told) // FAULTS[index].size)
        cases += [(index, ordinal) for ordinal in range(count)]
        told += count * FAULTS[index].size
    cases += [(CLEAN, 0)] * (declarations - told)
    random.Random(f"plan {day} {seed} {declarations}").shuffle(cases)

    parts = max(1, math.ceil(declarations / CHUNK))
    result = []
    first = 0
    for index in range(parts):
        mine = tuple(cases[len(cases) * index // parts : len(cases) * (index + 1) // parts])
        result.append(Chunk(day, seed, declarations, index, first, mine, folder, reference, before))
        first += sum(slots(case) for case in mine)
    return result


def slots(case: tuple[int, int]) -> int:
    """How many declarations a case has."""
    return 1 if case[0] == CLEAN else FAULTS[case[0]].size


def second_of(slot: int, declarations: int) -> int:
    """The time of day of a declaration: the day is busiest at noon, and ends early enough for what follows."""
    u = slot / declarations
    return 300 + int(80000 * (u + 0.1 * math.sin(2 * math.pi * u) / 1))
