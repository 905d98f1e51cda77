{{ config(materialized="view") }}

-- import only: the order in itself, and what payment and waybill say of it
with ord07 as (
    select
        declaration_key,
        'ORD07' as rule_id,
        'goods ' || {{ shown('order_goods_value') }} || ' + freight ' || {{ shown('order_freight') }}
        || ' + tax ' || {{ shown('order_tax_total') }} || ' − discount ' || {{ shown('order_discount') }}
        || ' = ' || {{ shown('due') }} as expected,
        'order: paid ' || coalesce({{ shown('order_actural_paid') }}, 'nothing') as observed
    from (
        select
            declaration_key,
            has_order,
            order_actural_paid,
            coalesce(order_goods_value, 0) as order_goods_value,
            coalesce(order_freight, 0) as order_freight,
            coalesce(order_tax_total, 0) as order_tax_total,
            coalesce(order_discount, 0) as order_discount,
            coalesce(order_goods_value, 0) + coalesce(order_freight, 0) + coalesce(order_tax_total, 0) - coalesce(order_discount, 0) as due
        from {{ ref('matched_imports') }}
    ) as orders
    where has_order and not coalesce(abs(order_actural_paid - due) <= {{ parameter('ORD07') }}, false)
),

ord08 as (
    select
        declaration_key,
        'ORD08' as rule_id,
        'items ' || order_lines || ', as in the order' as expected,
        'declared: items ' || lines as observed
    from {{ ref('matched_imports') }}
    where has_order and lines <> order_lines
),

payments_named as (
    select
        imports.declaration_key,
        any_value(imports.order_pay_transaction_id) as transaction_named,
        any_value(imports.order_pay_code) as enterprise_named,
        bool_or(payments.pay_transaction_id is not distinct from imports.order_pay_transaction_id) as has_transaction,
        bool_and(payments.pay_code is not distinct from imports.order_pay_code) as has_enterprise,
        {{ shown_lines("coalesce(payments.pay_transaction_id, 'none')", "payments.pay_transaction_id") }} as transactions,
        array_to_string(list_sort(list(distinct coalesce(payments.pay_code, 'none'))), ', ') as enterprises
    from {{ ref('matched_imports') }} as imports
    inner join {{ ref('matched_payments') }} as payments on imports.order_key = payments.order_key
    where imports.has_order and (imports.order_pay_transaction_id is not null or imports.order_pay_code is not null)
    group by imports.declaration_key
),

pay04 as (
    select
        declaration_key,
        'PAY04' as rule_id,
        'transaction ' || transaction_named || ', which the order names' as expected,
        'paid by transaction ' || transactions as observed
    from payments_named
    where transaction_named is not null and not has_transaction
),

pay05 as (
    select
        declaration_key,
        'PAY05' as rule_id,
        'payment enterprise ' || enterprise_named || ', which the order names' as expected,
        'paid through ' || enterprises as observed
    from payments_named
    where enterprise_named is not null and not has_enterprise
),

log05 as (
    select
        declaration_key,
        'LOG05' as rule_id,
        'order ' || coalesce(order_no, 'none') as expected,
        'waybill: order ' || coalesce(waybill_order_no, 'none') as observed
    from {{ ref('matched_imports') }}
    where has_waybill and order_no is distinct from waybill_order_no
)

select * from ord07
union all
select * from ord08
union all
select * from pay04
union all
select * from pay05
union all
select * from log05
