{%- set recorded = relation_of('audit', 'trade_vintages') %}

-- The vintages that unit values are compared with: the one at work, and the last one of each of the eleven months before.
select
    {{ month() }} as period,
    {{ var('vintage_no') }} as vintage_no
{%- if recorded %}
    union all
    select
        month as period,
        max(vintage_no) as vintage_no
    from {{ recorded }}
    where
        month < {{ month() }}
        and month >= strftime(date_trunc('month', {{ run_date() }}) - interval 11 month, '%Y-%m')
    group by month
{%- endif %}
