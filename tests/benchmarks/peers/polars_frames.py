"""Polars, lazy, with its streaming engine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from peer import FLAGS, LISTS, THREADS, measure

os.environ["POLARS_MAX_THREADS"] = str(THREADS)  # read when Polars is imported

import polars as pl

if TYPE_CHECKING:
    from pathlib import Path


def work(folder: Path, target: Path) -> None:
    declarations, orders, payments, waybills = (pl.scan_parquet(folder / f"{name}.parquet") for name in LISTS)
    paid = payments.group_by("order_key").agg(pl.col("amount_paid").sum())
    found = pl.lit(value=True)
    matched = (
        declarations.join(orders.with_columns(has_order=found), on="order_key", how="left", suffix="_ordered")
        .join(paid.with_columns(has_payment=found), on="order_key", how="left")
        .join(waybills.with_columns(has_waybill=found), on="waybill_key", how="left", suffix="_carried")
        .with_columns(
            same_enterprise=pl.col("ebc_code_ordered") == pl.col("ebc_code"),
            same_amount=pl.col("amount_paid") == pl.col("amount_due"),
            same_weight=pl.col("gross_weight_carried") == pl.col("gross_weight"),
        )
    )
    flags = [pl.col(name).fill_null(value=False) for name in FLAGS]
    matched.select("declaration_key", "flow", *flags).sink_parquet(target)


if __name__ == "__main__":
    measure(work)
