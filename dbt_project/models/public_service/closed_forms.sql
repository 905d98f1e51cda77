{{ log() }}

-- The forms that the run knows as closed by customs for the first time, or anew: a closing that came before its form waits for it.
with changed as (
    {{ changed_papers('closing', 'stg_closings') }}
),

seen as (
    {{ earlier('public_service', 'closed_forms', {'run_date': 'date', 'form_no': 'varchar'}) }}
),

months as (
    select month from {{ ref('seen_months') }}
    where run_date = {{ run_date() }}
),

told as (
    select closings.form_no
    from {{ ref('stg_closings') }} as closings
    semi join months on {{ month_of('closings.form_no') }} = months.month
    where closings.run_date <= {{ run_date() }}
),

closings as (
    {{ current_papers('closing', 'stg_closings', 'told', ['form_no']) }}
),

members as (
    {{ form_members() }}
),

named as (
    select form_no from changed
    union
    select closings.form_no
    from closings
    anti join seen on closings.form_no = seen.form_no
)

select distinct
    {{ run_date() }} as run_date,
    named.form_no
from named
semi join members on named.form_no = members.form_no
