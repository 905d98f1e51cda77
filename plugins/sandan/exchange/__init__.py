"""What goes out to the parties: receipts, format receipts, summary applications, in the messages of the standard."""

from sandan.exchange.batch import Batch, columns, documents, values
from sandan.exchange.day import write_day
from sandan.exchange.folders import write
from sandan.exchange.month import write_month

__all__ = ["Batch", "columns", "documents", "values", "write", "write_day", "write_month"]
