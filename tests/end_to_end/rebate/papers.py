"""Papers that the simulated senders sent by a day: the current one of each key, with what the rules look up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from sandan.lists import PAPERS, fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sandan.simulate.papers.paper import Paper

KEYS = {
    message.list: [f.element for f in sorted(fields(message.code, "202205"), key=lambda f: f.key_part) if f.key_part]
    for message in PAPERS.values()
}


def day_of(text: str) -> date:
    return datetime.strptime(text, "%Y%m%d").date()


def number(text: str) -> Fraction:
    return Fraction(text or "0")


@dataclass
class Current:
    """Of each list the current papers by key, as of the end of a run."""

    of_list: dict[str, dict[tuple[str, ...], Paper]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def of(cls, sent: Iterable[Paper]) -> Current:
        current = cls()
        for paper in sorted(sent, key=lambda paper: (paper.landed, paper.app_time)):
            if paper.list_name in KEYS:
                current._receive(paper)
        return current

    def _receive(self, paper: Paper) -> None:
        """Newer replaces older, a withdrawal takes away, what is not newer changes nothing."""
        known = self.of_list[paper.list_name]
        key = tuple(paper.head.get(part, "") for part in KEYS[paper.list_name])
        before = known.get(key)
        if before is not None and paper.app_time <= before.app_time:
            return
        if paper.app_type != "3":
            known[key] = paper
        elif before is not None:
            del known[key]

    def heads(self, list_name: str) -> Iterator[dict[str, str]]:
        for paper in self.papers(list_name):
            yield paper.head

    def papers(self, list_name: str) -> Iterator[Paper]:
        yield from self.of_list[list_name].values()
