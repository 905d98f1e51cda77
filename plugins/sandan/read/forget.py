"""Take persons out of a landing folder, file by file; each stays where it is, under its name."""

from __future__ import annotations

import gzip
import io
import tempfile
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sandan.errors import SandanError
from sandan.read.landing import Landed, landed_files
from sandan.read.outcome import UnreadableError
from sandan.read.redact import redacted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sandan.read.sources import Source


def check_folder(folder: Path, source: Source, known: Mapping[str, Collection[str]]) -> None:
    """Refuse a folder that holds anything but what was read of it: path → digests that a file of it may have.

    Raises:
        SandanError: a file was never read, or is another one than was read.
    """
    for file, parts in _files(folder, source):
        if any(part.path not in known for part in parts):
            raise SandanError(f"{file} was never read", "run its date again, or move the file to a later date")
        is_as_read = all(part.content().sha256 in known[part.path] for part in parts)
        # a command that was interrupted may have redacted it already
        if not is_as_read and not (file.is_file() and _left(file, parts, source) == file.read_bytes()):
            raise SandanError(
                f"{file} is not the file that was read: its digest is another",
                "find out who changed it, and put back the one that came",
            )


def forget_folder(folder: Path, source: Source) -> dict[str, str]:
    """Redact every file of `folder`, one that cannot be read down to nothing; returns path → digest afterwards.

    Raises:
        SandanError: a file cannot be redacted; those before it are.
    """
    # beside the folders of the sources, where no run takes it for a file that was sent
    with tempfile.TemporaryDirectory(prefix=".forgetting-", dir=folder.parent.parent) as building:
        for file, parts in _files(folder, source):
            # what a link points to, here, is a file of its own
            if file.is_file() and not file.is_symlink():
                built = Path(building) / "file"
                built.write_bytes(_left(file, parts, source))
                built.replace(file)
    return {part.path: part.content().sha256 for _, parts in _files(folder, source) for part in parts}


def _files(folder: Path, source: Source) -> Iterator[tuple[Path, list[Landed]]]:
    """The entries of a landing folder as a run reads them, links too; of an archive with its members."""
    for file, parts in groupby(landed_files(folder, source.files), key=lambda landed: landed.file):
        yield file, list(parts)


def _left(file: Path, parts: list[Landed], source: Source) -> bytes:
    """The bytes of a file without persons: of an archive with the same members, of a .gz packed again."""
    left = [_without_persons(part, source) for part in parts]
    if parts[0].member:
        packed = io.BytesIO()
        with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
            for part, data in zip(parts, left, strict=True):
                if part.member:
                    archive.writestr(ZipInfo(part.member.filename, part.member.date_time), data, ZIP_DEFLATED)
        return packed.getvalue()
    return gzip.compress(left[0], mtime=0) if file.name.lower().endswith(".gz") else left[0]


def _without_persons(part: Landed, source: Source) -> bytes:
    content = part.content()
    try:
        return b"" if content.fault else redacted(content.data, source)
    except UnreadableError as error:
        raise SandanError(f"{part.file} cannot be redacted: {error}", "take the file out of the landing") from error
