{{ config(materialized="view") }}

-- the operator's own rates replace the simulated ones as a whole
select
    month,
    currency,
    cny_per_unit,
    false as is_simulated
from {{ source('raw', 'exchange_rates') }}
union all
select
    month,
    currency,
    cny_per_unit,
    true as is_simulated
from {{ ref('exchange_rates') }}
where not exists (select 1 from {{ source('raw', 'exchange_rates') }})
