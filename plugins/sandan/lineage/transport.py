"""Events to the file of their run, and to a server where OpenLineage is configured for one.

The configuration is the library's own: `OPENLINEAGE_URL`, `OPENLINEAGE__TRANSPORT__…`, `openlineage.yml`
(https://openlineage.io/docs/client/python).
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from openlineage.client import OpenLineageClient
from openlineage.client.transport.file import FileConfig, FileTransport
from openlineage.client.transport.http import HttpTransport
from openlineage.client.transport.http_common import DEFAULT_RETRY_CONFIG
from openlineage.client.transport.noop import NoopConfig, NoopTransport

if TYPE_CHECKING:
    from pathlib import Path

    from openlineage.client.event_v2 import RunEvent

log = logging.getLogger(__name__)

#: seconds after which a run goes on without its server
PATIENCE = 20


def send(events: list[RunEvent], file: Path) -> str:
    """Append events to `file`, then send them; returns why not all were sent, or nothing.

    No server stops a run: whatever it does is only said.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    written = OpenLineageClient(transport=FileTransport(FileConfig(str(file), append=True)))
    for event in events:
        written.emit(event)
    try:
        return _to_server(events)
    except Exception as error:
        # a library of transports, each with errors of its own
        log.exception("lineage was not sent")
        return f"{type(error).__name__}: {error}"[:200]


def _to_server(events: list[RunEvent]) -> str:
    if not OpenLineageClient(transport=NoopTransport(NoopConfig())).config.transport:
        return ""
    client = OpenLineageClient()
    for transport in getattr(client.transport, "transports", [client.transport]):
        if isinstance(transport, HttpTransport) and transport.config.retry == DEFAULT_RETRY_CONFIG:
            # an operator who wants more tries says so
            transport.config.retry = DEFAULT_RETRY_CONFIG | {"total": 1}
    until = time.monotonic() + PATIENCE
    for sent, event in enumerate(events):
        if time.monotonic() > until:
            return f"after {PATIENCE} s, {len(events) - sent} of {len(events)} events were left"
        client.emit(event)
    return "" if client.close(PATIENCE) else f"not all was done after {PATIENCE} s"
