{{ log() }}

with source as (
    {{ sound_records('closings') }}
),

renamed as (
    select
        {{ record_columns() }},
        {{ key(['form_no']) }} as closing_key,
        form_no,
        declaration_no,
        {{ day('export_date') }} as export_date,
        customs_code,
        ebc_code
    from source
)

select * from renamed
