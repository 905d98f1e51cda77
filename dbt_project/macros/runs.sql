{#- The run date as a SQL literal. -#}
{% macro run_date() -%}
    date '{{ var("run_date") }}'
{%- endmacro %}

{#- The moment a run of a date ends: what it decides bears this time. -#}
{% macro run_moment() -%}
    timestamp '{{ var("run_date") }} 23:59:59'
{%- endmacro %}

{#- A table to which each run appends its rows; rows of an earlier run that are `replaced` go first. -#}
{% macro appended(replaced) -%}
    {{ config(
        materialized="incremental",
        incremental_strategy="append",
        on_schema_change="append_new_columns",
        pre_hook="{% if is_incremental() %}delete from {{ this }} where " ~ replaced ~ "{% endif %}"
    ) }}
{%- endmacro %}

{#-
  A log: each run appends the rows of its date, and a run of the same date again replaces exactly those.
  State before the run is what the log holds with an earlier date. dbt's own macros for seeds mean its function log when
  they hand this one a text.
-#}
{% macro log(text=none) -%}
    {{- appended("run_date = {{ run_date() }}") }}
{%- endmacro %}

{#- Of rows with valid_from and valid_to: those in force on the run date. -#}
{% macro in_force_today() -%}
    {{ run_date() }} >= valid_from and ({{ run_date() }} <= valid_to or valid_to is null)
{%- endmacro %}
