-- What each receipt of foreign exchange brings to each judged item: receipts name a form or a list, whose items of that
-- currency share them by what is due for each. Parts are cut off at five decimals, so that they never come to more than was received.
with judged as (
    select * from {{ ref('judged_exports') }}
),

lines_of_lists as (
    {{ current_papers('forex', 'forex_lines', 'judged', ['ebc_code', 'cop_no']) }}
),

lines_of_forms as (
    select * from ({{ current_papers('forex', 'forex_lines', 'judged', ['ebc_code', 'form_no']) }}) as lines
    where cop_no is null
),

of_lists as (
    select
        *,
        cast(sum(price) over (partition by ebc_code, cop_no, currency) as decimal(19, 5)) as pool
    from ({{ remaining_prices('lines_of_lists') }}) as prices
),

of_forms as (
    select
        *,
        cast(sum(price) over (partition by form_no, currency) as decimal(19, 5)) as pool
    from ({{ form_prices('lines_of_forms') }}) as prices
),

shared as (
    select
        lines.*,
        prices.cop_no as item_cop_no,
        prices.gnum,
        prices.price,
        prices.pool
    from lines_of_lists as lines
    inner join of_lists as prices
        on lines.ebc_code = prices.ebc_code and lines.cop_no = prices.cop_no and lines.currency = prices.currency
    union all
    select
        lines.*,
        prices.cop_no as item_cop_no,
        prices.gnum,
        prices.price,
        prices.pool
    from lines_of_forms as lines
    inner join of_forms as prices
        on lines.ebc_code = prices.ebc_code and lines.form_no = prices.form_no and lines.currency = prices.currency
)

select
    judged.declaration_key,
    judged.gnum,
    shared.forex_key,
    shared.forex_line,
    shared.counts,
    shared.received_on,
    shared.currency,
    {{ portion_cut_off('shared.amount', 'shared.price', 'shared.pool') }} as amount,
    shared.run_date as landed_on,
    shared.source_id,
    shared.path,
    shared.position
from shared
inner join judged on shared.ebc_code = judged.ebc_code and shared.item_cop_no = judged.cop_no and shared.gnum = judged.gnum
where shared.pool > 0
