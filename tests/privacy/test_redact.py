"""What a redacted file has no more, message by message."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from sandan.home import PROJECT
from sandan.lists import EDITIONS, MESSAGES, NATIONAL, fields, restricted
from sandan.read.outcome import Parsed
from sandan.read.redact import FORGOTTEN, redacted
from sandan.read.source import parse
from sandan.read.sources import load_sources

from .awkward import SOMEBODY

#: long texts that a declaration is made of: what a thing is called, by whom
DECLARED = {
    "gname", "gmodel", "item_name", "goods_name", "name", "batch_numbers", "domestic_traf_no", "traf_name", "traf_no",
    "agent_name", "area_name", "ebc_name", "ebp_name", "iac_name", "logistics_name", "operator_name", "owner_name",
    "pay_name",
}  # fmt: skip
LONG = 100


def test_every_long_text_is_forgotten_or_said_to_be_declared():
    kept = {
        f.column
        for message in MESSAGES.values()
        for edition in EDITIONS
        for f in fields(message.code, edition)
        if re.fullmatch(r"C\.\.\d+", f.type) and int(f.type[3:]) >= LONG and f.column not in restricted(message)
    }
    assert kept == DECLARED


def test_a_code_is_no_text_of_the_senders():
    assert "reason" not in restricted(MESSAGES["SD06"])
    assert "reason" in restricted(MESSAGES["CEB623"])


@pytest.mark.parametrize(
    ("code", "element"),
    [
        ("CEB623", "reason"),
        ("CEB605", "reason"),
        ("CEB311", "itemDescribe"),
        ("CEB303", "itemDescribe"),
        ("CEB511", "goodsInfo"),
        ("CEB505", "goodsInfo"),
        ("CEB625", "reason"),
    ],
)
def test_what_a_sender_writes_in_its_own_words_goes(code, element):
    text = (PROJECT / "tests" / "data" / "ceb" / f"{code}Message.xml").read_text("utf-8-sig")
    told = f"{SOMEBODY.name} {SOMEBODY.telephone}"
    text, times = re.subn(rf"<ceb:{element}>.*?</ceb:{element}>", f"<ceb:{element}>{told}</ceb:{element}>", text)
    assert times
    source = replace(load_sources(PROJECT / "sources")["import-orders"], message=NATIONAL[code])
    left = redacted(text.encode(), source)
    assert told not in left.decode()
    assert left.decode().count(f"<ceb:{element}>{FORGOTTEN}<") == times
    before, after = parse([text.encode(), left], source)
    assert isinstance(before, Parsed)
    assert isinstance(after, Parsed)
    assert before.records == after.records
