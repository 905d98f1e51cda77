{{ log() }}

with source as (
    {{ sound_records('payments') }}
),

renamed as (
    select
        {{ record_columns() }},

        -- keys: a payment enterprise's own transaction (import), an order's receipt (export)
        case flow
            when 'I' then {{ key(["'I'", 'pay_code', 'pay_transaction_id']) }}
            else {{ key(["'E'", 'ebp_code', 'order_no', 'pay_no']) }}
        end as payment_key,
        {{ key(['ebp_code', 'order_no']) }} as order_key,
        ebp_code,
        order_no,
        pay_code,
        coalesce(pay_transaction_id, pay_no) as pay_transaction_id,

        -- money
        {{ amount('coalesce(amount_paid, charge)') }} as amount_paid,
        {{ customs_currency('currency') }} as currency,
        {{ moment('coalesce(pay_time, accounting_date)') }} as paid_at,

        -- persons
        payer_id_type,
        payer_id_number,
        payer_name
    from source
)

select * from renamed
