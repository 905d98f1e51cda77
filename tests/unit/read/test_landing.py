"""Archives, names and links in the landing: what is opened, what is refused, and that nothing passes in silence."""

from __future__ import annotations

import gzip
import io
import stat
import threading
import zipfile
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from read_helpers import DAY, Landing, message, order

from sandan.read import limits, read_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOOD = message(order("A1"), order("A2")).encode()


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing.under(tmp_path)


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def states(landing: Landing, source: str = "export-orders") -> dict[str, str]:
    """Path → reason, empty where the file was read."""
    return {f["path"]: f.get("reason", "") for f in landing.read(source).files}


def test_plain_gz_and_zip(landing: Landing) -> None:
    landing.put("export-orders", "b/m.xml", GOOD)
    landing.put("export-orders", "a.XML.GZ", gzip.compress(GOOD, mtime=0))
    landing.put("export-orders", "any name.zip", zipped(("in/n.xml", GOOD), ("o.XML", GOOD), ("in/", b"")))

    reading = landing.read("export-orders")

    assert reading.counts == {"files": 4, "quarantined": 0, "records": 8}
    assert [(f["file_no"], f["path"], f["file_name"]) for f in reading.files] == [
        (1, "a.XML.GZ", "a.XML.GZ"),
        (2, "any name.zip/in/n.xml", "any name.zip/in/n.xml"),
        (3, "any name.zip/o.XML", "any name.zip/o.XML"),
        (4, "b/m.xml", "m.xml"),
    ]
    assert [f["sha256"] for f in reading.files] == [
        sha256(gzip.compress(GOOD, mtime=0)).hexdigest() if f["path"] == "a.XML.GZ" else sha256(GOOD).hexdigest()
        for f in reading.files
    ]
    assert [f["bytes"] for f in reading.files][1:] == [len(GOOD)] * 3
    assert [(r["file_no"], r["position"]) for r in reading.rows("orders")] == [
        (n, p) for n in range(1, 5) for p in (1, 2)
    ]


def test_what_does_not_fit_the_pattern_is_listed(landing: Landing) -> None:
    for name in (".DS_Store", ".hidden.xml", "readme.txt", "m.xml.tmp", "m.xml.gz.gz", "Thumbs.db", "sub/x.csv"):
        landing.put("export-orders", name, GOOD)
    landing.put("export-orders", "a.zip", zipped(("note.txt", b"x"), ("m.xml", GOOD)))

    found = states(landing)

    assert found.pop("a.zip/m.xml") == ""
    assert len(found) == 8
    assert all("does not fit the pattern *.xml" in reason for reason in found.values())


def encrypted(data: bytes) -> bytes:
    """Mark the first member as encrypted, in its own header and in the directory."""
    data = bytearray(data)
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: zipped(("../up.xml", GOOD), ("z.xml", GOOD)), "outside"),
        (lambda: zipped(("a/../../up.xml", GOOD), ("z.xml", GOOD)), "outside"),
        (lambda: zipped(("/etc/up.xml", GOOD), ("z.xml", GOOD)), "outside"),
        (lambda: zipped(("..\\up.xml", GOOD), ("z.xml", GOOD)), "outside"),
        (lambda: zipped(("C:\\up.xml", GOOD), ("z.xml", GOOD)), "outside"),
        (lambda: zipped(("c:up.xml", GOOD), ("z.xml", GOOD)), "outside"),
        (lambda: zipped(("upX.xml", GOOD), ("z.xml", GOOD)).replace(b"upX.xml", b"up\0.xml"), "outside"),
        (lambda: zipped((link("up.xml"), b"/etc/passwd"), ("z.xml", GOOD)), "link"),
        (lambda: encrypted(zipped(("up.xml", GOOD), ("z.xml", GOOD))), "encrypted"),
        (lambda: zipped(("up.zip", zipped(("m.xml", GOOD))), ("z.xml", GOOD)), "archive inside"),
        (lambda: zipped(("up.xml.gz", gzip.compress(GOOD, mtime=0)), ("z.xml", GOOD)), "archive inside"),
        (lambda: zipped(("up.xml", b" " * 9 * limits.MEBIBYTE), ("z.xml", GOOD)), "bomb"),
        (lambda: zipped(("up.xml", GOOD[:-9]), ("z.xml", GOOD)), "well-formed"),
        (lambda: zipped(("up.xml", b"<"), ("z.xml", GOOD)), "well-formed"),
        (lambda: zipped(("up.xml", GOOD), ("z.xml", GOOD), method=0).replace(b"A1", b"A9", 1), "damaged"),
    ],
)
def test_one_bad_member_spoils_only_itself(landing: Landing, make: Callable[[], bytes], says: str) -> None:
    landing.put("export-orders", "a.zip", make())

    found = states(landing)

    assert found.pop("a.zip/z.xml") == ""
    (reason,) = found.values()
    assert says in reason


