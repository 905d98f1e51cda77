{{ config(materialized="view") }}

with pay01 as (
    select
        declaration_key,
        'PAY01' as rule_id,
        case flow when 'E' then 'goods and freight ' else 'to be paid ' end || coalesce({{ shown('amount_due') }}, 'unknown') as expected,
        'paid ' || {{ shown('amount_paid') }} || case when payments > 1 then ' in ' || payments || ' payments' else '' end as observed
    from {{ ref('matched') }}
    where has_order and has_payment and not coalesce(abs(amount_paid - amount_due) <= {{ parameter('PAY01', 'flow') }}, false)
),

pay02 as (
    select
        matched.declaration_key,
        'PAY02' as rule_id,
        'currency ' || coalesce(any_value(matched.order_currency), 'none') || ' of the order' as expected,
        'paid in ' || array_to_string(list_sort(list(distinct coalesce(payments.currency, 'none'))), ', ') as observed
    from {{ ref('matched') }} as matched
    inner join {{ ref('matched_payments') }} as payments on matched.order_key = payments.order_key
    where matched.has_order and payments.currency is distinct from matched.order_currency
    group by matched.declaration_key
)

select * from pay01
union all
select * from pay02
