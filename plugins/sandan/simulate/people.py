"""People who do not exist: names, identity numbers, telephones and addresses.

The identity numbers have right check digits (GB 11643) but a region code, 99xxxx, that is not assigned; telephones
start with 100, which is no mobile prefix.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandan.simulate.sheet import below, pick

if TYPE_CHECKING:
    import random

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红梅建国文思雨晨欣怡子涵浩宇梓萱俊可心一诺"
_TOWNS = ("模拟省海棠市云溪区", "模拟省海棠市松林区", "模拟省望江市北桥区", "模拟省望江市柳岸县", "模拟市东篱区")
_ROADS = "人民路 解放路 建设路 和平街 文化路 青年路 学府路 滨河路 长春街 新华路".split()
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


@dataclass(frozen=True, slots=True)
class Person:
    """A buyer: all text, as the messages carry it."""

    name: str
    id_number: str
    telephone: str
    address: str


def check_digit(first17: str) -> str:
    """The last character of an 18-character identity number (GB 11643, ISO 7064 MOD 11-2)."""
    return _CHECK[sum(int(c) * w for c, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def person(rng: random.Random) -> Person:
    """A new person each time; two with one identity number are possible but rare (1 in 1.2 billion)."""
    number = rng.getrandbits(60)
    region, number = number % 90, number // 90
    year, number = number % 45, number // 45
    month, number = number % 12, number // 12
    day, number = number % 28, number // 28
    serial, number = number % 999, number // 999
    first17 = f"99{region + 10:02d}01{1960 + year}{month + 1:02d}{day + 1:02d}{serial + 1:03d}"
    given = pick(rng, _GIVEN) + (pick(rng, _GIVEN) if number % 3 else "")
    return Person(
        name=pick(rng, _SURNAMES) + given,
        id_number=first17 + check_digit(first17),
        telephone=f"100{below(rng, 10**8):08d}",
        address=f"{_TOWNS[number % 5]}{_ROADS[number % 7]}{number % 480 + 1}号{number % 29 + 1}幢{number % 31 + 1}室",
    )
