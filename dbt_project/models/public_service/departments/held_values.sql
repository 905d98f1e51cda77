{#- which department holds which field, as department_sides has it -#}
{%- set held = {
    'amount': ['customs', 'closing', 'forex'],
    'currency': ['customs', 'closing', 'forex'],
    'quantity': ['customs', 'closing', 'inspection'],
    'weight': ['customs', 'inspection'],
    'party': ['customs', 'closing', 'tax', 'forex'],
    'date': ['customs', 'closing', 'tax', 'forex', 'inspection'],
    'state': ['customs', 'closing', 'tax', 'forex', 'inspection'],
    'document': ['customs', 'closing', 'tax']
} %}
{%- set numbers = ['amount', 'quantity', 'weight'] %}
{%- set returned = {'customs_amount': 'returned_amount', 'customs_quantity': 'returned_quantity'} %}
-- One row per concerned declaration, field and department that holds it. A number may be less by what came back: `least`.
-- Goods that have not left are compared with nothing, unless somebody already holds something of them.
with spread as (
    select
        declaration_key,
        ebc_code,
        cop_no,
        flow,
        supervision_mode,
        statistics_flag,
        tax_state,
        case when customs_state = 'closed' then customs_date end as left_on,
        unnest([
            {%- for field, departments in held.items() %}
                {%- set outer = loop %}
                {%- for department in departments %}
                    {%- set column = department ~ '_' ~ field %}
                    {%- set number = column if field in numbers else 'cast(null as decimal(19, 5))' %}
                    {%- set least = 'cast(' ~ column ~ ' - ' ~ returned[column] ~ ' as decimal(19, 5))' if column in returned else number %}
                    struct_pack(
                        field := '{{ field }}',
                        department := '{{ department }}',
                        value := {% if field in numbers %}{{ shown(column) }}{% else %}cast({{ column }} as varchar){% endif %},
                        number := {{ number }},
                        least := {{ least }},
                        unit := {{ department ~ '_currency' if field == 'amount' else 'cast(null as varchar)' }},
                        day := {{ column if field == 'date' else 'cast(null as date)' }},
                        dated := coalesce({{ department }}_date, {{ department }}_as_of)
                    ){% if not (outer.last and loop.last) %},{% endif %}
                {%- endfor %}
            {%- endfor %}
        ], recursive := true)
    from {{ ref('department_sides') }}
    where
        customs_state = 'closed'
        or closing_as_of is not null
        or tax_as_of is not null
        or forex_as_of is not null
        or inspection_as_of is not null
)

select * from spread
where value is not null
