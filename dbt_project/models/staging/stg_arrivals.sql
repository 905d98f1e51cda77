{{ log() }}

-- one row per waybill that an arrival (CEB507) names
with source as (
    {{ sound_records('arrivals') }}
),

renamed as (
    select
        {{ record_columns() }},
        {{ key(['source.logistics_code', 'items.logistics_no']) }} as waybill_key,
        source.operator_code,
        source.loct_no
    from source
    inner join {{ source('raw', 'arrival_items') }} as items using (record_id, run_date)
)

select * from renamed
