-- What foreign exchange holds of the concerned lists: receipts that name the list, or a form it stands on, of which it has
-- the share that its price has in the form.
with concerned as (
    select
        declaration_key,
        ebc_code,
        cop_no
    from {{ ref('concerned_declarations') }}
    where is_concerned
),

members as (
    {{ form_members() }}
),

placed as (
    select
        concerned.declaration_key,
        members.form_no,
        sum(members.total_price) as total_price
    from members
    inner join concerned on members.ebc_code = concerned.ebc_code and members.cop_no = concerned.cop_no
    group by concerned.declaration_key, members.form_no
),

forms as (
    select
        form_no,
        cast(sum(total_price) as decimal(19, 5)) as total_price
    from members
    where form_no in (select placed.form_no from placed)
    group by form_no
),

naming as (
    select forex.forex_key
    from {{ ref('stg_forex') }} as forex
    inner join {{ ref('stg_forex_items') }} as items on forex.record_id = items.record_id
    semi join concerned on forex.ebc_code = concerned.ebc_code and items.cop_no = concerned.cop_no
    union
    select forex.forex_key
    from {{ ref('stg_forex') }} as forex
    inner join {{ ref('stg_forex_items') }} as items on forex.record_id = items.record_id
    semi join placed on items.form_no = placed.form_no
),

receipts as (
    {{ current_papers('forex', 'stg_forex', 'naming', ['forex_key']) }}
),

items as (
    select
        receipts.run_date,
        receipts.bank_ref,
        receipts.ebc_code,
        receipts.kind,
        receipts.received_on,
        receipts.currency,
        items.form_no,
        items.cop_no,
        items.amount
    from receipts
    inner join {{ ref('stg_forex_items') }} as items on receipts.record_id = items.record_id
),

shares as (
    select
        concerned.declaration_key,
        items.*
    from items
    inner join concerned on items.ebc_code = concerned.ebc_code and items.cop_no = concerned.cop_no
    union all
    select
        placed.declaration_key,
        items.* replace ({{ part_of('items.amount', 'cast(placed.total_price as decimal(19, 5))', 'forms.total_price') }} as amount)
    from items
    inner join placed on items.form_no = placed.form_no
    inner join forms on items.form_no = forms.form_no
    where items.cop_no is null
)

select
    declaration_key,
    case when min(currency) = max(currency) then try_cast(sum(amount) as decimal(19, 5)) end as amount,
    case when min(currency) = max(currency) then min(currency) end as currency,
    string_agg(distinct ebc_code, ' ' order by ebc_code) as party,
    max(received_on) as date,
    case when bool_or(kind = 'R') then 'received' else 'deemed' end as state,
    string_agg(distinct bank_ref, ' ' order by bank_ref) as document,
    max(run_date) as as_of
from shares
group by declaration_key
