{{ log() }}

with source as (
    {{ sound_records('holds') }}
),

renamed as (
    select
        {{ record_columns() }},
        {{ key(['hold_no']) }} as hold_key,
        hold_no,
        kind,
        subject,
        reason,
        {{ day('opened_on') }} as opened_on,
        {{ day('closed_on') }} as closed_on
    from source
)

select * from renamed
