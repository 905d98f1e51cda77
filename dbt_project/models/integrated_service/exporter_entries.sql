{{ log() }}

-- What the run changed in the accounts of enterprises: each item as the run left it, less as it was entered before. The sum of the
-- entries of an account is its balance, so no run reads the items again.
{%- set amounts = [
    'refund_cny', 'estimate_cny', 'held_cny', 'granted_cny', 'reversed_cny', 'exported_cny', 'returned_cny', 'declared', 'returned',
    'received', 'netted', 'open', 'gain_cny'
] %}
with items_now as (
    select * from {{ ref('exporter_items') }}
    where run_date = {{ run_date() }}
),

items_before as (
    select items.*
    from {{ ref('exporter_items') }} as items
    semi join items_now on items.declaration_key = items_now.declaration_key and items.gnum = items_now.gnum
    where items.run_date < {{ run_date() }}
    qualify row_number() over (partition by items.declaration_key, items.gnum order by items.run_date desc) = 1
),

states as (
    select
        1 as sign,
        items_now.*
    from items_now
    union all
    select
        -1 as sign,
        items_before.*
    from items_before
),

sellers as (
    select
        sign,
        ebc_code,
        unnest(suppliers, recursive := true)
    from states
),

parts as (
    select
        sign,
        ebc_code,
        'week' as account,
        cast({{ week_of('expected_on') }} as varchar) as name,
        1 as items,
        cast(not is_complete as integer) as incomplete_items,
        refund_cny,
        estimate_cny
    from states
    where expected_on is not null
    union all by name
    select
        sign,
        ebc_code,
        'currency' as account,
        currency as name,
        1 as items,
        declared,
        returned,
        received,
        netted,
        open,
        gain_cny
    from states
    union all by name
    select
        sign,
        ebc_code,
        'month' as account,
        strftime(export_date, '%Y-%m') as name,
        1 as items,
        exported_cny,
        returned_cny
    from states
    union all by name
    select
        sign,
        ebc_code,
        'days' as account,
        cast(eligible_on - closed_on as varchar) as name,
        1 as items
    from states
    where eligible_on is not null
    union all by name
    select
        sign,
        ebc_code,
        'enterprise' as account,
        '' as name,
        held_cny
    from states
    union all by name
    select
        sign,
        ebc_code,
        'supplier' as account,
        name,
        refund_cny
    from sellers
    union all by name
    select
        sign,
        ebc_code,
        'commodity' as account,
        heading as name,
        refund_cny
    from states
    union all by name
    select
        1 as sign,
        ebc_code,
        'enterprise' as account,
        '' as name,
        {{ positive('amount') }} as granted_cny,
        {{ positive('-amount') }} as reversed_cny
    from {{ ref('rebate_entries') }}
    where run_date = {{ run_date() }}
),

changes as (
    select
        ebc_code,
        account,
        name,
        cast(coalesce(sum(sign * items), 0) as integer) as items,
        cast(coalesce(sum(sign * incomplete_items), 0) as integer) as incomplete_items,
        {%- for amount in amounts %}
            cast(coalesce(sum(sign * {{ amount }}), 0) as decimal(19, 5)) as {{ amount }}{% if not loop.last %},{% endif %}
        {%- endfor %}
    from parts
    group by ebc_code, account, name
)

select
    {{ run_date() }} as run_date,
    changes.*
from changes
where
    changes.items <> 0
    or changes.incomplete_items <> 0
    {%- for amount in amounts %}
        or changes.{{ amount }} <> 0
    {%- endfor %}
