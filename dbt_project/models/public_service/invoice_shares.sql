-- What of the base of its relation falls to each judged item, as running totals: differences leave nothing over. Whatever the
-- catalogue lets pass, there is a base: where the units do not agree, it is all that was invoiced, by declared quantity.
with items as (
    select
        declaration_key,
        gnum,
        form_no,
        line_no,
        taxpayer_id,
        relation_no,
        invoice_net,
        invoice_qty,
        item_qty,
        coalesce(invoice_units = 1 and is_unit_of_all and invoice_qty > 0, false) as is_comparable,
        case when is_comparable then {{ qty_in('group_unit') }} else claimable_qty end as weight
    from {{ ref('rebate_papers') }}
    where is_invoiced
),

running as (
    select
        declaration_key,
        gnum,
        case
            when is_comparable then least({{ portion_to_the_cent('invoice_net', 'item_qty', 'invoice_qty') }}, invoice_net)
            else invoice_net
        end as base,
        case when is_comparable then least(item_qty, invoice_qty) else invoice_qty end as qty,
        cast(sum(weight) over relation as decimal(19, 5)) as whole,
        cast(sum(weight) over so_far as decimal(19, 5)) as until_this,
        cast(until_this - weight as decimal(19, 5)) as until_last
    from items
    window
        relation as (partition by taxpayer_id, relation_no),
        so_far as (
            partition by taxpayer_id, relation_no order by {{ item_order() }} rows between unbounded preceding and current row
        )
)

select
    declaration_key,
    gnum,
    coalesce({{ portion_to_the_cent('base', 'until_this', 'whole') }}, 0) as base_so_far,
    coalesce({{ portion_to_the_cent('base', 'until_last', 'whole') }}, 0) as base_before,
    coalesce({{ portion('qty', 'until_this', 'whole') }}, 0) as qty_so_far,
    coalesce({{ portion('qty', 'until_last', 'whole') }}, 0) as qty_before
from running
