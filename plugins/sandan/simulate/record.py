"""A record as it was written, with what is expected of it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Record:
    """A written record and what is expected of it: its state, the rules it fails, later (due, state) changes.

    One that is not `named` leaves out the sender's number of the document, which its receipt would have to repeat.
    """

    body: str
    state: str
    rules: tuple[str, ...]
    named: bool = True
    changes: list[tuple[int, str]] = field(default_factory=list)

    def becomes(self, state: str, due: int = 0) -> None:
        """Its state from the run `due` days later on; 0 is the run that receives it."""
        if due:
            self.changes.append((due, state))
        else:
            self.state = state
