{{ log() }}

with earlier_findings as (
    {{ earlier('matching', 'findings', {'run_date': 'date', 'declaration_key': 'varchar', 'rule_id': 'varchar', 'found_on': 'date'}) }}
),

allotted as (
    {{ in_force(ref('allotment_rules')) }}
),

limited as (
    {{ in_force(ref('annual_limit')) }}
),

failed as (
    select * from {{ ref('single_findings') }}
    union all
    select * from allotted
    union all
    select * from limited
),

findings as (
    select
        {{ run_date() }} as run_date,
        failed.declaration_key,
        matched.ebc_code,
        matched.cop_no,
        failed.rule_id,
        failed.action,
        failed.expected,
        failed.observed,
        coalesce(earlier.found_on, {{ run_date() }}) as found_on
    from failed
    inner join {{ ref('matched') }} as matched on failed.declaration_key = matched.declaration_key
    -- a finding of the decision before lives on
    left join earlier_findings as earlier
        on
            failed.declaration_key = earlier.declaration_key
            and failed.rule_id = earlier.rule_id
            and matched.decided_before = earlier.run_date
)

select * from findings
