-- One row per relation: n lines of invoices behind m items. Whether they agree is a matter of the whole group.
with judged as (
    select *
    from {{ ref('judged_exports') }}
    where relation_no is not null and method = 'T'
),

relations as (
    select
        taxpayer_id,
        relation_no,
        count(distinct hs_code) as hs_codes,
        count(distinct rebate_rate) as rates,
        list_sort(list(distinct coalesce(form_goods_name, goods_name))) as goods_names
    from judged
    group by taxpayer_id, relation_no
),

units as (
    {{ unit_names() }}
),

purchases as (
    {{ current_papers('purchase_claim', 'stg_purchase_claims', 'relations', ['taxpayer_id', 'relation_no']) }}
),

invoices as (
    {{ current_papers('invoice', 'stg_invoices', 'purchases', ['invoice_key']) }}
),

-- of several relations that claim a line only one can have its money: the first, of the buyer if it is one of them
claimants as (
    select
        papers.invoice_key,
        papers.invoice_line,
        count(distinct {{ key(['papers.taxpayer_id', 'papers.relation_no']) }}) as relations,
        arg_min(
            {{ key(['papers.taxpayer_id', 'papers.relation_no']) }},
            (papers.taxpayer_id is distinct from invoices.buyer_id, papers.taxpayer_id, papers.relation_no)
        ) as first_relation
    from ({{ current_papers('purchase_claim', 'stg_purchase_claims', 'purchases', ['invoice_key', 'invoice_line']) }}) as papers
    left join invoices on papers.invoice_key = invoices.invoice_key
    group by papers.invoice_key, papers.invoice_line
),

claimed as (
    select distinct invoice_key as red_of
    from purchases
),

reds as (
    select distinct red_of
    from ({{ current_papers('invoice', 'stg_invoices', 'claimed', ['red_of']) }}) as papers
    where state = 'N'
),

holds as (
    select
        subject,
        min(hold_no) as hold_no
    from ({{ current_papers('hold', 'stg_holds') }}) as papers
    where kind = 'S' and closed_on is null
    group by subject
),

lines as (
    select
        relations.taxpayer_id,
        relations.relation_no,
        purchases.invoice_key,
        purchases.invoice_no,
        purchases.invoice_line,
        claimants.relations,
        invoices.kind,
        invoices.run_date as landed_on,
        invoices.source_id,
        invoices.path,
        items.goods_name,
        coalesce(units.code, items.unit) as unit,
        items.tax_rate,
        holds.hold_no,
        items.record_id is not null
        and invoices.red_of is null
        and claimants.first_relation = {{ key(['relations.taxpayer_id', 'relations.relation_no']) }} as counts,
        case when counts then items.qty end as qty,
        case when counts then items.net_amount end as net_amount,
        case
            when items.record_id is null then 'not there'
            when invoices.state = 'V' then 'void'
            when invoices.state = 'A' then 'abnormal'
            when invoices.red_of is not null then 'red-letter'
            when reds.red_of is not null then 'offset by a red-letter invoice'
            when invoices.buyer_id <> relations.taxpayer_id then 'of another buyer'
        end as fault
    from relations
    inner join purchases on relations.taxpayer_id = purchases.taxpayer_id and relations.relation_no = purchases.relation_no
    inner join claimants on purchases.invoice_key = claimants.invoice_key and purchases.invoice_line = claimants.invoice_line
    left join invoices on purchases.invoice_key = invoices.invoice_key
    left join {{ ref('stg_invoice_items') }} as items on invoices.record_id = items.record_id and purchases.invoice_line = items.gnum
    left join reds on purchases.invoice_key = reds.red_of
    left join units on items.unit = units.name_zh
    left join holds on invoices.seller_id = holds.subject
),

invoiced as (
    select
        taxpayer_id,
        relation_no,
        list(struct_pack(
            invoice_key := invoice_key,
            invoice_line := invoice_line,
            line_qty := qty,
            line_qty_so_far := qty_so_far,
            line_net := net_amount,
            line_net_so_far := net_so_far,
            landed_on := landed_on,
            source_id := source_id,
            path := path
        ) order by invoice_key, invoice_line) filter (where counts) as invoice_lines,
        array_to_string(list_sort(list(distinct invoice_no)), ', ') as invoice_no,
        count(*) filter (where fault = 'not there') as missing_lines,
        count(*) filter (where fault is null) as valid_lines,
        count(*) filter (where kind = 'O' and fault is null) as ordinary_lines,
        min(invoice_no || ' is ' || fault) filter (where fault <> 'not there') as fault,
        min(invoice_no || ' line ' || invoice_line) filter (where relations > 1) as used_twice,
        min(hold_no) as supplier_hold,
        list_sort(list(distinct goods_name) filter (where goods_name is not null)) as invoice_goods_names,
        count(distinct unit) as invoice_units,
        min(unit) as unit,
        cast(coalesce(sum(qty), 0) as decimal(19, 5)) as invoice_qty,
        cast(coalesce(sum(net_amount), 0) as decimal(19, 5)) as invoice_net,
        min(tax_rate) as invoice_rate
    from (
        select
            *,
            cast(sum(qty) over so_far as decimal(19, 5)) as qty_so_far,
            cast(sum(net_amount) over so_far as decimal(19, 5)) as net_so_far
        from lines
        window so_far as (
            partition by taxpayer_id, relation_no order by invoice_key, invoice_line rows between unbounded preceding and current row
        )
    ) as lines
    group by taxpayer_id, relation_no
),

quantities as (
    select
        judged.taxpayer_id,
        judged.relation_no,
        cast(sum({{ qty_in('invoiced.unit', 'judged.') }}) as decimal(19, 5)) as item_qty,
        bool_and(coalesce(invoiced.unit in (judged.unit, judged.unit1, judged.unit2), false)) as is_unit_of_all
    from judged
    inner join invoiced on judged.taxpayer_id = invoiced.taxpayer_id and judged.relation_no = invoiced.relation_no
    group by judged.taxpayer_id, judged.relation_no
)

select
    relations.*,
    invoiced.* exclude (taxpayer_id, relation_no),
    quantities.item_qty,
    quantities.is_unit_of_all
from relations
left join invoiced on relations.taxpayer_id = invoiced.taxpayer_id and relations.relation_no = invoiced.relation_no
left join quantities on relations.taxpayer_id = quantities.taxpayer_id and relations.relation_no = quantities.relation_no
