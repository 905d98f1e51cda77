-- What customs' closing data hold of the concerned lists. A form merges many lists: of each of its lines a list has the share
-- that it has in ours, so that a difference of the form shows in each of its lists, and equal forms give equal lists.
with placed as (
    select * from {{ ref('concerned_lines') }}
),

closings as (
    {{ current_papers('closing', 'stg_closings', 'placed', ['form_no']) }}
),

-- a line that the closing lacks is nothing
shares as (
    select
        placed.declaration_key,
        placed.form_no,
        closings.run_date,
        closings.declaration_no,
        closings.ebc_code,
        closings.export_date,
        coalesce(items.currency, placed.currency) as currency,
        coalesce(items.unit, placed.unit) as unit,
        coalesce({{ part_of('placed.qty', 'items.qty', 'placed.line_qty') }}, 0) as qty,
        coalesce({{ part_of('placed.total_price', 'items.total_price', 'placed.line_price') }}, 0) as total_price
    from placed
    inner join closings on placed.form_no = closings.form_no
    left join {{ ref('stg_closing_items') }} as items on closings.record_id = items.record_id and placed.line_no = items.gnum
),

forms as (
    select
        declaration_key,
        string_agg(distinct form_no, ' ' order by form_no) as forms
    from placed
    group by declaration_key
)

select
    shares.declaration_key,
    case when min(shares.currency) = max(shares.currency) then try_cast(sum(shares.total_price) as decimal(19, 5)) end as amount,
    case when min(shares.currency) = max(shares.currency) then min(shares.currency) end as currency,
    case when min(shares.unit) = max(shares.unit) then try_cast(sum(shares.qty) as decimal(19, 5)) end as quantity,
    string_agg(distinct shares.ebc_code, ' ' order by shares.ebc_code) as party,
    max(shares.export_date) as date,
    'closed' as state,
    string_agg(distinct shares.form_no, ' ' order by shares.form_no) as document,
    string_agg(distinct shares.declaration_no, ' ' order by shares.declaration_no) as declaration_no,
    -- all forms that the list stands on, closed or not
    min(forms.forms) as forms,
    max(shares.run_date) as as_of
from shares
inner join forms on shares.declaration_key = forms.declaration_key
group by shares.declaration_key
