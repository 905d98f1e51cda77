{{ log() }}

with source as (
    {{ sound_records('orders') }}
),

renamed as (
    select
        {{ record_columns() }},

        -- keys
        {{ key(['ebp_code', 'order_no']) }} as order_key,
        ebp_code,
        order_no,
        ebc_code,

        -- money
        {{ amount('goods_value') }} as goods_value,
        {{ amount('freight') }} as freight,
        {{ amount('discount') }} as discount,
        {{ amount('tax_total') }} as tax_total,
        {{ amount('actural_paid') }} as actural_paid,
        {{ customs_currency('currency') }} as currency,

        -- payment that the order names
        pay_code,
        pay_transaction_id,

        -- persons
        buyer_id_type,
        buyer_id_number,
        buyer_name,
        buyer_telephone,
        consignee,
        consignee_telephone,
        consignee_address
    from source
)

select * from renamed
