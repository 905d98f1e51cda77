{{ config(materialized="view") }}

with wgt01 as (
    select
        declaration_key,
        'WGT01' as rule_id,
        'net weight at most ' || {{ shown('gross_weight_kg') }} || ' kg' as expected,
        'net weight ' || {{ shown('net_weight_kg') }} || ' kg' as observed
    from {{ ref('matched') }}
    where net_weight_kg > gross_weight_kg
),

-- simplified declarations (flag A) classify by heading: four digits and zeros
hsc01 as (
    select
        matched.declaration_key,
        'HSC01' as rule_id,
        case any_value(matched.statistics_flag) when 'A' then 'a heading of ' else 'a code of ' end
        || any_value(editions.edition) as expected,
        {{ shown_lines("'line ' || items.gnum || ': ' || items.hs_code", 'items.gnum') }} as observed
    from {{ ref('matched') }} as matched
    inner join {{ ref('hs_editions') }} as editions
        on matched.declared_date between editions.valid_from and editions.valid_to
    inner join {{ ref('declared_items') }} as items on matched.declaration_key = items.declaration_key
    anti join {{ ref('hs_codes') }} as codes
        on
            case matched.statistics_flag when 'A' then left(items.hs_code, 4) else left(items.hs_code, 6) end = codes.hs_code
            and editions.edition = codes.edition
    group by matched.declaration_key
)

select * from wgt01
union all
select * from hsc01
