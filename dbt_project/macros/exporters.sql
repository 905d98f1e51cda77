{#- A parameter of finance_parameters.csv on the day of the run; of a class or leg, else that of all. -#}
{% macro finance_parameter(parameter, scope=none) -%}
    (
        select arg_min(finance.value, finance.scope = '*') from {{ ref('finance_parameters') }} as finance
        where
            finance.parameter = '{{ parameter }}'
            and (finance.scope = '*'{% if scope %} or finance.scope = {{ scope }}{% endif %})
            and {{ in_force_today() }}
    )
{%- endmacro %}

{#- The 15th, or what the parameter says, of the month after a day. -#}
{% macro claim_day_after(day) -%}
    cast(date_trunc('month', {{ day }}) + interval 1 month as date) + cast({{ finance_parameter('claim_day') }} - 1 as integer)
{%- endmacro %}

{#- A part of a whole as a share of 1; of nothing there is none. -#}
{% macro share_in(part, whole) -%}
    {{ portion('cast(1 as decimal(19, 5))', part, whole) }}
{%- endmacro %}

{#- A quantile of values that are counted: the least that `percent` of all do not exceed. `so_far` and `total` are counts. -#}
{% macro counted_quantile(value, so_far, total, percent) -%}
    cast(min({{ value }}) filter (where 100 * {{ so_far }} >= {{ percent }} * {{ total }}) as decimal(19, 5))
{%- endmacro %}

{#- A mart with all rows of each enterprise that the run touched. -#}
{% macro exporter_mart() -%}
    -- depends_on: {{ ref('touched_exporters') }}
    {{- mart("ebc_code in (select ebc_code from {{ ref('touched_exporters') }})") }}
{%- endmacro %}

{#- The Monday of a day's week. -#}
{% macro week_of(day) -%}
    cast(date_trunc('week', {{ day }}) as date)
{%- endmacro %}

{#- A table by weeks of runs: a run writes the rows of its week again. -#}
{% macro weekly() -%}
    {{- appended("week = {{ week_of(run_date()) }}") }}
{%- endmacro %}

{#- Lists whose records name the enterprise, and whether they name a declaration. -#}
{% macro naming_lists() -%}
    {{ return({
        'order': false, 'declaration': true, 'cancellation': true, 'return': true, 'forex': false, 'inspection': true,
        'zone_registration': true, 'overseas_sale': false
    }) }}
{%- endmacro %}
