"""Finding the suites, which lie outside the package."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING

from sandan.home import PROJECT

if TYPE_CHECKING:
    from types import ModuleType

    from sandan.gates.record import Suite

FOLDER = PROJECT / "expectations"


def suites_of(stage: str) -> tuple[Suite, ...]:
    """The suites of `stage`, as `expectations/__init__.py` collects them.

    Raises:
        ValueError: no such stage.
    """
    collected: dict[str, tuple[Suite, ...]] = _expectations().STAGES
    if stage not in collected:
        raise ValueError(f"no gate {stage!r}: one of {', '.join(collected)}")
    return collected[stage]


def _expectations() -> ModuleType:
    """The package `expectations`: an Airflow worker has the plugins on its path, not the project."""
    if "expectations" in sys.modules:
        return sys.modules["expectations"]
    spec = importlib.util.spec_from_file_location(
        "expectations", FOLDER / "__init__.py", submodule_search_locations=[str(FOLDER)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"no package at {FOLDER}")
    module = sys.modules["expectations"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
