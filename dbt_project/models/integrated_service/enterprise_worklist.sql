-- depends_on: {{ ref('worklist_entries') }}
{{ mart("(ebc_code, fact_key) in (select (ebc_code, fact_key) from {{ ref('worklist_entries') }} where run_date = {{ run_date() }})") }}

with written as (
    select
        ebc_code,
        fact_key
    from {{ ref('worklist_entries') }}
    where run_date = {{ run_date() }}
),

latest as (
    select entries.*
    from {{ ref('worklist_entries') }} as entries
    semi join written on entries.ebc_code = written.ebc_code and entries.fact_key = written.fact_key
    where entries.run_date >= {{ run_date() }}
    qualify row_number() over (partition by entries.ebc_code, entries.fact_key order by entries.run_date desc) = 1
)

select
    -- key
    ebc_code,
    fact_key,

    -- what it is about
    kind,
    rule_id,
    flow,
    cop_no,
    gnum,
    logistics_no,
    form_no,

    -- who, how much, by when
    party,
    money_cny,
    due_on,
    opened_on,

    -- what to do
    remedy_zh,
    remedy_en,
    detail,

    -- done
    closed_on,
    closed_because,

    -- runs
    run_date as changed_on
from latest
