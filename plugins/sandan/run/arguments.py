"""What the arguments of the command line may be. Each raises `ArgumentTypeError`, with how to write it."""

from __future__ import annotations

import argparse
from datetime import date

from sandan.month import Month


def day(text: str) -> date:
    """A day, YYYY-MM-DD."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    # Python reads other forms of ISO 8601 too, 20261118 or 2026-W47-3: more likely a slip than meant
    if found is None or found.isoformat() != text:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write YYYY-MM-DD")
    return found


def times(text: str) -> float:
    """How many times: 0, 1, 2.5."""
    try:
        found = float(text)
    except ValueError:
        found = -1
    if not 0 <= found < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of times; write 0, 1, 2.5")
    return found


def month(text: str) -> Month:
    """A month, YYYY-MM."""
    try:
        return Month.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no month; write YYYY-MM") from None


def run_name(text: str) -> str:
    """The name of a run: a day or a month."""
    return (day(text) if len(text) == len("YYYY-MM-DD") else month(text)).isoformat()


def number(text: str) -> int:
    """A whole number from 0."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number; write 0 or more")
    return int(text)
