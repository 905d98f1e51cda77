{#-
  How models reach the warehouse, in place of dbt's own ways: those build beside the old relation, rename both, drop the
  old one and ask for columns three times, and each step costs more than the SQL of a small day. Here DuckDB replaces a
  relation, or the rows of a log, in one transaction; hooks are part of it.
-#}
{% materialization table, adapter="duckdb" -%}
    {%- set target = of_type(this, 'table') -%}
    {{- run_hooks(pre_hooks) -}}
    {{- replace_table(target, sql) -}}
    {{- run_hooks(post_hooks) -}}
    {%- do adapter.commit() -%}
    {{- return({'relations': [target]}) -}}
{%- endmaterialization %}

{% materialization view, adapter="duckdb" -%}
    {%- set target = of_type(this, 'view') -%}
    {{- run_hooks(pre_hooks) -}}
    {%- if config.get('contract').enforced -%}{{- get_assert_columns_equivalent(sql) -}}{%- endif -%}
    {%- call statement('main') -%}
        create or replace view {{ target }} as (
            {{ sql }}
        )
    {%- endcall -%}
    {{- run_hooks(post_hooks) -}}
    {%- do adapter.commit() -%}
    {{- return({'relations': [target]}) -}}
{%- endmaterialization %}

{#-
  Appends. A column that the model has and the table lacks is added first, empty in the rows of earlier runs: DuckDB
  commits no change of a table's columns after a delete in the same transaction.
-#}
{% materialization incremental, adapter="duckdb" -%}
    {%- set target = of_type(this, 'table') -%}
    {%- if not is_incremental() -%}
        {{- run_hooks(pre_hooks) -}}
        {{- replace_table(target, sql) -}}
    {%- else -%}
        {%- if config.get('contract').enforced -%}{{- get_assert_columns_equivalent(sql) -}}{%- endif -%}
        {%- for name, type in run_query(new_columns(target, sql)).rows -%}
            {%- do run_query('alter table ' ~ target ~ ' add column ' ~ adapter.quote(name) ~ ' ' ~ type) -%}
        {%- endfor -%}
        {{- run_hooks(pre_hooks) -}}
        {%- call statement('main') -%}
            insert into {{ target }} by name (
                {{ sql }}
            )
        {%- endcall -%}
    {%- endif -%}
    {{- run_hooks(post_hooks) -}}
    {%- do adapter.commit() -%}
    {{- return({'relations': [target]}) -}}
{%- endmaterialization %}

{% macro replace_table(target, sql) -%}
    {%- call statement('main') -%}
        drop table if exists {{ target }};
        {{ create_table_as(false, target, sql) }}
    {%- endcall -%}
{%- endmacro %}

{% macro new_columns(target, sql) -%}
    select model.column_name, model.column_type
    from (describe (
        {{ sql }}
    )) as model
    anti join (describe {{ target }}) as known on model.column_name = known.column_name
{%- endmacro %}

{#- The relation as a table or view; one of the other kind that stands in its place goes. -#}
{% macro of_type(relation, type) -%}
    {%- set existing = load_cached_relation(relation) -%}
    {%- if existing and existing.type != type -%}{%- do adapter.drop_relation(existing) -%}{%- endif -%}
    {{- return(relation.incorporate(type=type)) -}}
{%- endmacro %}
