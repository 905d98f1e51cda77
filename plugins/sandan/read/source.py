"""Read one source's landing folder of one date into Parquet."""

from __future__ import annotations

import tempfile
import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from sandan.errors import ConfigurationError, SandanError
from sandan.lists import MESSAGES
from sandan.read.landing import Content, Landed, landed_files
from sandan.read.limits import CHUNK_BYTES, CHUNK_FILES, LARGE_FILE_BYTES, THREADS, USUAL_RATIO
from sandan.read.local import read_csv, read_json_lines
from sandan.read.outcome import Parsed, UnreadableError
from sandan.read.parquet import only, shape, write
from sandan.read.replays import is_stray, ordered
from sandan.read.shapes import Shapes
from sandan.read.sources import Source, load_source
from sandan.read.xml_document import looks_like_xml
from sandan.read.xml_message import read_messages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from sandan.home import Home

    _Rows = list[dict[str, object]]

_FILES = pa.schema(
    [("file_no", pa.int32())]
    + [(name, pa.utf8()) for name in ("path", "file_name", "sha256")]
    + [("bytes", pa.int64())]
    + [(name, pa.utf8()) for name in ("message", "list", "flow", "edition", "code_lists")]
    + [("relaxed", pa.list_(pa.utf8())), ("records", pa.int64()), ("state", pa.utf8()), ("reason", pa.utf8())]
    + [("replayed_from", pa.date32()), ("replayed_positions", pa.list_(pa.int32()))]
)


def read_source(home: Home, run_date: date, source_id: str) -> dict[str, int]:
    """Read `landing/<source_id>/<run_date>/**` into `home.read_of(run_date)/<source_id>/`, replacing what is there.

    Writes `files.parquet` (one row a file or archive member), `shapes.parquet` (see `Shapes`) and Parquet
    files of each raw table. The folder appears whole or not at all. Returns the counts `files`, `quarantined` (whole
    files) and `records`.
    Raises ConfigurationError where the source file is missing or wrong, SandanError where a file that was ordered to be
    read again is gone or another one.
    """
    source = load_source_of(home, source_id)
    landed = _landed(home, run_date, source)
    as_ordered = {file.path for file in landed if file.replay and file.content().sha256 == file.replay.sha256}
    if lost := ordered(home, run_date, source_id).keys() - as_ordered:
        raise SandanError(
            f"{home.landing_of(source_id, run_date) / min(lost)} is to be read again, and is gone or another file",
            "order it again: make replay",
        )
    target = home.read_of(run_date) / source_id
    target.parent.mkdir(parents=True, exist_ok=True)
    # beside the folder of the date, so that nobody who lists that folder meets a half-done reading
    with tempfile.TemporaryDirectory(prefix=".reading-", dir=target.parent.parent) as scratch:
        folder = Path(scratch) / source_id
        folder.mkdir()
        counts = _read(source, landed, folder)
        if target.exists():
            target.rename(Path(scratch) / "earlier")
        folder.rename(target)
    return counts


def read_again(home: Home, run_date: date, source_id: str, folder: Path, path: str | None = None) -> None:
    """Read the same into `folder`, and leave what a run read as it is; all files, or the one of `path`.

    Raises ConfigurationError like `read_source`.
    """
    source = load_source_of(home, source_id)
    _read(source, [file for file in _landed(home, run_date, source) if path in (None, file.path)], folder)


def load_source_of(home: Home, source_id: str) -> Source:
    """The source file of `source_id`. Raises ConfigurationError where it is missing or wrong."""
    file = home.sources / f"{source_id}.yml"
    if not file.is_file():
        raise ConfigurationError(file, 1, f"there is no source '{source_id}'", "add its source file")
    return load_source(file)


def _landed(home: Home, run_date: date, source: Source) -> list[Landed]:
    """What landed, with the orders by which some of it is read again."""
    replays = ordered(home, run_date, source.id)
    landed = landed_files(home.landing_of(source.id, run_date), source.files)
    return [replace(file, replay=replays.get(file.path)) for file in landed] if replays else landed


def _read(source: Source, landed: list[Landed], folder: Path) -> dict[str, int]:
    reader = _Reader(source, folder, threading.Lock(), Shapes(source))
    rows: _Rows = []
    with ThreadPoolExecutor(THREADS) as pool:
        for part in _in_order(pool, reader, _chunks(landed)):
            rows += part
    pq.write_table(pa.Table.from_pylist(rows, _FILES), folder / "files.parquet")
    pq.write_table(reader.shapes.table(), folder / "shapes.parquet")
    return {
        "files": len(rows),
        "quarantined": sum(row["state"] == "quarantined" for row in rows),
        "records": sum(int(str(row["records"])) for row in rows),
    }


