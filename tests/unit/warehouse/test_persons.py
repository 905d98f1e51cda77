"""Persons behind a keyed hash."""

from __future__ import annotations

import hashlib
import hmac

import duckdb
import pytest

from sandan.errors import ConfigurationError
from sandan.warehouse.persons import person_key, teach


@pytest.mark.parametrize("key", ["k" * 16, "键值键值键值", "x" * 64])
def test_it_is_hmac_sha_256(key):
    connection = duckdb.connect()
    teach(connection, key.encode())

    found = connection.cursor().execute("select persons.person_hash('张三'), persons.person_hash(null)").fetchone()

    assert found == (hmac.new(key.encode(), "张三".encode(), hashlib.sha256).hexdigest(), None)


def test_the_key_is_made_once_and_for_its_owner_alone(home, monkeypatch):
    monkeypatch.delenv("SANDAN_PERSON_KEY", raising=False)

    first = person_key(home)

    assert person_key(home) == first
    assert len(first) == 64
    assert home.person_key.stat().st_mode & 0o077 == 0


def test_the_environment_comes_first(home, monkeypatch):
    monkeypatch.setenv("SANDAN_PERSON_KEY", "a key of the environment")

    assert person_key(home) == b"a key of the environment"
    assert not home.person_key.exists()


@pytest.mark.parametrize("key", ["short", "x" * 65])
def test_a_key_that_is_no_key_is_refused(home, monkeypatch, key):
    monkeypatch.setenv("SANDAN_PERSON_KEY", key)

    with pytest.raises(ConfigurationError, match="SANDAN_PERSON_KEY"):
        person_key(home)
