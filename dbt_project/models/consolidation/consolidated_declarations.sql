{{ monthly() }}

with heads as (
    select
        form_no,
        part_no,
        month,
        rule_version,
        ebc_code,
        min(ebc_name) as ebc_name,
        -- the rule of 2016 puts several producers on one form: then it has none
        case when min(owner_code) = max(owner_code) then min(owner_code) end as owner_code,
        case when min(owner_code) = max(owner_code) then min(owner_name) end as owner_name,
        transport_mode,
        country_of_arrival,
        port_code,
        supervision_mode,
        customs_code,
        count(distinct cop_no) as lists,
        count(*) as members
    from {{ ref('numbered_items') }}
    group by all
),

totals as (
    select
        form_no,
        currency,
        count(*) as lines,
        sum(total_price) as total_price,
        case when count(*) = count(value_cny) then sum(value_cny) end as value_cny
    from {{ ref('consolidated_items') }}
    where month = {{ month() }}
    group by form_no, currency
),

sums as (
    select
        form_no,
        sum(lines) as lines,
        map(
            list(currency order by currency), list(try_cast(total_price as decimal(19, 5)) order by currency)
        ) as total_prices,
        case when count(*) = count(value_cny) then sum(value_cny) end as value_cny
    from totals
    group by form_no
),

consolidated_declarations as (
    select
        -- key
        heads.month,
        heads.form_no,
        heads.part_no,
        heads.rule_version,

        -- head
        heads.ebc_code,
        heads.ebc_name,
        heads.owner_code,
        heads.owner_name,
        heads.transport_mode,
        heads.country_of_arrival,
        heads.port_code,
        heads.supervision_mode,
        heads.customs_code,

        -- what it holds
        cast(sums.lines as integer) as lines,
        cast(heads.lists as integer) as lists,
        cast(heads.members as integer) as members,
        sums.total_prices,
        try_cast(sums.value_cny as decimal(19, 5)) as value_cny
    from heads
    inner join sums on heads.form_no = sums.form_no
)

select * from consolidated_declarations
