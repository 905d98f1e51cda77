{%- set head = ['ebc_code', 'transport_mode', 'owner_code', 'country_of_arrival', 'port_code', 'supervision_mode', 'customs_code'] %}
{%- set body = ['hs_code', 'country', 'currency', 'unit', 'unit1', 'unit2'] %}

-- the items of the month's lists, less what came back, with the keys that the rule of the month gives them
with rule as (
    select
        rule_version,
        string_split(head_columns, ' ') as head_columns,
        string_split(body_columns, ' ') as body_columns
    from {{ ref('merge_keys') }}
    where {{ in_force_today() }}
),

returned as (
    select
        declaration_key,
        gnum,
        returned_qty
    from {{ ref('returned_lines') }}
    where run_date <= {{ run_date() }}
    qualify run_date = max(run_date) over (partition by declaration_key)
),

declared as (
    select
        lists.month,
        lists.ebc_code,
        lists.cop_no,
        items.gnum,
        declarations.ebc_name,
        declarations.owner_code,
        declarations.owner_name,
        declarations.transport_mode,
        declarations.destination_or_origin as country_of_arrival,
        declarations.port_code,
        declarations.supervision_mode,
        declarations.customs_code,
        items.hs_code,
        items.goods_name,
        items.country,
        items.currency,
        items.unit,
        items.unit1,
        items.unit2,
        items.qty as declared_qty,
        items.qty1 as declared_qty1,
        items.qty2 as declared_qty2,
        items.total_price as declared_price,
        valued.value_cny as declared_cny,
        coalesce(returned.returned_qty, 0) as returned_qty,
        cast(items.qty - coalesce(returned.returned_qty, 0) as decimal(19, 5)) as qty
    from {{ ref('consolidation_lists') }} as lists
    inner join {{ ref('stg_declarations') }} as declarations on lists.record_id = declarations.record_id
    inner join {{ ref('stg_declaration_items') }} as items on lists.record_id = items.record_id
    left join {{ ref('clearance_items') }} as valued
        on lists.ebc_code = valued.ebc_code and lists.cop_no = valued.cop_no and items.gnum = valued.gnum
    left join returned on lists.declaration_key = returned.declaration_key and items.gnum = returned.gnum
    where lists.month = {{ month() }} and lists.outcome = 'consolidated'
),

due as (
    select
        * exclude (declared_qty, declared_qty1, declared_qty2, declared_price, declared_cny),
        {{ part_of('declared_qty1', 'qty', 'declared_qty') }} as qty1,
        {{ part_of('declared_qty2', 'qty', 'declared_qty') }} as qty2,
        {{ part_of('declared_price', 'qty', 'declared_qty') }} as total_price,
        {{ part_of('declared_cny', 'qty', 'declared_qty') }} as value_cny
    from declared
    where returned_qty = 0 or qty > 0
),

due_items as (
    select
        due.*,
        rule.rule_version,
        {{ merge_key(head, 'rule.head_columns') }} as head_key,
        {{ merge_key(body, 'rule.body_columns') }} as body_key
    from due
    cross join rule
)

select * from due_items
