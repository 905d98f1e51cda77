{{ exporter_mart() }}

with balances as (
    select
        entries.ebc_code,
        entries.account as kind,
        entries.name,
        cast(sum(entries.refund_cny) as decimal(19, 5)) as refund_cny,
        max(entries.run_date) as last_run
    from {{ ref('exporter_entries') }} as entries
    semi join {{ ref('touched_exporters') }} as touched on entries.ebc_code = touched.ebc_code
    where entries.account in ('supplier', 'commodity')
    group by entries.ebc_code, entries.account, entries.name
    having sum(entries.refund_cny) > 0
),

totals as (
    select
        *,
        cast(sum(refund_cny) over (partition by ebc_code, kind) as decimal(19, 5)) as total
    from balances
)

select
    -- key
    ebc_code,
    kind,
    name,

    -- refunds that stand
    refund_cny,
    {{ share_in('refund_cny', 'total') }} as share,

    -- runs
    greatest(last_run, {{ run_date() }}) as changed_on
from totals
