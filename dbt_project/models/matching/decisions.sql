{{ log() }}

{%- set columns = {
    'declaration_key': 'varchar', 'ebc_code': 'varchar', 'cop_no': 'varchar', 'flow': 'varchar', 'record_id': 'bigint', 'life_record_id': 'bigint',
    'app_time': 'timestamp', 'declared_date': 'date', 'order_key': 'varchar', 'waybill_key': 'varchar', 'status': 'varchar',
    'failed_rules': 'varchar[]', 'has_order': 'boolean', 'has_payment': 'boolean', 'has_waybill': 'boolean', 'matched_at': 'timestamp',
    'released_at': 'timestamp', 'closed_at': 'timestamp', 'decided_on': 'date'
} %}

-- One row per declaration that the run decided, cancelled or closed, or that a return reached: its whole state at the end of the run.
with log as not materialized (
    {{ earlier('matching', 'decisions', dict(columns, run_date='date')) }}
),

verdicts as (
    select
        declaration_key,
        list_sort(list(rule_id)) as failed_rules,
        case
            when bool_or(action = 'refuse') then 'refused'
            when bool_or(action = 'wait') then 'waiting'
            when bool_or(action = 'review') then 'review'
            else 'released'
        end as status
    from {{ ref('findings') }}
    where run_date = {{ run_date() }}
    group by declaration_key
),

-- released by an earlier run, and a return names it; one that is not whole any more is closed or released again
reached as (
    select
        log.*,
        returning_values.is_whole
    from log
    inner join {{ ref('returning_values') }} as returning_values on log.declaration_key = returning_values.declaration_key
    where returning_values.is_released_before
    qualify row_number() over (partition by log.declaration_key order by log.run_date desc) = 1
),

waybills as (
    select waybill_key from {{ ref('matched') }}
    union
    select waybill_key from reached
),

closings as (
    select
        events.flow,
        events.waybill_key,
        min(events.event_at) as event_at
    from {{ ref('closing_events') }} as events
    semi join waybills on events.waybill_key = waybills.waybill_key
    where events.run_date <= {{ run_date() }}
    group by events.flow, events.waybill_key
),

decided as (
    select
        matched.declaration_key,
        matched.ebc_code,
        matched.cop_no,
        matched.flow,
        matched.record_id,
        matched.life_record_id,
        matched.app_time,
        matched.declared_date,
        matched.order_key,
        matched.waybill_key,
        case
            when coalesce(verdicts.status, 'released') = 'released' and closings.event_at is not null then 'closed'
            else coalesce(verdicts.status, 'released')
        end as status,
        coalesce(verdicts.failed_rules, []) as failed_rules,
        matched.has_order,
        matched.has_payment,
        matched.has_waybill,
        coalesce(
            matched.matched_at, case when matched.has_order and matched.has_payment and matched.has_waybill then {{ run_moment() }} end
        ) as matched_at,
        case when coalesce(verdicts.status, 'released') = 'released' then {{ run_moment() }} end as released_at,
        case when coalesce(verdicts.status, 'released') = 'released' then closings.event_at end as closed_at,
        {{ run_date() }} as decided_on
    from {{ ref('matched') }} as matched
    left join verdicts on matched.declaration_key = verdicts.declaration_key
    left join closings on matched.flow = closings.flow and matched.waybill_key = closings.waybill_key
),

-- released today; a return that came before has waited for it
decided_and_returned as (
    select
        decided.* exclude (status),
        case when decided.released_at is not null and returning_values.is_whole then 'returned' else decided.status end as status
    from decided
    left join {{ ref('returning_values') }} as returning_values on decided.declaration_key = returning_values.declaration_key
),

-- deleted or cancelled by this run: the last decision stands, unless this life of the key never had one
gone as (
    select
        records.key as declaration_key,
        records.record_id,
        records.life_record_id,
        records.app_time,
        records.life_app_time
    from {{ ref('current_records') }} as records
    where records.run_date = {{ run_date() }} and records.list = 'declaration' and not records.is_live
),

last_decisions as (
    select log.*
    from log
    semi join gone on log.declaration_key = gone.declaration_key and log.life_record_id = gone.life_record_id
    qualify row_number() over (partition by log.declaration_key order by log.run_date desc) = 1
),

cancelled as (
    select
        gone.declaration_key,
        declarations.ebc_code,
        declarations.cop_no,
        declarations.flow,
        gone.record_id,
        gone.life_record_id,
        declarations.app_time,
        cast(gone.life_app_time as date) as declared_date,
        declarations.order_key,
        declarations.waybill_key,
        'cancelled' as status,
        coalesce(last.failed_rules, []) as failed_rules,
        coalesce(last.has_order, false) as has_order,
        coalesce(last.has_payment, false) as has_payment,
        coalesce(last.has_waybill, false) as has_waybill,
        last.matched_at,
        cast(null as timestamp) as released_at,
        cast(null as timestamp) as closed_at,
        coalesce(last.decided_on, {{ run_date() }}) as decided_on
    from gone
    inner join {{ ref('stg_declarations') }} as declarations on gone.record_id = declarations.record_id
    left join last_decisions as last on gone.declaration_key = last.declaration_key
),

returned as (
    select
        {%- for column in columns if column not in ('status', 'closed_at') %}
            reached.{{ column }},
        {%- endfor %}
        case when reached.status = 'returned' and reached.is_whole then reached.closed_at else closings.event_at end as closed_at,
        case when reached.is_whole then 'returned' when closings.event_at is not null then 'closed' else 'released' end as status
    from reached
    left join closings on reached.flow = closings.flow and reached.waybill_key = closings.waybill_key
),

-- released by an earlier run, and today's events name the waybill
events as (
    select
        flow,
        waybill_key,
        min(event_at) as event_at
    from {{ ref('closing_events') }}
    where run_date = {{ run_date() }}
    group by flow, waybill_key
),

naming as (
    select distinct decided_before.declaration_key
    from log as decided_before
    semi join events on decided_before.waybill_key = events.waybill_key
),

named as (
    select log.*
    from log
    semi join naming on log.declaration_key = naming.declaration_key
    qualify row_number() over (partition by log.declaration_key order by log.run_date desc) = 1
),

closed as (
    select
        {%- for column in columns if column not in ('status', 'closed_at') %}
            named.{{ column }},
        {%- endfor %}
        'closed' as status,
        events.event_at as closed_at
    from named
    inner join events on named.flow = events.flow and named.waybill_key = events.waybill_key
    anti join returned on named.declaration_key = returned.declaration_key
    where named.status in ('released', 'closed') and events.event_at < coalesce(named.closed_at, timestamp '9999-12-31')
),

decisions as (
    select * from decided_and_returned
    union all by name
    select * from cancelled
    union all by name
    select * from returned
    union all by name
    select * from closed
)

select
    {{ run_date() }} as run_date,
    decisions.*
from decisions
