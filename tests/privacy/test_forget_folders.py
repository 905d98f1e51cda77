"""`make forget` where the landing is not as tidy as a sender's: a small day that is read and loaded, and no more."""

from __future__ import annotations

import io
from datetime import date
from zipfile import ZipFile

import pytest
from rich.console import Console

from sandan import read, warehouse
from sandan.home import PROJECT, Home
from sandan.read.redact import FORGOTTEN
from sandan.run import forget
from sandan.warehouse import runs

from .awkward import ORDER, SOMEBODY

DAY, KEPT = date(2026, 11, 18), date(2026, 11, 19)
SOURCE = "import-orders"
LEFT_OVER = (
    "spill/duckdb_temp_storage_DEFAULT-0.tmp",
    ".reading-1/import-orders/orders-0000001-CEB311.parquet",
    "read/.reading-2/import-orders/orders-0000001-CEB311.parquet",
    "landing/.forgetting-3/file",
    "landing/.replaying-4/file",
)
UNCLAIMED = ("nobody/2026-11-18/order.xml", f"{SOURCE}/20261118/order.xml", f"{SOURCE}/stray.xml")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A day that was taken, among what it should not be among, and what killed commands left."""
    root = tmp_path_factory.mktemp("untidy") / "home"
    home = Home(root=root, sources=PROJECT / "sources")
    folder = home.landing_of(SOURCE, DAY)
    folder.mkdir(parents=True)
    (folder / "order.xml").write_bytes(order())
    (folder / "link.xml").symlink_to("order.xml")
    (folder / "nowhere.xml").symlink_to("gone.xml")
    with ZipFile(folder / "twice.zip", "w") as archive:
        archive.writestr("twice.xml", order("李雷雷"))
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("twice.xml", order("韩梅梅"))
    cancelled = home.landing_of("import-cancellations", DAY) / "cancelled.xml"
    cancelled.parent.mkdir(parents=True)
    cancelled.write_bytes((ORDER.parent / "CEB623Message.xml").read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANDAN_HOME", str(root))
        taken(home)
        yield home


@pytest.fixture(scope="module")
def said(home: Home) -> str:
    """What the command said, of all this, the first time."""
    home.landing_of("export-orders", DAY).mkdir(parents=True)
    home.landing_of(SOURCE, date(2026, 11, 17)).mkdir()
    for name in LEFT_OVER:
        (home.root / name).parent.mkdir(parents=True, exist_ok=True)
        (home.root / name).write_text(SOMEBODY.name, "utf-8")
    for name in UNCLAIMED:
        (home.landing / name).parent.mkdir(parents=True, exist_ok=True)
        (home.landing / name).write_bytes(order())
    return forgotten(home)


def order(name: str = SOMEBODY.name) -> bytes:
    text = ORDER.read_text("utf-8-sig")
    begin, _, rest = text.partition("<ceb:buyerName>")
    return f"{begin}<ceb:buyerName>{name}{rest[rest.index('</ceb:buyerName>') :]}".encode()


def taken(home: Home) -> None:
    """Have a run take what landed, and another the day after."""
    for source in read.survey(home, DAY).sources:
        read.read_source(home, DAY, source)
    warehouse.load(home, DAY)
    home.read_of(KEPT).mkdir()
    with warehouse.connect(home) as connection:
        connection.execute("create schema if not exists audit")
        connection.execute(runs.TABLE)
        connection.execute("insert into audit.runs (run_date) values ($1)", [KEPT])


def forgotten(home: Home) -> str:
    """Forget as the command does; returns what it says."""
    said = io.StringIO()
    forget._forget(Console(file=said, width=300), home, KEPT)  # noqa: SLF001 - without its log
    return said.getvalue()


def column(home: Home, query: str) -> set[str]:
    with warehouse.connect(home, read_only=True) as connection:
        return {value for (value,) in connection.execute(query).fetchall()}


def test_everything_is_there_before(home):
    assert {SOMEBODY.name, "李雷雷"} <= column(home, "select buyer_name from raw.orders")
    assert column(home, "select state from raw.files where path = 'link.xml'") <= {"read", "repeated"}
    assert len(column(home, "select sha256 from raw.files where path = 'twice.zip/twice.xml'")) == 2


def test_empty_folders_links_and_names_held_twice_are_no_hindrance(home, said):
    assert "; 5 files redacted" in said
    assert column(home, "select buyer_name from raw.orders") == {FORGOTTEN}


def test_what_is_done_is_not_due_again(home, said):
    landing = {file: file.read_bytes() for file in home.landing_of(SOURCE, DAY).iterdir() if file.exists()}
    assert "; 0 files redacted" in forgotten(home)
    assert landing == {file: file.read_bytes() for file in landing}
    assert not any(SOMEBODY.name.encode() in data for data in landing.values())
    assert (home.landing_of(SOURCE, DAY) / "link.xml").is_symlink()


def test_reasons_go_and_those_of_the_readers_stay(home, said):
    assert column(home, "select reason from raw.cancellations") == {FORGOTTEN}
    assert "this is a link to nothing" in column(home, "select reason from raw.files")


def test_what_killed_commands_left_goes(home, said):
    assert [name for name in LEFT_OVER if (home.root / name).exists()] == []
    assert home.read_of(KEPT).exists()


def test_what_no_run_takes_is_named(home, said):
    for name in UNCLAIMED:
        assert (home.landing / name).read_bytes() == order()
    for name in ("nobody", f"{SOURCE}/20261118", f"{SOURCE}/stray.xml"):
        assert f"since no run takes it: {home.landing / name}\n" in said
