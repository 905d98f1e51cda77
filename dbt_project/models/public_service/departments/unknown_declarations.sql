-- what departments hold of declarations that customs does not know, or not yet
with papers as (
    select
        declaration_key,
        'forex' as department,
        state
    from {{ ref('forex_records') }}
    union all
    select
        declaration_key,
        'inspection' as department,
        state
    from {{ ref('inspection_records') }}
)

select
    concerned.ebc_code,
    concerned.cop_no,
    papers.department,
    papers.state
from papers
inner join {{ ref('concerned_declarations') }} as concerned on papers.declaration_key = concerned.declaration_key
anti join {{ ref('customs_records') }} as known on papers.declaration_key = known.declaration_key
