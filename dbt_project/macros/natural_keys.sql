{#- The parts of the key that people know a record by: (list, flow) → columns of its raw table. -#}
{% macro natural_key_parts() -%}
    {{ return({
        ('order', '*'): ['ebp_code', 'order_no'],
        ('payment', 'E'): ['ebp_code', 'order_no', 'pay_no'],
        ('payment', 'I'): ['pay_code', 'pay_transaction_id'],
        ('waybill', '*'): ['logistics_code', 'logistics_no'],
        ('declaration', '*'): ['ebc_code', 'cop_no'],
        ('arrival', '*'): ['logistics_code', 'cop_no'],
        ('departure', '*'): ['logistics_code', 'cop_no'],
        ('waybill_status', '*'): ['logistics_code', 'logistics_no'],
        ('cancellation', '*'): ['ebc_code', 'coalesce(cop_no, invt_no)'],
        ('return', '*'): ['ebc_code', 'coalesce(cop_no, invt_no)'],
        ('taxpayer', '*'): ['taxpayer_id', 'valid_from'],
        ('invoice', '*'): ['invoice_code', 'invoice_no'],
        ('forex', '*'): ['bank_code', 'bank_ref'],
        ('rebate_rate', '*'): ['code', 'st_date'],
        ('zone_registration', '*'): ['ebc_code', 'cop_no', 'gnum'],
        ('hold', '*'): ['hold_no'],
        ('closing', '*'): ['form_no'],
        ('inspection', '*'): ['ebc_code', 'cop_no', 'inspection_no'],
        ('export_claim', '*'): ['taxpayer_id', 'relation_no', 'form_no', 'line_no'],
        ('purchase_claim', '*'): ['taxpayer_id', 'relation_no', 'invoice_code', 'invoice_no', 'invoice_line'],
        ('vat_return', '*'): ['taxpayer_id', 'period'],
        ('overseas_sale', '*'): ['ebc_code', 'sale_no']
    }) }}
{%- endmacro %}

{#- The path with which a file came first, of one that is read again, too: that lies below `replay/<date it came>/`. -#}
{% macro first_path(path, replayed_from) -%}
    case when {{ replayed_from }} is null then {{ path }} else substr({{ path }}, 19) end
{%- endmacro %}
