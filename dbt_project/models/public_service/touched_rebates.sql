-- Current verdict on every item that this run judged, or that an earlier run of the same date had written. A later run's verdict
-- stands: its run is behind until it runs again.
{%- set marts = [
    'rebate_eligibility', 'rebate_findings', 'invoice_allocations', 'forex_allocations', 'overseas_settlements', 'rebate_evidence'
] %}
with keys as (
    select
        ebc_code,
        cop_no,
        gnum
    from {{ ref('rebate_verdicts') }}
    where run_date = {{ run_date() }}
    {%- for mart in marts if execute %}
    {%- set relation = relation_of('public_service', mart) %}
    {%- if relation %}
        union
        select
            ebc_code,
            cop_no,
            gnum
        from {{ relation }}
        where changed_on = {{ run_date() }}
    {%- endif %}
    {%- endfor %}
),

latest as (
    select verdicts.*
    from {{ ref('rebate_verdicts') }} as verdicts
    semi join keys on verdicts.ebc_code = keys.ebc_code and verdicts.cop_no = keys.cop_no and verdicts.gnum = keys.gnum
    qualify row_number() over (partition by verdicts.ebc_code, verdicts.cop_no, verdicts.gnum order by verdicts.run_date desc) = 1
)

select
    keys.ebc_code,
    keys.cop_no,
    keys.gnum,
    latest.* exclude (ebc_code, cop_no, gnum, run_date),
    latest.run_date as changed_on
from keys
left join latest on keys.ebc_code = latest.ebc_code and keys.cop_no = latest.cop_no and keys.gnum = latest.gnum
