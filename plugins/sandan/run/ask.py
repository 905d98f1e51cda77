"""The task behind a gate: warnings ask a person, whose answer is recorded; no answer in time is a no."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Param

from sandan.errors import SandanError
from sandan.run import approvals, clock
from sandan.run.approvals import ACCEPTED, REFUSED, Approval
from sandan.run.staged import Stage, staged

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from airflow.sdk import Context

#: a run begins half an hour after midnight: whoever comes in the morning has until noon
PATIENCE = timedelta(hours=12)


class AskOperator(ApprovalOperator):
    """Lets the run go on where the gate had no warning, or where they are accepted.

    `SANDAN_WARNINGS` (accept, refuse) answers in place of a person. Rejecting stops the run as a failed gate does:
    nothing is published, and the answer stays in the reports of the run.
    """

    template_fields: Collection[str] = (*ApprovalOperator.template_fields, "of_run")

    def __init__(self, *, gate: str, of_run: str, params: object = None, **kwargs: Any) -> None:  # noqa: ARG002 - parameters of the DAG are not asked again
        super().__init__(
            task_id=f"approve_{gate}",
            task_display_name=f"Approve warnings: {gate}",
            doc_md=AskOperator.__doc__,
            subject=f"May the run go on? Gate {gate} has warnings",
            params={"why": Param("", type="string", title="Why 理由", description="is recorded with your name")},
            defaults=self.REJECT,
            fail_on_reject=True,
            response_timeout=PATIENCE,
            # an answer is an answer: nobody is asked twice
            retries=0,
            **kwargs,
        )
        self.gate = gate
        self.of_run = of_run

    def execute(self, context: Context) -> None:
        """Ask, where there is something to ask and nobody decided before."""
        warnings = self._warnings(context)
        if not warnings:
            return
        with staged(self.task_id, self.of_run) as stage:
            if decision := approvals.policy():
                self._keep(
                    stage,
                    warnings,
                    decision,
                    (approvals.BY_POLICY, f"{approvals.POLICY} says so; nobody was asked"),
                    clock.now(),
                )
                if decision == REFUSED:
                    raise SandanError(
                        f"gate {self.gate} has {len(warnings)} warnings, which {approvals.POLICY} refuses; "
                        "nothing was published\n" + "\n".join(f"    {warning}" for warning in warnings),
                        f"put right what they name, or run with {approvals.POLICY}=accept",
                    )
                return
        self.body = "\n".join(f"- `{warning.replace('`', '´')}`" for warning in warnings)
        super().execute(context)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:
        """Record the answer, then go on or fail."""
        with staged(self.task_id, self.of_run) as stage:
            if "error" not in event:
                user = event["responded_by_user"]
                decision = ACCEPTED if event["chosen_options"] == [self.APPROVE] else REFUSED
                why = (event["params_input"] or {}).get("why", "").strip() or "no reason given"
                answer = (user["name"], why) if user else ("", f"no answer in {PATIENCE // timedelta(hours=1)} hours")
                at = event["responded_at"].astimezone(clock.BEIJING).replace(tzinfo=None)
                self._keep(stage, self._warnings(context), decision, answer, at)
            return super().execute_complete(context, event)

    def _warnings(self, context: Context) -> list[str]:
        return list(context["ti"].xcom_pull(task_ids=f"gate_{self.gate}") or [])

    def _keep(self, stage: Stage, warnings: list[str], decision: str, answer: tuple[str, str], at: datetime) -> None:
        who, why = answer
        approval = Approval(self.gate, warnings, decision, who, at.isoformat(timespec="seconds"), why)
        approvals.append(stage.home, stage.run, approval)
        stage.result = {"answers": [approval.line]}
