{%- set columns = {
    'ebc_code': 'varchar', 'cop_no': 'varchar', 'gnum': 'integer', 'form_no': 'varchar', 'returned_qty': 'decimal(19, 5)',
    'qty1': 'decimal(19, 5)', 'unit1': 'varchar'
} %}

-- A consolidated form is a sum of lists that are counted already: items that a form would count again, or that stand on their form
-- with another quantity than they are counted with. There should be none; the gate looks.
with members as (
    {{ of_passed_months('clearance', 'consolidation_members', columns) }}
),

forms as (
    select distinct form_no from members
),

items as (
    select
        ebc_code,
        cop_no,
        gnum,
        qty1,
        unit1
    from {{ ref('trade_items') }}
    where {{ of_vintage() }} and flow = 'E'
)

select
    items.ebc_code,
    items.cop_no,
    items.gnum,
    items.qty1 as counted_qty1,
    members.form_no,
    members.qty1 as form_qty1
from items
inner join members on items.ebc_code = members.ebc_code and items.cop_no = members.cop_no and items.gnum = members.gnum
where members.returned_qty = 0 and (items.qty1 <> members.qty1 or items.unit1 <> members.unit1)
union all
select
    items.ebc_code,
    items.cop_no,
    items.gnum,
    items.qty1,
    forms.form_no,
    cast(null as decimal(19, 5)) as form_qty1
from items
inner join forms on items.cop_no = forms.form_no
