{{ config(materialized="view") }}

-- import only: what the dutiable value decides; not judged where a rate is missing
with lim01 as (
    select
        declaration_key,
        'LIM01' as rule_id,
        'at most ' || {{ shown(parameter('LIM01')) }} || ' CNY, or one single item' as expected,
        'dutiable value ' || {{ shown('dutiable_value') }} || ' CNY' as observed
    from {{ ref('dutiable_values') }}
    where dutiable_value > {{ parameter('LIM01') }} and not is_single_item
),

tax01 as (
    select
        imports.declaration_key,
        'TAX01' as rule_id,
        'tax ' || {{ shown('dutiable.tax_due') }} || ' CNY' as expected,
        'order: tax ' || coalesce({{ shown('imports.order_tax_total') }}, 'none') || ' CNY' as observed
    from {{ ref('matched_imports') }} as imports
    inner join {{ ref('dutiable_values') }} as dutiable on imports.declaration_key = dutiable.declaration_key
    where imports.has_order and abs(coalesce(imports.order_tax_total, 0) - dutiable.tax_due) > {{ parameter('TAX01') }} * imports.lines
)

select * from lim01
union all
select * from tax01
