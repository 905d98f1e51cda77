{{ log() }}

-- What each exported item that the run judged means to its enterprise: refund or an estimate of it, and when; exchange; suppliers.
with judged as (
    select * from {{ ref('rebate_verdicts') }}
    where run_date = {{ run_date() }}
),

exports as (
    select
        items.*,
        cast(items.qty - items.returned_qty as decimal(19, 5)) as remaining_qty
    from ({{ latest_exports('judged') }}) as items
),

before as (
    select earlier.*
    from (
        {{ earlier('integrated_service', 'exporter_items', {
            'run_date': 'date', 'declaration_key': 'varchar', 'gnum': 'integer', 'eligible_on': 'date'
        }) }}
    ) as earlier
    semi join judged on earlier.declaration_key = judged.declaration_key and earlier.gnum = judged.gnum
    qualify row_number() over (partition by earlier.declaration_key, earlier.gnum order by earlier.run_date desc) = 1
),

taxpayers as (
    {{ current_papers('taxpayer', 'stg_taxpayers') }}
),

classes as (
    select
        judged.declaration_key,
        judged.gnum,
        max_by(taxpayers.rebate_class, taxpayers.valid_from) as rebate_class
    from judged
    inner join taxpayers
        on
            judged.taxpayer_id = taxpayers.taxpayer_id
            and judged.ebc_code = taxpayers.party_code
            and judged.export_date >= taxpayers.valid_from
            and (judged.export_date <= taxpayers.valid_to or taxpayers.valid_to is null)
    group by judged.declaration_key, judged.gnum
),

receipt_parts as (
    select
        declaration_key,
        gnum,
        unnest(forex, recursive := true)
    from judged
),

receipts as (
    {{ current_papers('forex', 'stg_forex', 'receipt_parts', ['forex_key']) }}
),

-- of what was received and netted for an item, the fees have the same share as in the receipt
split as (
    select
        parts.declaration_key,
        parts.gnum,
        parts.currency,
        parts.received_on,
        receipts.kind = 'R' as is_money,
        parts.amount,
        coalesce(
            {{ portion('parts.amount', 'receipts.netted_fees', 'cast(receipts.amount + receipts.netted_fees as decimal(19, 5))') }}, 0
        ) as netted
    from receipt_parts as parts
    left join receipts on parts.forex_key = receipts.forex_key
),

exchange as (
    select
        split.declaration_key,
        split.gnum,
        cast(sum(split.amount - split.netted) as decimal(19, 5)) as received,
        cast(sum(split.netted) as decimal(19, 5)) as netted,
        cast(sum(
            {{ in_cny('cast(split.amount - split.netted as decimal(19, 5))', 'split.currency', 'rates.cny_per_unit') }}
            - {{ portion('exports.value_cny', 'cast(split.amount - split.netted as decimal(19, 5))', 'exports.total_price') }}
        ) filter (where split.is_money) as decimal(19, 5)) as gain_cny
    from split
    inner join exports on split.declaration_key = exports.declaration_key and split.gnum = exports.gnum
    left join {{ ref('monthly_rates') }} as rates
        on strftime(split.received_on, '%Y-%m') = rates.month and split.currency = rates.currency
    group by split.declaration_key, split.gnum
),

invoice_parts as (
    select
        declaration_key,
        gnum,
        refund_amount,
        base_amount,
        unnest(invoices, recursive := true)
    from judged
    where refund_amount > 0
),

invoices as (
    {{ current_papers('invoice', 'stg_invoices', 'invoice_parts', ['invoice_key']) }}
),

sellers as (
    select
        parts.declaration_key,
        parts.gnum,
        parts.refund_amount,
        parts.base_amount,
        invoices.seller_id,
        cast(sum(parts.amount) as decimal(19, 5)) as amount
    from invoice_parts as parts
    inner join invoices on parts.invoice_key = invoices.invoice_key
    group by all
),

suppliers as (
    select
        declaration_key,
        gnum,
        list(
            struct_pack(name := seller_id, refund_cny := {{ portion('refund_amount', 'amount', 'base_amount') }}) order by seller_id
        ) as suppliers
    from sellers
    group by declaration_key, gnum
),

