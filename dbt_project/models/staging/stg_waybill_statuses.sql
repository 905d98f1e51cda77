{{ log() }}

with source as (
    {{ sound_records('waybill_statuses') }}
),

renamed as (
    select
        {{ record_columns() }},
        {{ key(['logistics_code', 'logistics_no']) }} as waybill_key,
        logistics_status,
        {{ moment('logistics_time') }} as status_at
    from source
)

select * from renamed
