{{ log() }}

with source as (
    {{ sound_records('rebate_rates') }}
),

renamed as (
    select
        {{ record_columns() }},
        {{ key(['code', 'st_date']) }} as rebate_rate_key,
        code,
        name,
        unit,
        {{ share('zssl') }} as zssl,
        {{ share('tsl') }} as tsl,
        {{ day('st_date') }} as st_date,
        {{ day('end_date') }} as end_date,
        tsflag,
        note
    from source
)

select * from renamed
