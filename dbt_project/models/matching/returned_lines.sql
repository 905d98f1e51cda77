{{ config(materialized="view") }}

-- one row per line and run that a return reached its declaration; as of a date, the last run of the declaration until then counts
select
    run_date,
    declaration_key,
    gnum,
    cast(sum(returned_qty) as decimal(19, 5)) as returned_qty
from {{ ref('returned_parts') }}
group by run_date, declaration_key, gnum
