-- depends_on: {{ ref('concerned_declarations') }}
{{ mart("(ebc_code, cop_no) in (select (ebc_code, cop_no) from {{ ref('concerned_declarations') }})") }}

-- A later run's row of a declaration stands: its run is behind until it runs again.
with last_records as (
    select records.*
    from {{ ref('department_records') }} as records
    inner join {{ ref('concerned_declarations') }} as concerned
        on records.ebc_code = concerned.ebc_code and records.cop_no = concerned.cop_no
    where records.run_date >= case when concerned.is_concerned then {{ run_date() }} else date '0001-01-01' end
    qualify row_number() over (partition by records.ebc_code, records.cop_no order by records.run_date desc) = 1
)

select
    * exclude (run_date, next_due),
    run_date as changed_on
from last_records
