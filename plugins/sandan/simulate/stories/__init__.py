"""The stories: each tells one kind of case, writes its records and says what is expected."""

from __future__ import annotations

from sandan.simulate.stories import (
    documents,
    events,
    files,
    import_lists,
    items,
    limits,
    numbers,
    parties_and_weights,
    payments,
    records,
    returns,
    versions,
)
from sandan.simulate.stories.told import STORIES, Told, clean

__all__ = [
    "STORIES",
    "Told",
    "clean",
    "documents",
    "events",
    "files",
    "import_lists",
    "items",
    "limits",
    "numbers",
    "parties_and_weights",
    "payments",
    "records",
    "returns",
    "versions",
]
