-- the judged items, each with the invoices of its relation, the exchange received for it and the return of its month
with received as (
    select
        parts.declaration_key,
        parts.gnum,
        cast(sum(parts.amount) filter (where parts.counts) as decimal(19, 5)) as amount,
        min({{ shown_key('parts.forex_key') }}) filter (where not parts.counts) as unreasoned
    from {{ ref('forex_parts') }} as parts
    inner join {{ ref('judged_exports') }} as exports on parts.declaration_key = exports.declaration_key and parts.gnum = exports.gnum
    where parts.received_on <= coalesce(exports.cap_on, exports.claim_by)
    group by parts.declaration_key, parts.gnum
),

returns as (
    select
        taxpayer_id,
        period
    from ({{ current_papers('vat_return', 'stg_vat_returns') }}) as papers
)

select
    exports.*,
    exports.statistics_flag = 'A' as is_simplified,
    exports.method = 'T' and exports.relation_no is not null as is_by_invoice,
    is_by_invoice and relations.invoice_goods_names is not null and len(relations.invoice_goods_names) > 0 as is_invoiced,
    relations.* exclude (taxpayer_id, relation_no, unit),
    relations.unit as group_unit,
    -- what an enterprise without a rebate is exempt by: it is registered, the goods are on a form, a valid invoice stands behind what
    -- it bought; what it made itself has none
    exports.declaration_no is not null
    and exports.taxpayer_id is not null
    and (exports.method = 'C' or coalesce(relations.valid_lines, 0) > 0) as has_voucher,
    coalesce(cast(last_day(strptime(exports.period, '%Y%m')) as date), {{ run_date() }}) as filing_due,
    returns.period is not null as has_return,
    coalesce(received.amount, cast(0 as decimal(19, 5))) as forex_received,
    received.unreasoned as forex_unreasoned,
    coalesce(exports.cap_on, exports.claim_by) as forex_by,
    {{ product('exports.claimable_price', '1 - exports.forex_tolerance') }} as forex_due
from {{ ref('judged_exports') }} as exports
left join {{ ref('relation_groups') }} as relations
    on exports.taxpayer_id = relations.taxpayer_id and exports.relation_no = relations.relation_no
left join returns on exports.taxpayer_id = returns.taxpayer_id and exports.period = returns.period
left join received on exports.declaration_key = received.declaration_key and exports.gnum = received.gnum
