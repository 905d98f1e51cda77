{{ item_mart() }}

with parts as (
    select
        ebc_code,
        cop_no,
        gnum,
        taxpayer_id,
        relation_no,
        unnest(invoices, recursive := true),
        changed_on
    from {{ ref('touched_rebates') }}
)

select
    -- key
    ebc_code,
    cop_no,
    gnum,
    {{ shown_key('invoice_key') }} as invoice,
    invoice_line,

    -- the item's part of the line
    taxpayer_id,
    relation_no,
    qty,
    amount,

    -- where it came from
    landed_on,
    source_id,
    path,

    -- runs
    changed_on
from parts