measured as (
    select
        judged.*,
        exports.closed_at,
        left(exports.hs_code, 4) as heading,
        exports.total_price,
        exports.value_cny,
        {{ part_of('exports.total_price', 'exports.remaining_qty', 'exports.qty') }} as remaining_price,
        {{ part_of('exports.value_cny', 'exports.remaining_qty', 'exports.qty') }} as remaining_cny,
        classes.rebate_class,
        before.eligible_on as eligible_before,
        judged.state in ('granted', 'pre_refunded', 'settled') as is_complete,
        -- what no paper can bring a rebate for has no estimate
        len(list_filter(judged.findings, finding -> finding.action = 'exclude')) = 0 as may_be_refunded,
        coalesce(exchange.received, cast(0 as decimal(19, 5))) as received,
        coalesce(exchange.netted, cast(0 as decimal(19, 5))) as netted,
        coalesce(exchange.gain_cny, cast(0 as decimal(19, 5))) as gain_cny,
        coalesce(suppliers.suppliers, []) as suppliers
    from judged
    inner join exports on judged.declaration_key = exports.declaration_key and judged.gnum = exports.gnum
    left join before on judged.declaration_key = before.declaration_key and judged.gnum = before.gnum
    left join classes on judged.declaration_key = classes.declaration_key and judged.gnum = classes.gnum
    left join exchange on judged.declaration_key = exchange.declaration_key and judged.gnum = exchange.gnum
    left join suppliers on judged.declaration_key = suppliers.declaration_key and judged.gnum = suppliers.gnum
),

days as (
    select
        classes.rebate_class,
        cast({{ finance_parameter('refund_days', 'classes.rebate_class') }} as integer) as refund_days,
        {{ finance_parameter('vat_rate') }} as vat_rate
    from (select distinct rebate_class from measured) as classes
),

estimated as (
    select
        measured.*,
        cast({{ positive('measured.remaining_price - measured.received - measured.netted') }} as decimal(19, 5)) as open,
        days.refund_days,
        days.vat_rate,
        case when measured.is_complete then coalesce(measured.eligible_before, {{ run_date() }}) end as eligible_on,
        case
            when measured.is_complete or not measured.may_be_refunded or measured.verdict not in ('pending', 'blocked')
                then cast(0 as decimal(19, 5))
            else coalesce({{ share_of(
                "coalesce(measured.base_amount, case measured.method when 'C' then measured.remaining_cny else "
                ~ share_of('measured.remaining_cny', finance_parameter('cost_share')) ~ " end)",
                'measured.rebate_rate'
            ) }}, 0)
        end as estimate
    from measured
    inner join days on measured.rebate_class is not distinct from days.rebate_class
)

select
    {{ run_date() }} as run_date,

    -- key
    declaration_key,
    ebc_code,
    cop_no,
    gnum,

    -- verdict
    verdict,
    state,
    findings,
    form_no,
    relation_no,
    export_date,
    cast(closed_at as date) as closed_on,
    deadline,
    claim_by as due_on,

    -- refund
    is_complete,
    eligible_on,
    case
        when is_complete then cast(eligible_on + refund_days as date)
        when verdict = 'pending' and may_be_refunded then cast({{ claim_day_after('export_date') }} + refund_days as date)
    end as expected_on,
    refund_amount as refund_cny,
    case when verdict = 'pending' then estimate else cast(0 as decimal(19, 5)) end as estimate_cny,
    case when verdict = 'blocked' then estimate else cast(0 as decimal(19, 5)) end as held_cny,
    heading,
    suppliers,

    -- goods
    value_cny as exported_cny,
    cast(value_cny - remaining_cny as decimal(19, 5)) as returned_cny,
    {{ portion('remaining_cny', 'vat_rate', 'cast(1 + vat_rate as decimal(19, 5))') }} as tax_cny,

    -- exchange
    currency,
    total_price as declared,
    cast(total_price - remaining_price as decimal(19, 5)) as returned,
    received,
    netted,
    open,
    coalesce({{ portion('value_cny', 'open', 'total_price') }}, 0) as open_cny,
    gain_cny
from estimated
