-- rules of the catalogue that this run could not judge, and why
select
    'PTY01' as rule_id,
    'no party register is loaded: put party_register.csv into $SANDAN_HOME/reference' as reason
where not exists (select 1 from {{ source('raw', 'party_register') }})
union all
select
    'HSC01',
    'no edition of the Harmonized System is loaded for declarations of ' || strftime(min(declared.declared_date), '%Y-%m-%d')
from {{ ref('declared') }} as declared
anti join {{ ref('hs_editions') }} as editions on declared.declared_date between editions.valid_from and editions.valid_to
having count(*) > 0
