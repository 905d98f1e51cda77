{#-
  The field tables, as the seed holds them: rows of message, list, edition, level, element, column, type, presence,
  may_be_empty, code_list, key_part.
-#}
{% macro field_table() -%}
    {%- if not execute -%}{{ return([]) }}{%- endif -%}
    {%- set query -%}
        select message, list, edition, level, element, column_name, type, presence, may_be_empty, code_list, key_part
        from {{ ref('message_fields') }}
        order by message, edition, sequence
    {%- endset -%}
    {{ return(run_query(query).rows) }}
{%- endmacro %}

{#- Raw tables of a list: heads and items. -#}
{% macro raw_tables() -%}
    {{ return(dict(national_tables(), **paper_tables())) }}
{%- endmacro %}

{% macro national_tables() -%}
    {{ return({
        'order': ('orders', 'order_items'), 'payment': ('payments', none), 'waybill': ('waybills', none),
        'declaration': ('declarations', 'declaration_items'), 'arrival': ('arrivals', 'arrival_items'),
        'departure': ('departures', 'departure_items'), 'waybill_status': ('waybill_statuses', none),
        'cancellation': ('cancellations', none), 'return': ('returns', 'return_items')
    }) }}
{%- endmacro %}

{#- The same of the papers: lists of departments and enterprises that no national message carries. -#}
{% macro paper_tables() -%}
    {{ return({
        'taxpayer': ('taxpayers', none), 'invoice': ('invoices', 'invoice_items'), 'forex': ('forex', 'forex_items'),
        'rebate_rate': ('rebate_rates', none), 'zone_registration': ('zone_registrations', none), 'hold': ('holds', none),
        'closing': ('closings', 'closing_items'), 'inspection': ('inspections', none), 'export_claim': ('export_claims', none),
        'purchase_claim': ('purchase_claims', none), 'vat_return': ('vat_returns', none), 'overseas_sale': ('overseas_sales', none)
    }) }}
{%- endmacro %}

{#- The same of the lists whose records take one another's place; the others are events. -#}
{% macro versioned_tables() -%}
    {{ return(dict({
        'order': ('orders', 'order_items'), 'payment': ('payments', none), 'waybill': ('waybills', none),
        'declaration': ('declarations', 'declaration_items')
    }, **paper_tables())) }}
{%- endmacro %}

{#- Of a mapping by list: the lists that the run received something of, or one of none where it received nothing. -#}
{% macro of_received(by_list) -%}
    {%- set received = received_lists() -%}
    {%- set found = {} -%}
    {%- for list, value in by_list.items() if list in received -%}{%- do found.update({list: value}) -%}{%- endfor -%}
    {{ return(found or {(by_list | first): by_list[by_list | first]}) }}
{%- endmacro %}

{#- While dbt parses, every list: a model depends on all that it may read. -#}
{% macro received_lists() -%}
    {%- if not execute -%}{{ return(raw_tables() | list) }}{%- endif -%}
    {%- set query -%}
        select distinct list from {{ source('raw', 'files') }}
        where run_date = {{ run_date() }} and state = 'read' and list is not null
    {%- endset -%}
    {{ return(run_query(query).columns[0].values() | list) }}
{%- endmacro %}

{#- The edition to match files by; a message that has one field table is held to it, whatever its source declares. -#}
{% macro judged_edition(editions, edition) -%}
    {{ return(edition if editions | length > 1 else none) }}
{%- endmacro %}

{#-
  FMT02 and FMT03 for one message, edition and level: one row per field that is missing or does not fit.
  Key parts are mandatory whatever the field table says; two are not, since a receipt of payment may lack its number
  (specification, CEB403), and an invoice of 20 digits has no code. Without an edition the table holds for every source.
-#}
{% macro field_faults(message, list, edition, level, table, fields) -%}
    select
        data.record_id,
        '{{ list }}' as list,
        unnest(list_filter([
    {%- for field in fields %}
        {%- set column = 'data.' ~ field.column_name %}
        {%- set is_key = field.key_part is not none and field.element not in ('payNo', 'invoiceCode') %}
            case
                when {{ column }} is null
        {%- if is_key %}
                    then 'FMT02 {{ field.element }} is missing'
                    {%- elif field.presence == 'M' and not field.may_be_empty %}
                    then case when not list_contains(files.relaxed, '{{ field.column_name }}') then 'FMT02 {{ field.element }} is missing' end
                    {%- else %}
                    then null
        {%- endif %}
                when {{ misfits(column, field.type) }} then 'FMT03 {{ field.element }} does not fit {{ field.type }}'
            end{% if not loop.last %},{% endif %}
    {%- endfor %}
        ], fault -> fault is not null)) as fault
    from {{ source('raw', table) }} as data
    inner join files on data.record_id // 10000000 = files.file_id
    where data.run_date = {{ run_date() }} and files.message = '{{ message }}' {%- if edition %} and files.edition = '{{ edition }}'{% endif %}
{%- endmacro %}

{#- Coded values of one message, edition and level, to be looked up in the code lists (FMT04). -#}
{% macro coded_values(message, edition, table, fields) -%}
    select
        data.record_id,
        unnest([
    {%- for field in fields %}
        {%- set code = 'data.' ~ field.column_name %}
            struct_pack(
                element := '{{ field.element }}',
                code_list := '{{ field.code_list }}',
                code := {{ code }},
                fits := not ({{ misfits(code, field.type) }})
            ){% if not loop.last %},{% endif %}
    {%- endfor %}
        ], recursive := true)
    from {{ source('raw', table) }} as data
    inner join files on data.record_id // 10000000 = files.file_id
    where data.run_date = {{ run_date() }} and files.message = '{{ message }}' {%- if edition %} and files.edition = '{{ edition }}'{% endif %}
{%- endmacro %}

{#- FMT08 for one level of a list of papers: what is below zero, but for a red-letter invoice. -#}
{% macro negative_values(list, tables, level, fields) -%}
    select
        data.record_id,
        '{{ list }}' as list,
        unnest(list_filter([
    {%- for field in fields %}
            case when try_cast(data.{{ field.column_name }} as decimal(19, 5)) < 0 then '{{ field.element }} is below zero' end{% if not loop.last %},{% endif %}
    {%- endfor %}
        ], fault -> fault is not null)) as detail
    from {{ source('raw', tables[0 if level == 'head' else 1]) }} as data
    {%- if list == 'invoice' %}
    semi join {{ source('raw', tables[0]) }} as heads
        on data.record_id = heads.record_id and heads.run_date = {{ run_date() }} and heads.red_of_no is null
    {%- endif %}
    where data.run_date = {{ run_date() }}
{%- endmacro %}
