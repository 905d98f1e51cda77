{{ log() }}

-- Parcels that the run released, closed or missed, counted by leg and whole hours: counts of runs add up, and quantiles come from them.
{%- set legs = [
    ('ordered', 'paid', 'released'), ('paid', 'shipped', 'released'), ('shipped', 'declared', 'released'), ('declared', 'released', 'released'),
    ('released', 'closed', 'closed'), ('ordered', 'closed', 'closed')
] %}
with log as (
    {{ earlier('integrated_service', 'parcel_counts', {'run_date': 'date'}) }}
),

today as (
    select
        *,
        released_at = {{ run_moment() }} as is_released,
        closed_at is not null as is_closed
    from {{ ref('decisions') }}
    where run_date = {{ run_date() }} and released_at is not null
),

closed_before as (
    select distinct
        decisions.declaration_key,
        decisions.life_record_id
    from {{ ref('decisions') }} as decisions
    semi join today on decisions.declaration_key = today.declaration_key
    where decisions.run_date < {{ run_date() }} and decisions.closed_at is not null
),

moved as (
    select
        today.declaration_key,
        today.ebc_code,
        today.cop_no,
        today.released_at,
        today.is_released,
        today.is_closed and closed_before.declaration_key is null as is_closed,
        today.waybill_key
    from today
    left join closed_before on today.declaration_key = closed_before.declaration_key and today.life_record_id = closed_before.life_record_id
),

parcels as (
    select
        moved.*,
        facts.logistics_code,
        facts.destination_or_origin as destination,
        facts.declared_date
    from moved
    inner join {{ ref('clearance_facts') }} as facts on moved.ebc_code = facts.ebc_code and moved.cop_no = facts.cop_no
    where moved.is_released or moved.is_closed
),

-- written by this run, or by a later one that stands
events as (
    select
        events.ebc_code,
        events.cop_no,
        {%- for event in ['ordered', 'paid', 'shipped', 'declared', 'released', 'closed'] %}
            min(events.at) filter (where events.event = '{{ event }}') as {{ event }}{% if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ ref('tracking_events') }} as events
    semi join parcels on events.ebc_code = parcels.ebc_code and events.cop_no = parcels.cop_no
    where events.changed_on >= {{ run_date() }}
    group by events.ebc_code, events.cop_no
),

legs as (
    select
        parcels.ebc_code,
        parcels.logistics_code,
        parcels.destination,
        unnest([
            {%- for first, last, counted in legs %}
                case
                    when parcels.is_{{ counted }}
                        then struct_pack(
                            leg := '{{ first }}_to_{{ last }}',
                            hours := cast(round(date_diff('second', events.{{ first }}, events.{{ last }}) / 3600) as integer)
                        )
                end{% if not loop.last %},{% endif %}
            {%- endfor %}
        ], recursive := true)
    from parcels
    inner join events on parcels.ebc_code = events.ebc_code and parcels.cop_no = events.cop_no
),

thresholds as (
    select
        legs.leg,
        {{ finance_parameter('late_hours', 'legs.leg') }} as late_hours
    from (
        select distinct leg
        from legs
        where leg is not null
    ) as legs
),

costs as (
    select
        parcels.ebc_code,
        parcels.logistics_code,
        parcels.destination,
        {{ in_cny('waybills.freight', 'waybills.currency', 'rates.cny_per_unit') }} as freight_cny,
        waybills.gross_weight as weight_kg
    from parcels
    left join {{ ref('matched_waybills') }} as waybills on parcels.waybill_key = waybills.waybill_key
    left join {{ ref('monthly_rates') }} as rates
        on strftime(parcels.declared_date, '%Y-%m') = rates.month and waybills.currency = rates.currency
    where parcels.is_released
),

-- not closed so many days after the release: judged once, when they are over since the run before
lost_days as (
    select
        cast({{ finance_parameter('lost_days') }} as integer) as days,
        coalesce((select max(run_date) from log), {{ run_date() }} - 1) as last_run
),

released_then as (
    select distinct decisions.declaration_key
    from {{ ref('decisions') }} as decisions
    cross join lost_days
    where
        decisions.run_date < {{ run_date() }}
        and decisions.released_at >= lost_days.last_run - lost_days.days
        and decisions.released_at < {{ run_date() }} - lost_days.days
),

latest as (
    select decisions.*
    from {{ ref('decisions') }} as decisions
    semi join released_then on decisions.declaration_key = released_then.declaration_key
    where decisions.run_date <= {{ run_date() }}
    qualify row_number() over (partition by decisions.declaration_key order by decisions.run_date desc) = 1
),

troubles as (
    select
        ebc_code,
        cop_no,
        1 as lost,
        0 as weight_differs
    from latest
    where closed_at is null and status = 'released'
    union all
    select
        moved.ebc_code,
        moved.cop_no,
        -1,
        0
    from moved
    cross join lost_days
    where moved.is_closed and cast(moved.released_at as date) + lost_days.days < lost_days.last_run
    union all
    select
        ebc_code,
        cop_no,
        0,
        1
    from {{ ref('findings') }}
    where run_date = {{ run_date() }} and rule_id = 'LOG01' and found_on = {{ run_date() }}
),

counts as (
    select
        legs.ebc_code,
        legs.logistics_code,
        legs.destination,
        legs.leg,
        legs.hours,
        1 as parcels,
        cast(legs.hours > thresholds.late_hours as integer) as late
    from legs
    inner join thresholds on legs.leg = thresholds.leg
    where legs.hours is not null
    union all by name
    select
        ebc_code,
        logistics_code,
        destination,
        'all' as leg,
        1 as parcels,
        freight_cny,
        weight_kg
    from costs
    union all by name
    select
        facts.ebc_code,
        facts.logistics_code,
        facts.destination_or_origin as destination,
        'all' as leg,
        troubles.lost,
        troubles.weight_differs
    from troubles
    inner join {{ ref('clearance_facts') }} as facts on troubles.ebc_code = facts.ebc_code and troubles.cop_no = facts.cop_no
)

select
    {{ run_date() }} as run_date,
    ebc_code,
    logistics_code,
    destination,
    leg,
    hours,
    {%- for count in ['parcels', 'late', 'lost', 'weight_differs'] %}
        cast(coalesce(sum({{ count }}), 0) as integer) as {{ count }},
    {%- endfor %}
    cast(coalesce(sum(freight_cny), 0) as decimal(19, 5)) as freight_cny,
    cast(coalesce(sum(weight_kg), 0) as decimal(19, 5)) as weight_kg
from counts
group by ebc_code, logistics_code, destination, leg, hours
