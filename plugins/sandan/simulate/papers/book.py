"""What the senders of papers know: what they sent, what they will send, which forms and lists they have seen."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from sandan.simulate.papers.paper import Paper

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sandan.home import Home


@dataclass(slots=True)
class Book:
    """`seen`: numbers of forms and keys of lists that are planned; `turns`: how often each kind of story was told."""

    days: list[str] = field(default_factory=list)
    sent: list[Paper] = field(default_factory=list)
    waiting: list[Paper] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    turns: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, home: Home) -> Book:
        """The book as it was left, empty at first."""
        if not _file(home).exists():
            return cls()
        known = json.loads(_file(home).read_text(encoding="utf-8"))
        papers = {name: [Paper(**paper) for paper in known[name]] for name in ("sent", "waiting")}
        return cls(known["days"], papers["sent"], papers["waiting"], set(known["seen"]), known["turns"])

    def save(self, home: Home) -> None:
        """Keep it for the next day."""
        text = json.dumps(asdict(self) | {"seen": sorted(self.seen)}, ensure_ascii=False)
        _file(home).parent.mkdir(parents=True, exist_ok=True)
        _file(home).write_text(text, encoding="utf-8")

    def turn(self, kind: str) -> int:
        """How many stories of a kind were told before, counting this one from 0."""
        number = self.turns.get(kind, 0)
        self.turns[kind] = number + 1
        return number

    def plan(self, *papers: Paper) -> None:
        """Papers to be sent on their days; of one day in this order."""
        for paper in papers:
            second = self.turn("paper") % 30_000
            clock = f"{9 + second // 3600:02d}{second // 60 % 60:02d}{second % 60:02d}"
            paper.app_time = paper.due.replace("-", "") + clock
            self.waiting.append(paper)

    def take_due(self, day: date) -> list[Paper]:
        """What is to be sent by a day, in the order of the times it bears; from now on it is sent."""
        due = sorted((p for p in self.waiting if p.due <= day.isoformat()), key=lambda paper: paper.app_time)
        self.waiting = [paper for paper in self.waiting if paper.due > day.isoformat()]
        for paper in due:
            paper.landed = day.isoformat()
        self.sent += due
        self.days.append(day.isoformat())
        return due


def _file(home: Home) -> Path:
    return home.simulation / "papers.json"
