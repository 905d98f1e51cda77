{{ log() }}

with source as (
    {{ sound_records('returns') }}
),

renamed as (
    select
        {{ record_columns() }},
        guid,
        case when ebc_code is not null and cop_no is not null then {{ key(['ebc_code', 'cop_no']) }} end as declaration_key,
        ebc_code,
        invt_no
    from source
)

select * from renamed
