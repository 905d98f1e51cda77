"""pandas, with Arrow's types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from peer import FLAGS, LISTS, measure

if TYPE_CHECKING:
    from pathlib import Path


def work(folder: Path, target: Path) -> None:
    declarations, orders, payments, waybills = (
        pd.read_parquet(folder / f"{name}.parquet", dtype_backend="pyarrow") for name in LISTS
    )
    paid = payments.groupby("order_key", as_index=False)["amount_paid"].sum()
    # `merge` would find a missing key for a missing one: declarations lack some, the lists none
    matched = (
        declarations.merge(orders.assign(has_order=True), on="order_key", how="left", suffixes=("", "_ordered"))
        .merge(paid.assign(has_payment=True), on="order_key", how="left")
        .merge(waybills.assign(has_waybill=True), on="waybill_key", how="left", suffixes=("", "_carried"))
    )
    matched["same_enterprise"] = matched["ebc_code_ordered"] == matched["ebc_code"]
    matched["same_amount"] = matched["amount_paid"] == matched["amount_due"]
    matched["same_weight"] = matched["gross_weight_carried"] == matched["gross_weight"]
    matched[[*FLAGS]] = matched[[*FLAGS]].astype("boolean").fillna(value=False).astype(bool)
    matched[["declaration_key", "flow", *FLAGS]].to_parquet(target, index=False)


if __name__ == "__main__":
    measure(work)
