{#- What exchange is due for of each item of the exported lists in `named_in` (ebc_code, cop_no): its price, less what came back of it. -#}
{% macro remaining_prices(named_in) -%}
    select
        items.ebc_code,
        items.cop_no,
        items.gnum,
        items.currency,
        {{ part_of('items.total_price', 'cast(items.qty - items.returned_qty as decimal(19, 5))', 'items.qty') }} as price
    from {{ ref('exported_items') }} as items
    semi join {{ named_in }} as named on items.ebc_code = named.ebc_code and items.cop_no = named.cop_no
    where items.run_date <= {{ run_date() }}
    qualify items.run_date = max(items.run_date) over (partition by items.declaration_key)
{%- endmacro %}

{#- The same of every item on the forms in `named_in` (form_no); of an item that no run saw close, the price that the form was made of. -#}
{% macro form_prices(named_in) -%}
    {%- set members -%}
        (
            select members.*
            from ({{ form_members() }}) as members
            semi join {{ named_in }} as forms on members.form_no = forms.form_no
        )
    {%- endset -%}
    select
        members.form_no,
        members.line_no,
        members.ebc_code,
        members.cop_no,
        members.gnum,
        members.currency,
        coalesce(prices.price, members.total_price) as price
    from {{ members }} as members
    left join ({{ remaining_prices(members) }}) as prices
        on members.ebc_code = prices.ebc_code and members.cop_no = prices.cop_no and members.gnum = prices.gnum
{%- endmacro %}
