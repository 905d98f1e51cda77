{{ log() }}

-- entries of the quarantine whose sender sent the record again, no older, and it was applied; or the file, and it was read;
-- what an operator had read again is a matter of the replays
{%- set received = of_received(raw_tables()) %}
{%- set entry = {'quarantined_on': 'date', 'source_id': 'varchar', 'path': 'varchar', 'position': 'integer'} %}

with answered as (
    {{ earlier('audit', 'replays', entry) }}
    union all
    {{ earlier('audit', 'resent', entry) }}
),

entries as (
    select entries.*
    from {{ ref('quarantine') }} as entries
    anti join answered
        on
            entries.run_date = answered.quarantined_on
            and entries.source_id = answered.source_id
            and entries.path = answered.path
            and entries.position is not distinct from answered.position
    where entries.run_date <= {{ run_date() }}
),

files as (
    select
        file_id,
        source_id,
        path,
        flow,
        state,
        replayed_from is not null as is_replay
    from {{ source('raw', 'files') }}
    where run_date = {{ run_date() }}
),

keyed as (
    {%- for (list, flow), parts in natural_key_parts().items() if list in received %}
        select
            data.record_id,
            data.file_id,
            data.app_time,
            '{{ list }}' as list,
            {{ shown_key(key(parts)) }} as natural_key
        from {{ source('raw', received[list][0]) }} as data
        inner join files on data.file_id = files.file_id{% if flow != '*' %} and files.flow = '{{ flow }}'{% endif %}
        where data.run_date = {{ run_date() }}
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

-- when the record was made that is quarantined; empty where its appTime is what is wrong with it
made as (
    {%- for list, tables in received.items() %}
        select
            entries.run_date,
            entries.source_id,
            entries.path,
            entries.position,
            case when not ({{ misfits('data.app_time', 'C14') }}) then data.app_time end as app_time
        from entries
        inner join {{ source('raw', 'files') }} as landed
            on entries.run_date = landed.run_date and entries.source_id = landed.source_id and entries.path = landed.path
        inner join {{ source('raw', tables[0]) }} as data
            on landed.run_date = data.run_date and landed.file_id * 10000000 + entries.position = data.record_id
        where entries.list = '{{ list }}'
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

-- what the run received of the keys in the quarantine
records as (
    select
        keyed.list,
        keyed.natural_key,
        keyed.app_time,
        files.source_id,
        files.path,
        cast(keyed.record_id % 10000000 as integer) as position,
        files.is_replay,
        states.state
    from keyed
    semi join entries on keyed.list = entries.list and keyed.natural_key = entries.natural_key
    inner join files on keyed.file_id = files.file_id
    inner join {{ ref('record_states') }} as states on keyed.record_id = states.record_id and states.run_date = {{ run_date() }}
),

sent_again as (
    select
        {{ run_date() }} as run_date,
        entries.run_date as quarantined_on,
        entries.source_id,
        entries.path,
        entries.position,
        entries.list,
        entries.natural_key,
        again.source_id as by_source_id,
        again.path as by_path,
        again.position as by_position,
        again.state
    from entries
    inner join records as again on entries.list = again.list and entries.natural_key = again.natural_key
    left join made
        on
            entries.run_date = made.run_date
            and entries.source_id = made.source_id
            and entries.path = made.path
            and entries.position = made.position
    where
        -- the record that was there before may be sent once more: a duplicate, or stale, corrects nothing
        again.state in ('accepted', 'superseded')
        and not again.is_replay
        and case
            when entries.run_date < {{ run_date() }} then again.app_time >= coalesce(made.app_time, '')
            -- of the same day, only what was made later
            else again.app_time > made.app_time
        end
    qualify row_number() over (
        partition by entries.run_date, entries.source_id, entries.path, entries.position
        order by again.app_time desc, again.source_id asc, again.path asc, again.position asc
    ) = 1
),

-- a file has no key but its name
files_again as (
    select
        {{ run_date() }},
        entries.run_date,
        entries.source_id,
        entries.path,
        entries.position,
        entries.list,
        entries.natural_key,
        files.source_id as by_source_id,
        files.path as by_path,
        cast(null as integer) as by_position,
        files.state
    from entries
    inner join files on entries.source_id = files.source_id and entries.path = files.path
    where
        entries.position is null
        and entries.run_date < {{ run_date() }}
        and files.state = 'read'
        and not files.is_replay
),

resent as (
    select * from sent_again
    union all
    select * from files_again
)

select * from resent
