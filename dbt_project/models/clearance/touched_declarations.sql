-- Current state of every declaration that this run touched: what it decided, and what an earlier run of the same date had
-- written. A later run's state of a declaration stands: its run is behind until it runs again.
{%- set marts = ['clearance_facts', 'clearance_items', 'check_findings', 'tracking_events'] %}

with decided as (
    select distinct ebc_code, cop_no, {{ run_date() }} as since
    from {{ ref('decisions') }}
    where run_date = {{ run_date() }}
),

written_before as (
    {%- for mart in marts %}
    {%- set relation = adapter.get_relation(database=target.database, schema='clearance', identifier=mart) if execute else none %}
    {% if relation %}
    select ebc_code, cop_no from {{ relation }} where changed_on = {{ run_date() }}
    {%- else %}
    select ebc_code, cop_no from decided where false
    {%- endif %}
    {% if not loop.last %}union{% endif %}
    {%- endfor %}
),

keys as (
    select * from decided
    union all
    select ebc_code, cop_no, date '0001-01-01' as since
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
