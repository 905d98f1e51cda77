"""What source files and service files have in common: their names, encodings and formats of times."""

from __future__ import annotations

import codecs
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sandan.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    from sandan.read.yaml_nodes import Value

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
_SUFFIXES = (".yml", ".yaml")
#: codecs from text to bytes that spell characters out
_NO_CHARACTER_SETS = ("idna", "punycode", "raw-unicode-escape", "unicode-escape")
#: any afternoon, so that a clock of twelve hours shows
_SAMPLE_TIME = datetime(2026, 11, 20, 21, 34, 56, tzinfo=UTC)


def yaml_files(folder: Path, what: str) -> list[Path]:
    """The YAML files of a folder by name, none where it is missing. `what` one of them is, for the complaint."""
    entries = sorted(folder.iterdir()) if folder.is_dir() else []
    files = [file for file in entries if file.suffix.lower() in _SUFFIXES]
    if misnamed := next((file for file in files if file.suffix != ".yml"), None):
        remedy = f"rename to {misnamed.stem}.yml, or move it away"
        raise ConfigurationError(misnamed, 0, f"the name of {what} ends in .yml", remedy)
    return files


def name(value: Value, text: str) -> str:
    """`text` as a name that files may bear, complained of at `value`."""
    if not _ID.fullmatch(text):
        raise value.error(f"'{text}' is no {value.name}", "use small letters, digits, - and _, a letter or digit first")
    return text


def identity(value: Value) -> str:
    """The id of a file, which is its name."""
    text = name(value, value.text())
    if text != value.file.stem:
        raise value.error(f"the id '{text}' is not the file's name", f"write id: {value.file.stem}, or rename it")
    return text


def encoding(value: Value) -> str:
    """The Python codec of a character set."""
    given = value.text()
    remedy = "write utf-8, gb18030 …"
    try:
        codec = codecs.lookup(given).name
    except (LookupError, ValueError) as error:
        raise value.error(f"unknown encoding '{given}'", remedy) from error
    if not _is_character_set(codec):
        raise value.error(f"'{given}' is no encoding of text", remedy)
    return codec


def time_format(value: Value) -> str:
    """A strptime format of a full date, with or without a time."""
    pattern = value.text()
    remedy = 'write a strptime format such as "%Y-%m-%d %H:%M:%S"'
    if not {"%Y", "%m", "%d"} <= set(re.findall("%[A-Za-z]", pattern)):
        raise value.error(f"'{pattern}' gives no full date", remedy)
    try:
        moment = datetime.strptime(_SAMPLE_TIME.strftime(pattern), pattern)
    except (ValueError, re.error) as error:  # re.error: a directive that stands twice
        raise value.error(f"'{pattern}' is no format that a time can be read with", remedy) from error
    if moment.date() != _SAMPLE_TIME.date() or moment.hour not in (0, _SAMPLE_TIME.hour):
        raise value.error(f"'{pattern}' reads another time than was written", remedy)
    return pattern


def _is_character_set(codec: str) -> bool:
    try:
        return codec not in _NO_CHARACTER_SETS and "A1\n".encode(codec).decode(codec) == "A1\n"
    except (LookupError, UnicodeError):  # a transformation of bytes such as hex, or "undefined"
        return False
