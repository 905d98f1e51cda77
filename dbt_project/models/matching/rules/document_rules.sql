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

doc04 as (
    select
        declaration_key,
        'DOC04' as rule_id,
        'three lists within ' || {{ shown(parameter('DOC04')) }} || ' days of ' || declared_date as expected,
        'incomplete after ' || ({{ run_date() }} - declared_date) || ' days' as observed
    from {{ ref('matched') }}
    where
        not (has_order and has_payment and has_waybill)
        and {{ run_date() }} - declared_date > {{ parameter('DOC04') }}
)

select * from doc01
union all
select * from doc02
union all
select * from doc03
union all
select * from doc04
