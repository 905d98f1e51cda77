{#-
  A mart of the clearance platform: one current state per declaration, rewritten for the declarations that the run touched.
  `changed_on` is the run that wrote a row; a run of the same date again first takes its own rows back.
-#}
{% macro mart(keys) -%}
    {{- appended("changed_on = {{ run_date() }} or " ~ keys) }}
{%- endmacro %}

{% macro declaration_mart() -%}
    -- depends_on: {{ ref('touched_declarations') }}
    {{- mart("(ebc_code, cop_no) in (select (ebc_code, cop_no) from {{ ref('touched_declarations') }})") }}
{%- endmacro %}
