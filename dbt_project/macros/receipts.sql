{#- What the receipts name, of any message: elements of the field tables but guid, what a receipt says, and numbers given later. -#}
{% macro receipt_keys() -%}
    {{ return([
        'agent_code', 'bill_no', 'co_el_no', 'cop_no', 'customs_code', 'ebc_code', 'ebp_code', 'invt_no', 'logistics_code',
        'logistics_no', 'logistics_status', 'msg_seq_no', 'operator_code', 'order_no', 'pay_code', 'pay_no',
        'pay_transaction_id', 'pre_no', 'statistics_flag'
    ]) }}
{%- endmacro %}

{#- Those columns of a raw table; null where no message of its list has the element. -#}
{% macro receipt_columns(table) -%}
    {%- set relation = relation_of('raw', table) %}
    {%- set known = adapter.get_columns_in_relation(relation) | map(attribute='name') | list if relation else [] %}
    {%- for column in receipt_keys() %}
        {% if column in known %}data.{{ column }}{% else %}cast(null as varchar) as {{ column }}{% endif %}{% if not loop.last %},{% endif %}
    {%- endfor %}
{%- endmacro %}

{#-
  The field tables of the receipts, as the seed holds them, with the codes of each element. The seed itself is read and not by ref(),
  since a unit test, too, has to know which columns there are.
-#}
{% macro receipt_fields() -%}
    {%- set table = relation_of('reference', 'exchange_fields') -%}
    {%- if not table -%}{{ return([]) }}{%- endif -%}
    {%- set query -%}
        select
            message,
            edition,
            column_name,
            type,
            presence,
            may_be_empty,
            key_part,
            (select string_agg(codes.code, ' ' order by codes.code) from reference.code_lists as codes where codes.code_list = fields.code_list) as codes
        from {{ table }} as fields
        where list = 'receipt' and column_name in ('{{ receipt_keys() | join("', '") }}')
        order by message, edition, sequence
    {%- endset -%}
    {{ return(run_query(query).rows) }}
{%- endmacro %}

{#- Whether a value is one that its element may hold. -#}
{% macro fits_element(column, field) -%}
    (not ({{ misfits(column, field.type) }}) and not regexp_matches({{ column }}, '{{ no_characters() }}')
    {%- if field.codes %} and {{ column }} in ('{{ field.codes.split() | join("', '") }}'){% endif %})
{%- endmacro %}

{#- Characters that no XML document can hold. -#}
{% macro no_characters() -%}
    [\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]
{%- endmacro %}

{#- A rule as the receipts of customs name it. -#}
{% macro named_rule(rule_id, title) -%}
    '[Code:' || {{ rule_id }} || ';Desc:' || coalesce({{ title }}, '') || ']'
{%- endmacro %}

{#- A number as the e-port gives it: the date of the run, a digit for its kind, a serial. -#}
{% macro pre_number(serial, kind) -%}
    'B{{ var("run_date") | replace("-", "") }}{{ kind }}' || lpad(cast({{ serial }} as varchar), 8, '0')
{%- endmacro %}

{#- What each rule is called in the receipts of the run. -#}
{% macro rule_titles() -%}
    select
        rule_id,
        arg_max(title_zh, (valid_from, title_zh)) as title_zh
    from {{ ref('rules') }}
    where valid_from <= {{ run_date() }}
    group by rule_id
{%- endmacro %}
