{#-
  The current records of a list of papers at the end of the run: all, or those whose `columns` are those of a row of `named_in`,
  where the list grows with every parcel.
-#}
{% macro current_papers(list, model, named_in=none, columns=[]) -%}
    {%- set keys -%}
        (
            select papers.{{ list }}_key as key
            from {{ ref(model) }} as papers
            semi join {{ named_in }} as named on {% for column in columns %}papers.{{ column }} = named.{{ column }}{% if not loop.last %} and {% endif %}{% endfor %}
        )
    {%- endset -%}
    select papers.*
    from {{ ref(model) }} as papers
    inner join ({{ current_records_of(list, keys if named_in else none) }}) as current_records on papers.record_id = current_records.record_id
    where current_records.is_live
    {%- if named_in %}
        and exists (
            select 1 from {{ named_in }} as named
            where {% for column in columns %}papers.{{ column }} = named.{{ column }}{% if not loop.last %} and {% endif %}{% endfor %}
        )
    {%- endif %}
{%- endmacro %}

{#- Every version, up to the run, of the papers whose current record the run changed: what one named before counts too. -#}
{% macro changed_papers(list, model) -%}
    select papers.*
    from {{ ref(model) }} as papers
    semi join {{ ref('current_records') }} as changed
        on papers.{{ list }}_key = changed.key and changed.run_date = {{ run_date() }} and changed.list = '{{ list }}'
    where papers.run_date <= {{ run_date() }}
{%- endmacro %}

{#- The exported items in `named_in` (declaration_key, gnum), as the last run that saw them left them. -#}
{% macro latest_exports(named_in) -%}
    select items.*
    from {{ ref('exported_items') }} as items
    semi join {{ named_in }} as named on items.declaration_key = named.declaration_key and items.gnum = named.gnum
    where items.run_date <= {{ run_date() }}
    qualify row_number() over (partition by items.declaration_key, items.gnum order by items.run_date desc) = 1
{%- endmacro %}

{#- Which item stands on which line of which form, of the months before that of the run. -#}
{% macro form_members() -%}
    select * exclude (month)
    from (
        {{ of_passed_months('clearance', 'consolidation_members', {
            'month': 'varchar', 'ebc_code': 'varchar', 'cop_no': 'varchar', 'gnum': 'integer', 'form_no': 'varchar', 'line_no': 'integer',
            'qty': 'decimal(19, 5)', 'unit': 'varchar', 'currency': 'varchar', 'total_price': 'decimal(19, 5)'
        }) }}
    ) as passed
    where month < {{ month() }}
{%- endmacro %}

{#- The rules under which goods left the country; what they say is in the catalogue. -#}
{% macro rule_version(export_date) -%}
    case when {{ export_date }} < date '2026-01-01' then '2013-96' else '2026-11' end
{%- endmacro %}

{#- Units by their names, since papers may have either. -#}
{% macro unit_names() -%}
    select
        name_zh,
        min(code) as code
    from {{ ref('code_lists') }}
    where code_list = 'unit' and code_set = '*'
    group by name_zh
{%- endmacro %}

{#- The order in which items of a relation or of a period share what belongs to all of them. -#}
{% macro item_order() -%}
    form_no, line_no, declaration_key, gnum
{%- endmacro %}

{#- amount × part ÷ whole to the cent, half up, exact as `portion`; of nothing there is no value. None of the three is negative. -#}
{% macro portion_to_the_cent(amount, part, whole) -%}
    cast(try_cast(try(
        (2 * {{ units(amount, 5) }} * {{ units(part, 5) }} + 1000 * {{ units(whole, 5) }}) // (2000 * {{ units(whole, 5) }})
    ) as decimal(17, 0)) * 0.01 as decimal(19, 5))
{%- endmacro %}

{#- amount × share, to the cent, half up. -#}
{% macro share_of(amount, share) -%}
    cast(round({{ product(amount, share) }}, 2) as decimal(19, 5))
{%- endmacro %}

{#- amount × part ÷ whole, cut off at five decimals; the same conditions. -#}
{% macro portion_cut_off(amount, part, whole) -%}
    cast(try_cast(try({{ units(amount, 5) }} * {{ units(part, 5) }} // {{ units(whole, 5) }}) as decimal(19, 0)) * 0.00001 as decimal(19, 5))
{%- endmacro %}

{#- What can still be claimed of an item, in one of its three units. -#}
{% macro qty_in(unit, item='') -%}
    case {{ unit }}
        when {{ item }}unit then {{ item }}claimable_qty
        when {{ item }}unit1 then {{ item }}claimable_qty1
        when {{ item }}unit2 then {{ item }}claimable_qty2
    end
{%- endmacro %}

{#-
  A part of both an item and an invoice line: the difference of two running totals over the items, each shared over the
  lines by running totals of those. An item's parts add up to the item, and those of a line to no more than the line; of nothing
  there are parts of nothing.
-#}
{% macro cell(item_so_far, item_before, line_so_far, line, whole) -%}
    {%- set line_before = 'cast(' ~ line_so_far ~ ' - ' ~ line ~ ' as decimal(19, 5))' -%}
    cast(coalesce(
        {{ portion(item_so_far, line_so_far, whole) }} - {{ portion(item_before, line_so_far, whole) }}
        - {{ portion(item_so_far, line_before, whole) }} + {{ portion(item_before, line_before, whole) }}, 0
    ) as decimal(19, 5))
{%- endmacro %}

{#- A mart with rows for each item, or each month of a taxpayer, that the run touched. -#}
{% macro item_mart() -%}
    -- depends_on: {{ ref('touched_rebates') }}
    {{- mart("(ebc_code, cop_no, gnum) in (select (ebc_code, cop_no, gnum) from {{ ref('touched_rebates') }})") }}
{%- endmacro %}

{% macro period_mart() -%}
    -- depends_on: {{ ref('touched_periods') }}
    {{- mart("(taxpayer_id, period) in (select (taxpayer_id, period) from {{ ref('touched_periods') }})") }}
{%- endmacro %}

{#- Of rules (id, when it speaks, expected, observed, what the enterprise has to bring) those that speak of a row, as a list. -#}
{% macro spoken(rules) -%}
    list_filter([
    {%- for rule_id, speaks, expected, observed, missing_en, missing_zh in rules %}
        case
            when {{ speaks }} then struct_pack(
                rule_id := '{{ rule_id }}',
                expected := cast({{ expected }} as varchar),
                observed := cast({{ observed }} as varchar),
                missing_en := {% if missing_en %}'{{ missing_en }}'{% else %}cast(null as varchar){% endif %},
                missing_zh := {% if missing_zh %}'{{ missing_zh }}'{% else %}cast(null as varchar){% endif %}
            )
        end{% if not loop.last %},{% endif %}
    {%- endfor %}
    ], rule -> rule is not null)
{%- endmacro %}
