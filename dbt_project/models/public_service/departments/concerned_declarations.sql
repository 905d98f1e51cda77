-- Declarations of which the run tells the departments: what it decided, judged or saw come back, what a paper of the run
-- names, or named before it was changed, and what an absence becomes a mismatch of. Beside them those that an earlier run of the
-- same date wrote, whose rows are to be those of the run before again.
{%- set marts = ['department_exchange', 'department_mismatches'] %}

with members as (
    {{ form_members() }}
),

log as not materialized (
    {{ earlier('public_service', 'department_records', {
        'run_date': 'date', 'ebc_code': 'varchar', 'cop_no': 'varchar', 'next_due': 'date'
    }) }}
),

forex_items as (
    select
        forex.ebc_code,
        items.form_no,
        items.cop_no
    from ({{ changed_papers('forex', 'stg_forex') }}) as forex
    inner join {{ ref('stg_forex_items') }} as items on forex.record_id = items.record_id
),

forms as (
    select form_no from ({{ changed_papers('closing', 'stg_closings') }}) as papers
    union
    select form_no from forex_items
    where form_no is not null
),

lines as (
    select distinct
        form_no,
        line_no
    from ({{ changed_papers('export_claim', 'stg_export_claims') }}) as papers
),

concerned as (
    select
        ebc_code,
        cop_no
    from {{ ref('answered_declarations') }}
    union
    select
        touched.ebc_code,
        touched.cop_no
    from {{ ref('touched_declarations') }} as touched
    inner join {{ ref('returned_lines') }} as returned
        on touched.declaration_key = returned.declaration_key and returned.run_date = {{ run_date() }}
    union
    select
        ebc_code,
        cop_no
    from ({{ changed_papers('inspection', 'stg_inspections') }}) as papers
    union
    select
        ebc_code,
        cop_no
    from forex_items
    where cop_no is not null
    union
    select
        members.ebc_code,
        members.cop_no
    from members
    semi join forms on members.form_no = forms.form_no
    union
    select
        members.ebc_code,
        members.cop_no
    from members
    semi join lines on members.form_no = lines.form_no and members.line_no = lines.line_no
    union
    select
        ebc_code,
        cop_no
    from {{ ref('rebate_verdicts') }}
    where run_date = {{ run_date() }}
    union
    -- due since the run before
    select
        ebc_code,
        cop_no
    from log
    where next_due < {{ run_date() }} and next_due >= (select max(l.run_date) from log as l)
),

written_before as (
    select
        cast(null as varchar) as ebc_code,
        cast(null as varchar) as cop_no
    where false
    {%- for mart in marts if execute %}
    {%- set relation = relation_of('public_service', mart) %}
    {%- if relation %}
        union
        select
            ebc_code,
            cop_no
        from {{ relation }}
        where changed_on = {{ run_date() }}
    {%- endif %}
    {%- endfor %}
)

select
    {{ key(['ebc_code', 'cop_no']) }} as declaration_key,
    ebc_code,
    cop_no,
    true as is_concerned
from concerned
union all
select
    {{ key(['ebc_code', 'cop_no']) }} as declaration_key,
    ebc_code,
    cop_no,
    false as is_concerned
from written_before
anti join concerned using (ebc_code, cop_no)
