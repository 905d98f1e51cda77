{{ log() }}

-- The verdict on every item that the run judged, with its amounts. Items share the base of their relation by quantity, or what
-- is refunded of a manufacturer's month by FOB × rate: differences of running totals, so that nothing is left over.
with decisions as (
    select
        *,
        case
            when is_granted and method = 'C' then cast(round({{ product('fob_cny', 'rebate_rate') }}, 5) as decimal(19, 5))
            else cast(0 as decimal(19, 5))
        end as weight
    from {{ ref('rebate_decisions') }}
),

running as (
    select
        *,
        cast(sum(weight) over month_so_far as decimal(19, 5)) as weight_so_far,
        cast(sum(weight) over month as decimal(19, 5)) as weight_of_month
    from decisions
    window
        month as (partition by method, taxpayer_id, period),
        month_so_far as (
            partition by method, taxpayer_id, period order by {{ item_order() }} rows between unbounded preceding and current row
        )
),

shared as (
    select
        running.*,
        credits.refundable,
        shares.* exclude (declaration_key, gnum),
        {{ portion_to_the_cent('credits.refundable', 'running.weight_so_far', 'running.weight_of_month') }} as refund_so_far,
        {{ portion_to_the_cent(
            'credits.refundable', 'cast(running.weight_so_far - running.weight as decimal(19, 5))', 'running.weight_of_month'
        ) }} as refund_until
    from running
    left join {{ ref('invoice_shares') }} as shares
        on running.declaration_key = shares.declaration_key and running.gnum = shares.gnum
    left join {{ ref('period_credits') }} as credits
        on
            running.method = 'C'
            and running.taxpayer_id = credits.taxpayer_id
            and running.period = credits.period
            and credits.run_date = {{ run_date() }}
),

rated as (
    select
        *,
        least(rebate_rate, coalesce(invoice_rate, rebate_rate)) as applied_rate,
        case
            when is_granted and method = 'C' then fob_cny
            when is_granted then cast(coalesce(base_so_far - base_before, 0) as decimal(19, 5))
            when fault is null and missing_lines = 0 then cast(base_so_far - base_before as decimal(19, 5))
        end as base_amount
    from shared
),

amounts as (
    select
        *,
        case
            when not is_granted then cast(0 as decimal(19, 5))
            when method = 'C' then cast(coalesce(refund_so_far - refund_until, 0) as decimal(19, 5))
            else coalesce({{ share_of('base_amount', 'applied_rate') }}, 0)
        end as refund_amount
    from rated
),

-- every granted item has its share of every invoice line of its relation, in quantity and money: differences of running totals in
-- both directions, so that an item's parts are its base, and those of a line no more than the line
lines as (
    select
        declaration_key,
        gnum,
        base_so_far,
        base_before,
        qty_so_far,
        qty_before,
        invoice_net,
        invoice_qty,
        unnest(invoice_lines, recursive := true)
    from amounts
    where is_granted and method = 'T'
),

cells as (
    select
        declaration_key,
        gnum,
        list(struct_pack(
            invoice_key := invoice_key,
            invoice_line := invoice_line,
            qty := {{ cell('qty_so_far', 'qty_before', 'line_qty_so_far', 'line_qty', 'invoice_qty') }},
            amount := {{ cell('base_so_far', 'base_before', 'line_net_so_far', 'line_net', 'invoice_net') }},
            landed_on := landed_on,
            source_id := source_id,
            path := path
        ) order by invoice_key, invoice_line) as invoices
    from lines
    group by declaration_key, gnum
),

forex as (
    select
        declaration_key,
        gnum,
        list(struct_pack(
            forex_key := forex_key,
            forex_line := forex_line,
            received_on := received_on,
            currency := currency,
            amount := amount,
            landed_on := landed_on,
            source_id := source_id,
            path := path
        ) order by forex_key, forex_line) as forex
    from {{ ref('forex_parts') }}
    where counts
    group by declaration_key, gnum
),

evidence as (
    select
        declaration_key,
        gnum,
        list(struct_pack(
            paper, document, line, landed_on, source_id, path, position
        ) order by paper, document, line, landed_on, source_id, path, position) as evidence
    from {{ ref('evidence_parts') }}
    group by declaration_key, gnum
)

select
    {{ run_date() }} as run_date,

    -- key
    amounts.declaration_key,
    amounts.ebc_code,
    amounts.cop_no,
    amounts.gnum,

    -- verdict
    amounts.verdict,
    amounts.reason_rules,
    amounts.findings,
    amounts.rule_version,
    amounts.deadline,
    case
        when not amounts.is_granted then case when amounts.state_before <> 'open' then 'withdrawn' else 'open' end
        when not amounts.is_pre_refund then 'granted'
        when amounts.is_settled then 'settled'
        else 'pre_refunded'
    end as state,

    -- where it stands
    amounts.form_no,
    amounts.line_no,
    amounts.declaration_no,
    amounts.closing_landed_on,
    amounts.closing_source_id,
    amounts.closing_path,
    amounts.export_date,
    amounts.taxpayer_id,
    amounts.method,
    amounts.relation_no,
    amounts.period,

    -- quantities
    amounts.unit,
    amounts.qty,
    amounts.returned_qty,
    amounts.claimable_qty,
    amounts.is_pre_refund,
    amounts.is_settled,
    amounts.sold_qty,
    amounts.claim_by,

    -- money
    amounts.currency,
    amounts.forex_received,
    cast(round(amounts.forex_due, 5) as decimal(19, 5)) as forex_due,
    amounts.applied_rate as rebate_rate,
    amounts.base_amount,
    amounts.refund_amount,
    amounts.refund_before,
    amounts.returned_before,
    amounts.state_before,
    amounts.taxpayer_before,
    amounts.period_before,

    -- papers
    amounts.invoice_no,
    coalesce(cells.invoices, []) as invoices,
    coalesce(forex.forex, []) as forex,
    coalesce(evidence.evidence, []) as evidence
from amounts
left join cells on amounts.declaration_key = cells.declaration_key and amounts.gnum = cells.gnum
left join forex on amounts.declaration_key = forex.declaration_key and amounts.gnum = forex.gnum
left join evidence on amounts.declaration_key = evidence.declaration_key and amounts.gnum = evidence.gnum
