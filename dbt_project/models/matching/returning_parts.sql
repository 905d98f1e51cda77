{#- Returns of one application in the order in which they count. -#}
{%- set order = 'app_time, file_name, source_id, path, position' %}

-- What has come back of each line of the declarations that a return names today, should they be released at the end of
-- the run: a row for each line and counted application, and one without application for a line of which nothing came back.
with effective as (
    {{ earlier('matching', 'effective_returns', {
        'run_date': 'date', 'declaration_key': 'varchar', 'record_id': 'bigint', 'guid': 'varchar', 'app_type': 'integer',
        'app_time': 'timestamp', 'file_name': 'varchar', 'source_id': 'varchar', 'path': 'varchar', 'position': 'integer',
        'received_on': 'date', 'is_in_time': 'boolean'
    }) }}
),

declarations as (
    select distinct
        declaration_key,
        version_id,
        flow,
        declared_date,
        is_released_before
    from {{ ref('named_returns') }}
),

known as (
    select effective.* exclude (run_date)
    from effective
    semi join declarations on effective.declaration_key = declarations.declaration_key
    union all by name
    select named.* exclude (version_id, flow, declared_date, is_released_before)
    from {{ ref('named_returns') }} as named
),

-- of one guid the latest counts, and none if it is a delete
counted as (
    select *
    from (
        select *
        from known
        qualify row_number() over (
            partition by declaration_key, guid
            order by app_time desc, file_name desc, source_id desc, path desc, position desc
        ) = 1
    ) as latest
    where app_type <> 3
),

returned as (
    select
        counted.*,
        items.gnum,
        greatest(sum(items.qty), 0) as qty
    from counted
    inner join {{ ref('stg_return_items') }} as items on counted.record_id = items.record_id
    group by all
),

-- a line weighs by its value; where nothing has one, by its quantity
declared_lines as (
    select
        declarations.*,
        items.gnum,
        greatest(items.qty, 0) as declared_qty,
        case when sum(items.total_price) over declaration > 0 then items.total_price else items.qty end as weight,
        cast(
            case
                when sum(items.total_price) over declaration > 0 then sum(items.total_price) over declaration
                else sum(items.qty) over declaration
            end as decimal(24, 5)
        ) as declared_weight
    from declarations
    inner join {{ ref('stg_declaration_items') }} as items on declarations.version_id = items.record_id
    window declaration as (partition by declarations.declaration_key)
),

-- together they return no more than was declared
allotted as (
    select
        lines.*,
        returned.* exclude (declaration_key, gnum, qty),
        least(lines.declared_qty, sum(coalesce(returned.qty, 0)) over line_so_far) as qty_so_far
    from declared_lines as lines
    left join returned on lines.declaration_key = returned.declaration_key and lines.gnum = returned.gnum
    window line_so_far as (
        partition by lines.declaration_key, lines.gnum order by {{ order }} rows between unbounded preceding and current row
    )
),

weighed as (
    select
        *,
        cast(qty_so_far - lag(qty_so_far, 1, 0) over line as decimal(19, 5)) as returned_qty,
        {{ portion('weight', 'cast(qty_so_far as decimal(19, 5))', 'declared_qty') }} as weight_so_far,
        weight_so_far - lag(weight_so_far, 1, 0) over line as returned_weight
    from allotted
    window line as (partition by declaration_key, gnum order by {{ order }})
),

-- What came back in time gives back its part of the dutiable value; differences of sums, so that the parts add up exactly.
in_time as (
    select
        *,
        cast(sum(case when is_in_time then returned_weight else 0 end) over so_far as decimal(24, 5)) as weight_in_time
    from weighed
    window so_far as (partition by declaration_key order by {{ order }}, gnum rows between unbounded preceding and current row)
),

-- as it was when it was released
dutiable as (
    select
        values.declaration_key,
        values.dutiable_value
    from {{ ref('admitted') }} as values
    semi join declarations on values.declaration_key = declarations.declaration_key and declarations.flow = 'I'
    where values.run_date <= {{ run_date() }}
    qualify row_number() over (partition by values.declaration_key order by values.run_date desc) = 1
),

restored as (
    select
        in_time.*,
        {{ portion('dutiable.dutiable_value', 'in_time.weight_in_time', 'in_time.declared_weight') }} as restored_so_far
    from in_time
    left join dutiable on in_time.declaration_key = dutiable.declaration_key
)

select
    declaration_key,
    flow,
    declared_date,
    is_released_before,
    gnum,
    declared_qty,
    record_id,
    guid,
    app_time,
    received_on,
    is_in_time,
    source_id,
    returned_qty,
    cast(restored_so_far - lag(restored_so_far, 1, 0) over so_far as decimal(19, 5)) as restored_value
from restored
window so_far as (partition by declaration_key order by {{ order }}, gnum)
