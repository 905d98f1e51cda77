"""The words of a report, in Chinese and English."""

from __future__ import annotations

import csv
from functools import cache

from sandan.exchange.services import CODE_LISTS
from sandan.run.pages import titles_of_rules

#: code → Chinese, English; a code that is not here is shown as it is
WORDS: dict[str, tuple[str, str]] = {
    # kinds of open things
    "list_missing": ("缺单", "list missing"),
    "list_disagrees": ("单证不符", "lists disagree"),
    "list_rejected": ("被退单", "list rejected"),
    "paper_missing": ("退税缺单证", "paper missing for the refund"),
    "forex_missing": ("未收汇", "exchange not received"),
    "return_due": ("退货待申报", "return to report"),
    "limit_near": ("限额将满", "limit near"),
    "blocked": ("退税暂停", "refund on hold"),
    # who acts
    "enterprise": ("本企业", "you"),
    "platform": ("平台", "platform"),
    "payment": ("支付企业", "payment enterprise"),
    "logistics": ("物流企业", "logistics enterprise"),
    "supplier": ("供货方", "supplier"),
    "bank": ("银行", "bank"),
    "customs": ("海关", "customs"),
    "tax": ("税务机关", "tax authority"),
    # legs of a parcel's way
    "ordered_to_paid": ("下单至支付", "ordered to paid"),
    "paid_to_shipped": ("支付至发货", "paid to shipped"),
    "shipped_to_declared": ("发货至申报", "shipped to declared"),
    "declared_to_released": ("申报至放行", "declared to released"),
    "released_to_closed": ("放行至离境或签收", "released to departed or signed for"),
    "ordered_to_closed": ("下单至离境或签收", "ordered to departed or signed for"),
    # measures of the scorecard
    "matched": ("三单匹配率", "three lists matched"),
    "held": ("扣留率", "held"),
    "first_pass": ("一次通过率", "passed at first"),
    "rule_failed": ("未通过规则", "failed a rule"),
    "rejected": ("退单率", "records rejected"),
}
LISTS = {
    "order": ("订单", "orders"),
    "payment": ("支付单", "payments"),
    "waybill": ("运单", "waybills"),
    "declaration": ("清单", "declarations"),
}


def words(code: str | None) -> tuple[str, str]:
    """Chinese and English of a code."""
    return WORDS.get(code or "", (code or "", ""))


def lists(name: str | None) -> tuple[str, str]:
    """Chinese and English of a list, where a payment is no payment enterprise."""
    return LISTS.get(name or "", (name or "", ""))


def titles(rule_id: str) -> str:
    """Both titles of a rule."""
    return _titles().get(rule_id, "")


def currency(code: str) -> tuple[str, str]:
    """Name and ISO code of a customs currency code."""
    return _listed().get(("currency", "customs", code), (code, ""))


def country(code: str | None) -> tuple[str, str]:
    """Chinese name and ISO code of a country, by its ISO code."""
    return _listed().get(("country", "iso", code or ""), (code or "", ""))


@cache
def _titles() -> dict[str, str]:
    return titles_of_rules()


@cache
def _listed() -> dict[tuple[str, str, str], tuple[str, str]]:
    """Code list, code set and code → Chinese name and ISO code; of several rows the latest."""
    with CODE_LISTS.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["valid_from"])
    return {
        (row["code_list"], row["code_set"], row["code"]): (
            row["name_zh"],
            row["code"] if row["code_set"] == "iso" else row["iso"],
        )
        for row in rows
    }
