-- The months of taxpayers whose sums this run, or an earlier run of the same date, may have changed.
select
    taxpayer_id,
    period
from {{ ref('touched_rebates') }}
where period is not null
union
select
    taxpayer_before,
    period_before
from {{ ref('touched_rebates') }}
where period_before is not null
union
select
    taxpayer_id,
    period
from {{ ref('period_credits') }}
where run_date = {{ run_date() }}
{%- for mart in ['rebate_totals', 'credit_refunds'] if execute %}
{%- set relation = relation_of('public_service', mart) %}
{%- if relation %}
union
select
    taxpayer_id,
    period
from {{ relation }}
where changed_on = {{ run_date() }}
{%- endif %}
{%- endfor %}
