"""The files of one sender: collects records, writes messages of up to 100, notes what is expected of each."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from typing import TYPE_CHECKING

from sandan.simulate import write_local, write_xml
from sandan.simulate.sheet import guid

if TYPE_CHECKING:
    from pathlib import Path

    from sandan.simulate.effects import Effects
    from sandan.simulate.record import Record
    from sandan.simulate.sources import Source

#: lanes: `main` in order of time; `extra` files sort behind every main file of the same chunk
MAIN, EXTRA = "main", "extra"
#: ways a whole file is broken
BROKEN = ("truncated", "encoding", "doctype", "root", "zip", "member", "member_xml", "control", "local_bytes", "header")
GZ_EVERY, ZIP_EVERY = 10, 25


class Sink:
    """Files of `source` for one due day. `folder` is the landing folder, `stem` begins every file name."""

    def __init__(self, source: Source, folder: Path, stem: str, per_file: int, effects: Effects) -> None:
        """Write nothing yet; a message holds up to `per_file` records."""
        self.source = source
        self._folder = folder
        self._stem = stem
        self._per_file = per_file
        self._effects = effects
        self._lanes: dict[str, list[Record]] = {}
        self._full: list[str] = []
        self._count = 0
        # own dice: how files are cut must not disturb the story
        self._rng = random.Random(f"{source.id} {stem}")

    def put(self, record: Record, lane: str) -> None:
        """Add a record to a lane: main, extra, or a way to be broken."""
        records = self._lanes.setdefault(lane, [])
        records.append(record)
        if len(records) == self._per_file:
            self._full.append(lane)

    def settle(self) -> None:
        """Write the messages that are full, when a case is told to its end and no record of it changes any more."""
        for lane in self._full:
            records = self._lanes.get(lane, [])
            while len(records) >= self._per_file:
                self._write(lane, records[: self._per_file])
                records = records[self._per_file :]
            self._lanes[lane] = records
        self._full.clear()

    def put_alone(self, record: Record) -> bytes:
        """Write a record as a file of its own, in the extra lane; gives the file's bytes."""
        content = self._content([record])
        self._save(f"{self._next('R')}{self.source.suffix}", content, [record])
        return content

    def copy(self, content: bytes) -> None:
        """Write a file again, byte by byte, behind all others: the digest is known, so it is *repeated*."""
        name = f"{self._next('S')}{self.source.suffix}"
        self._bytes(name, content)
        self._effects.file(self.source.id, name, "repeated")

    def foreign(self, code: str) -> None:
        """Write a known message that no list takes: read, with no records."""
        p = self.source.prefix
        root = f"{code}Message"
        text = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<{p}{root} guid="{guid(self._rng)}" version="1.0" '
            f'xmlns:{p[:-1]}="{write_xml.NAMESPACE}"></{p}{root}>\n'
        )
        self._save(f"{self._next('V')}{self.source.suffix}", text.encode(), [])

    def close(self) -> None:
        """Write what is left."""
        self.settle()
        for lane in sorted(self._lanes, key=lambda lane: (lane not in BROKEN, lane)):
            if records := self._lanes.pop(lane, None):
                self._write(lane, records)

    def _next(self, letter: str) -> str:
        self._count += 1
        return f"{self._stem}_{letter}{self._count:05d}"

    def _content(self, records: list[Record], root: str = "") -> bytes:
        source = self.source
        if source.national:
            text = write_xml.message(source, guid(self._rng), [r.body for r in records], root)
        else:
            text = write_local.header(source.id) + "".join(r.body for r in records)
        return (b"\xef\xbb\xbf" if source.bom else b"") + text.encode(source.encoding)

    def _write(self, lane: str, records: list[Record]) -> None:
        if lane in BROKEN:
            self._write_broken(lane, records)
            return
        letter = "0" if lane == MAIN else "R"
        stem = self._next(letter)
        if lane == MAIN and self._count % ZIP_EVERY == ZIP_EVERY - 5 and len(records) > 1:
            half = len(records) // 2
            self._zip(stem, {"part1": records[:half], "part2": records[half:]})
        elif lane == MAIN and self._count % GZ_EVERY == GZ_EVERY - 3:
            packed = gzip.compress(self._content(records), compresslevel=1, mtime=0)
            self._save(f"{stem}{self.source.suffix}.gz", packed, records)
        else:
            self._save(f"{stem}{self.source.suffix}", self._content(records), records)

    def _zip(self, stem: str, members: dict[str, list[Record]]) -> None:
        self._bytes(f"{stem}.zip", _packed({f"{n}{self.source.suffix}": self._content(r) for n, r in members.items()}))
        for name, records in members.items():
            self._effects.read(self.source.id, f"{stem}.zip/{name}{self.source.suffix}", records)

    def _write_broken(self, kind: str, records: list[Record]) -> None:
        """Write the records into a file that no reader can take; what they tell is lost with it."""
        stem = self._next("B")
        content = self._content(records, "ENT303Message" if kind == "root" else "")
        if kind in {"member", "member_xml"}:
            self._write_broken_member(f"{stem}.zip", kind, content)
            return
        name = f"{stem}.zip" if kind == "zip" else f"{stem}{self.source.suffix}"
        self._bytes(name, _spoilt(kind, content, self.source.encoding))
        self._effects.file(self.source.id, name, "quarantined")

    def _write_broken_member(self, name: str, kind: str, content: bytes) -> None:
        """Write an archive of a bad member and, from what the main lane holds, a good one."""
        good = self._lanes.pop(MAIN, [])
        bad = content[: len(content) // 2] if kind == "member_xml" else content
        packed = _packed({"bad.xml": bad} | ({"good.xml": self._content(good)} if good else {}))
        if kind == "member":  # one byte of the member flips: its checksum fails
            spot = packed.index(bad) + len(bad) // 2
            packed = packed[:spot] + bytes([packed[spot] ^ 0x55]) + packed[spot + 1 :]
        self._bytes(name, packed)
        self._effects.file(self.source.id, f"{name}/bad.xml", "quarantined")
        if good:
            self._effects.read(self.source.id, f"{name}/good.xml", good)

    def _save(self, name: str, content: bytes, records: list[Record]) -> None:
        self._bytes(name, content)
        self._effects.read(self.source.id, name, records)

    def _bytes(self, name: str, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / name).write_bytes(content)


def _packed(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)  # fixed date, stored
    return buffer.getvalue()


def _spoilt(kind: str, content: bytes, encoding: str) -> bytes:
    """A good file's bytes made bad in one of the ways of BROKEN; a wrong root is bad already."""
    if kind == "truncated":
        return content[: len(content) * 2 // 3]
    if kind == "encoding":
        return content.decode(encoding).replace("GB18030", "UTF-8", 1).lstrip("\ufeff").encode("gb18030")
    if kind == "zip":
        return _packed({"all.xml": content})[:-40]
    old, new = {
        "doctype": (b"?>\n", b'?>\n<!DOCTYPE x [<!ENTITY a "b">]>\n'),
        "control": (b"</", b"\x01</"),
        "local_bytes": (b"\n", b"\xff\xff\n"),
        "header": ("订单号".encode(encoding), b"order"),
        "root": (b"", b""),
    }[kind]
    return content.replace(old, new, 1)
