{{ exporter_mart() }}

with balances as (
    select
        entries.ebc_code,
        entries.name as currency,
        greatest(max(entries.run_date), {{ run_date() }}) as as_of,
        cast(sum(entries.items) as integer) as items,
        {%- for column in ['declared', 'received', 'netted', 'returned', 'open', 'gain_cny'] %}
            cast(sum(entries.{{ column }}) as decimal(19, 5)) as {{ column }}{% if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ ref('exporter_entries') }} as entries
    semi join {{ ref('touched_exporters') }} as touched on entries.ebc_code = touched.ebc_code
    where entries.account = 'currency'
    group by entries.ebc_code, entries.name
    having sum(entries.items) <> 0
),

ages as (
    select
        balances.ebc_code,
        balances.currency,
        lines.open,
        lines.due_on < balances.as_of as is_overdue,
        balances.as_of - lines.since as days
    from balances
    inner join {{ ref('enterprise_forex_open') }} as lines
        on balances.ebc_code = lines.ebc_code and balances.currency = lines.currency
),

aged as (
    select
        ebc_code,
        currency,
        sum(open) filter (where is_overdue) as overdue,
        sum(open) filter (where days <= 30) as open_0_30,
        sum(open) filter (where days between 31 and 90) as open_31_90,
        sum(open) filter (where days between 91 and 180) as open_91_180,
        sum(open) filter (where days > 180) as open_over_180
    from ages
    group by ebc_code, currency
)

select
    -- key
    balances.ebc_code,
    balances.currency,
    balances.as_of,

    -- all exports
    balances.items,
    balances.declared,
    balances.received,
    balances.netted,
    balances.returned,
    balances.open,
    {%- for column in ['overdue', 'gain_cny', 'open_0_30', 'open_31_90', 'open_91_180', 'open_over_180'] %}
        {%- if column == 'gain_cny' %}
            balances.gain_cny,
        {%- else %}
            cast(coalesce(aged.{{ column }}, 0) as decimal(19, 5)) as {{ column }},
        {%- endif %}
    {%- endfor %}

    -- runs
    balances.as_of as changed_on
from balances
left join aged on balances.ebc_code = aged.ebc_code and balances.currency = aged.currency
