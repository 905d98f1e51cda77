"""The messages that the project sends: receipts to whoever sent a record, summary applications and their results.

Their elements are the seed `exchange_fields.csv`, read by `sandan.lists` as those of the messages received are.
"""

from __future__ import annotations

from sandan.lists import Message

NAMESPACE = "http://www.chinaport.gov.cn/ceb"

OUTGOING: dict[str, Message] = {
    m.code: m
    for m in (
        Message("CEB304", "receipt", "E", "OrderReturn", None, None),
        Message("CEB312", "receipt", "I", "OrderReturn", None, None),
        Message("CEB404", "receipt", "E", "ReceiptsReturn", None, None),
        Message("CEB412", "receipt", "I", "PaymentReturn", None, None),
        Message("CEB506", "receipt", "E", "LogisticsReturn", None, None),
        Message("CEB512", "receipt", "I", "LogisticsReturn", None, None),
        Message("CEB508", "receipt", "E", "ArrivalReturn", None, None),
        Message("CEB510", "receipt", "E", "DepartureReturn", None, None),
        Message("CEB514", "receipt", "I", "LogisticsStatusReturn", None, None),
        Message("CEB604", "receipt", "E", "InventoryReturn", None, None),
        Message("CEB622", "receipt", "I", "InventoryReturn", None, None),
        Message("CEB606", "receipt", "E", "InvtCancelReturn", None, None),
        Message("CEB624", "receipt", "I", "InvtCancelReturn", None, None),
        Message("CEB214", "receipt", "E", "RefundReturn", None, None),
        Message("CEB626", "receipt", "I", "InvtRefundReturn", None, None),
        Message("CEB900", "format_receipt", "I", "MessageReturn", None, None),
        Message("CEB701", "summary_application", "E", "SummaryApply", "SummaryApplyHead", "SummaryApplyList"),
        Message("CEB702", "receipt", "E", "SummaryReturn", None, None),
        Message("CEB792", "summary_result", "E", "SummaryResult", "SummaryResultHead", "SummaryResultList"),
    )
}

#: records a message
LIMIT = 100
LIMITS = {"CEB900": 1}

#: items a record, where the edition bounds them: fewest and most
ITEMS = {("CEB701", "2018"): (1, 100), ("CEB792", "2018"): (0, 100)}


def limit(code: str) -> int:
    """How many records one message holds at most."""
    return LIMITS.get(code, LIMIT)


def prefix(message: Message) -> str:
    """The prefix of the namespace, with its colon: the official export samples have one, the import ones do not."""
    return "ceb:" if message.flow == "E" else ""
