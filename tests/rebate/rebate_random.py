"""Relations and months made up by chance, told like the cases."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import Decimal

CENT, FINEST = Decimal("0.01"), Decimal("0.00001")


@dataclass(frozen=True)
class Relation:
    """n items, all on one line of a form, and m lines of one invoice; or a manufacturer's month, without lines."""

    case: str
    quantities: list[Decimal]
    lines: list[tuple[Decimal, Decimal]] = field(default_factory=list)
    credit: Decimal = Decimal(0)

    @property
    def papers(self) -> str:
        """The statements of the case."""
        told = [f"item.qty={self.quantities[0]}"]
        for n, quantity in enumerate(self.quantities[1:], start=2):
            told += [f"+item{n}", f"item{n}.qty={quantity}"]
        received = 100 * len(self.quantities)
        told += [f"forex.amount={received}", f"forex.part={received}"]
        if not self.lines:
            told += ["taxpayer.rebate_method=C", "-invoice", "-purchase", f"return.ending_credit={self.credit}"]
            return "; ".join(told)
        told.append("invoice.qty=" + "/".join(str(quantity) for quantity, _ in self.lines))
        told.append("invoice.net_amount=" + "/".join(str(net) for _, net in self.lines))
        told += [f"+purchase{n}; purchase{n}.invoice_line={n}" for n in range(2, len(self.lines) + 1)]
        return "; ".join(told)


def relations(count: int = 60, seed: int = 24) -> list[Relation]:
    """Always the same: single items and many, invoices of the exact quantity and of more, of cents and of millions."""
    rng = random.Random(seed)  # noqa: S311 - made up
    made = []
    for number in range(count):
        items, lines = rng.randint(1, 9), rng.randint(1, 5)
        unit = rng.choice((Decimal(1), FINEST))
        quantities = [unit * rng.randint(1, rng.choice((3, 1000, 10**6))) for _ in range(items)]
        if number % 6 == 5:
            made.append(Relation(f"M{number:02d}", quantities, credit=CENT * rng.randint(0, 20000)))
            continue
        left = sum(quantities) * rng.choice((1, 1, 1, 3)) + unit * rng.choice((0, 1))
        cuts = sorted(FINEST * rng.randint(0, int(left / FINEST)) for _ in range(lines - 1))
        shares = [b - a for a, b in zip([Decimal(0), *cuts], [*cuts, left], strict=True)]
        nets = [CENT * rng.randint(0, rng.choice((2, 10**4, 10**9))) for _ in range(lines)]
        made.append(Relation(f"R{number:02d}", quantities, list(zip(shares, nets, strict=True))))
    return made
