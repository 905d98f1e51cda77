{{ config(materialized="view") }}

-- skipped while no export controls are loaded; nothing in a list says whether its goods claim a rebate
with simplified as (
    select
        matched.declaration_key,
        matched.declared_date,
        items.gnum,
        items.hs_code
    from {{ ref('matched') }} as matched
    inner join {{ ref('declared_items') }} as items on matched.declaration_key = items.declaration_key
    where matched.flow = 'E' and matched.statistics_flag = 'A'
),

codes as (
    select distinct hs_code
    from simplified
),

beginnings as (
    select
        hs_code,
        unnest([left(hs_code, digits) for digits in range(2, 11)]) as beginning
    from codes
),

controlled as (
    select
        beginnings.hs_code,
        controls.hs_code as controlled_code,
        controls.measure,
        controls.valid_from,
        controls.valid_to
    from beginnings
    inner join {{ source('raw', 'export_controls') }} as controls on beginnings.beginning = controls.hs_code
    union
    -- a heading alone (four digits and zeros) does not say that its goods are not those under control
    select
        codes.hs_code,
        controls.hs_code as controlled_code,
        controls.measure,
        controls.valid_from,
        controls.valid_to
    from codes
    inner join {{ source('raw', 'export_controls') }} as controls on left(codes.hs_code, 4) = left(controls.hs_code, 4)
    where codes.hs_code like '____000000' and length(controls.hs_code) > 4
),

lines as (
    select distinct
        simplified.declaration_key,
        simplified.gnum,
        simplified.hs_code,
        controlled.measure
    from simplified
    inner join controlled on simplified.hs_code = controlled.hs_code
    where
        simplified.declared_date >= coalesce(controlled.valid_from, simplified.declared_date)
        and simplified.declared_date <= coalesce(controlled.valid_to, simplified.declared_date)
),

sim01 as (
    select
        declaration_key,
        'SIM01' as rule_id,
        'flag A: goods without export permit and export duty' as expected,
        {{ shown_lines(
            "'line ' || gnum || ': ' || hs_code || case measure when 'permit' then ' needs a permit' else ' carries export duty' end",
            'gnum, measure'
        ) }} as observed
    from lines
    group by declaration_key
)

select * from sim01
