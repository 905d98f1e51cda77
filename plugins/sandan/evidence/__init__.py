"""Proof: a ledger of digests of everything that a run took in and wrote, and what compares both again."""

from __future__ import annotations

from sandan.evidence.forgotten import check_received, record_forgotten
from sandan.evidence.prove import prove, prove_cell
from sandan.evidence.record import record
from sandan.evidence.verify import verify

__all__ = ["check_received", "prove", "prove_cell", "record", "record_forgotten", "verify"]
