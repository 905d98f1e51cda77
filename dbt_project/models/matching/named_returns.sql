-- return applications that had no effect yet, each with the declaration that it names, if that one is decided today or released
with decided_before as (
    {{ earlier('matching', 'decisions', {
        'run_date': 'date', 'declaration_key': 'varchar', 'record_id': 'bigint', 'life_record_id': 'bigint', 'flow': 'varchar',
        'declared_date': 'date', 'status': 'varchar', 'released_at': 'timestamp', 'closed_at': 'timestamp'
    }) }}
),

given as (
    {{ earlier('exchange', 'declaration_numbers', {
        'run_date': 'date', 'declaration_key': 'varchar', 'life_record_id': 'bigint', 'invt_no': 'varchar'
    }) }}
),

effective as (
    {{ earlier('matching', 'effective_returns', {'run_date': 'date', 'record_id': 'bigint'}) }}
),

waiting as (
    select
        returns.*,
        cast(returns.app_time as date) as asked_on
    from {{ ref('stg_returns') }} as returns
    anti join effective on returns.record_id = effective.record_id
    where returns.run_date <= {{ run_date() }} and not returns.is_draft
),

-- by (ebcCode, copNo) when there is such a declaration
by_key as (
    select
        record_id,
        declaration_key
    from waiting
    where declaration_key in (
        select declarations.declaration_key from {{ ref('stg_declarations') }} as declarations
        where declarations.run_date <= {{ run_date() }} and not declarations.is_draft
    )
),

numbered as (
    select
        declarations.declaration_key,
        declarations.record_id as version_id,
        null as life_record_id,
        declarations.invt_no
    from {{ ref('stg_declarations') }} as declarations
    semi join waiting on declarations.invt_no = waiting.invt_no
    where declarations.run_date <= {{ run_date() }} and not declarations.is_draft
    union all
    select
        given.declaration_key,
        null as version_id,
        given.life_record_id,
        given.invt_no
    from given
    semi join waiting on given.invt_no = waiting.invt_no
),

named as (
    select declaration_key from by_key
    union
    select declaration_key from numbered
),

-- a version that is released stays the current one
current_versions as (
    select
        declarations.declaration_key,
        declarations.record_id as version_id,
        declarations.life_record_id,
        declarations.flow,
        declarations.declared_date,
        {{ run_date() }} as released_on,
        {{ run_date() }} as left_on,
        false as is_released_before
    from {{ ref('declared') }} as declarations
    semi join named on declarations.declaration_key = named.declaration_key
    union all
    select
        decided_before.declaration_key,
        decided_before.record_id,
        decided_before.life_record_id,
        decided_before.flow,
        decided_before.declared_date,
        cast(decided_before.released_at as date),
        cast(coalesce(decided_before.closed_at, decided_before.released_at) as date),
        true
    from decided_before
    semi join named on decided_before.declaration_key = named.declaration_key
    where decided_before.status in ('released', 'closed', 'returned')
    qualify row_number() over (partition by decided_before.declaration_key order by decided_before.run_date desc) = 1
),

-- else by the number that the current version bears, else by the one that an earlier run gave to its life
found as (
    select
        by_key.record_id,
        current_versions.*
    from by_key
    inner join current_versions on by_key.declaration_key = current_versions.declaration_key
    union all
    select
        waiting.record_id,
        current_versions.*
    from waiting
    inner join numbered on waiting.invt_no = numbered.invt_no
    inner join current_versions
        on
            numbered.declaration_key = current_versions.declaration_key
            and (numbered.version_id = current_versions.version_id or numbered.life_record_id = current_versions.life_record_id)
    anti join by_key on waiting.record_id = by_key.record_id
    qualify row_number() over (partition by waiting.record_id order by numbered.version_id is null, current_versions.version_id desc) = 1
)

select
    found.declaration_key,
    found.version_id,
    found.flow,
    found.declared_date,
    found.is_released_before,
    waiting.record_id,
    waiting.guid,
    waiting.app_type,
    waiting.app_time,
    waiting.file_name,
    waiting.source_id,
    waiting.path,
    waiting.position,
    waiting.run_date as received_on,
    -- RET01, RET02 (import), RET03 (export): a window that is not in force closes nothing
    case found.flow
        when 'I'
            then
                coalesce(waiting.asked_on <= found.released_on + cast({{ parameter('RET01') }} as integer), true)
                and coalesce(waiting.run_date <= found.released_on + cast({{ parameter('RET02') }} as integer), true)
        else coalesce(waiting.run_date <= found.left_on + to_months(cast({{ parameter('RET03') }} as integer)), true)
    end as is_in_time
from found
inner join waiting on found.record_id = waiting.record_id
