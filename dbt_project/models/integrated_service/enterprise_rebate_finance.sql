{{ exporter_mart() }}

select
    -- key
    entries.ebc_code,
    cast(entries.name as date) as week,

    -- what is expected
    cast(sum(entries.items) as integer) as items,
    cast(sum(entries.refund_cny + entries.estimate_cny) as decimal(19, 5)) as refund_cny,
    cast(sum(entries.refund_cny) as decimal(19, 5)) as complete_cny,
    cast(sum(entries.estimate_cny) as decimal(19, 5)) as incomplete_cny,
    cast(sum(entries.incomplete_items) as integer) as incomplete_items,

    -- runs
    greatest(max(entries.run_date), {{ run_date() }}) as changed_on
from {{ ref('exporter_entries') }} as entries
semi join {{ ref('touched_exporters') }} as touched on entries.ebc_code = touched.ebc_code
where entries.account = 'week'
group by entries.ebc_code, entries.name
having sum(entries.items) <> 0
