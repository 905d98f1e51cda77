"""What all peers have in common: where the work lies, and how long it took."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LISTS = ("declarations", "orders", "payments", "waybills")
#: whether a declaration has each list, and whether what they say is the same
FLAGS = ("has_order", "has_payment", "has_waybill", "same_enterprise", "same_amount", "same_weight")
SQL = Path(__file__).with_name("three_lists.sql").read_text("utf-8")
#: threads of everyone
THREADS = 2


def measure(work: Callable[[Path, Path], None]) -> None:
    """Run `work(folder of the lists, Parquet file to write)` of the command line and print the seconds that it took."""
    folder, target = map(Path, sys.argv[1:])
    start = time.perf_counter()
    work(folder, target)
    print(f"seconds {time.perf_counter() - start}")
