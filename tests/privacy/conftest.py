"""A home in which a simulated day ran as `make run` runs it, and everybody who was made up for them."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pytest

from sandan.home import PROJECT, Home
from sandan.month import Month
from sandan.pack import write_package
from sandan.simulate import people, simulate_day
from sandan.warehouse import connect_published

from .awkward import SOMEBODY, land_awkward_records

if TYPE_CHECKING:
    from sandan.simulate.people import Person

DAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Ran:
    """A home, everybody in its landing, and what the commands said to whoever called them."""

    home: Home
    persons: frozenset[Person]
    said: str


def command(home: Home, *arguments: str) -> str:
    """`python -m sandan …`; returns what it printed."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "SANDAN"))}
    places = {"SANDAN_HOME": str(home.root), "PYTHONPATH": str(PROJECT / "plugins")}
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "sandan", *arguments], env=clean | places, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    home = Home(root=tmp_path_factory.mktemp("home"), sources=PROJECT / "sources")
    persons: list[Person] = []
    make = people.Person

    def remembered(**values: str) -> Person:
        persons.append(make(**values))
        return persons[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "Person", remembered)
        simulate_day(home, DAY, 240, seed=DAY.day, faults=4)
        land_awkward_records(home, DAY)
        said = command(home, "run", "--date", DAY.isoformat())
    with connect_published(home) as lake:
        order, enterprise = lake.execute(
            "select any_value(order_no) filter (flow = 'I' and failed_rules <> []), "
            "any_value(ebc_code) filter (flow = 'E') from clearance.clearance_facts"
        ).fetchone()
    said += command(home, "track", "--order", order)
    write_package(home, enterprise, Month.of(DAY))
    return Ran(home, frozenset([*persons, SOMEBODY]), said)
