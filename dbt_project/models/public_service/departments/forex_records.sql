-- What foreign exchange holds of the concerned lists: receipts that name the list, or a form it stands on, of which it has
-- the share that the price of what did not come back has in the form.
with concerned as (
    select
        declaration_key,
        ebc_code,
        cop_no
    from {{ ref('concerned_declarations') }}
    where is_concerned
),

placed as (
    select distinct
        concerned.declaration_key,
        concerned.ebc_code,
        concerned.cop_no,
        lines.form_no
    from {{ ref('concerned_lines') }} as lines
    inner join concerned on lines.declaration_key = concerned.declaration_key
),

prices as (
    {{ form_prices('placed') }}
),

forms as (
    select
        form_no,
        cast(sum(price) as decimal(19, 5)) as price
    from prices
    group by form_no
),

lists as (
    select
        placed.declaration_key,
        prices.form_no,
        cast(sum(prices.price) as decimal(19, 5)) as price
    from prices
    inner join placed
        on prices.form_no = placed.form_no and prices.ebc_code = placed.ebc_code and prices.cop_no = placed.cop_no
    group by placed.declaration_key, prices.form_no
),

for_lists as (
    {{ current_papers('forex', 'forex_lines', 'concerned', ['ebc_code', 'cop_no']) }}
),

for_forms as (
    {{ current_papers('forex', 'forex_lines', 'placed', ['form_no']) }}
),

shares as (
    select
        concerned.declaration_key,
        for_lists.*
    from for_lists
    inner join concerned on for_lists.ebc_code = concerned.ebc_code and for_lists.cop_no = concerned.cop_no
    union all
    select
        lists.declaration_key,
        for_forms.* replace (coalesce({{ portion('for_forms.amount', 'lists.price', 'forms.price') }}, 0) as amount)
    from for_forms
    inner join lists on for_forms.form_no = lists.form_no
    inner join forms on for_forms.form_no = forms.form_no
    where for_forms.cop_no is null
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