def test_a_name_twice_in_an_archive_is_read_once(landing: Landing) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        landing.put("export-orders", "a.zip", zipped(("m.xml", GOOD), ("m.xml", GOOD)))

    reasons = sorted(f.get("reason", "") for f in landing.read("export-orders").files)
    assert reasons == ["", "the archive holds this name twice"]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.zip", b"", "corrupt"),
        ("a.zip", b"PK no archive", "corrupt"),
        ("a.zip", zipped(("m.xml", GOOD))[:-30], "corrupt"),
        ("a.zip", zipped(), "empty"),
        ("a.zip", zipped(("only/", b"")), "empty"),
        ("m.xml.gz", gzip.compress(GOOD, mtime=0)[:-12], "corrupt or cut short"),
        ("m.xml.gz", GOOD, "corrupt or cut short"),
        ("m.xml.gz", b"", "empty"),
        (
            "m.xml.gz",
            gzip.compress(GOOD, mtime=0).replace(gzip.compress(GOOD, mtime=0)[20:24], b"\0\0\0\0"),
            "corrupt or cut short",
        ),
        ("m.xml.gz", gzip.compress(b" " * 9 * limits.MEBIBYTE, mtime=0), "bomb"),
    ],
)
def test_an_archive_that_cannot_be_opened_is_one_row(landing: Landing, name: str, data: bytes, says: str) -> None:
    reading = landing.read_one("export-orders", name, data)

    assert says in reading.reason
    assert [(f["path"], f["sha256"], f["bytes"]) for f in reading.files] == [
        (name, sha256(data).hexdigest(), len(data))
    ]


def test_too_much_in_one_archive(landing: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandan.read.archive.MAX_ARCHIVE_MEMBERS", 1)

    assert (
        "announces more" in landing.read_one("export-orders", "a.zip", zipped(("m.xml", GOOD), ("n.xml", GOOD))).reason
    )


def test_a_file_above_the_limit(landing: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandan.read.landing.MAX_FILE_BYTES", 100)

    reading = landing.read_one("export-orders", "m.xml", GOOD)

    assert "larger than 100 bytes" in reading.reason
    assert reading.files[0]["sha256"] == sha256(GOOD).hexdigest()


def test_refused_members_have_digests_of_their_own(landing: Landing) -> None:
    landing.put("export-orders", "a.zip", zipped(("../a.xml", GOOD), ("../b.xml", GOOD)))

    assert len({f["sha256"] for f in landing.read("export-orders").files}) == 2


def test_links_that_point_outside_are_not_followed(landing: Landing, tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_bytes(GOOD)
    inside = landing.put("export-orders", "m.xml", GOOD)
    (inside.parent / "inner.xml").symlink_to("m.xml")
    (inside.parent / "outer.xml").symlink_to(secret)
    (inside.parent / "folder").symlink_to(tmp_path)
    (inside.parent / "gone.xml").symlink_to("nowhere.xml")

    found = states(landing)

    assert [path for path, reason in found.items() if not reason] == ["inner.xml", "m.xml"]
    assert {path for path, reason in found.items() if "not followed" in reason} == {"outer.xml", "folder"}
    assert found["gone.xml"] == "this is a link to nothing"


def test_many_small_files_and_a_chunk_more(landing: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandan.read.source.CHUNK_FILES", 7)
    for n in range(60):
        text = message(order(f"{n:02}", gnums=("1", "2"))) if n % 10 else message(order(f"{n:02}", head="<!-- x -->"))
        landing.put("export-orders", f"{n:02}.xml", text.encode())

    reading = landing.read("export-orders")

    assert reading.counts == {"files": 60, "quarantined": 0, "records": 60}
    assert {r["file_no"]: int(r["order_no"]) + 1 for r in reading.rows("orders")} == {n: n for n in range(1, 61)}
    lines = [(r["file_no"], r["position"], r["line"], r["gnum"]) for r in reading.rows("order_items")]
    expected = [(n + 1, 1, g, str(g)) for n in range(60) for g in ((1, 2) if n % 10 else (1,))]
    assert sorted(lines) == expected
    parts = Counter(f.name.partition("-")[0] for f in reading.folder.iterdir())
    assert parts == {"files.parquet": 1, "shapes.parquet": 1, "orders": 9, "order_items": 9}


def test_a_large_file_beside_small_ones(landing: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandan.read.source.LARGE_FILE_BYTES", 1_000)
    for name in ("a.xml", "b.xml", "c.xml"):
        landing.put("export-orders", name, message(*(order(f"{n:02}") for n in range(50))).encode())

    assert landing.read("export-orders").counts == {"files": 3, "quarantined": 0, "records": 150}


def test_reading_again_replaces_and_a_broken_reading_leaves_the_earlier(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing.put("export-orders", "m.xml", GOOD)
    first = landing.read("export-orders")
    landing.put("export-orders", "n.xml", GOOD)

    def fall(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("sandan.read.source.shape", fall)
        with pytest.raises(KeyboardInterrupt):
            read_source(landing.home, DAY, "export-orders")
    assert [f["path"] for f in first.files] == ["m.xml"]

    assert landing.read("export-orders").counts["files"] == 2
    assert [p.name for p in (landing.home.root / "read").iterdir()] == [DAY.isoformat()]
    assert [p.name for p in landing.home.read_of(DAY).iterdir()] == ["export-orders"]


def test_an_empty_landing_reads_to_an_empty_list(landing: Landing) -> None:
    reading = landing.read("export-orders")

    assert reading.counts == {"files": 0, "quarantined": 0, "records": 0}
    assert pq.read_schema(reading.folder / "files.parquet").names[:3] == ["file_no", "path", "file_name"]


def test_names_that_are_no_utf_8(landing: Landing) -> None:
    folder = landing.put("export-orders", "m.xml", GOOD).parent
    (folder / b"\xd6\xd0.xml".decode("utf-8", "surrogateescape")).write_bytes(GOOD)

    assert [f["path"] for f in landing.read("export-orders").files] == ["m.xml", "\ufffd\ufffd.xml"]


def test_no_thread_is_left_behind(landing: Landing) -> None:
    before = threading.active_count()

    landing.read_one("export-orders", "m.xml", GOOD)

    assert threading.active_count() == before
