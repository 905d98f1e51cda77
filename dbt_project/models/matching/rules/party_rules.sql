{{ config(materialized="view") }}

-- skipped while no register is loaded; "无" stands for a foreign platform without a code (edition of May 2022)
with named as (
    select
        declaration_key,
        order_key,
        declared_date,
        'platform' as role,
        ebp_code as code
    from {{ ref('matched') }}
    union all
    select
        declaration_key,
        order_key,
        declared_date,
        'enterprise',
        ebc_code
    from {{ ref('matched') }}
    union all
    select
        declaration_key,
        order_key,
        declared_date,
        'logistics',
        logistics_code
    from {{ ref('matched') }}
    union all
    select
        matched.declaration_key,
        matched.order_key,
        matched.declared_date,
        'payment',
        payments.pay_code
    from {{ ref('matched') }} as matched
    inner join {{ ref('matched_payments') }} as payments on matched.order_key = payments.order_key
),

unregistered as (
    select distinct
        named.declaration_key,
        named.role,
        named.code
    from named
    anti join {{ source('raw', 'party_register') }} as register
        on
            named.code = register.party_code
            and named.declared_date >= coalesce(register.valid_from, named.declared_date)
            and named.declared_date <= coalesce(register.valid_to, named.declared_date)
    where
        named.code is not null
        and named.code <> '无'
        and exists (select 1 from {{ source('raw', 'party_register') }})
),

pty01 as (
    select
        declaration_key,
        'PTY01' as rule_id,
        'parties in the register on the declaration date' as expected,
        'not registered: ' || {{ shown_lines("role || ' ' || code", 'role, code') }} as observed
    from unregistered
    group by declaration_key
)

select * from pty01
