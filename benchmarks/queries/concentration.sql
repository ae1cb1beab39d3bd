-- Accounts by sales, with shares and running shares.
with totals as (select account_id, sum(amount) as value from orders group by account_id)
select row_number() over w as rank, account_id, value, value / sum(value) over () as share,
       sum(value) over w / sum(value) over () as cumulative_share
from totals window w as (order by value desc, account_id) order by rank
