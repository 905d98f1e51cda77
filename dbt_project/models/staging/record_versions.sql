{{ log() }}

-- Each record of a key is judged by the record that is current when its turn comes (VER01 to VER04).
-- Most keys have one record and no past; only the others are walked through, one record a step.
with recursive events as (
    select
        events.*,
        -- what a paper says, new or changed, is so where nothing was said before
        events.app_type = 1 or (events.is_paper and events.app_type = 2) as can_begin,
        releases.key is not null as is_frozen
    from {{ ref('version_events') }} as events
    -- "its declaration": an order's, a waybill's and a declaration's by their own key, a payment's by its order
    left join {{ ref('earlier_releases') }} as releases
        on
            case events.list when 'payment' then 'order' else events.list end = releases.list
            and case events.list when 'payment' then events.order_key else events.key end = releases.key
),

earlier as (
    select
        records.*,
        releases.key is not null as is_frozen
    from {{ ref('earlier_records') }} as records
    left join {{ ref('earlier_releases') }} as releases
        on
            case records.list when 'payment' then 'order' else records.list end = releases.list
            and case records.list when 'payment' then records.order_key else records.key end = releases.key
),

walked_keys as (
    select
        list,
        key
    from {{ ref('version_events') }}
    group by list, key
    having count(*) > 1
    union
    select
        list,
        key
    from earlier
),

steps as (
    select
        events.*,
        row_number() over (
            partition by events.list, events.key
            order by events.app_time, events.file_name, events.source_id, events.path, events.position
        ) as step
    from events
    semi join walked_keys using (list, key)
),

walk as (
    select
        keys.list,
        keys.key,
        cast(0 as bigint) as step,
        cast(null as bigint) as judged_id,
        cast(null as varchar) as verdict,
        cast(null as bigint) as superseded_id,
        earlier.record_id as current_id,
        earlier.record_id as last_id,
        earlier.app_time,
        earlier.order_key,
        coalesce(earlier.is_frozen, false) as is_frozen,
        earlier.life_record_id,
        earlier.life_app_time
    from walked_keys as keys
    left join earlier using (list, key)

    union all

    select
        judged.list,
        judged.key,
        judged.step,
        judged.record_id as judged_id,
        judged.ruling as verdict,
        case when judged.ruling = 'accepted' then judged.current_id end as superseded_id,
        case when judged.is_version then judged.record_id when judged.ruling <> 'accepted' then judged.current_id end as current_id,
        case when judged.is_version then judged.record_id else judged.last_id end as last_id,
        case when judged.is_version then judged.event_time else judged.app_time end as app_time,
        case when judged.is_version then judged.event_order_key else judged.order_key end as order_key,
        case when judged.is_version then judged.event_is_frozen else judged.is_frozen end as is_frozen,
        case when judged.is_version and judged.current_id is null then judged.record_id else judged.life_record_id end as life_record_id,
        case when judged.is_version and judged.current_id is null then judged.event_time else judged.life_app_time end as life_app_time
    from (
        select
            walk.* exclude (step, judged_id, verdict, superseded_id),
            steps.step,
            steps.record_id,
            steps.app_type,
            steps.app_time as event_time,
            steps.order_key as event_order_key,
            steps.is_frozen as event_is_frozen,
            case
                when walk.current_id is null and steps.can_begin then 'accepted'
                when steps.app_type = 1 and not steps.is_paper then 'VER01'
                when walk.current_id is null or not list_contains(steps.named_life_ids, walk.life_record_id) then 'VER03'
                when walk.is_frozen then 'VER04'
                when steps.app_time <= walk.app_time then 'VER02'
                else 'accepted'
            end as ruling,
            ruling = 'accepted' and steps.app_type <> 3 as is_version
        from walk
        inner join steps on walk.list = steps.list and walk.key = steps.key and walk.step + 1 = steps.step
    ) as judged
),

walked as (
    select
        list,
        key,
        judged_id as record_id,
        verdict,
        superseded_id,
        current_id is not null as is_live,
        last_id as current_id,
        app_time,
        order_key,
        life_record_id,
        life_app_time,
        verdict = 'accepted' and step = max(case when verdict = 'accepted' then step end) over (partition by list, key) as is_final
    from walk
    where step > 0
),

single as (
    select
        list,
        key,
        record_id,
        case when can_begin then 'accepted' else 'VER03' end as verdict,
        cast(null as bigint) as superseded_id,
        true as is_live,
        record_id as current_id,
        app_time,
        order_key,
        record_id as life_record_id,
        app_time as life_app_time,
        can_begin as is_final
    from events
    anti join walked_keys using (list, key)
),

judged_records as (
    select * from walked
    union all
    select * from single
),

record_versions as (
    select
        {{ run_date() }} as run_date,
        list,
        key,
        record_id,
        case verdict
            when 'accepted' then 'accepted' when 'VER01' then 'duplicate' when 'VER02' then 'stale' else 'quarantined'
        end as state,
        nullif(verdict, 'accepted') as rule_id,
        superseded_id,
        is_final,
        is_live,
        current_id,
        app_time,
        order_key,
        life_record_id,
        life_app_time
    from judged_records
)

select * from record_versions
