{{ log() }}

with source as (
    {{ sound_items('invoice_items', ref('stg_invoices')) }}
),

renamed as (
    select
        run_date,
        record_id,
        {{ whole('gnum') }} as gnum,
        goods_name,
        unit,
        {{ amount('qty') }} as qty,
        {{ amount('net_amount') }} as net_amount,
        {{ amount('tax_rate') }} as tax_rate,
        {{ amount('tax_amount') }} as tax_amount
    from source
)

select * from renamed
