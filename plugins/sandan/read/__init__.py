"""Read what the sources sent: landing files of any format → one Parquet shape a list. Opens no warehouse."""

from __future__ import annotations

from sandan.read.source import read_again, read_source
from sandan.read.survey import Survey, survey

__all__ = ["Survey", "read_again", "read_source", "survey"]
