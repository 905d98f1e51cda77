{#- The month that is consolidated, YYYY-MM: the run date is its last day. -#}
{% macro month() -%}
    '{{ var("run_date")[:7] }}'
{%- endmacro %}

{#- The moment a month ends, for a column that holds months. -#}
{% macro month_end(column) -%}
    cast(strptime({{ column }}, '%Y-%m') + interval 1 month - interval 1 second as timestamp)
{%- endmacro %}

{#- A log by months: the run of a month replaces the rows of that month. -#}
{% macro monthly() -%}
    {{- appended("month = {{ month() }}") }}
{%- endmacro %}

{#-
  A table that consolidating months fills, but for a month that stopped half way: only what passed its gate is recorded.
  Daily models and the months themselves read the tables as they are: a reference would close a circle in dbt's graph.
  Before the first month there are none.
-#}
{% macro of_passed_months(schema, name, columns) -%}
    {%- set recorded = relation_of('audit', 'consolidations') -%}
    {{ as_it_is(relation_of(schema, name) if recorded else none, columns, 'month in (select month from ' ~ recorded ~ ')') }}
{%- endmacro %}

{#- The lists that months took account of. -#}
{% macro accounted_lists() -%}
    {{ of_passed_months(
        'clearance', 'consolidation_lists', {'month': 'varchar', 'ebc_code': 'varchar', 'cop_no': 'varchar', 'outcome': 'varchar'}
    ) }}
{%- endmacro %}

{#- The months that passed, and when. -#}
{% macro passed_months() -%}
    {{ of_passed_months('audit', 'consolidations', {'month': 'varchar', 'ended_at': 'timestamp'}) }}
{%- endmacro %}

{#- The number of a form begins with its month. -#}
{% macro month_of(form_no) -%}
    left({{ form_no }}, 7)
{%- endmacro %}

{#- The columns of a merge key as one text; a column that the rule does not name is left out. -#}
{% macro merge_key(columns, named) -%}
    {%- for column in columns -%}
        case when list_contains({{ named }}, '{{ column }}') then coalesce({{ column }}, '') else '' end{% if not loop.last %} || chr(31) || {% endif %}
    {%- endfor -%}
{%- endmacro %}

{#- The part of an amount that falls to a part of a quantity; all of it for the whole, also for a whole of nothing. -#}
{% macro part_of(amount, part, whole) -%}
    case when {{ part }} = {{ whole }} then {{ amount }} else {{ portion(amount, part, whole) }} end
{%- endmacro %}
