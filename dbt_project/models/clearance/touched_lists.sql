-- keys of orders, payments and waybills whose usage this run may have changed
with declarations as (
    select declaration_key from {{ ref('touched_declarations') }}
),

-- an earlier version of a declaration may have named another order or waybill
named as (
    select
        decisions.order_key,
        decisions.waybill_key
    from {{ ref('decisions') }} as decisions
    semi join declarations on decisions.declaration_key = declarations.declaration_key
),

received as (
    select
        list,
        key
    from {{ ref('current_records') }}
    where run_date = {{ run_date() }} and list in ('order', 'payment', 'waybill')
),

{%- set relation = relation_of('clearance', 'list_usage') %}

written_before as (
    {% if relation -%}
        select distinct
            records.list,
            records.key
        from {{ ref('current_records') }} as records
        semi join {{ relation }} as written
            on
                written.changed_on = {{ run_date() }}
                and records.list = written.list
                and {{ shown_list_key('records.list', 'records.key') }} = written.key
    {%- else -%}
        select
            list,
            key
        from received
        where false
    {%- endif %}
),

orders as (
    select order_key as key from named
    where order_key is not null
    union
    select key from received
    where list = 'order'
),

payments as (
    select records.key
    from {{ ref('current_records') }} as records
    semi join orders on records.order_key = orders.key
    where records.list = 'payment'
),

touched_lists as (
    select
        'order' as list,
        key
    from orders
    union
    select
        'payment',
        key
    from payments
    union
    select
        'waybill',
        waybill_key
    from named
    where waybill_key is not null
    union
    select
        list,
        key
    from received
    union
    select
        list,
        key
    from written_before
)

select
    list,
    key as list_key,
    {{ shown_list_key('list', 'key') }} as key
from touched_lists
