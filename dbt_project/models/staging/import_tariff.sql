{{ config(materialized="view") }}

-- the operator's own rates replace the simulated ones as a whole; goods without a rate of consumption tax bear none
with rates as (
    select
        * exclude (consumption_rate),
        coalesce(consumption_rate, 0) as consumption_rate,
        false as is_simulated
    from {{ source('raw', 'import_rates') }}
    union all by name
    select
        * exclude (consumption_rate),
        coalesce(consumption_rate, 0) as consumption_rate,
        true as is_simulated
    from {{ ref('import_rates') }}
    where not exists (select 1 from {{ source('raw', 'import_rates') }})
)

select
    hs_code,
    name as goods_name,
    unit1,
    unit2,
    mfn_rate,
    vat_rate,
    consumption_rate,
    valid_from,
    coalesce(valid_to, date '9999-12-31') as valid_to,
    is_simulated
from rates
