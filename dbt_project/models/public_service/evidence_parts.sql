-- The records that each refund of the run rests on, with their places in the files they came in: from the lists to the return of
-- the manufacturer's month.
{%- set places = 'papers.run_date as landed_on, papers.source_id, papers.path, papers.position' %}
with granted as (
    select
        declaration_key,
        gnum,
        form_no,
        line_no,
        declaration_no,
        closing_record_id,
        taxpayer_record_id,
        rate_record_id,
        claim_record_id,
        taxpayer_id,
        relation_no,
        period,
        method,
        is_pre_refund
    from {{ ref('rebate_decisions') }}
    where is_granted
),

decided as (
    select
        decisions.declaration_key,
        decisions.record_id,
        decisions.order_key,
        decisions.waybill_key
    from {{ ref('decisions') }} as decisions
    semi join granted on decisions.declaration_key = granted.declaration_key
    where decisions.run_date <= {{ run_date() }}
    qualify row_number() over (partition by decisions.declaration_key order by decisions.run_date desc) = 1
),

orders as (
    {{ current_papers('order', 'stg_orders', 'decided', ['order_key']) }}
),

payments as (
    {{ current_papers('payment', 'stg_payments', 'decided', ['order_key']) }}
),

waybills as (
    {{ current_papers('waybill', 'stg_waybills', 'decided', ['waybill_key']) }}
),

by_invoice as (
    select * from granted
    where method = 'T'
),

by_month as (
    select * from granted
    where method = 'C'
),

purchases as (
    {{ current_papers('purchase_claim', 'stg_purchase_claims', 'by_invoice', ['taxpayer_id', 'relation_no']) }}
),

invoices as (
    {{ current_papers('invoice', 'stg_invoices', 'purchases', ['invoice_key']) }}
),

returns as (
    {{ current_papers('vat_return', 'stg_vat_returns', 'by_month', ['taxpayer_id', 'period']) }}
),

ahead as (
    select * from granted
    where is_pre_refund
),

sales as (
    {{ current_papers('overseas_sale', 'stg_overseas_sales', 'ahead', ['form_no', 'line_no']) }}
),

found as (
    select
        granted.declaration_key,
        granted.gnum,
        'list' as paper,
        papers.declaration_key as document,
        granted.gnum as line,
        {{ places }}
    from granted
    inner join decided on granted.declaration_key = decided.declaration_key
    inner join {{ ref('stg_declarations') }} as papers on decided.record_id = papers.record_id
    {%- for paper, papers in [('order', 'orders'), ('payment', 'payments')] %}
        union all
        select
            granted.declaration_key,
            granted.gnum,
            '{{ paper }}' as paper,
            {% if paper == 'payment' %}substr(papers.payment_key, 3){% else %}papers.order_key{% endif %} as document,
            cast(null as integer) as line,
            {{ places }}
        from granted
        inner join decided on granted.declaration_key = decided.declaration_key
        inner join {{ papers }} as papers on decided.order_key = papers.order_key
    {%- endfor %}
    union all
    select
        granted.declaration_key,
        granted.gnum,
        'waybill' as paper,
        papers.waybill_key as document,
        cast(null as integer) as line,
        {{ places }}
    from granted
    inner join decided on granted.declaration_key = decided.declaration_key
    inner join waybills as papers on decided.waybill_key = papers.waybill_key
    {%- for paper, model, record, document, line in [
        ('closing', 'stg_closings', 'closing_record_id', 'papers.declaration_no', 'granted.line_no'),
        ('taxpayer', 'stg_taxpayers', 'taxpayer_record_id', 'papers.taxpayer_id', 'cast(null as integer)'),
        ('rebate_rate', 'stg_rebate_rates', 'rate_record_id', 'papers.code', 'cast(null as integer)'),
        ('export_claim', 'stg_export_claims', 'claim_record_id', 'papers.relation_no', 'granted.line_no')
    ] %}
        union all
        select
            granted.declaration_key,
            granted.gnum,
            '{{ paper }}' as paper,
            {{ document }} as document,
            {{ line }} as line,
            {{ places }}
        from granted
        inner join {{ ref(model) }} as papers on granted.{{ record }} = papers.record_id
    {%- endfor %}
    union all
    select
        granted.declaration_key,
        granted.gnum,
        'purchase_claim' as paper,
        papers.invoice_key as document,
        papers.invoice_line as line,
        {{ places }}
    from by_invoice as granted
    inner join purchases as papers on granted.taxpayer_id = papers.taxpayer_id and granted.relation_no = papers.relation_no
    union all
    select
        granted.declaration_key,
        granted.gnum,
        'invoice' as paper,
        papers.invoice_key as document,
        purchases.invoice_line as line,
        {{ places }}
    from by_invoice as granted
    inner join purchases on granted.taxpayer_id = purchases.taxpayer_id and granted.relation_no = purchases.relation_no
    inner join invoices as papers on purchases.invoice_key = papers.invoice_key
    union all
    select
        granted.declaration_key,
        granted.gnum,
        'vat_return' as paper,
        papers.period as document,
        cast(null as integer) as line,
        {{ places }}
    from by_month as granted
    inner join returns as papers on granted.taxpayer_id = papers.taxpayer_id and granted.period = papers.period
    union all
    select
        granted.declaration_key,
        granted.gnum,
        'overseas_sale' as paper,
        papers.sale_no as document,
        cast(null as integer) as line,
        {{ places }}
    from ahead as granted
    inner join sales as papers on granted.form_no = papers.form_no and granted.line_no = papers.line_no
    union all
    select
        granted.declaration_key,
        granted.gnum,
        'forex' as paper,
        parts.forex_key as document,
        parts.forex_line as line,
        parts.landed_on,
        parts.source_id,
        parts.path,
        parts.position
    from granted
    inner join {{ ref('forex_parts') }} as parts on granted.declaration_key = parts.declaration_key and granted.gnum = parts.gnum
    where parts.counts
)

select
    declaration_key,
    gnum,
    paper,
    {{ shown_key('document') }} as document,
    line,
    landed_on,
    source_id,
    path,
    position
from found
