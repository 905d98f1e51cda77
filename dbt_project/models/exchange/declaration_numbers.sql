{{ log() }}

-- the numbers of e-port and customs, given once per life of a declaration; what the sender wrote itself stays
with log as (
    {{ earlier('exchange', 'declaration_numbers', {'run_date': 'date', 'declaration_key': 'varchar', 'life_record_id': 'bigint'}) }}
),

lives as (
    select distinct
        key as declaration_key,
        life_record_id
    from {{ ref('record_versions') }}
    where run_date = {{ run_date() }} and list = 'declaration' and life_record_id is not null
),

new_lives as (
    select
        lives.declaration_key,
        lives.life_record_id,
        row_number() over (order by lives.declaration_key, lives.life_record_id) as serial
    from lives
    anti join log on lives.declaration_key = log.declaration_key and lives.life_record_id = log.life_record_id
),

sent as (
    select
        declarations.record_id,
        declarations.customs_code,
        files.flow,
        case when length(declarations.pre_no) = 18 then declarations.pre_no end as pre_no,
        case
            when length(declarations.invt_no) = 18 then declarations.invt_no
            when files.flow = 'E' and files.edition = '202205' and length(declarations.invt_no) <= 20 then declarations.invt_no
        end as invt_no
    from {{ source('raw', 'declarations') }} as declarations
    semi join new_lives on declarations.record_id = new_lives.life_record_id
    inner join {{ source('raw', 'files') }} as files on declarations.record_id // 10000000 = files.file_id
)

-- a serial holds the day of the year, so that days may be run in any order
select
    {{ run_date() }} as run_date,
    new_lives.declaration_key,
    new_lives.life_record_id,
    coalesce(sent.pre_no, {{ pre_number('new_lives.serial', 0) }}) as pre_no,
    coalesce(
        sent.invt_no,
        sent.customs_code || strftime({{ run_date() }}, '%Y') || sent.flow || strftime({{ run_date() }}, '%j')
        || lpad(cast(new_lives.serial as varchar), 6, '0')
    ) as invt_no
from new_lives
inner join sent on new_lives.life_record_id = sent.record_id
