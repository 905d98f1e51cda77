-- current payments of the orders that a declaration in scope names, also while the order itself is missing
with order_keys as (
    select distinct order_key as key
    from {{ ref('declared') }}
    where order_key is not null
),

-- a payment may have named another order in an earlier version
keys as (
    select distinct records.key
    from {{ ref('current_records') }} as records
    semi join order_keys on records.order_key = order_keys.key
    where records.list = 'payment' and records.run_date <= {{ run_date() }}
),

current_payments as (
    {{ current_records_of('payment', 'keys') }}
)

select
    payments.* exclude (payer_id_number, payer_name),
    {{ persons(['payer_id_number', 'payer_name'], 'payments') }}
from current_payments
inner join {{ ref('stg_payments') }} as payments on current_payments.record_id = payments.record_id
semi join order_keys on payments.order_key = order_keys.key
where current_payments.is_live
