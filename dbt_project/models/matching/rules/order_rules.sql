{{ config(materialized="view") }}

with ord01 as (
    select
        declaration_key,
        'ORD01' as rule_id,
        'enterprise ' || coalesce(ebc_code, 'none') as expected,
        'order: enterprise ' || coalesce(order_ebc_code, 'none') as observed
    from {{ ref('matched') }}
    where has_order and ebc_code is distinct from order_ebc_code
),

ord02 as (
    select
        declaration_key,
        'ORD02' as rule_id,
        {{ shown_lines("'line ' || gnum || ' in the order' || coalesce(' as item ' || item_no, '')", 'gnum') }} as expected,
        {{ shown_lines("'line ' || gnum || coalesce(' is item ' || order_item_no, ' is not there')", 'gnum') }} as observed
    from {{ ref('matched_items') }}
    where has_order and (not has_order_item or item_no <> order_item_no)
    group by declaration_key
),

ord04 as (
    select
        declaration_key,
        'ORD04' as rule_id,
        {{ shown_lines("'line ' || gnum || ': order price ' || " ~ shown('order_price'), 'gnum') }} as expected,
        {{ shown_lines("'line ' || gnum || ': declared price ' || " ~ shown('price'), 'gnum') }} as observed
    from {{ ref('matched_items') }}
    where has_order_item and abs(price - order_price) > {{ parameter('ORD04', 'flow') }}
    group by declaration_key
),

ord05 as (
    select
        declaration_key,
        'ORD05' as rule_id,
        {{ shown_lines("'line ' || gnum || ': ' || " ~ shown('qty') ~ " || ' × ' || " ~ shown('price'), 'gnum') }} as expected,
        {{ shown_lines("'line ' || gnum || ': total ' || " ~ shown('total_price'), 'gnum') }} as observed
    from {{ ref('matched_items') }}
    where abs({{ product('qty', 'price') }} - total_price) > {{ parameter('ORD05', 'flow') }}
    group by declaration_key
),

-- import: the head names a currency too
declared_currencies as (
    select
        declaration_key,
        currency,
        'line ' || gnum as place,
        gnum
    from {{ ref('declared_items') }}
    union all
    select
        declaration_key,
        currency,
        'head' as place,
        0 as gnum
    from {{ ref('matched') }}
    where flow = 'I'
),

ord06 as (
    select
        matched.declaration_key,
        'ORD06' as rule_id,
        'currency ' || coalesce(any_value(matched.order_currency), 'none') || ' of the order' as expected,
        {{ shown_lines("declared.place || ': currency ' || coalesce(declared.currency, 'none')", 'declared.gnum') }} as observed
    from {{ ref('matched') }} as matched
    inner join declared_currencies as declared on matched.declaration_key = declared.declaration_key
    where matched.has_order and declared.currency is distinct from matched.order_currency
    group by matched.declaration_key
)

select * from ord01
union all
select * from ord02
union all
select * from ord04
union all
select * from ord05
union all
select * from ord06
