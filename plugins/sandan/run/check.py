"""`make check`: one line a source, an extract, and the catalogue, or the first mistake with file, line and remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandan.home import Home

LINE = "{:<24}{:<19}{:<6}{:<9}{:<9}{:<12}{}"
SERVICE = "{:<48}{:<12}{:<20}{}"


def check(home: Home) -> int:
    """Validate every source file, service file and the rule catalogue, and print them. Raises ConfigurationError."""
    from sandan.exchange.services import load_services
    from sandan.read.sources import load_sources
    from sandan.warehouse.catalogue import CATALOGUE, check_catalogue

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
    extracts = load_services(home.services)
    print(SERVICE.format("extract", "department", "of", "columns"))
    for extract in extracts:
        print(SERVICE.format(extract.file_name, extract.department, extract.table, len(extract.columns)))
    print(f"{len(extracts)} extracts in {home.services}, all valid")
    print(f"{check_catalogue()} rows in the rule catalogue {CATALOGUE}, all valid")
    return 0
