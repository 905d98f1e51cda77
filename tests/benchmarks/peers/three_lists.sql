-- the three lists side by side, and where they agree: one row a declaration
with paid as (
    select
        order_key,
        sum(amount_paid) as amount_paid
    from payments
    group by order_key
)

select
    declarations.declaration_key,
    declarations.flow,
    orders.order_key is not null as has_order,
    paid.order_key is not null as has_payment,
    waybills.waybill_key is not null as has_waybill,
    coalesce(orders.ebc_code = declarations.ebc_code, false) as same_enterprise,
    coalesce(paid.amount_paid = orders.amount_due, false) as same_amount,
    coalesce(waybills.gross_weight = declarations.gross_weight, false) as same_weight
from declarations
left join orders on declarations.order_key = orders.order_key
left join paid on declarations.order_key = paid.order_key
left join waybills on declarations.waybill_key = waybills.waybill_key
