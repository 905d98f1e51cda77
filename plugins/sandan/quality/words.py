"""The words of a quality report, in Chinese and English: codes, frameworks, and what figures of lists are not."""

from __future__ import annotations

Pair = tuple[str, str]

FLOWS: dict[str, Pair] = {
    "E": ("出口（离岸价）", "exports, FOB"),
    "I": ("进口（到岸价）", "imports, CIF"),
    "RE": ("出口退运", "exports returned"),
    "RI": ("进口退运", "imports returned"),
}
KINDS: dict[str, Pair] = {
    "preliminary": ("初步", "preliminary"),
    "revised": ("修订", "revised"),
    "final": ("最终", "final"),
}
REASONS: dict[str, Pair] = {
    "counted": ("已计入", "counted"),
    "not_departed": ("已放行未离境", "released, not departed"),
    "waiting": ("待单证", "waiting for a list"),
    "review": ("待审核", "in review"),
    "refused": ("不予放行", "refused"),
    "cancelled": ("已撤销", "cancelled"),
    "returned_before_departure": ("离境前退回", "returned before departure"),
    "below_zero": ("负值", "below zero"),
    "other": ("其他", "other reasons"),
}
FIELDS: dict[str, Pair] = {
    "hs_code": ("八位商品编码（简化申报为四位）", "code of eight digits (simplified lists have four)"),
    "partner": ("贸易伙伴", "partner"),
    "transport_mode": ("运输方式", "mode of transport"),
    "customs_code": ("申报地海关", "customs office"),
    "unit1": ("第一法定单位", "first legal unit"),
    "qty1": ("第一法定数量", "first legal quantity"),
    "qty2": ("第二法定数量（多数编码没有）", "second legal quantity (most codes have none)"),
    "net_weight_kg": ("净重", "net weight"),
}
LISTS: dict[str, Pair] = {
    "order": ("订单", "orders"),
    "payment": ("支付单", "payments"),
    "waybill": ("运单", "waybills"),
    "declaration": ("清单", "declarations"),
    "arrival": ("运抵单", "arrivals"),
    "departure": ("离境单", "departures"),
    "waybill_status": ("物流状态", "waybill states"),
    "return": ("退货单", "returns"),
    "cancellation": ("撤销申请", "cancellations"),
}
#: what the figures are not: nobody may take them for all trade, nor for all of cross-border e-commerce
NOT_COVERED: tuple[Pair, ...] = (
    (
        "以报关单申报的货物，包括以报关单通关的跨境电商 B2B 出口",
        "Goods declared by form, cross-border e-commerce between enterprises among them",
    ),
    ("邮件与快件渠道的物品，个人行李", "Mail and express, travellers' luggage"),
    (
        "保税货物一线进境：此处计的是出区放行时的零售进口",
        "Goods as they enter special zones: retail imports are counted as they leave them",
    ),
    (
        "海关抽样调查补充的部分：海关总署的跨境电商统计由海关记录与调查两部分组成",
        "What surveys add: the official figure of cross-border e-commerce is made of customs records and a survey",
    ),
    ("未向本平台报送的企业与口岸", "Enterprises and ports that do not report to this platform"),
    ("企业集团：贡献者按清单上的企业计", "Groups of enterprises: a contributor is the enterprise of its list"),
)
#: what this report does not measure
NOT_MEASURED: tuple[Pair, ...] = (
    ("与伙伴国数据的镜像差异", "Asymmetries with the data of partners"),
    ("申报本身的真实性：低报价格、错误归类", "Whether declarations are true: undervaluation, wrong codes"),
    ("报送负担与编制成本", "Burden on those who report, and cost"),
    ("用户满意度", "Satisfaction of users"),
)
#: dimension of the IMF's DQAF, of the European Statistical System (ESS), where in the report, what is said there
FRAMEWORKS: tuple[tuple[Pair, Pair, str, Pair], ...] = (
    (
        ("0 质量前提", "Prerequisites of quality"),
        ("制度环境", "Institutional environment"),
        "integrity",
        ("法律依据、规则与汇率的版本", "Legal basis, versions of rules and rates"),
    ),
    (
        ("1 诚信保证", "Assurances of integrity"),
        ("公正与客观", "Impartiality and objectivity"),
        "integrity",
        ("发布前检查，已发布的不再改写", "Gates before release; what is published is never rewritten"),
    ),
    (
        ("2 方法健全性", "Methodological soundness"),
        ("相关性", "Relevance"),
        "coverage",
        ("概念、范围、未覆盖部分", "Concepts, scope, and what is not covered"),
    ),
    (
        ("3 准确性与可靠性", "Accuracy and reliability"),
        ("准确性与可靠性；修订", "Accuracy and reliability; revision"),
        "accuracy",
        ("项目无回答、单价异常、修订幅度", "Item non-response, unlikely unit values, size of revisions"),
    ),
    (
        ("4 适用性", "Serviceability"),
        ("及时与准时；一致与可比", "Timeliness and punctuality; coherence and comparability"),
        "timeliness",
        ("时滞、版次、时间序列", "Time lags, vintages, series"),
    ),
    (
        ("5 可获得性", "Accessibility"),
        ("可获得与清晰；保密", "Accessibility and clarity; confidentiality"),
        "access",
        ("格式、说明文件、隐藏的份额", "Formats, documentation, and what is hidden"),
    ),
)


def words(of: dict[str, Pair], code: str) -> Pair:
    """Chinese and English of a code; one that is not known stands as it is."""
    return of.get(code, (code, ""))
