-- Current state of every declaration that this run touched: what it decided, and what an earlier run of the same date had
-- written. A later run's state of a declaration stands: its run is behind until it runs again.
{%- set written = [] %}
{%- for mart in ['clearance_facts', 'clearance_items', 'check_findings', 'tracking_events', 'import_taxes', 'returned_items'] if execute %}
{%- set relation = relation_of('clearance', mart) %}
{%- if relation %}{% do written.append(relation) %}{% endif %}
{%- endfor %}

with decided as (
    select distinct
        ebc_code,
        cop_no,
        {{ run_date() }} as since
    from {{ ref('decisions') }}
    where run_date = {{ run_date() }}
),

written_before as (
    select
        ebc_code,
        cop_no
    from decided
    {%- for relation in written %}
        union
        select
            ebc_code,
            cop_no
        from {{ relation }}
        where changed_on = {{ run_date() }}
    {%- endfor %}
),

keys as (
    select * from decided
    union all
    select
        ebc_code,
        cop_no,
        date '0001-01-01' as since
    from written_before
    anti join decided using (ebc_code, cop_no)
),

touched_declarations as (
    select decisions.*
    from {{ ref('decisions') }} as decisions
    inner join keys on decisions.ebc_code = keys.ebc_code and decisions.cop_no = keys.cop_no
    where decisions.run_date >= keys.since
    qualify row_number() over (partition by decisions.declaration_key order by decisions.run_date desc) = 1
)

select * from touched_declarations
