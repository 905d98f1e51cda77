{{ item_mart() }}

with latest as (
    select items.*
    from {{ ref('exporter_items') }} as items
    semi join {{ ref('touched_rebates') }} as touched
        on items.ebc_code = touched.ebc_code and items.cop_no = touched.cop_no and items.gnum = touched.gnum
    qualify row_number() over (partition by items.declaration_key, items.gnum order by items.run_date desc) = 1
)

select
    -- key
    ebc_code,
    cop_no,
    gnum,

    -- money
    currency,
    cast(declared - returned as decimal(19, 5)) as declared,
    cast(received + netted as decimal(19, 5)) as received,
    open,
    open_cny,

    -- time
    export_date as since,
    due_on,
    form_no,

    -- runs
    run_date as changed_on
from latest
where open > 0
