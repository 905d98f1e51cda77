-- Enterprises whose sums the run may have changed: by an entry, by a week that is over, or written by an earlier run of the same date.
with entries as not materialized (
    select * from {{ ref('exporter_entries') }}
    where run_date <= {{ run_date() }}
)

select ebc_code from entries
where run_date = {{ run_date() }}
union
select ebc_code from entries
where
    account = 'week'
    and refund_cny <> 0
    and name < cast({{ week_of(run_date()) }} as varchar)
    and name >= (
        select cast({{ week_of('max(earlier.run_date)') }} as varchar)
        from entries as earlier
        where earlier.run_date < {{ run_date() }}
    )
{%- for mart in ['enterprise_rebate_finance', 'enterprise_concentration', 'enterprise_advance', 'enterprise_forex'] if execute %}
{%- set relation = relation_of('integrated_service', mart) %}
{%- if relation %}
union
select ebc_code from {{ relation }}
where changed_on = {{ run_date() }}
{%- endif %}
{%- endfor %}
