"""A simulated day: what earlier days left in the outbox lands first, then the day's own lists."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sandan.errors import SandanError
from sandan.simulate.chunk import tell
from sandan.simulate.numbers import fill
from sandan.simulate.parties import write_register
from sandan.simulate.plan import Wanted, chunks
from sandan.simulate.sources import SOURCES
from sandan.simulate.teller import DUES
from sandan.simulate.truth import add_earlier_day, carry_forward

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sandan.home import Home
    from sandan.simulate.plan import Chunk


@dataclass(frozen=True, slots=True)
class Summary:
    """What a simulated day holds: `delivered` files come from earlier days, `statuses` counts all declarations."""

    run_date: date
    declarations: int
    files: int
    delivered: int
    bytes: int
    truth: Path
    statuses: dict[str, int] = field(default_factory=dict)


def simulate_day(  # noqa: PLR0913 - what is asked for, and who hears of it
    home: Home,
    run_date: date,
    declarations: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
    *,
    faults: float = 1.0,
    planted: tuple[str, ...] = (),
) -> Summary:
    """Write the landing of `run_date` for all simulated sources, and what a run is expected to make of it.

    `declarations` is the number of new declarations; 0 only delivers what earlier days left. `faults` multiplies the
    share of every fault, and those named in `planted` occur at least once. `progress` is called with (declarations
    done, all). A date before one already simulated is a story of that day only: what it would leave for later days
    never comes, and its buyers are all new. Raises
    SandanError where the date has a landing already or has been simulated.
    """
    _refuse_a_second_telling(home, run_date)
    write_register(home)
    building = home.simulation / f"building-{run_date}"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    told_before = sorted((home.simulation / "truth").glob("????-??-??"))
    later = [folder for folder in told_before if folder.name > run_date.isoformat()]
    earlier = [folder for folder in told_before if folder.name < run_date.isoformat()]
    before = None if later else next(reversed(earlier), building)
    done = 0
    for told in _tell_all(
        chunks(Wanted(run_date, seed, declarations, faults, planted), building, home.reference, before)
    ):
        done += told
        if progress:
            progress(done, declarations)

    due = [] if later else _due(home, run_date)
    landing = list(_with_numbered(home, due))
    truth = home.simulation / "truth" / run_date.isoformat()
    statuses = carry_forward(
        earlier[-1] if earlier else None,
        [*(folder / "effects" for folder in landing), building / "due-0" / "effects"],
        building / "truth",
        run_date,
    )
    own = _land(home, building / "due-0" / "landing", run_date)
    delivered = [_land(home, folder / "landing", run_date) for folder in landing]
    for days in DUES[1:] if not later else ():
        if not (building / f"due-{days}").exists():
            continue
        folder = home.simulation / "outbox" / (run_date + timedelta(days)).isoformat() / run_date.isoformat()
        folder.parent.mkdir(parents=True, exist_ok=True)
        (building / f"due-{days}").replace(folder)
    truth.parent.mkdir(exist_ok=True)
    (building / "truth").replace(truth)
    add_earlier_day(truth, run_date, later)
    for folder in {folder.parent for folder in due}:
        shutil.rmtree(folder)
    shutil.rmtree(building)
    return Summary(
        run_date,
        declarations,
        own[0] + sum(files for files, _ in delivered),
        sum(files for files, _ in delivered),
        own[1] + sum(size for _, size in delivered),
        truth,
        statuses,
    )


def _refuse_a_second_telling(home: Home, run_date: date) -> None:
    for source_id in SOURCES:
        folder = home.landing_of(source_id, run_date)
        if folder.exists() and any(folder.iterdir()):
            raise SandanError(
                f"{folder} already holds files; a day is simulated once",
                "run the pipeline on what is there, take another date, or start with an empty SANDAN_HOME",
            )
    truth = home.simulation / "truth" / run_date.isoformat()
    if truth.exists():
        raise SandanError(
            f"{run_date} is already simulated in this SANDAN_HOME: {truth}",
            "take a date that is not simulated yet, or start with an empty SANDAN_HOME",
        )


def _due(home: Home, run_date: date) -> list[Path]:
    """The folders outbox/<due date>/<day of the story> that land by `run_date`, oldest first."""
    folders = sorted((home.simulation / "outbox").glob("????-??-??/????-??-??"))
    return [folder for folder in folders if folder.parent.name <= run_date.isoformat()]


def _with_numbered(home: Home, due: list[Path]) -> Iterator[Path]:
    """The folders, and behind each what names numbers, if the receipts of the story's day give them."""
    for folder in due:
        yield folder
        if fill(home, folder / "numbered" / "landing", folder.name):
            yield folder / "numbered"


def _land(home: Home, landing: Path, run_date: date) -> tuple[int, int]:
    """Move the files of every source into its landing folder; gives their number and bytes."""
    count = size = 0
    for source in sorted(landing.iterdir()) if landing.exists() else ():
        target = home.landing_of(source.name, run_date)
        target.mkdir(parents=True, exist_ok=True)
        for file in source.iterdir():
            size += file.stat().st_size
            count += 1
            file.replace(target / file.name)
    return count, size


def _tell_all(parts: list[Chunk]) -> Iterator[int]:
    """Tell the chunks, in processes of their own where there is more than one and this process may have children."""
    if len(parts) == 1 or multiprocessing.current_process().daemon:
        yield from map(tell, parts)
        return
    with ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(tell, parts)
