"""The published tables as files that other statistics offices read: SDMX-CSV, SDMX-ML and UN Comtrade's columns."""

from sandan.statistics.sdmx.files import write, write_last

__all__ = ["write", "write_last"]
