-- step 1: the rules that look at one declaration and its lists
with failed as (
    select * from {{ ref('document_rules') }}
    union all
    select * from {{ ref('order_rules') }}
    union all
    select * from {{ ref('payment_rules') }}
    union all
    select * from {{ ref('waybill_rules') }}
    union all
    select * from {{ ref('goods_rules') }}
    union all
    select * from {{ ref('party_rules') }}
    union all
    select * from {{ ref('control_rules') }}
    union all
    select * from {{ ref('import_rules') }}
    union all
    select * from {{ ref('person_rules') }}
    union all
    select * from {{ ref('value_rules') }}
)

{{ in_force('failed') }}
