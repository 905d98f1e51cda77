"""Which folders the environment names."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandan.home import PROJECT, Home

DEFAULT = Home(PROJECT / "var", PROJECT / "sources")


@pytest.mark.parametrize(
    ("root", "sources", "home"),
    [
        (None, None, DEFAULT),
        ("", "", DEFAULT),
        ("~/data", "~/senders", Home(Path("/simulated/data"), Path("/simulated/senders"))),
        ("/simulated", "/senders", Home(Path("/simulated"), Path("/senders"))),
        ("data", "senders", Home(Path.cwd() / "data", Path.cwd() / "senders")),
    ],
)
def test_home_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, root: str | None, sources: str | None, home: Home
) -> None:
    monkeypatch.setenv("HOME", "/simulated")
    for variable, value in (("SANDAN_HOME", root), ("SANDAN_SOURCES", sources)):
        if value is None:
            monkeypatch.delenv(variable, raising=False)
        else:
            monkeypatch.setenv(variable, value)

    assert Home.from_environment() == home