def _chunks(landed: list[Landed]) -> Iterator[list[tuple[int, Landed]]]:
    """Runs of files that together make a useful amount of work: a file alone, or many small ones."""
    chunk: list[tuple[int, Landed]] = []
    size = 0
    for file_no, file in enumerate(landed, start=1):
        unpacked = file.size * USUAL_RATIO if file.path.lower().endswith(".gz") else file.size
        if chunk and (size + unpacked > CHUNK_BYTES or len(chunk) >= CHUNK_FILES):
            yield chunk
            chunk, size = [], 0
        chunk.append((file_no, file))
        size += unpacked
    if chunk:
        yield chunk


def _in_order(pool: ThreadPoolExecutor, reader: _Reader, chunks: Iterable[list[tuple[int, Landed]]]) -> Iterator[_Rows]:
    """Rows of files.parquet in order, no more chunks ahead than there are threads: memory stays bounded."""
    ahead: deque[Future[_Rows]] = deque()
    for chunk in chunks:
        ahead.append(pool.submit(reader.read, chunk))
        if len(ahead) > THREADS:
            yield ahead.popleft().result()
    while ahead:
        yield ahead.popleft().result()


@dataclass(frozen=True)
class _Reader:
    source: Source
    folder: Path
    one_large_file: threading.Lock
    shapes: Shapes

    def read(self, chunk: list[tuple[int, Landed]]) -> _Rows:
        """Write the records of some files, a Parquet file a table and message; returns their rows of files.parquet."""
        with self.one_large_file if chunk[0][1].size > LARGE_FILE_BYTES else nullcontext():
            return self._read(chunk)

    def _read(self, chunk: list[tuple[int, Landed]]) -> _Rows:
        contents = [landed.content() for _, landed in chunk]
        found = iter(parse([content.data for content in contents if not content.fault], self.source))
        files: _Rows = []
        by_message: dict[str, list[tuple[int, Parsed]]] = {}
        wanted: dict[int, frozenset[int]] = {}
        for (file_no, landed), content in zip(chunk, contents, strict=True):
            parsed = UnreadableError(content.fault) if content.fault else _as_ordered(landed, next(found))
            files.append(self._row(file_no, landed, content, parsed))
            if landed.replay and landed.replay.positions is not None:
                wanted[file_no] = landed.replay.positions
            if isinstance(parsed, Parsed) and parsed.message in MESSAGES:
                by_message.setdefault(parsed.message, []).append((file_no, parsed))
        for code, parts in by_message.items():
            tables = shape(parts, MESSAGES[code])
            self.shapes.add(MESSAGES[code], (parsed for _, parsed in parts), tables)
            write(only(tables, wanted), self.folder, f"{chunk[0][0]:07d}-{code}")
        return files

    def _row(
        self, file_no: int, landed: Landed, content: Content, parsed: Parsed | UnreadableError
    ) -> dict[str, object]:
        read = parsed if isinstance(parsed, Parsed) else None
        message = MESSAGES.get(read.message) if read else None
        replay = landed.replay
        positions = sorted(replay.positions) if replay and replay.positions is not None else None
        records = read.records if read else 0
        return {
            "file_no": file_no,
            "path": landed.path,
            "file_name": landed.file_name,
            "sha256": content.sha256,
            "bytes": content.size,
            "message": read.message if read else None,
            "list": message.list if message else None,
            "flow": message.flow if message else None,
            "edition": self.source.edition,
            "code_lists": self.source.code_lists,
            "relaxed": list(self.source.relaxed),
            "records": records if positions is None else sum(position <= records for position in positions),
            "state": "read" if read else "quarantined",
            "reason": None if read else str(parsed),
            "replayed_from": replay.came_on if replay else None,
            "replayed_positions": positions,
        }


def _as_ordered(landed: Landed, parsed: Parsed | UnreadableError) -> Parsed | UnreadableError:
    """What was read, or why it is not what was ordered to be read again."""
    if is_stray(landed.path, landed.replay):
        return UnreadableError("it lies where replays do, and nobody ordered it: order it again, or remove it")
    if landed.replay and isinstance(parsed, Parsed) and (refusal := landed.replay.refusal(parsed.records)):
        return UnreadableError(refusal)
    return parsed


def parse(contents: list[bytes], source: Source) -> list[Parsed | UnreadableError]:
    """What each content of `source` is read as, or why it cannot be."""
    if source.format == "ceb-xml":
        return read_messages(contents, source.encoding)
    return [_parse_local(data, source) for data in contents]


def _parse_local(data: bytes, source: Source) -> Parsed | UnreadableError:
    if looks_like_xml(data):  # a national message strayed into a local folder: read by its root
        (parsed,) = read_messages([data])
        return parsed
    try:
        return {"csv": read_csv, "jsonl": read_json_lines}[source.format](data, source)
    except UnreadableError as error:
        return error
