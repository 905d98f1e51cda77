{{ log() }}

with source as (
    {{ sound_items('order_items', ref('stg_orders')) }}
),

renamed as (
    select
        run_date,
        record_id,
        {{ whole('gnum') }} as gnum,
        item_no,
        item_name,
        unit,
        {{ customs_currency('currency') }} as currency,
        {{ amount('qty') }} as qty,
        {{ amount('price') }} as price,
        {{ amount('total_price') }} as total_price
    from source
)

select * from renamed
