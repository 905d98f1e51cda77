{{ log() }}

with source as (
    {{ sound_records('zone_registrations') }}
),

renamed as (
    select
        {{ record_columns() }},
        {{ key(['ebc_code', 'cop_no', number('gnum')]) }} as zone_registration_key,
        {{ key(['ebc_code', 'cop_no']) }} as declaration_key,
        ebc_code,
        cop_no,
        {{ whole('gnum') }} as gnum,
        zone_code,
        {{ day('export_date') }} as export_date,
        goods_name,
        unit,
        {{ amount('qty') }} as qty,
        {{ amount('price') }} as price,
        {{ amount('amount') }} as amount
    from source
)

select * from renamed
