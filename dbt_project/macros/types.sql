{#-
  Message types of the specification as SQL types. Only values that passed FMT03 reach these.
  A text of 13 characters has at most 13 digits before the point, and fits DECIMAL(18,5): DuckDB reads texts into 64 bits
  many times faster than into 128.
-#}
{% macro amount(column) -%}
    case
        when length({{ column }}) <= 13 then cast(cast({{ column }} as decimal(18, 5)) as decimal(19, 5))
        else cast({{ column }} as decimal(19, 5))
    end
{%- endmacro %}

{#- A rate in percent as a share of 1. -#}
{% macro share(column) -%}
    cast({{ amount(column) }} * 0.01 as decimal(19, 5))
{%- endmacro %}

{% macro whole(column) -%}
    cast({{ column }} as integer)
{%- endmacro %}

{% macro moment(column) -%}
    strptime({{ column }}, '%Y%m%d%H%M%S')
{%- endmacro %}

{% macro day(column) -%}
    cast(strptime({{ column }}, '%Y%m%d') as date)
{%- endmacro %}

{#- True where a present value does not fit the type that the field table gives it (FMT03). -#}
{% macro misfits(column, type) -%}
    {%- if type == 'C14' -%}
        not coalesce(regexp_full_match({{ column }}, '[0-9]{14}') and {{ column }} >= '0001' and try_strptime({{ column }}, '%Y%m%d%H%M%S') is not null, false)
    {%- elif type == 'C8' -%}
        not coalesce(regexp_full_match({{ column }}, '[0-9]{8}') and {{ column }} >= '0001' and try_strptime({{ column }}, '%Y%m%d') is not null, false)
    {%- elif type == 'YYYYMM' -%}
        not regexp_full_match({{ column }}, '[0-9]{4}(0[1-9]|1[0-2])')
    {%- elif type.startswith('C..') -%}
        length({{ column }}) > {{ type[3:] }}
    {%- elif type.startswith('C') and '..' in type -%}
        length({{ column }}) not between {{ type[1:].split('..')[0] }} and {{ type[1:].split('..')[1] }}
    {%- elif type.startswith('C') -%}
        length({{ column }}) <> {{ type[1:] }}
    {%- elif type == 'N19,5' -%}
        not regexp_full_match({{ column }}, '[+-]?(0*[0-9]{1,14}([.][0-9]{0,5}0*)?|0*[.][0-9]{1,5}0*)')
    {%- elif type == 'int' -%}
        not coalesce(regexp_full_match({{ column }}, '[+-]?[0-9]+') and try_cast({{ column }} as integer) is not null, false)
    {%- elif type.startswith('N') and type.endswith(',0') -%}
        not regexp_full_match({{ column }}, '[+-]?0*[0-9]{1,{{ type[1:-2] }}}')
    {%- else -%}
        {{ exceptions.raise_compiler_error("message_fields.csv: no such type: " ~ type) }}
    {%- endif -%}
{%- endmacro %}

{#- Quantity times price, exact: each has 19 digits, 5 of them decimals, so the product has at most 38. -#}
{% macro product(a, b) -%}
    (cast({{ a }} as decimal(19, 5)) * cast({{ b }} as decimal(19, 5)))
{%- endmacro %}

{#-
  amount × rate ÷ rate, exact to five decimals, half away from zero. In whole numbers, since DuckDB divides decimals
  as floats. An amount beyond DECIMAL(19,5) has no value rather than a wrong one.
-#}
{% macro converted(amount, rate, per_rate) -%}
    cast(try_cast(
        sign({{ amount }}) * (
            (2 * {{ units(abs_of(amount), 5) }} * {{ units(rate, 8) }} + {{ units(per_rate, 8) }}) // (2 * {{ units(per_rate, 8) }})
        ) as decimal(19, 0)
    ) * 0.00001 as decimal(19, 5))
{%- endmacro %}

{% macro abs_of(number) -%}
    abs({{ number }})
{%- endmacro %}

{#- A decimal as a whole number of its last decimals. -#}
{% macro units(number, decimals) -%}
    cast({{ number }} * 1{{ '0' * decimals }} as hugeint)
{%- endmacro %}

{#- The same of a number below ten million with five decimals, in 64 bits: DuckDB takes much longer to divide 128. -#}
{% macro few_units(number) -%}
    cast(cast({{ number }} as decimal(12, 5)) * cast(100000 as decimal(6, 0)) as bigint)
{%- endmacro %}

{#-
  amount × part ÷ whole, exact to five decimals, half away from zero. Of a whole of nothing, and beyond DuckDB's whole
  numbers, there is no value.
-#}
{% macro portion(amount, part, whole) -%}
    cast(try_cast(try(
        sign({{ amount }}) * sign({{ part }}) * case
            when abs({{ amount }}) < 20000 and abs({{ part }}) < 20000 and {{ whole }} > 0 and {{ whole }} < 1000000
                then ({{ few_units(abs_of(amount)) }} * {{ few_units(abs_of(part)) }} + {{ few_units(whole) }} // 2) // {{ few_units(whole) }}
            else ({{ units(abs_of(amount), 5) }} * {{ units(abs_of(part), 5) }} + {{ units(whole, 5) }} // 2) // {{ units(whole, 5) }}
        end
    ) as decimal(19, 0)) * 0.00001 as decimal(19, 5))
{%- endmacro %}

{#- Hours from one moment to another, below zero where the other comes first. -#}
{% macro hours(start, end) -%}
    cast(date_diff('second', {{ start }}, {{ end }}) / 3600 as decimal(19, 5))
{%- endmacro %}
