-- The lists that the month has to account for, as the daily runs left them: what left or was released in it is counted, what was
-- declared in it and did neither is not, and of what was counted in an earlier month something may have come back.
with dated as (
    select
        *,
        case
            when flow = 'E' and status in ('closed', 'returned') then closed_at
            when flow = 'I' and status in ('released', 'closed', 'returned') then released_at
        end as counted_at
    from {{ ref('clearance_facts') }}
),

came_back as (
    select
        ebc_code,
        cop_no,
        coalesce(bool_or({{ in_month('asked_at') }}), false) as is_in_month
    from {{ ref('returned_items') }}
    group by ebc_code, cop_no
),

-- apart, since DuckDB then skips what has nothing below zero
below_zero as (
    select
        ebc_code,
        cop_no
    from {{ ref('clearance_items') }}
    where value_cny < 0
    union
    select
        ebc_code,
        cop_no
    from {{ ref('clearance_items') }}
    where qty1 < 0
    union
    select
        ebc_code,
        cop_no
    from {{ ref('import_taxes') }}
    where dutiable_value < 0
),

placed as (
    select
        dated.*,
        {{ in_month('dated.counted_at') }} as is_in_month,
        came_back.is_in_month and dated.counted_at < {{ run_date() }} + interval 1 day as is_returning,
        came_back.cop_no is not null as came_back,
        coalesce(dated.net_weight_kg < 0, false) or below_zero.cop_no is not null as bears_below_zero
    from dated
    left join came_back on dated.ebc_code = came_back.ebc_code and dated.cop_no = came_back.cop_no
    left join below_zero on dated.ebc_code = below_zero.ebc_code and dated.cop_no = below_zero.cop_no
    where
        {{ in_month('dated.counted_at') }}
        or came_back.is_in_month
        or (dated.counted_at is null and {{ in_month('dated.declared_date') }})
),

trade_lists as (
    select
        row_number() over () as list_no,

        -- key
        ebc_code,
        cop_no,

        -- what its items have in common
        flow,
        supervision_mode,
        customs_code,
        transport_mode,
        coalesce(statistics_flag, '') = 'A' as is_simplified,
        declared_date,
        counted_at,
        item_count,
        goods_value_cny,
        net_weight_kg,
        changed_on,

        -- what becomes of it
        coalesce(is_in_month, false) as is_counted,
        coalesce(is_returning, false) as is_returning,
        came_back,
        bears_below_zero,
        case
            when counted_at is not null or not {{ in_month('declared_date') }} then null
            when status = 'released' then 'not_departed'
            when status = 'returned' then 'returned_before_departure'
            else status
        end as reason
    from placed
)

select * from trade_lists
where is_counted or is_returning or reason is not null
