"""Events go to a file always, and to a server where one is configured; a server that is gone stops nothing."""

from __future__ import annotations

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from openlineage.client.event_v2 import Job, Run, RunEvent, RunState

from sandan.lineage.transport import send

EVENTS = [
    RunEvent(
        eventType=state,
        eventTime="2026-11-21T09:00:00+08:00",
        run=Run("01a9b2c3-0000-7000-8000-000000000000"),
        job=Job("sandan", "a"),
    )
    for state in (RunState.START, RunState.COMPLETE)
]


def written(file):
    return [json.loads(line)["eventType"] for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def server():
    """A server on this machine: its URL, what it got, and what it answers."""

    class Handler(BaseHTTPRequestHandler):
        got: list[str] = []  # noqa: RUF012 - one server, one list
        answer = 200
        seconds = 0.0

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            time.sleep(self.seconds)
            self.got.append(body["eventType"])
            self.send_response(self.answer)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield Handler, f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()


@pytest.fixture
def gone():
    """The URL of a server that is not there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def test_runs_add_to_the_file(tmp_path):
    file = tmp_path / "logs" / "lineage" / "2026-11-20.jsonl"
    assert send(EVENTS, file) == send(EVENTS, file) == ""
    assert written(file) == ["START", "COMPLETE"] * 2


@pytest.mark.parametrize("by", ["url", "environment", "file"])
def test_a_configured_server_gets_all_of_it(tmp_path, monkeypatch, server, by):
    handler, url = server
    if by == "url":
        monkeypatch.setenv("OPENLINEAGE_URL", url)
    elif by == "environment":
        monkeypatch.setenv("OPENLINEAGE__TRANSPORT", json.dumps({"type": "http", "url": url}))
    else:
        (tmp_path / "openlineage.yml").write_text(json.dumps({"transport": {"type": "http", "url": url}}))
    assert send(EVENTS, tmp_path / "run.jsonl") == ""
    assert handler.got == written(tmp_path / "run.jsonl") == ["START", "COMPLETE"]


def test_a_server_that_is_gone_stops_nothing(tmp_path, monkeypatch, gone):
    monkeypatch.setenv("OPENLINEAGE_URL", gone)
    begun = time.monotonic()
    assert "ConnectionError" in send(EVENTS * 50, tmp_path / "run.jsonl")
    assert time.monotonic() - begun < 10, "one event is enough to know"
    assert len(written(tmp_path / "run.jsonl")) == 100


def test_a_server_that_refuses_or_is_no_server_stops_nothing(tmp_path, monkeypatch, server):
    handler, url = server
    handler.answer = 403
    monkeypatch.setenv("OPENLINEAGE_URL", url)
    assert "403" in send(EVENTS, tmp_path / "run.jsonl")
    assert handler.got == ["START"]
    monkeypatch.setenv("OPENLINEAGE__TRANSPORT__TYPE", "carrier pigeon")
    assert send(EVENTS, tmp_path / "run.jsonl")
    assert written(tmp_path / "run.jsonl") == ["START", "COMPLETE"] * 2


def test_a_slow_server_is_not_waited_for(tmp_path, monkeypatch, server):
    handler, url = server
    handler.seconds = 0.2
    monkeypatch.setattr("sandan.lineage.transport.PATIENCE", 0.3)
    monkeypatch.setenv("OPENLINEAGE_URL", url)
    assert "events were left" in send(EVENTS * 5, tmp_path / "run.jsonl")
    assert 1 <= len(handler.got) < 10


def test_who_switches_it_off_gets_none(tmp_path, monkeypatch, server):
    handler, url = server
    monkeypatch.setenv("OPENLINEAGE_URL", url)
    monkeypatch.setenv("OPENLINEAGE_DISABLED", "true")
    assert send(EVENTS, tmp_path / "run.jsonl") == ""
    assert not (tmp_path / "run.jsonl").exists()
    assert handler.got == []
