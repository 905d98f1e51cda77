{{ monthly() }}

with names as (
    select
        form_no,
        line_no,
        goods_name
    from {{ ref('numbered_items') }}
    group by form_no, line_no, goods_name
    -- the name that most of the money goes by
    qualify row_number() over (partition by form_no, line_no order by sum(total_price) desc, goods_name) = 1
),

lines as (
    select
        month,
        form_no,
        line_no,
        hs_code,
        -- the rule of 2016 puts several destinations on one line: then it has none
        case when min(country) = max(country) then min(country) end as country,
        unit,
        unit1,
        unit2,
        currency,
        count(*) as members,
        sum(qty) as qty,
        sum(qty1) as qty1,
        sum(qty2) as qty2,
        sum(total_price) as total_price,
        -- one value that is not known makes the sum unknown
        case when count(*) = count(value_cny) then sum(value_cny) end as value_cny
    from {{ ref('numbered_items') }}
    group by month, form_no, line_no, hs_code, unit, unit1, unit2, currency
),

consolidated_items as (
    select
        -- key
        lines.month,
        lines.form_no,
        lines.line_no,

        -- goods
        lines.hs_code,
        names.goods_name,
        lines.country,

        -- quantities; a sum beyond the type is left empty, and the gate stops
        try_cast(lines.qty as decimal(19, 5)) as qty,
        lines.unit,
        try_cast(lines.qty1 as decimal(19, 5)) as qty1,
        lines.unit1,
        try_cast(lines.qty2 as decimal(19, 5)) as qty2,
        lines.unit2,

        -- money
        lines.currency,
        try_cast(lines.total_price as decimal(19, 5)) as total_price,
        try_cast(lines.value_cny as decimal(19, 5)) as value_cny,
        cast(lines.members as integer) as members
    from lines
    inner join names on lines.form_no = names.form_no and lines.line_no = names.line_no
)

select * from consolidated_items
