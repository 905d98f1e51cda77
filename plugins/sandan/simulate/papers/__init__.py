"""Papers of departments and enterprises about simulated exports, written from what the platform has published.

Whoever sends them knows the forms of the months that are consolidated, and the lists that closed; each paper is due on
some day of the weeks after, and lands on the first simulated day from then on. What comes back of goods by these papers
is in no truth of a simulated day.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from sandan.simulate.papers import firms, library, others
from sandan.simulate.papers.book import Book
from sandan.simulate.papers.forms import tell_form
from sandan.simulate.papers.landing import land
from sandan.simulate.papers.published import Item, Line, published
from sandan.simulate.papers.relations import tell_relations

if TYPE_CHECKING:
    from datetime import date

    from sandan.home import Home


@dataclass(frozen=True, slots=True)
class Written:
    """What the senders of papers sent on a day."""

    papers: int
    files: int


def simulate_papers(home: Home, run_date: date) -> Written:
    """Write the papers of `run_date` into the landing of their sources.

    There are none before forms are published, and none on a day that is not after the last one with papers.

    Raises:
        ConfigurationError: a source file is wrong.
    """
    book, day = Book.of(home), run_date.isoformat()
    lines, items = published(home)
    if not lines or (book.days and book.days[-1] >= day):
        return Written(0, 0)
    if not book.days:
        book.plan(*firms.registrations(day), *library.editions(day), *others.holds(day))
    _tell(book, day, lines, items)
    due = book.take_due(run_date)
    files = land(home, run_date, book, due)
    book.save(home)
    return Written(len(due), files)


def _tell(book: Book, day: str, lines: list[Line], items: list[Item]) -> None:
    """What is new of forms, and of lists that closed."""
    new = [line for line in lines if line.form_no not in book.seen]
    book.seen.update(line.form_no for line in new)
    of_form = {form: list(found) for form, found in groupby(sorted(items, key=_form), _form)}
    for form_no, of_number in groupby(new, lambda line: line.form_no):
        tell_form(book, day, list(of_number), of_form.get(form_no, []))
    new.sort(key=lambda line: line.ebc_code)
    for ebc_code, of_firm in groupby(new, lambda line: line.ebc_code):
        tell_relations(book, day, firms.firms()[ebc_code], list(of_firm))
    for (ebc_code, cop_no), of_list in groupby(items, lambda item: (item.ebc_code, item.cop_no)):
        if (known := f"list {ebc_code} {cop_no}") not in book.seen and ebc_code in firms.firms():
            book.seen.add(known)
            others.tell_list(book, day, firms.firms()[ebc_code], list(of_list))


def _form(item: Item) -> str:
    return item.form_no or ""
