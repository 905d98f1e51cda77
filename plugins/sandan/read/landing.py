"""The landing folder of one source and date, taken apart into the files a reader gets: plain, .gz, members of .zip."""

from __future__ import annotations

import hashlib
import os
import zlib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from gzip import BadGzipFile, GzipFile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from sandan.read.archive import Archive, refuse_bomb
from sandan.read.limits import MAX_FILE_BYTES
from sandan.read.outcome import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zipfile import ZipInfo

    from sandan.read.replays import Replay


@dataclass(frozen=True)
class Content:
    """The bytes to read, and their digest and size as landed (of a member: unpacked). `fault`: why there are none."""

    data: bytes
    sha256: str
    size: int
    fault: str | None = None


@dataclass(frozen=True)
class Landed:
    """One file to read. `path` is relative to the landing folder, `size` what the listing says.

    `replay`: why it is there once more, of a file that an operator has had read again.
    """

    path: str
    size: int
    file: Path
    pattern: str
    archive: Archive | None = None
    member: ZipInfo | None = None
    fault: str | None = None
    replay: Replay | None = None

    @property
    def file_name(self) -> str:
        """The base name of the landing file, with `/member` inside an archive."""
        name = name_text(self.file.name)
        return f"{name}/{_member_name(self.member)}" if self.member else name

    def content(self) -> Content:
        """Read and unpack. Never raises for what a file holds: the fault is part of the content."""
        if self.archive and self.member:
            return self._of_member(self.archive, self.member)
        if self.fault and (self.size > MAX_FILE_BYTES or not self.file.is_file() or self.file.is_symlink()):
            return Content(b"", _digest(self.file), self.size, self.fault)
        try:
            data = self.file.read_bytes()
        except OSError as error:
            fault = f"the file cannot be opened ({error.strerror})"
            return Content(b"", hashlib.sha256(self.path.encode()).hexdigest(), self.size, fault)
        digest = hashlib.sha256(data).hexdigest()
        try:
            return Content(self._unpacked(data), digest, len(data), self.fault)
        except UnreadableError as error:
            return Content(b"", digest, len(data), str(error))

    def _unpacked(self, data: bytes) -> bytes:
        if self.fault or not self.file.name.lower().endswith(".gz"):
            return data
        try:
            with GzipFile(fileobj=BytesIO(data)) as file:
                unpacked = file.read(MAX_FILE_BYTES + 1)
        except (BadGzipFile, EOFError, zlib.error) as error:
            raise UnreadableError("the .gz file is corrupt or cut short") from error
        refuse_bomb(len(data), len(unpacked))
        return unpacked

    def _of_member(self, archive: Archive, member: ZipInfo) -> Content:
        fault = self.fault
        if not fault:
            try:
                data = archive.read(member)
                return Content(data, hashlib.sha256(data).hexdigest(), len(data))
            except UnreadableError as error:
                fault = str(error)
        # the bytes were not read: archive and member name stand for them, so that two refused members differ
        digest = hashlib.sha256(f"{archive.sha256}/{self.path}".encode()).hexdigest()
        return Content(b"", digest, member.file_size, fault)


def landed_files(folder: Path, pattern: str) -> list[Landed]:
    """Everything below `folder`, by path. What does not fit the source stands in the list too, with its fault."""
    return sorted(_walk(folder, pattern), key=lambda landed: landed.path)


def _walk(folder: Path, pattern: str) -> Iterator[Landed]:
    waiting = [folder] if folder.is_dir() else []
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry))
                else:
                    yield from _entries(entry, folder, pattern)


def _entries(entry: os.DirEntry[str], folder: Path, pattern: str) -> Iterator[Landed]:
    file = Path(entry)
    path = name_text(entry.path.removeprefix(f"{folder}{os.sep}"))
    if entry.is_symlink() and not file.exists():
        yield Landed(path, len(os.fsencode(file.readlink())), file, pattern, fault="this is a link to nothing")
    elif entry.is_symlink() and not (file.is_file() and file.resolve().is_relative_to(folder.resolve())):
        fault = "a link that points outside the landing folder is not followed"
        yield Landed(path, len(os.fsencode(file.readlink())), file, pattern, fault=fault)
    elif not entry.is_file():
        yield Landed(path, 0, file, pattern, fault="this is no regular file")
    elif (size := entry.stat().st_size) > MAX_FILE_BYTES:
        yield Landed(path, size, file, pattern, fault=f"the file is larger than {MAX_FILE_BYTES} bytes")
    elif entry.name.lower().endswith(".zip"):
        yield from _members(file, path, size, pattern)
    else:
        yield Landed(path, size, file, pattern, fault=_mismatch(entry.name, pattern, packed=True))


def _members(file: Path, path: str, size: int, pattern: str) -> Iterator[Landed]:
    try:
        archive = Archive.open(file)
    except UnreadableError as error:
        yield Landed(path, size, file, pattern, fault=str(error))
        return
    seen: set[str] = set()
    for member in archive.members:
        name = _member_name(member)
        fault = archive.fault_of(member) or ("the archive holds this name twice" if name in seen else None)
        fault = fault or _mismatch(name.rpartition("/")[2], pattern, packed=False)
        seen.add(name)
        yield Landed(f"{path}/{name}", member.file_size, file, pattern, archive, member, fault)


def _mismatch(name: str, pattern: str, *, packed: bool) -> str | None:
    low = name.lower()
    plain = low.removesuffix(".gz") if packed else low
    if fnmatchcase(plain, pattern.lower()) and not name.startswith("."):
        return None
    if not packed and low.endswith((".zip", ".gz", ".tar", ".7z", ".rar", ".bz2", ".xz")):
        return "an archive inside an archive is not opened"
    return f"the file name does not fit the pattern {pattern} of this source"


def _member_name(member: ZipInfo) -> str:
    return name_text(member.orig_filename).replace("\0", "\ufffd")


def name_text(name: str) -> str:
    """A name as text: bytes that are no UTF-8 become U+FFFD."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _digest(file: Path) -> str:
    """The digest of what is not loaded: of a link its target's name, of a large file its bytes, piece by piece."""
    if file.is_symlink():
        return hashlib.sha256(os.fsencode(file.readlink())).hexdigest()
    if not file.is_file():
        return hashlib.sha256(file.name.encode()).hexdigest()
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
