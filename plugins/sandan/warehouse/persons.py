"""Persons behind a keyed hash (HMAC-SHA-256, RFC 2104): one person gives one text, and nobody can guess whose.

The key is `SANDAN_PERSON_KEY`, else the file `$SANDAN_HOME/keys/person.key`, made at first use. Whoever changes it
breaks the link to what was hashed before: annual totals then count a buyer as a new one.
"""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from dbt.adapters.duckdb.plugins import BasePlugin

from sandan.errors import ConfigurationError
from sandan.home import Home
from sandan.keys import kept

if TYPE_CHECKING:
    import duckdb

_BLOCK = 64  # bytes that SHA-256 takes at a time
_FEWEST = 16


def person_key(home: Home) -> bytes:
    """The key, at most 64 bytes.

    Raises:
        ConfigurationError: it is too short or too long.
    """
    file = home.person_key
    given = os.environ.get("SANDAN_PERSON_KEY", "")
    key = (given or kept(file, lambda: secrets.token_hex(_BLOCK // 2))).encode()
    if not _FEWEST <= len(key) <= _BLOCK:
        place = "SANDAN_PERSON_KEY" if given else "this file"
        raise ConfigurationError(
            file, 0, f"the key of persons has {len(key)} bytes", f"give {place} {_FEWEST} to {_BLOCK} random characters"
        )
    return key


def teach(connection: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Give every cursor of the connection `persons.person_hash(text)`, in a database that lives in memory alone."""
    padded = key.ljust(_BLOCK, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in padded).hex() for pad in (0x36, 0x5C))
    connection.execute("attach if not exists ':memory:' as persons")
    connection.execute(
        "create or replace macro persons.main.person_hash(text) as "
        f"sha256(unhex('{outer}') || unhex(sha256(unhex('{inner}') || encode(text))))"
    )


class Plugin(BasePlugin):
    """What dbt's connections know besides: the key never stands in a compiled model, a log or the warehouse."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Teach the connection to hash persons."""
        teach(conn, person_key(Home.from_environment()))
