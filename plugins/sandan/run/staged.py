"""What every stage does beside its work: its outcome goes to the reports, its failure to Airflow."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from airflow.sdk.exceptions import AirflowFailException

from sandan.errors import BusyError, SandanError
from sandan.home import Home
from sandan.month import Month, run_of
from sandan.rooms import restrict
from sandan.run import clock, outcomes

if TYPE_CHECKING:
    from collections.abc import Iterator

#: the stages that a day, a month and a vintage begin with
FIRST = ("survey", "begin_month", "begin_vintage")


@dataclass
class Stage:
    """A stage at work. `result` is what it leaves, as JSON holds it."""

    home: Home
    run: date | Month
    result: Any = None

    @property
    def run_date(self) -> date:
        """The date that the stage works on; of a month, the last."""
        return self.run if isinstance(self.run, date) else self.run.last

    @property
    def month(self) -> Month:
        """The month that the stage works on, or that of its date."""
        return Month.of(self.run) if isinstance(self.run, date) else self.run


@contextmanager
def staged(name: str, written: str, part: str = "") -> Iterator[Stage]:
    """Do the work of a stage inside, for the day or month of its run as `run_of` reads it.

    The first stage of a run forgets what an earlier attempt left.
    """
    run = run_of(written)
    stage = Stage(Home.from_environment(), run)
    restrict(stage.home)
    if name in FIRST:
        outcomes.begin(stage.home, run)
    started_at, clock_start = clock.now(), time.perf_counter()
    ok = False
    try:
        yield stage
        ok = True
    except BusyError:
        raise
    except SandanError as error:
        raise AirflowFailException(str(error)) from error
    finally:
        seconds = round(time.perf_counter() - clock_start, 3)
        outcomes.append(stage.home, run, outcomes.Outcome(name, part, started_at, seconds, ok, stage.result))
