{{ log() }}

with source as (
    {{ sound_items('return_items', ref('stg_returns')) }}
),

renamed as (
    select
        run_date,
        record_id,
        {{ whole('gnum') }} as gnum,
        {{ amount('qty') }} as qty
    from source
)

select * from renamed
