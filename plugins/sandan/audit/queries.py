"""What an audit report asks; `{names}` are tables as the run left them, $run_date is its date."""

from __future__ import annotations

#: rows of a table on a page; the rest is in the table that it names
MOST = 500

RUN = "select * from {runs} where run_date = $run_date"
SOURCES = """
select
    source_id, count(*) as files, count(*) filter (state = 'repeated') as repeated,
    count(*) filter (state = 'quarantined') as quarantined, coalesce(sum(if(state = 'read', records, 0)), 0) as records
from {files} where run_date = $run_date
group by source_id order by source_id
"""
#: what each source sent on the date before, as the run knew it
SOURCES_BEFORE = """
select source_id, coalesce(sum(if(state = 'read', records, 0)), 0) as records
from {files} where run_date = (select max(run_date) from {runs} where run_date < $run_date)
group by source_id
"""
REJECTED_BEFORE = """
select count(*) as records
from {quarantine}
where run_date = (select max(run_date) from {runs} where run_date < $run_date) and position is not null
"""
CONSERVED = """
select
    source_id, count(*) as files, sum(received) as received, sum(accepted) as accepted,
    sum(superseded) as superseded, sum(duplicate + stale + draft) as ignored, sum(quarantined) as quarantined,
    sum(received) - sum(accepted + superseded + duplicate + stale + draft + quarantined) as lost,
    count(*) filter (received <> accepted + superseded + duplicate + stale + draft + quarantined) as files_wrong
from {conservation} where run_date = $run_date
group by source_id order by source_id
"""
#: what a source sent and conservation does not account for, or the other way round
UNCOUNTED = """
select count(*) as files
from (select source_id, sha256, records from {files} where run_date = $run_date and state = 'read') as sent
full join (select source_id, sha256, received from {conservation} where run_date = $run_date and received > 0) as kept
    using (source_id, sha256)
where coalesce(sent.records, 0) <> coalesce(kept.received, 0)
"""
REJECTED = """
select
    source_id, coalesce(rule_ids[1], '') as rule_id, count(*) as records, count(*) filter (position is null) as files,
    min_by(reason, (path, position)) as sample
from {quarantine} where run_date = $run_date
group by all order by records desc, source_id, rule_id
"""
FILES = f"""
select source_id, path, left(sha256, 16) as sha256, bytes, records, state, reason
from {{files}} where run_date = $run_date
order by state = 'read', source_id, path limit {MOST}
"""
FILES_CONSERVED = f"""
select
    files.source_id, files.path, left(files.sha256, 16) as sha256, files.state, files.reason, files.records,
    kept.accepted, kept.superseded, kept.ignored, kept.quarantined
from {{files}} as files
left join (
    select source_id, sha256, sum(accepted) as accepted, sum(superseded) as superseded,
        sum(duplicate + stale + draft) as ignored, sum(quarantined) as quarantined
    from {{conservation}} where run_date = $run_date group by all
) as kept on kept.source_id = files.source_id and kept.sha256 = files.sha256 and files.state = 'read'
where files.run_date = $run_date
order by files.state = 'read', coalesce(kept.quarantined, 0) = 0, files.source_id, files.path limit {MOST}
"""
RECORDS = f"""
select source_id, path, position, list, natural_key, rule_ids, reason
from {{quarantine}} where run_date = $run_date
order by source_id, rule_ids, path, position limit {MOST}
"""
HOW_MANY = """
select (select count(*) from {files} where run_date = $run_date) as files,
    (select count(*) from {quarantine} where run_date = $run_date) as records
"""
GATES = """
select stage, suite, expectation, severity, success, observed, bounds, says, protects, answers, hurts, subject, value,
    lower, upper, basis
from {gate_results}
where run_date = $run_date and list_contains($gates, stage)
order by success, severity, stage, suite, expectation, subject
"""
#: decisions of the run: each step has what the one before had
FUNNEL = """
select
    flow, count(*) as declared,
    count(*) filter (has_order) as with_order,
    count(*) filter (has_order and has_payment) as with_payment,
    count(*) filter (has_order and has_payment and has_waybill) as with_all,
    count(*) filter (
        has_order and has_payment and has_waybill and status in ('released', 'closed', 'returned')
    ) as released
from {facts} where run_date = $run_date and status <> 'cancelled'
group by flow order by flow
"""
DECIDED = """
select count(*) as declarations, count(*) filter (status = 'cancelled') as cancelled
from {facts} where run_date = $run_date
"""
STATUSES = """
select status, count(*) as declarations, coalesce(sum(goods_value_cny), 0) as value_cny from {facts} group by status
"""
#: rules that speak since this run, and all for which they speak
FOUND = """
select rule_id, any_value(action) as action, count(*) filter (found_on = $run_date) as new, count(*) as open
from {findings}
group by rule_id order by new desc, open desc, rule_id
"""
#: items for which the rate library has no row (REB06), beside all items
WITHOUT_RATE = """
select count(*) filter (list_contains(reason_rules, 'REB06')) as items, count(*) as all_items from {rebates}
"""
#: new findings by the party that the remedy of their rule names, and all together; a payment has no code in the facts
PARTIES = """
with remedies as (select unnest($rules) as rule_id, unnest($parties) as party),
found as (
    select
        (findings.ebc_code, findings.cop_no) as declaration, findings.rule_id, findings.action,
        coalesce(remedies.party, '') as party,
        case remedies.party
            when 'enterprise' then findings.ebc_code when 'platform' then facts.ebp_code
            when 'logistics' then facts.logistics_code
        end as code
    from {findings} as findings
    left join {facts} as facts on facts.ebc_code = findings.ebc_code and facts.cop_no = findings.cop_no
    left join remedies on remedies.rule_id = findings.rule_id
    where findings.found_on = $run_date
)
select
    party, grouping(party) = 1 as is_all, count(*) as findings, count(*) filter (action = 'wait') as awaited,
    count(distinct declaration) as declarations, histogram(rule_id) as rules,
    histogram(code) as codes
from found group by grouping sets ((party), ()) order by is_all, findings desc, party
"""
RECEIPTS = """
select
    count(*) as receipts, count(distinct source_id) as sources,
    count(*) filter (starts_with(receipt_id, 'R')) as records,
    count(*) filter (starts_with(receipt_id, 'F')) as files,
    count(*) filter (starts_with(receipt_id, 'D')) as declarations
from {receipts} where run_date = $run_date
"""
MISMATCHES = """
select count(*) as open, count(*) filter (since = $run_date) as new from {mismatches}
"""
REBATES = """
select
    count(*) as exported, count(*) filter (form_no is not null) as on_form,
    count(*) filter (form_no is not null and declaration_no is not null) as closed,
    count(*) filter (form_no is not null and declaration_no is not null and relation_no is not null) as claimed,
    count(*) filter (
        form_no is not null and declaration_no is not null and relation_no is not null and refund_amount > 0
    ) as refunded,
    coalesce(sum(refund_amount), 0) as refund_cny
from {rebates}
"""
VERDICTS = """
select verdict, count(*) as items, coalesce(sum(refund_amount), 0) as refund_cny from {rebates} group by verdict
"""
PENDING = """
select rule_id, count(*) as items
from (select unnest(reason_rules) as rule_id from {rebates} where verdict in ('pending', 'blocked'))
group by rule_id order by items desc, rule_id limit 10
"""
IS_SIMULATED = """
select exists (from {facts} where starts_with(ebc_code, '99')) as said
"""
#: of the index, on the newest snapshot
RUNS = """
with counted as (
    select run_date, sum(received) as received, sum(quarantined) as quarantined from {conservation} group by run_date
),
whole as (select run_date, count(*) filter (state = 'quarantined') as files from {files} group by run_date),
gates as (
    select run_date, count(distinct (stage, suite, expectation)) filter (not success) as warnings
    from {gate_results} where stage not in ('consolidated', 'statistics') group by run_date
)
select
    runs.run_date, runs.run_id, runs.ended_at, runs.rates_simulated, runs.rules_skipped, runs.approvals,
    coalesce(received, 0) as received, coalesce(quarantined, 0) as quarantined, coalesce(files, 0) as files,
    coalesce(warnings, 0) as warnings
from {runs} as runs
left join counted using (run_date) left join whole using (run_date) left join gates using (run_date)
order by runs.run_date desc
"""
TABLES_OF_MONTHS = """
select table_name from duckdb_tables()
where database_name = 'published' and schema_name = 'audit' and table_name in ('consolidations', 'trade_vintages')
"""
CONSOLIDATIONS = """
select
    month, month as run, approvals,
    (
        select count(distinct (suite, expectation)) from {gate_results} as results
        where stage = 'consolidated' and not success and strftime(results.run_date, '%Y-%m') = done.month
    ) as warnings
from {consolidations} as done
order by month desc
"""
#: what its gate saw is known of the last vintage of a month
VINTAGES = """
select
    month, month || ' · vintage ' || vintage_no as run, vintage_no, vintage, approvals,
    if(
        row_number() over (partition by month order by vintage_no desc) = 1,
        (
            select count(distinct (suite, expectation)) from {gate_results} as results
            where stage = 'statistics' and not success and strftime(results.run_date, '%Y-%m') = done.month
        ),
        null
    ) as warnings
from {vintages} as done
order by month desc, vintage_no desc
"""
#: of the page of a month's run, as the lake was then
CONSOLIDATION = "select * from {consolidations} where month = $month"
VINTAGE = "select * from {vintages} where month = $month and vintage_no = $vintage_no"
MERGED = "select * from {merged} where month = $month"
COVERED = """
select *, duplicate + stale + draft as ignored,
    received - (accepted + superseded + duplicate + stale + draft + quarantined) as lost
from {coverage} where period = $month and vintage_no = $vintage_no order by source_id, list
"""
COUNTED = """
from (
    select flow, 'counted' as reason, count(distinct (ebc_code, cop_no)) as declarations, count(*) as items,
        sum(value_cny) as value_cny
    from {items} where period = $month and vintage_no = $vintage_no group by flow
    union all
    select flow, reason, sum(declarations), sum(items), sum(value_cny)
    from {exclusions} where period = $month and vintage_no = $vintage_no and reason <> 'counted' group by flow, reason
)
order by flow, reason <> 'counted', items desc
"""
REVISED = "from {revisions} where period = $month and vintage_no = $vintage_no order by flow, measure"
#: what closed or was decided, and is neither in the figures of a month nor among what was left out
UNMERGED = """
select closed as received, abs(closed - consolidated - left_out_simplified - left_out_returned) as lost
from {merged} where month = $month
"""
UNCOUNTED_ITEMS = """
select items + items_left_out as received,
    abs(items - (select count(*) from {items} where period = $month and vintage_no = $vintage_no))
    + abs(items_left_out - (
        select coalesce(sum(items), 0) from {exclusions}
        where period = $month and vintage_no = $vintage_no and reason <> 'counted'
    )) as lost
from {vintages} where month = $month and vintage_no = $vintage_no
"""
