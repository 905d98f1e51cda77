"""A .zip from a sender nobody vouches for: no path trick, no bomb, no archive in an archive gets through."""

from __future__ import annotations

import hashlib
import re
import stat
import threading
import zlib
from dataclasses import dataclass
from lzma import LZMAError
from typing import TYPE_CHECKING
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from sandan.read.limits import (
    MAX_ARCHIVE_BYTES,
    MAX_ARCHIVE_MEMBERS,
    MAX_FILE_BYTES,
    MAX_RATIO,
    RATIO_MATTERS_FROM_BYTES,
)
from sandan.read.outcome import UnreadableError

if TYPE_CHECKING:
    from pathlib import Path

_ENCRYPTED = 0x1
_DRIVE = re.compile(r"[A-Za-z]:")


def refuse_bomb(packed: int, unpacked: int) -> None:
    """Raise UnreadableError where unpacking gives more than a message may have, or far too much for its packed size."""
    if unpacked > MAX_FILE_BYTES:
        raise UnreadableError(f"the file unpacks to more than {MAX_FILE_BYTES} bytes")
    if unpacked > RATIO_MATTERS_FROM_BYTES and unpacked > packed * MAX_RATIO:
        raise UnreadableError(f"the file unpacks to more than {MAX_RATIO} times its size, like a decompression bomb")


@dataclass(frozen=True)
class Archive:
    """An opened directory of members; the file itself is opened anew for every thread that reads from it."""

    file: Path
    sha256: str
    members: tuple[ZipInfo, ...]
    _open: threading.local

    @classmethod
    def open(cls, file: Path) -> Archive:
        """Raises UnreadableError: no archive, or one whose directory announces too much."""
        try:
            with file.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            with ZipFile(file) as archive:
                members = tuple(m for m in archive.infolist() if not m.is_dir())
        except (BadZipFile, LargeZipFile, OSError, ValueError, NotImplementedError) as error:
            raise UnreadableError("the archive is corrupt") from error
        if not members:
            raise UnreadableError("the archive is empty")
        if len(members) > MAX_ARCHIVE_MEMBERS or sum(m.file_size for m in members) > MAX_ARCHIVE_BYTES:
            raise UnreadableError("the archive announces more than an archive may hold, like a decompression bomb")
        return cls(file, digest, members, threading.local())

    @staticmethod
    def fault_of(member: ZipInfo) -> str | None:
        """Why a member is refused by its directory entry alone."""
        name = member.orig_filename.replace("\\", "/")
        if "\0" in name or name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/"):
            return "the member's path leads outside the archive"
        if stat.S_ISLNK(member.external_attr >> 16):
            return "the member is a link"
        if member.flag_bits & _ENCRYPTED:
            return "the member is encrypted"
        try:
            refuse_bomb(member.compress_size, member.file_size)
        except UnreadableError as error:
            return str(error)
        return None

    def read(self, member: ZipInfo) -> bytes:
        """The member's bytes. Raises UnreadableError where they are damaged."""
        archive: ZipFile | None = getattr(self._open, "archive", None)
        if archive is None:
            archive = self._open.archive = ZipFile(self.file)
        try:
            with archive.open(member) as stream:
                return stream.read()
        except (BadZipFile, zlib.error, LZMAError, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise UnreadableError("the member of the archive is damaged or packed in an unknown way") from error
