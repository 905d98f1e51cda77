-- depends_on: {{ ref('touched_files') }}
{{ mart("run_date = {{ run_date() }} or file_id in (select file_id from {{ ref('touched_files') }})") }}

-- each record counted in its state as of now: a later run supersedes what an earlier one accepted
with states as (
    select
        states.record_id,
        states.record_id // 10000000 as file_id,
        states.list,
        states.state
    from {{ ref('record_states') }} as states
    semi join {{ ref('touched_files') }} as touched on states.record_id // 10000000 = touched.file_id
),

superseded as (
    select distinct versions.superseded_id as record_id
    from {{ ref('record_versions') }} as versions
    semi join {{ ref('touched_files') }} as touched on versions.superseded_id // 10000000 = touched.file_id
),

now as (
    select
        states.file_id,
        states.list,
        case when superseded.record_id is not null then 'superseded' else states.state end as state
    from states
    left join superseded on states.record_id = superseded.record_id
),

counts as (
    select
        file_id,
        list,
        count(*) filter (where state = 'accepted') as accepted,
        count(*) filter (where state = 'superseded') as superseded,
        count(*) filter (where state = 'duplicate') as duplicate,
        count(*) filter (where state = 'stale') as stale,
        count(*) filter (where state = 'draft') as draft,
        count(*) filter (where state = 'quarantined') as quarantined
    from now
    group by file_id, list
)

select
    files.file_id,
    files.run_date,
    files.source_id,
    files.list,
    files.sha256,
    cast(files.records as integer) as received,
    cast(coalesce(counts.accepted, 0) as integer) as accepted,
    cast(coalesce(counts.superseded, 0) as integer) as superseded,
    cast(coalesce(counts.duplicate, 0) as integer) as duplicate,
    cast(coalesce(counts.stale, 0) as integer) as stale,
    cast(coalesce(counts.draft, 0) as integer) as draft,
    cast(coalesce(counts.quarantined, 0) as integer) as quarantined,
    {{ run_date() }} as changed_on
from {{ ref('touched_files') }} as touched
inner join {{ source('raw', 'files') }} as files on touched.file_id = files.file_id
left join counts on files.file_id = counts.file_id
