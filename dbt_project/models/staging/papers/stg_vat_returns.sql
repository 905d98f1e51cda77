{{ log() }}

with source as (
    {{ sound_records('vat_returns') }}
),

renamed as (
    select
        {{ record_columns() }},
        {{ key(['taxpayer_id', 'period']) }} as vat_return_key,
        taxpayer_id,
        period,
        {{ amount('ending_credit') }} as ending_credit,
        {{ amount('duty_free_material') }} as duty_free_material
    from source
)

select * from renamed
