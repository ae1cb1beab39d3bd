-- Recency, frequency and monetary value of each account.
select account_id,
       date_diff('day', max(ordered_on) filter (amount > 0), date '2025-12-31')::double as recency_days,
       count(distinct order_id) filter (amount > 0) as frequency, sum(amount) as monetary
from orders where ordered_on <= date '2025-12-31' group by account_id order by account_id
