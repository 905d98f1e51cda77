{{ log() }}

with source as (
    {{ sound_items('closing_items', ref('stg_closings')) }}
),

renamed as (
    select
        run_date,
        record_id,
        {{ whole('gnum') }} as gnum,
        gcode,
        gname,
        {{ amount('qty') }} as qty,
        unit,
        {{ customs_currency('currency') }} as currency,
        {{ amount('total_price') }} as total_price
    from source
)

select * from renamed
