"""`make check`: one line a source, or the first mistake with file, line and remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandan.home import Home

LINE = "{:<24}{:<16}{:<6}{:<9}{:<9}{:<12}{}"


def check(home: Home) -> int:
    """Validate every source file and print what each says. Raises ConfigurationError."""
    from sandan.read.sources import load_sources

    found = load_sources(home.sources)
    print(LINE.format("source", "list", "flow", "format", "edition", "party", "who sends it").rstrip())
    for source in found.values():
        message = source.message
        values = (
            source.id,
            message.list,
            message.flow,
            source.format,
            source.edition,
            source.party_code,
            source.name_en,
        )
        print(LINE.format(*values))
    print(f"{len(found)} sources in {home.sources}, all valid")
    return 0
