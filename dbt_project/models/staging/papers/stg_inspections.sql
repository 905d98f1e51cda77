{{ log() }}

with source as (
    {{ sound_records('inspections') }}
),

renamed as (
    select
        {{ record_columns() }},
        {{ key(['ebc_code', 'cop_no', 'inspection_no']) }} as inspection_key,
        {{ key(['ebc_code', 'cop_no']) }} as declaration_key,
        ebc_code,
        cop_no,
        inspection_no,
        result,
        {{ day('inspected_on') }} as inspected_on,
        {{ amount('qty') }} as qty,
        {{ amount('gross_weight') }} as gross_weight
    from source
)

select * from renamed
