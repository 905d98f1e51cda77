-- the lines of forms that the concerned lists stand on, with what the whole line comes to
with members as (
    {{ form_members() }}
),

placed as (
    select
        concerned.declaration_key,
        members.form_no,
        members.line_no,
        min(members.unit) as unit,
        min(members.currency) as currency,
        cast(sum(members.qty) as decimal(19, 5)) as qty,
        cast(sum(members.total_price) as decimal(19, 5)) as total_price
    from members
    inner join {{ ref('concerned_declarations') }} as concerned
        on members.ebc_code = concerned.ebc_code and members.cop_no = concerned.cop_no
    where concerned.is_concerned
    group by concerned.declaration_key, members.form_no, members.line_no
),

lines as (
    select
        form_no,
        line_no,
        cast(sum(qty) as decimal(19, 5)) as qty,
        cast(sum(total_price) as decimal(19, 5)) as total_price
    from members
    where form_no in (select placed.form_no from placed)
    group by form_no, line_no
)

select
    placed.declaration_key,
    placed.form_no,
    placed.line_no,
    placed.unit,
    placed.currency,
    placed.qty,
    placed.total_price,
    lines.qty as line_qty,
    lines.total_price as line_price
from placed
inner join lines on placed.form_no = lines.form_no and placed.line_no = lines.line_no
