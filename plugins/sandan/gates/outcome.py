"""One expectation after its evaluation, in plain words and as a row of `audit.gate_results`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandan.gates.usual import Figure

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

    from sandan.gates.record import Expected

SHOWN = 3


@dataclass(frozen=True)
class Outcome:
    """What was observed, and what was allowed. `crash` is the error of an expectation that could not be evaluated.

    `figures`: of an expectation that learns, each figure with its bounds.
    """

    suite: str
    expected: Expected
    success: bool
    observed: str
    bounds: str
    element_count: int | None
    unexpected_count: int | None
    crash: str | None
    figures: list[Figure] = field(default_factory=list)

    @property
    def line(self) -> str:
        """One line for the operator."""
        if self.crash:
            return f"{self.suite} · {self.expected.id}: could not be evaluated: {self.crash}"
        return (
            f"{self.suite} · {self.expected.id}: expected: {self.expected.says}; "
            f"observed: {self.observed} (answers: {self.expected.answers}; hurts: {self.expected.hurts})"
        )


def outcome(suite: str, expected: Expected, result: dict[str, Any]) -> Outcome:
    """Read one result of Great Expectations, in its JSON form with SUMMARY format."""
    found: dict[str, Any] = result["result"] | result["result"].get("details", {})
    crash = _crash(result.get("exception_info", {}))
    return Outcome(
        suite=suite,
        expected=expected,
        success=bool(result["success"]) and crash is None,
        observed=crash or _observed(found),
        bounds=_bounds(expected.holds),
        element_count=found.get("element_count"),
        unexpected_count=found.get("unexpected_count"),
        crash=crash,
        figures=[Figure(**figure) for figure in found.get("figures", [])],
    )


def _observed(found: dict[str, Any]) -> str:
    if "observed_value" in found:
        return str(found["observed_value"])
    if not found.get("unexpected_count"):
        return f"all {found.get('element_count', 0)} as expected"
    samples = [_value(v) for v in found.get("partial_unexpected_list", [])]
    shown = ", ".join(dict.fromkeys(samples[:SHOWN]))
    return f"{found['unexpected_count']} of {found['element_count']}: {shown}"


def _value(value: Any) -> str:
    return " ".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else str(value)


def _bounds(holds: Expectation) -> str:
    words = {
        "allowed": "{}",
        "value_set": "one of {}",
        "min_value": "≥ {}",
        "max_value": "≤ {}",
    }
    named = {name: getattr(holds, name, None) for name in words}
    bounds = [words[name].format(_listed(value)) for name, value in named.items() if value is not None]
    mostly = getattr(holds, "mostly", 1)
    if mostly < 1:
        bounds = [": ".join([f"at least {mostly:.0%} of the rows", *bounds])]
    return ", ".join(bounds) or "every row"


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _crash(info: dict[str, Any]) -> str | None:
    """The first line of the error, from either of the two shapes Great Expectations gives it."""
    for part in (info, *(v for v in info.values() if isinstance(v, dict))):
        if part.get("raised_exception"):
            return str(part["exception_message"]).splitlines()[0]
    return None
