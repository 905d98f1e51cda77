{{ item_mart() }}

select
    ebc_code,
    cop_no,
    gnum,
    unnest(evidence, recursive := true),
    changed_on
from {{ ref('touched_rebates') }}
