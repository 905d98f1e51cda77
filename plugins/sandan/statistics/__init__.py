"""Foreign-trade statistics: what may be published of the cells, so that no enterprise's trade can be worked out."""

from sandan.statistics.protect import Account, Protected, protect
from sandan.statistics.rules import Rules, secret_rules

__all__ = ["Account", "Protected", "Rules", "protect", "secret_rules"]
