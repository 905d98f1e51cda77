"""The words of an audit report, in Chinese and English."""

from __future__ import annotations

import csv

from sandan.warehouse.remedies import REMEDIES

Pair = tuple[str, str]

GATES: dict[str, Pair] = {
    "received": ("接收", "received"),
    "staged": ("规整", "staged"),
    "matched": ("比对", "matched"),
    "marts": ("发布表", "marts"),
    "public_service": ("公共服务", "public service"),
    "integrated_service": ("综合服务", "integrated service"),
    # of a month
    "consolidated": ("汇总", "consolidated"),
    "statistics": ("统计", "statistics"),
}
STAGES: dict[str, Pair] = {
    "survey": ("盘点来源", "survey of sources"),
    "read": ("读取", "reading"),
    "load": ("入库", "loading"),
    "stage": ("规整与版本", "staging"),
    "match": ("三单比对", "matching"),
    "build_marts": ("生成发布表", "building the marts"),
    "serve": ("退税与部门比对", "judging rebates, comparing departments"),
    "advise": ("企业提示", "advising exporters"),
    "publish": ("发布", "publishing"),
    "exchange": ("回执", "receipts"),
    "begin_month": ("开始", "beginning"),
    "consolidate": ("归并", "merging lists into forms"),
    "publish_month": ("发布", "publishing"),
    "applications": ("汇总申请单", "summary applications"),
    "begin_vintage": ("开始", "beginning"),
    "count_trade": ("统计", "counting trade"),
    "protect": ("披露控制", "disclosure control"),
    "publish_vintage": ("发布", "publishing"),
    "write_files": ("数据交换文件", "SDMX files"),
    "report_quality": ("质量报告", "quality report"),
    "data_docs": ("检查文档", "Data Docs"),
    "lineage": ("数据血缘", "lineage"),
    "unknown": ("中断，未留原因", "broken off without a word"),
}
SEVERITIES: dict[str, Pair] = {"critical": ("关键", "critical"), "warning": ("警告", "warning")}
ANSWERS: dict[str, Pair] = {
    "source party": ("数据来源方", "source party"),
    "data engineer": ("数据工程师", "data engineer"),
    "rule owner": ("规则负责人", "rule owner"),
}
HURTS: dict[str, Pair] = {
    "data engineer": ("数据工程师", "data engineer"),
    "statistician": ("统计人员", "statistician"),
    "auditor": ("审计人员", "auditor"),
    "exporter": ("出口企业", "exporter"),
    "department": ("主管部门", "department"),
}
PARTIES: dict[str, Pair] = {
    "enterprise": ("电商企业", "enterprise"),
    "platform": ("电商平台", "platform"),
    "payment": ("支付企业", "payment company"),
    "logistics": ("物流企业", "logistics company"),
    "supplier": ("供货企业", "supplier"),
    "bank": ("银行", "bank"),
    "customs": ("海关", "customs"),
    "tax": ("税务机关", "tax authority"),
}
NOBODY: Pair = ("无须处理", "nobody: for information")
STATUSES: dict[str, Pair] = {
    "waiting": ("待单证", "waiting"),
    "review": ("待审核", "review"),
    "refused": ("不予放行", "refused"),
    "released": ("已放行", "released"),
    "closed": ("已结关", "closed"),
    "returned": ("已退回", "returned"),
    "cancelled": ("已撤销", "cancelled"),
}
ACTIONS: dict[str, Pair] = {
    "wait": ("等待", "wait"),
    "review": ("转审核", "review"),
    "refuse": ("不予放行", "refuse"),
    "warn": ("仅提示", "note only"),
}
VERDICTS: dict[str, Pair] = {
    "rebate": ("退税", "rebate"),
    "exempt": ("免税", "exempt"),
    "taxed": ("征税", "taxed"),
    "pending": ("待补", "pending"),
    "blocked": ("暂缓", "blocked"),
}
FILE_STATES: dict[str, Pair] = {
    "read": ("已读", "read"),
    "repeated": ("重复", "repeated"),
    "quarantined": ("整件隔离", "set aside whole"),
}
FLOWS: dict[str, Pair] = {"E": ("出口", "exports"), "I": ("进口", "imports")}
VINTAGES: dict[str, Pair] = {
    "preliminary": ("初步", "preliminary"),
    "revised": ("修订", "revised"),
    "final": ("最终", "final"),
}
DECISIONS: dict[str, Pair] = {"accepted": ("接受", "accepted"), "refused": ("拒绝", "refused")}


def words(of: dict[str, Pair], code: str) -> Pair:
    """Chinese and English of a code; one that is not known stands as it is."""
    return of.get(code, (code, ""))


def stage(name: str) -> Pair:
    """A stage, a gate, the answer to its warnings or the want of one."""
    kind, _, gate = name.partition("_")
    if gate not in GATES:
        return words(STAGES, name)
    chinese, english = GATES[gate]
    of_gate: dict[str, Pair] = {
        "gate": (f"检查“{chinese}”", f"gate {english}"),
        "approve": (f"“{chinese}”的警告未获批准", f"warnings of gate {english} were not approved"),
        "wait": (f"“{chinese}”的警告待答复", f"warnings of gate {english} wait for an answer"),
    }
    return of_gate.get(kind, words(STAGES, name))


def remedies() -> dict[str, tuple[str, Pair]]:
    """Rule → the party that acts, and what it does."""
    with REMEDIES.open(encoding="utf-8", newline="") as file:
        return {row["rule_id"]: (row["party"], (row["remedy_zh"], row["remedy_en"])) for row in csv.DictReader(file)}
