{{ config(materialized="view") }}

with log01 as (
    select
        declaration_key,
        'LOG01' as rule_id,
        'gross weight ' || {{ shown('gross_weight_kg') }} || ' kg ± ' || {{ shown(parameter('LOG01', 'flow')) }} || ' %' as expected,
        'waybill: ' || coalesce({{ shown('waybill_gross_weight') }}, 'no') || ' kg' as observed
    from {{ ref('matched') }}
    where
        has_waybill
        and not coalesce(100 * abs(waybill_gross_weight - gross_weight_kg) <= {{ parameter('LOG01', 'flow') }} * gross_weight_kg, false)
),

log02 as (
    select
        declaration_key,
        'LOG02' as rule_id,
        'pieces ' || coalesce(cast(pack_no as varchar), 'none') as expected,
        'waybill: pieces ' || coalesce(cast(waybill_pack_no as varchar), 'none') as observed
    from {{ ref('matched') }}
    where has_waybill and pack_no is distinct from waybill_pack_no
)

select * from log01
union all
select * from log02
