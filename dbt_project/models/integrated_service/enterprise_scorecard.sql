{{ weekly() }}

with counts as (
    select
        ebc_code,
        measure,
        list,
        source_id,
        rule_id,
        sum(hits) as hits,
        sum(total) as total
    from {{ ref('scorecard_counts') }}
    where run_date between {{ week_of(run_date()) }} and {{ week_of(run_date()) }} + 6
    group by ebc_code, measure, list, source_id, rule_id
),

-- whoever had declarations (matched) or records (rejected) in the week is counted for every rule that somebody failed
wholes as (
    select
        case measure when 'matched' then 'rule_failed' else measure end as measure,
        ebc_code,
        list,
        total
    from counts
    where measure = 'matched' or (measure = 'rejected' and rule_id is null)
),

rules as (
    select distinct
        measure,
        list,
        rule_id
    from counts
    where rule_id is not null
),

by_rule as (
    select
        rules.measure,
        wholes.ebc_code,
        wholes.list,
        rules.rule_id,
        coalesce(counts.hits, 0) as hits,
        wholes.total
    from rules
    inner join wholes on rules.measure = wholes.measure and rules.list is not distinct from wholes.list
    left join counts
        on
            wholes.ebc_code = counts.ebc_code
            and rules.measure = counts.measure
            and rules.list is not distinct from counts.list
            and rules.rule_id = counts.rule_id
),

measures as (
    select * from counts
    where measure in ('matched', 'held', 'first_pass')
    union all by name
    select * from by_rule
),

shared as (
    select
        *,
        {{ share_in('cast(hits as decimal(19, 5))', 'cast(total as decimal(19, 5))') }} as share,
        cast(count(*) over same - 1 as integer) as peers,
        row_number() over (same order by hits / total, ebc_code) as place
    from measures
    where total > 0
    window same as (partition by measure, list, source_id, rule_id)
),

-- shares of all in ascending order; the others are all but the one in the own place
orders as (
    select
        measure,
        list,
        source_id,
        rule_id,
        list(share order by place) as shares
    from shared
    group by measure, list, source_id, rule_id
),

placed as (
    select
        shared.*,
        orders.shares,
        (shared.peers + 1) // 2 + cast((shared.peers + 1) // 2 >= shared.place as integer) as lower_place,
        shared.peers // 2 + 1 + cast(shared.peers // 2 + 1 >= shared.place as integer) as upper_place
    from shared
    inner join orders
        on
            shared.measure = orders.measure
            and shared.list is not distinct from orders.list
            and shared.source_id is not distinct from orders.source_id
            and shared.rule_id is not distinct from orders.rule_id
)

select
    -- key
    ebc_code,
    {{ week_of(run_date()) }} as week,
    measure,
    list,
    source_id,
    rule_id,

    -- what it is
    cast(hits as integer) as hits,
    cast(total as integer) as total,
    share,

    -- beside others
    case when peers >= 5 then cast((shares[lower_place] + shares[upper_place]) * 0.5 as decimal(19, 5)) end as peer_median,
    peers,

    -- runs
    {{ run_date() }} as changed_on
from placed
