-- declarations whose status or failed rules this run changed: what their sender is told. Deciding the same again tells nothing new
with log as (
    {{ earlier('matching', 'decisions', {
        'run_date': 'date', 'declaration_key': 'varchar', 'record_id': 'bigint', 'life_record_id': 'bigint', 'status': 'varchar', 'failed_rules': 'varchar[]'
    }) }}
),

decided as (
    select *
    from {{ ref('decisions') }}
    where run_date = {{ run_date() }}
),

before as (
    select log.*
    from log
    semi join decided on log.declaration_key = decided.declaration_key and log.life_record_id = decided.life_record_id
    qualify row_number() over (partition by log.declaration_key order by log.run_date desc) = 1
),

changed as (
    select decided.*
    from decided
    left join before on decided.declaration_key = before.declaration_key
    where
        before.record_id is distinct from decided.record_id
        or before.status <> decided.status
        or before.failed_rules <> decided.failed_rules
),

titles as (
    {{ rule_titles() }}
),

-- few sets of rules differ
rule_sets as (
    select distinct failed_rules from changed
    where len(failed_rules) > 0
),

named as (
    select
        sets.failed_rules,
        string_agg({{ named_rule('sets.rule_id', 'titles.title_zh') }}, ',' order by sets.rule_id) as named_rules
    from (
        select
            failed_rules,
            unnest(failed_rules) as rule_id
        from rule_sets
    ) as sets
    left join titles on sets.rule_id = titles.rule_id
    group by sets.failed_rules
),

keys as (
    select
        data.record_id,
        {{ receipt_columns('declarations') }}
    from {{ source('raw', 'declarations') }} as data
    semi join changed on data.record_id = changed.record_id
)

select
    'D' || changed.record_id as receipt_id,
    files.source_id,
    files.message,
    files.edition,
    'declaration' as list,
    changed.status as state,
    files.path,
    changed.record_id,
    codes.return_status,
    codes.text_zh || case
        when changed.status in ('waiting', 'review', 'refused', 'released') then coalesce(',未通过规则：' || named.named_rules, '') else ''
    end as return_info,
    keys.* exclude (record_id, pre_no, invt_no),
    numbers.pre_no,
    numbers.invt_no
from changed
inner join {{ source('raw', 'files') }} as files on changed.record_id // 10000000 = files.file_id
inner join {{ ref('receipt_codes') }} as codes on changed.status = codes.state and codes.about = 'declaration'
inner join {{ ref('declaration_numbers') }} as numbers
    on
        changed.declaration_key = numbers.declaration_key
        and changed.life_record_id = numbers.life_record_id
        and numbers.run_date <= {{ run_date() }}
inner join keys on changed.record_id = keys.record_id
left join named on changed.failed_rules = named.failed_rules
