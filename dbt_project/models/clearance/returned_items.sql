{{ declaration_mart() }}

with parts as (
    select
        touched.ebc_code,
        touched.cop_no,
        touched.run_date as changed_on,
        parts.*
    from {{ ref('touched_declarations') }} as touched
    inner join {{ ref('returned_parts') }} as parts
        on touched.declaration_key = parts.declaration_key and touched.run_date >= parts.run_date
    qualify dense_rank() over (partition by parts.declaration_key order by parts.run_date desc) = 1
)

select
    -- key
    ebc_code,
    cop_no,
    guid,
    gnum,

    -- what came back
    returned_qty,
    app_time as asked_at,
    received_on,
    is_in_time as in_time,
    restored_value as restored_value_cny,

    -- where it came from
    source_id,
    changed_on
from parts
where returned_qty > 0
