"""The senders: which landing folder, format, encoding and habits. What sources/*.yml tells the reader."""

from __future__ import annotations

from dataclasses import dataclass

from sandan.simulate.parties import AGENTS, EXPRESS, LOCAL_PLATFORM, OPERATOR, WALLET, Party


@dataclass(frozen=True, slots=True)
class Source:
    """One sender. `prefix` is the namespace prefix with its colon, empty for a default namespace."""

    id: str
    message: str
    party: Party
    encoding: str = "UTF-8"
    prefix: str = "ceb:"
    signed: bool = False
    bom: bool = False
    suffix: str = ".xml"

    @property
    def national(self) -> bool:
        """Whether it sends national messages."""
        return self.suffix == ".xml"


_PLATFORM = Party("3301963H79", "模拟出口电商平台有限公司", "platform")
_SELLER = Party("3301968K22", "模拟收款服务有限公司", "enterprise")
_CARRIER = Party("3301980W11", "模拟口岸物流有限公司", "logistics")
_PAYER = Party("312226T001", "模拟支付服务有限公司", "payment")
_AGENT = AGENTS[0]

SOURCES = {
    source.id: source
    for source in (
        Source("export-orders", "CEB303", _PLATFORM),
        Source("export-receipts", "CEB403", _SELLER, bom=True),
        Source("export-waybills", "CEB505", _CARRIER, prefix=""),
        Source("export-arrivals", "CEB507", OPERATOR),
        Source("export-departures", "CEB509", _CARRIER, prefix="", signed=True),
        Source("export-declarations", "CEB603", _AGENT, signed=True),
        Source("export-cancellations", "CEB605", _AGENT, signed=True),
        Source("import-orders", "CEB311", _PLATFORM, prefix="ns2:"),
        Source("import-payments", "CEB411", _PAYER),
        Source("import-waybills", "CEB511", _CARRIER, encoding="GB18030"),
        Source("import-signings", "CEB513", _CARRIER),
        Source("import-declarations", "CEB621", _AGENT, prefix="", signed=True),
        Source("import-cancellations", "CEB623", _AGENT, signed=True),
        Source("export-returns", "CEB213", _AGENT),
        Source("import-returns", "CEB625", _AGENT, signed=True),
        Source("local-orders", "CEB303", LOCAL_PLATFORM, encoding="GB18030", suffix=".csv"),
        Source("wallet-payments", "CEB411", WALLET, suffix=".jsonl"),
        Source("express-waybills", "CEB505", EXPRESS, bom=True, suffix=".csv"),
    )
}
