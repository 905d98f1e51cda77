{{ item_mart() }}

with parts as (
    select
        ebc_code,
        cop_no,
        gnum,
        unnest(forex, recursive := true),
        changed_on
    from {{ ref('touched_rebates') }}
)

select
    -- key
    ebc_code,
    cop_no,
    gnum,
    {{ shown_key('forex_key') }} as receipt,
    forex_line,

    -- the item's part of the line
    received_on,
    currency,
    amount,

    -- where it came from
    landed_on,
    source_id,
    path,

    -- runs
    changed_on
from parts
