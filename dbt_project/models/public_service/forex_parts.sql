-- What each receipt of foreign exchange brings to each judged item: receipts name a form or a list, whose items of that
-- currency share them by declared price. Parts are cut off at five decimals, so that they never come to more than was received.
with judged as (
    select * from {{ ref('judged_exports') }}
),

members as (
    {{ form_members() }}
),

naming as (
    select forex.forex_key
    from {{ ref('stg_forex') }} as forex
    inner join {{ ref('stg_forex_items') }} as items on forex.record_id = items.record_id
    semi join judged on forex.ebc_code = judged.ebc_code and items.cop_no = judged.cop_no
    union
    select forex.forex_key
    from {{ ref('stg_forex') }} as forex
    inner join {{ ref('stg_forex_items') }} as items on forex.record_id = items.record_id
    semi join judged on forex.ebc_code = judged.ebc_code and items.form_no = judged.form_no
),

receipts as (
    {{ current_papers('forex', 'stg_forex', 'naming', ['forex_key']) }}
),

-- an item brings no more than the receipt and the fees netted from it have left
items as (
    select
        receipts.forex_key,
        receipts.ebc_code,
        receipts.received_on,
        receipts.run_date as landed_on,
        receipts.source_id,
        receipts.path,
        receipts.currency,
        items.gnum,
        items.form_no,
        items.cop_no,
        cast(
            least(receipts.amount + coalesce(receipts.netted_fees, 0), sum(items.amount) over so_far)
            - least(receipts.amount + coalesce(receipts.netted_fees, 0), sum(items.amount) over so_far - items.amount)
            as decimal(19, 5)
        ) as amount
    from receipts
    inner join {{ ref('stg_forex_items') }} as items on receipts.record_id = items.record_id
    window so_far as (partition by receipts.record_id order by items.gnum rows between unbounded preceding and current row)
),

lists as (
    select
        exports.declaration_key,
        exports.currency,
        cast(sum(exports.total_price) as decimal(19, 5)) as total_price
    from {{ ref('exported_items') }} as exports
    semi join judged on exports.declaration_key = judged.declaration_key
    where exports.run_date <= {{ run_date() }}
    group by exports.run_date, exports.declaration_key, exports.currency
    qualify row_number() over (partition by exports.declaration_key, exports.currency order by exports.run_date desc) = 1
),

of_lists as (
    select
        items.*,
        judged.declaration_key,
        judged.gnum as item_gnum,
        judged.total_price,
        totals.total_price as pool
    from items
    inner join judged on items.ebc_code = judged.ebc_code and items.cop_no = judged.cop_no and items.currency = judged.currency
    inner join lists as totals on judged.declaration_key = totals.declaration_key and judged.currency = totals.currency
),

forms as (
    select
        members.form_no,
        members.currency,
        cast(sum(members.total_price) as decimal(19, 5)) as total_price
    from members
    semi join judged on members.form_no = judged.form_no
    group by members.form_no, members.currency
),

of_forms as (
    select
        items.*,
        judged.declaration_key,
        judged.gnum as item_gnum,
        members.total_price,
        forms.total_price as pool
    from items
    inner join judged on items.ebc_code = judged.ebc_code and items.form_no = judged.form_no and items.currency = judged.currency
    inner join members on judged.ebc_code = members.ebc_code and judged.cop_no = members.cop_no and judged.gnum = members.gnum
    inner join forms on judged.form_no = forms.form_no and judged.currency = forms.currency
    where items.cop_no is null
)

select
    declaration_key,
    item_gnum as gnum,
    forex_key,
    gnum as forex_line,
    received_on,
    currency,
    {{ portion_cut_off('amount', 'total_price', 'pool') }} as amount,
    landed_on,
    source_id,
    path
from of_lists
where pool > 0
union all
select
    declaration_key,
    item_gnum as gnum,
    forex_key,
    gnum as forex_line,
    received_on,
    currency,
    {{ portion_cut_off('amount', 'total_price', 'pool') }} as amount,
    landed_on,
    source_id,
    path
from of_forms
where pool > 0
