{{ log() }}

with source as (
    {{ sound_items('forex_items', ref('stg_forex')) }}
),

renamed as (
    select
        run_date,
        record_id,
        {{ whole('gnum') }} as gnum,
        form_no,
        cop_no,
        {{ amount('amount') }} as amount
    from source
)

select * from renamed
