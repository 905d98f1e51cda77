-- rules of the catalogue that this run could not judge, and why
select
    'PTY01' as rule_id,
    'no party register is loaded: put party_register.csv into $SANDAN_HOME/reference' as reason
where not exists (select 1 from {{ source('raw', 'party_register') }})
union all
select
    'SIM01',
    'no export controls are loaded: put export_controls.csv into $SANDAN_HOME/reference'
where not exists (select 1 from {{ source('raw', 'export_controls') }})
union all
select
    'HSC01',
    'no edition of the Harmonized System is loaded for declarations of ' || strftime(min(declared.declared_date), '%Y-%m-%d')
from {{ ref('declared') }} as declared
anti join {{ ref('hs_editions') }} as editions on declared.declared_date between editions.valid_from and editions.valid_to
having count(*) > 0
union all
select
    'TAX01',
    'no import rate for ' || array_to_string(list_slice(list(distinct hs_code order by hs_code), 1, 3), ', ')
    || case when count(distinct hs_code) > 3 then ' and ' || (count(distinct hs_code) - 3) || ' more' else '' end
    || ' on ' || strftime(min(declared_date), '%Y-%m-%d')
from {{ ref('item_taxes') }}
where run_date = {{ run_date() }} and vat_rate is null
having count(*) > 0
