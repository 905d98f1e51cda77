{{ declaration_mart() }}

-- findings of the last decision; a closing or a cancellation decides nothing
select
    findings.ebc_code,
    findings.cop_no,
    findings.rule_id,
    findings.action,
    findings.expected,
    findings.observed,
    findings.found_on,
    touched.run_date as changed_on
from {{ ref('touched_declarations') }} as touched
inner join {{ ref('findings') }} as findings
    on touched.declaration_key = findings.declaration_key and touched.decided_on = findings.run_date
