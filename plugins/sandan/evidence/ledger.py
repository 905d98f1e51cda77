"""The file of the ledger: a line of JSON for each snapshot that a run published, only ever appended.

Each line has the hash of the line before it, and its own (SHA-256 of the line without it). Whoever changes, removes or
puts in a line has to write all lines after it again, and cannot give the last one the hash that was noted elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Line = dict[str, Any]

#: what the first line has in place of a hash before it
NOTHING = "0" * 64
#: what every line says, and what one of a snapshot says beside
NAMES = {"line", "event", "run", "at", "landing", "logs", "previous", "hash"}
OF_SNAPSHOT = {"run_id", "snapshot", "sources", "lake", "catalogue"}


def append(file: Path, entry: Line) -> Line:
    """Write the next line, which says `entry`, through to the disk; returns the line.

    A line that a killed process cut short goes: it never was one.
    """
    number, before = 0, NOTHING
    if file.exists():
        with file.open("r+b") as there:
            end = 0
            for text in there:
                if text.endswith(b"\n"):
                    number, last, end = number + 1, text, end + len(text)
            there.truncate(end)
        before = json.loads(last)["hash"] if number else NOTHING
    line: Line = {"line": number + 1} | entry | {"previous": before}
    line["hash"] = hash_of(line)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("ab") as ledger:
        ledger.write(_text(line).encode() + b"\n")
        ledger.flush()
        os.fsync(ledger.fileno())
    return line


def lines(file: Path, after: int = 0) -> list[Line]:
    """Every line beyond the first `after` that is one, whether or not it fits the others."""
    return [line for line, _ in _read(file, after) if line]


def head(file: Path) -> str:
    """The last line as people note it: its hash stands for all lines before; empty where there is none."""
    told = lines(file)
    return f"line {told[-1]['line']}, hash {told[-1]['hash']}" if told else ""


def faults(file: Path) -> list[str]:
    """What is wrong with the chain; each names its line."""
    read = list(_read(file))
    first: dict[int, int] = {}
    return [fault for _, fault in read if fault] + [
        f"ledger line {line['line']} is about snapshot {line['snapshot']}, as line {number} is"
        for line, _ in read
        if "snapshot" in line and (number := first.setdefault(line["snapshot"], line["line"])) != line["line"]
    ]


def by_run(told: list[Line]) -> dict[str, Line]:
    """Run (date or month) → what the ledger holds to be true of it now: its last line, with what was forgotten since.

    `landing` then has the digest of the redacted file, `received` that of the original, and `forgotten` says when.
    """
    found: dict[str, Line] = {}
    for line in told:
        run = found.get(line["run"], {})
        if line["event"] != "forget":
            found[line["run"]] = line | {"forgotten": {}, "received": line["landing"]}
        elif run:
            landing = {name: change["is"] for name, change in line["landing"].items()}
            found[line["run"]] = run | {
                "landing": run["landing"] | landing,
                "logs": run["logs"] | line["logs"],
                "forgotten": run["forgotten"] | dict.fromkeys(landing, line["at"][:10]),
            }
    return found


def hash_of(line: Line) -> str:
    """SHA-256 of a line, less the hash in it."""
    return hashlib.sha256(_text({name: value for name, value in line.items() if name != "hash"}).encode()).hexdigest()


def _read(file: Path, after: int = 0) -> Iterator[tuple[Line, str]]:
    before = "" if after else NOTHING
    texts = file.read_bytes().split(b"\n") if file.exists() else [b""]
    for number, text in enumerate(texts[:-1], start=1):
        if number <= after:
            continue
        line = _line(text)
        if line is None:
            yield {}, f"ledger line {number} is no line of a ledger"
            before = ""
            continue
        kept = line["hash"]
        if kept != hash_of(line):
            yield line, f"ledger line {number} was changed: its hash is not that of what it says"
        elif (before and line["previous"] != before) or line["line"] != number:
            yield line, f"ledger line {number} does not follow the one before: a line was changed, removed or put in"
        else:
            yield line, ""
        before = kept
    if texts[-1]:
        yield {}, f"ledger line {len(texts)} is cut short"


def _line(text: bytes) -> Line | None:
    try:
        line = json.loads(text)
    except ValueError:
        return None
    names = line.keys() if isinstance(line, dict) else set()
    is_whole = names >= NAMES and (line["event"] == "forget" or names >= OF_SNAPSHOT)
    return line if is_whole else None


def _text(line: Line) -> str:
    return json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
