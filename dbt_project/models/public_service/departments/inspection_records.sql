-- what inspection holds of the concerned declarations: the last inspection of each
with concerned as (
    select declaration_key
    from {{ ref('concerned_declarations') }}
    where is_concerned
)

select
    declaration_key,
    qty as quantity,
    gross_weight as weight,
    inspected_on as date,
    case result when 'P' then 'passed' when 'F' then 'failed' when 'H' then 'held' end as state,
    inspection_no as document,
    run_date as as_of
from ({{ current_papers('inspection', 'stg_inspections', 'concerned', ['declaration_key']) }}) as papers
qualify row_number() over (partition by declaration_key order by inspected_on desc, inspection_no desc) = 1
