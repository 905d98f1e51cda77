"""The work of each task of `housekeeping_weekly`. Each returns in one line what it did."""

from __future__ import annotations

from airflow.sdk.exceptions import AirflowFailException

from sandan.errors import BusyError, SandanError
from sandan.home import Home
from sandan.rooms import restrict


def readings() -> str:
    """Remove what was read of published dates that are old: a run of the date reads its landing again."""
    return _step("readings")


def raw() -> str:
    """Move the records of old months from the warehouse into a file a table and month."""
    return _step("raw")


def warehouse() -> str:
    """Write the file of the warehouse anew, where more than a quarter of it is free."""
    return _step("warehouse")


def airflow() -> str:
    """Remove old runs from Airflow's metadata, where they are in the home."""
    return _step("airflow")


def logs() -> str:
    """Remove old logs of commands and tasks."""
    return _step("logs")


def _step(name: str) -> str:
    from sandan.housekeeping import STEPS
    from sandan.housekeeping.kept import keep_days

    home = Home.from_environment()
    restrict(home)
    try:
        said = STEPS[name](home, keep_days())
    except BusyError:
        raise
    except SandanError as error:
        raise AirflowFailException(str(error)) from error
    print(said)
    return said
