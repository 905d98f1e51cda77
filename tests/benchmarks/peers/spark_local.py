"""Spark on this machine alone."""

from __future__ import annotations

import sys
from pathlib import Path

from peer import LISTS, SQL, THREADS, measure
from pyspark.sql import SparkSession


def session(scratch: Path) -> SparkSession:
    return (
        SparkSession.builder.master(f"local[{THREADS}]")
        .config("spark.driver.memory", "6g")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        # 200 by default, meant for a cluster
        .config("spark.sql.shuffle.partitions", str(4 * THREADS))
        .config("spark.local.dir", str(scratch))
        .getOrCreate()
    )


def work(folder: Path, target: Path) -> None:
    spark = SparkSession.builder.getOrCreate()
    for name in LISTS:
        spark.read.parquet(str(folder / f"{name}.parquet")).createOrReplaceTempView(name)
    spark.sql(SQL).write.parquet(str(target))


if __name__ == "__main__":
    session(Path(sys.argv[2]).parent)  # a JVM starts: it counts as start, not as work
    measure(work)
