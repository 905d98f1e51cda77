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
    {{ config(
        materialized="incremental",
        incremental_strategy="append",
        on_schema_change="append_new_columns",
        pre_hook="{% if is_incremental() %}delete from {{ this }} where month = {{ month() }}{% endif %}"
    ) }}
{%- endmacro %}

{#-
  The lists that months took account of, but for a month that stopped half way: only what passed its gate is recorded.
  Daily models and the months themselves read the tables as they are: a reference would close a circle in dbt's graph.
  Before the first month there are none.
-#}
{% macro accounted_lists() -%}
    {%- set lists = adapter.get_relation(
        database=target.database, schema='clearance', identifier='consolidation_lists'
    ) if execute else none -%}
    {%- set recorded = adapter.get_relation(
        database=target.database, schema='audit', identifier='consolidations'
    ) if execute else none -%}
    {%- if lists and recorded -%}
        select month, ebc_code, cop_no, outcome from {{ lists }}
        semi join {{ recorded }} using (month)
    {%- else -%}
        select
            cast(null as varchar) as month,
            cast(null as varchar) as ebc_code,
            cast(null as varchar) as cop_no,
            cast(null as varchar) as outcome
        where false
    {%- endif -%}
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
