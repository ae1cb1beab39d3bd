-- The eight KPIs of the fourth quarter of 2025 (now) and 2024 (past).
with 
  now_money as (select sum(amount) as revenue, count(*) as lines, sum(gross_profit) as profit
    from orders where ordered_on >= date '2025-10-01' and ordered_on < date '2026-01-01'),
  now_customers as (select
      greatest(coalesce(sum(amount) filter (ordered_on >= date '2025-01-01'), 0), 0) as is_now,
      greatest(coalesce(sum(amount) filter (ordered_on < date '2025-01-01'), 0), 0) as was,
      count(distinct order_id) filter (amount > 0 and ordered_on >= date '2025-01-01') as purchases
    from orders where ordered_on >= date '2024-01-01' and ordered_on < date '2026-01-01' group by account_id),
  now_loyal as (select count(*) filter (purchases >= 2) as again, count(*) filter (purchases >= 1) as buyers,
      count(*) filter (was > 0 and is_now = 0) as gone, count(*) filter (was > 0) as base from now_customers),
  now_ended as (select opportunity_id, status from opportunities where closed_on >= date '2025-10-01' and closed_on < date '2026-01-01'),
  now_deals as (select count(*) filter (status = 'won') as won,
      count(*) filter (status in ('won', 'lost')) as decided from now_ended),
  now_signed as (select min(entered_on) filter (stage = 'contact') as first_contact,
      min(entered_on) filter (stage = 'delivery') as signed_on
    from stage_history semi join (from now_ended where status = 'won') using (opportunity_id)
    where entered_on < date '2026-01-01' group by opportunity_id),
  now_cycle as (select avg(date_diff('day', first_contact, signed_on)) as days,
      count(*) filter (first_contact is not null and signed_on is not null) as measured from now_signed),
  now_answers as (select count(*) filter (score >= 4) as content, count(*) as answers from (
      select arg_max(satisfaction, (answered_on, -satisfaction)) as score from surveys
      where answered_on >= date '2025-10-01' and answered_on < date '2026-01-01' group by contact_id)),
  now_new as (select count(*) as customers from accounts where customer_since >= date '2025-10-01' and customer_since < date '2026-01-01'),
  now_spend as (select sum(amount) as spend from costs
    where purpose = 'acquisition' and month >= date '2025-10-01' and month < date '2026-01-01'),
  now as (select * from now_money, now_loyal, now_deals, now_cycle, now_answers, now_new,
    now_spend),
  past_money as (select sum(amount) as revenue, count(*) as lines, sum(gross_profit) as profit
    from orders where ordered_on >= date '2024-10-01' and ordered_on < date '2025-01-01'),
  past_customers as (select
      greatest(coalesce(sum(amount) filter (ordered_on >= date '2024-01-01'), 0), 0) as is_now,
      greatest(coalesce(sum(amount) filter (ordered_on < date '2024-01-01'), 0), 0) as was,
      count(distinct order_id) filter (amount > 0 and ordered_on >= date '2024-01-01') as purchases
    from orders where ordered_on >= date '2023-01-01' and ordered_on < date '2025-01-01' group by account_id),
  past_loyal as (select count(*) filter (purchases >= 2) as again, count(*) filter (purchases >= 1) as buyers,
      count(*) filter (was > 0 and is_now = 0) as gone, count(*) filter (was > 0) as base from past_customers),
  past_ended as (select opportunity_id, status from opportunities where closed_on >= date '2024-10-01' and closed_on < date '2025-01-01'),
  past_deals as (select count(*) filter (status = 'won') as won,
      count(*) filter (status in ('won', 'lost')) as decided from past_ended),
  past_signed as (select min(entered_on) filter (stage = 'contact') as first_contact,
      min(entered_on) filter (stage = 'delivery') as signed_on
    from stage_history semi join (from past_ended where status = 'won') using (opportunity_id)
    where entered_on < date '2025-01-01' group by opportunity_id),
  past_cycle as (select avg(date_diff('day', first_contact, signed_on)) as days,
      count(*) filter (first_contact is not null and signed_on is not null) as measured from past_signed),
  past_answers as (select count(*) filter (score >= 4) as content, count(*) as answers from (
      select arg_max(satisfaction, (answered_on, -satisfaction)) as score from surveys
      where answered_on >= date '2024-10-01' and answered_on < date '2025-01-01' group by contact_id)),
  past_new as (select count(*) as customers from accounts where customer_since >= date '2024-10-01' and customer_since < date '2025-01-01'),
  past_spend as (select sum(amount) as spend from costs
    where purpose = 'acquisition' and month >= date '2024-10-01' and month < date '2025-01-01'),
  past as (select * from past_money, past_loyal, past_deals, past_cycle, past_answers, past_new,
    past_spend) select * exclude (place) from (select 0 as place, 'revenue' as kpi, now.revenue as value, past.revenue as before, now.lines::double as count, null::double as base from now, past union all select 1 as place, 'gross_margin' as kpi, now.profit / now.revenue as value, past.profit / past.revenue as before, now.profit::double as count, now.revenue::double as base from now, past union all select 2 as place, 'acquisition_cost' as kpi, now.spend / now.customers as value, past.spend / past.customers as before, now.spend::double as count, now.customers::double as base from now, past union all select 3 as place, 'conversion' as kpi, now.won / now.decided as value, past.won / past.decided as before, now.won::double as count, now.decided::double as base from now, past union all select 4 as place, 'satisfaction' as kpi, now.content / now.answers as value, past.content / past.answers as before, now.content::double as count, now.answers::double as base from now, past union all select 5 as place, 'repeat_rate' as kpi, now.again / now.buyers as value, past.again / past.buyers as before, now.again::double as count, now.buyers::double as base from now, past union all select 6 as place, 'churn' as kpi, now.gone / now.base as value, past.gone / past.base as before, now.gone::double as count, now.base::double as base from now, past union all select 7 as place, 'cycle' as kpi, now.days as value, past.days as before, now.measured::double as count, now.won::double as base from now, past) order by place
