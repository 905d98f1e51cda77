"""Who takes part in the simulated trade: platforms, enterprises, payment and logistics enterprises.

Every code starts with 99, a customs district that does not exist. The table is the same for every seed, so that one
party register serves all days.
"""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandan.home import Home


@dataclass(frozen=True, slots=True)
class Party:
    """An enterprise: 10-character customs registration code, Chinese name, what it does, since when until when."""

    code: str
    name: str
    role: str
    valid_to: str = ""


VALID_FROM = "2014-01-01"
_PLACES = "杭州 宁波 义乌 郑州 广州 深圳 厦门 青岛 成都 重庆 西安 天津 苏州 南京 合肥 武汉 长沙 福州 大连 上海".split()
_WORDS = (
    "海星 云桥 万帆 启航 锦程 远晴 瑞丰 捷风 和盛 天麓 新岸 明途 安澜 长庚 立夏 青禾 南屏 北辰 东篱 西岭 "
    "汇川 千帆 百川 恒泰 嘉禾 乐帆 同舟 星驿 凌波 致远"
).split()
_KINDS = "贸易 电子商务 进出口 科技 供应链管理".split()


def _name(rng: random.Random, kind: str | None = None) -> str:
    return f"模拟{rng.choice(_PLACES)}{rng.choice(_WORDS)}{rng.choice(_WORDS)}{kind or rng.choice(_KINDS)}有限公司"


def _parties(letter: str, role: str, count: int, kind: str | None = None) -> tuple[Party, ...]:
    rng = random.Random(f"parties {letter} {role}")
    return tuple(Party(f"99{i // 100 + 1:02d}9{letter}{i % 10000:04d}", _name(rng, kind), role) for i in range(count))


#: the three that send in their own formats: their sources are local-orders, wallet-payments and express-waybills
LOCAL_PLATFORM = Party("33019650LP", "模拟地方跨境电商平台有限公司", "platform")
WALLET = Party("4403169D3W", "模拟钱包支付有限公司", "payment")
EXPRESS = Party("440316E5XP", "模拟快递有限公司", "logistics")

EXPORT_PLATFORMS = _parties("P", "platform", 6, "网络科技")
EXPORT_ENTERPRISES = _parties("E", "enterprise", 240)
EXPORT_LOGISTICS = _parties("L", "logistics", 6, "国际物流")
EXPORT_PAYMENT = _parties("Y", "payment", 3, "支付")
IMPORT_PLATFORMS = _parties("Q", "platform", 5, "网络科技")
IMPORT_ENTERPRISES = _parties("J", "enterprise", 60)
IMPORT_LOGISTICS = _parties("K", "logistics", 5, "速运")
IMPORT_PAYMENT = _parties("Z", "payment", 3, "支付")
AGENTS = _parties("A", "agent", 4, "报关")
OPERATOR = _parties("O", "warehouse", 1, "监管仓储")[0]

#: never registered, and registered once but not any more
UNREGISTERED = Party("9999900001", "模拟未备案贸易有限公司", "enterprise")
EXPIRED_LOGISTICS = Party("9901900002", "模拟已注销国际物流有限公司", "logistics", "2019-12-31")

REGISTERED = (
    LOCAL_PLATFORM,
    WALLET,
    EXPRESS,
    *EXPORT_PLATFORMS,
    *EXPORT_ENTERPRISES,
    *EXPORT_LOGISTICS,
    *EXPORT_PAYMENT,
    *IMPORT_PLATFORMS,
    *IMPORT_ENTERPRISES,
    *IMPORT_LOGISTICS,
    *IMPORT_PAYMENT,
    *AGENTS,
    OPERATOR,
    EXPIRED_LOGISTICS,
)


def write_register(home: Home) -> None:
    """Write `reference/party_register.csv` unless the operator has one."""
    path = home.reference / "party_register.csv"
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("party_code", "role", "name", "valid_from", "valid_to"))
        writer.writerows((p.code, p.role, p.name, VALID_FROM, p.valid_to) for p in REGISTERED)
