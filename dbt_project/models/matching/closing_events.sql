{{ config(materialized="view") }}

-- what closes a released declaration: a departure (CEB509) for export, a signed waybill (CEB513) for import
select
    run_date,
    'E' as flow,
    waybill_key,
    left_at as event_at,
    source_id
from {{ ref('stg_departures') }}
where not is_draft
union all
select
    run_date,
    'I' as flow,
    waybill_key,
    status_at as event_at,
    source_id
from {{ ref('stg_waybill_statuses') }}
where not is_draft and logistics_status = 'S'
