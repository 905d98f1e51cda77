{{ period_mart() }}

select
    credits.* exclude (run_date),
    credits.run_date as changed_on
from {{ ref('period_credits') }} as credits
semi join {{ ref('touched_periods') }} as touched on credits.taxpayer_id = touched.taxpayer_id and credits.period = touched.period
qualify row_number() over (partition by credits.taxpayer_id, credits.period order by credits.run_date desc) = 1
