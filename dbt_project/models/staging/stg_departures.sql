{{ log() }}

-- one row per waybill that a departure (CEB509) names
with source as (
    {{ sound_records('departures') }}
),

renamed as (
    select
        {{ record_columns() }},
        {{ key(['source.logistics_code', 'items.logistics_no']) }} as waybill_key,
        {{ moment('source.leave_time') }} as left_at
    from source
    inner join {{ source('raw', 'departure_items') }} as items using (record_id, run_date)
)

select * from renamed
