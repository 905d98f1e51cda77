{{ log() }}

with source as (
    {{ sound_items('declaration_items', ref('stg_declarations')) }}
),

renamed as (
    select
        run_date,
        record_id,
        {{ whole('gnum') }} as gnum,
        item_no,
        gcode as hs_code,
        gname as goods_name,
        {{ amount('qty') }} as qty,
        unit,
        {{ amount('qty1') }} as qty1,
        unit1,
        {{ amount('qty2') }} as qty2,
        unit2,
        {{ customs_currency('currency') }} as currency,
        {{ amount('price') }} as price,
        {{ amount('total_price') }} as total_price,
        {{ alpha3('country') }} as country
    from source
)

select * from renamed
