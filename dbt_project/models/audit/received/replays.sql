{{ log() }}

-- what the run read again of the quarantine, with its first fate and its second
with replayed as (
    select
        file_id,
        source_id,
        path,
        sha256,
        records,
        state,
        replayed_from,
        replayed_positions
    from {{ source('raw', 'files') }}
    where run_date = {{ run_date() }} and replayed_from is not null
),

entries as (
    select
        *,
        coalesce(replayed_from, run_date) as came_on,
        {{ first_path('path', 'replayed_from') }} as first_path
    from {{ ref('quarantine') }}
    where run_date < {{ run_date() }}
),

-- of a record that was replayed before, the entry that it left then
taken as (
    select
        entries.run_date as quarantined_on,
        entries.path,
        entries.position,
        entries.list,
        entries.natural_key,
        entries.rule_ids,
        entries.reason,
        replayed.file_id,
        replayed.source_id,
        replayed.sha256,
        replayed.records,
        replayed.state as file_state,
        replayed.path as replayed_path
    from entries
    inner join replayed
        on
            entries.source_id = replayed.source_id
            and entries.came_on = replayed.replayed_from
            and entries.first_path = {{ first_path('replayed.path', 'replayed.replayed_from') }}
    where
        case
            -- a whole file, or records of one that then could not be read at all
            when entries.position is null then replayed.replayed_positions is null or entries.replayed_from is not null
            else list_contains(replayed.replayed_positions, entries.position)
        end
    qualify row_number() over (partition by replayed.file_id, entries.position order by entries.run_date desc) = 1
),

replays as (
    select
        {{ run_date() }} as run_date,
        taken.quarantined_on,
        taken.source_id,
        taken.path,
        taken.position,
        taken.list,
        taken.natural_key,
        taken.sha256,
        taken.rule_ids,
        taken.reason,
        taken.replayed_path,
        case
            when taken.position is null or taken.file_state <> 'read' then taken.file_state
            else states.state
        end as state,
        case when taken.file_state <> 'read' then ['FMT01'] else coalesce(states.rule_ids, []) end as rule_ids_now,
        cast(case when taken.position is null then taken.records end as integer) as records
    from taken
    left join {{ ref('record_states') }} as states
        on taken.file_id * 10000000 + taken.position = states.record_id and states.run_date = {{ run_date() }}
    -- of a record that the file has no more, nothing was read again: its entry stays open
    where taken.position is null or taken.file_state <> 'read' or states.record_id is not null
)

select * from replays
