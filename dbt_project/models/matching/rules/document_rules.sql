{{ config(materialized="view") }}

with doc01 as (
    select
        declaration_key,
        'DOC01' as rule_id,
        'order ' || coalesce({{ shown_key('order_key') }}, 'named by the declaration') as expected,
        'not received' as observed
    from {{ ref('matched') }}
    where not has_order
),

doc02 as (
    select
        declaration_key,
        'DOC02' as rule_id,
        'payment of order ' || coalesce({{ shown_key('order_key') }}, 'named by the declaration') as expected,
        'not received' as observed
    from {{ ref('matched') }}
    where not has_payment
),

doc03 as (
    select
        declaration_key,
        'DOC03' as rule_id,
        'waybill ' || coalesce({{ shown_key('waybill_key') }}, 'named by the declaration') as expected,
        'not received' as observed
    from {{ ref('matched') }}
    where not has_waybill
),

-- a list that the catalogue does not wait for is not late either
awaited as (
    select
        flow,
        supervision_mode,
        bool_or(rule_id = 'DOC01') as order_awaited,
        bool_or(rule_id = 'DOC02') as payment_awaited,
        bool_or(rule_id = 'DOC03') as waybill_awaited
    from {{ ref('rule_actions') }}
    where action = 'wait'
    group by flow, supervision_mode
),

doc04 as (
    select
        matched.declaration_key,
        'DOC04' as rule_id,
        'three lists within ' || {{ shown(parameter('DOC04', 'matched.flow')) }} || ' days of ' || matched.declared_date as expected,
        'incomplete after ' || ({{ run_date() }} - matched.declared_date) || ' days' as observed
    from {{ ref('matched') }} as matched
    inner join awaited
        on matched.flow = awaited.flow and matched.supervision_mode is not distinct from awaited.supervision_mode
    where
        (
            (awaited.order_awaited and not matched.has_order)
            or (awaited.payment_awaited and not matched.has_payment)
            or (awaited.waybill_awaited and not matched.has_waybill)
        )
        and {{ run_date() }} - matched.declared_date > {{ parameter('DOC04', 'matched.flow') }}
)

select * from doc01
union all
select * from doc02
union all
select * from doc03
union all
select * from doc04
