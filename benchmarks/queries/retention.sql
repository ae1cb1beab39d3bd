-- The four retention rates of 2025 against 2024: customers kept, lost, revenue kept, revenue of the kept.
with moves as (
  select greatest(coalesce(sum(amount) filter (ordered_on >= date '2024-01-01' and ordered_on < date '2025-01-01'), 0), 0) as was,
         greatest(coalesce(sum(amount) filter (ordered_on >= date '2025-01-01' and ordered_on < date '2026-01-01'), 0), 0) as is_now
  from orders group by account_id),
sums as (select count(*) filter (was > 0 and is_now > 0) as stayed, count(*) filter (was > 0 and is_now = 0) as gone,
         count(*) filter (was > 0) as base, sum(least(was, is_now)) as gross,
         sum(is_now) filter (was > 0) as net, sum(was) as revenue from moves)
select stayed / base as rate, stayed::double as count, base::double as base from sums
union all select gone / base, gone, base from sums
union all select gross / revenue, gross, revenue from sums
union all select net / revenue, net, revenue from sums
