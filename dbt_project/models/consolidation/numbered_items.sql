-- forms and lines: the body keys of a head key in their order, fifty to a form. The month, the key and the part of it make
-- the number of a form, so that a month run again gives every line its number again.
with placed as (
    select
        *,
        dense_rank() over (partition by head_key order by body_key) - 1 as place
    from {{ ref('due_items') }}
),

numbered_items as (
    select
        * exclude (place),
        cast(place // 50 + 1 as integer) as part_no,
        cast(place % 50 + 1 as integer) as line_no,
        format('{}-{}-{}-{:02}', month, ebc_code, upper(left(md5(rule_version || chr(31) || head_key), 10)), place // 50 + 1) as form_no
    from placed
)

select * from numbered_items
