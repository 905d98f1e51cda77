{{ log() }}

with source as (
    {{ sound_records('taxpayers') }}
),

renamed as (
    select
        {{ record_columns() }},
        {{ key(['taxpayer_id', 'valid_from']) }} as taxpayer_key,
        taxpayer_id,
        party_code,
        vat_status,
        {{ day('rebate_filed_on') }} as rebate_filed_on,
        rebate_class,
        rebate_method,
        zone_code,
        {{ day('valid_from') }} as valid_from,
        {{ day('valid_to') }} as valid_to
    from source
)

select * from renamed
