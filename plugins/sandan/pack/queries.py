"""What a report asks of the rows of one enterprise. `package` has the date of the last run, `as_of`."""

from __future__ import annotations

#: the order of the contract; what is held without a day is weighed as if it had the thirty of the waiting window
RANKED = """
with open_lines as (
    select due_on - as_of as days_left, coalesce(due_on < as_of, false) as is_overdue, enterprise_worklist.*
    from enterprise_worklist, package
    where closed_on is null
)
select * exclude (ebc_code, changed_on, closed_on, closed_because)
from open_lines
order by is_overdue desc,
    money_cny / greatest(coalesce(days_left, 30), 1) desc nulls last, due_on nulls last, fact_key
"""
#: the same, of lines for which the same party does the same thing: that is one call, one letter
ACTIONS = f"""
with ranked as ({RANKED}),
named as (
    select
        is_overdue, kind, rule_id, party, remedy_zh, remedy_en, coalesce(cop_no, form_no, detail) as name,
        count(*) as lines, sum(money_cny) as money_cny, min(due_on) as due_on, min(days_left) as days_left,
        sum(money_cny / greatest(coalesce(days_left, 30), 1)) as weight
    from ranked
    group by all
)
select
    is_overdue, kind, rule_id, party, remedy_zh, remedy_en,
    cast(sum(lines) as bigint) as lines, count(*) as names_in_all, sum(money_cny) as money_cny, min(due_on) as due_on,
    min(days_left) as days_left, array_slice(list(name order by weight desc nulls last, name), 1, 3) as names
from named
group by all
order by is_overdue desc, sum(weight) desc nulls last, due_on nulls last, kind, rule_id, party, remedy_en
"""
TODO = """
select count(*) as lines, count(*) filter (due_on < (select as_of from package)) as overdue
from enterprise_worklist where closed_on is null
"""
#: what was expected before this week is no news: it stands in one sum
COMING = """
with weeks as (
    select *, week >= date_trunc('week', (select as_of from package)) as is_ahead from enterprise_rebate_finance
)
select
    coalesce(sum(complete_cny) filter (is_ahead), 0) as complete,
    coalesce(sum(incomplete_cny) filter (is_ahead), 0) as incomplete,
    coalesce(sum(complete_cny) filter (not is_ahead), 0) as complete_before,
    coalesce(sum(incomplete_cny) filter (not is_ahead), 0) as incomplete_before
from weeks
"""
#: this week and the seven after it, then all that comes later in one
NEXT_WEEKS = """
with ahead as (
    select cast(date_trunc('week', as_of) as date) + cast(7 * n as integer) as week, n
    from package, range(9) as weeks (n)
)
select
    ahead.week, ahead.n = 8 as is_rest,
    coalesce(sum(complete_cny), 0) as complete_cny, coalesce(sum(incomplete_cny), 0) as incomplete_cny
from ahead left join enterprise_rebate_finance as finance
    on finance.week = ahead.week or (ahead.n = 8 and finance.week > ahead.week)
group by ahead.week, ahead.n
order by ahead.n
"""
WEEKS = """
select week, items, refund_cny, complete_cny, incomplete_cny, incomplete_items
from enterprise_rebate_finance
where week >= date_trunc('week', (select as_of from package))
order by week
"""
CONCENTRATION = """
select name, refund_cny, share
from enterprise_concentration where kind = '{kind}'
order by refund_cny desc, name limit {shown}
"""
#: ages are counted here, from the last run, not from the run that last touched the row
FOREX = """
with aged as (
    select enterprise_forex_open.*, due_on < as_of as is_overdue, as_of - since as age
    from enterprise_forex_open, package
), open_now as (
    select
        currency,
        sum(open) as open, sum(open) filter (is_overdue) as overdue, min(due_on) as due_on,
        sum(open) filter (age <= 30) as open_0_30, sum(open) filter (age between 31 and 90) as open_31_90,
        sum(open) filter (age between 91 and 180) as open_91_180, sum(open) filter (age > 180) as open_over_180
    from aged group by currency
)
select
    currency, declared, received, netted, returned, gain_cny,
    coalesce(open_now.open, 0) as open, coalesce(open_now.overdue, 0) as overdue, open_now.due_on,
    [coalesce(open_now.open_0_30, 0), coalesce(open_now.open_31_90, 0), coalesce(open_now.open_91_180, 0),
        coalesce(open_now.open_over_180, 0)] as ages
from enterprise_forex left join open_now using (currency)
order by coalesce(open_now.overdue, 0) > 0 desc, open_now.open desc nulls last, currency
"""
#: in CNY at the rate of declaration, as currencies do not add up
FOREX_TOTAL = """
select coalesce(sum(open_cny), 0) as open_cny, coalesce(sum(open_cny) filter (due_on < as_of), 0) as overdue_cny
from enterprise_forex_open, package
"""
#: means, not medians: of all destinations together only sums are known
LEGS = """
select leg, logistics_code, sum(parcels) as parcels, sum(hours_sum) / sum(parcels) as hours, sum(late) as late
from enterprise_logistics
where leg <> 'all' and parcels > 0
group by leg, logistics_code
order by sum(sum(parcels)) over (partition by logistics_code) desc, logistics_code
"""
CARRIERS = """
select
    logistics_code, destination, parcels, lost, weight_differs, freight_cny, weight_kg, cny_per_parcel, cny_per_kg,
    (
        select hours_median from enterprise_logistics as whole
        where whole.leg = 'ordered_to_closed' and whole.logistics_code is not distinct from parcel.logistics_code
            and whole.destination is not distinct from parcel.destination
    ) as hours_median
from enterprise_logistics as parcel
where leg = 'all'
order by parcels desc, logistics_code, destination
"""
#: first_pass is counted by list and source, the rest by week alone
TREND = """
select week, measure, sum(hits) / sum(total) as share, any_value(peer_median) as peer_median
from enterprise_scorecard
where measure in ('matched', 'held') and total > 0
group by week, measure
order by week
"""
SCORES = """
with last_week as (select max(week) as week from enterprise_scorecard)
select measure, list, source_id, rule_id, hits, total, share, peer_median, peers
from enterprise_scorecard
where week = (select week from last_week) and (hits > 0 or rule_id is null)
order by
    list_position(['matched', 'held', 'first_pass', 'rejected', 'rule_failed'], measure), share desc,
    list, source_id, rule_id
"""
SCORED_WEEK = "select max(week) as week from enterprise_scorecard"
PARCELS = "select count(*) as parcels from clearance_facts"
#: there once a month was consolidated
NAMED = "consolidated_declarations"
NAME = f"select max_by(ebc_name, month) as name from {NAMED}"
