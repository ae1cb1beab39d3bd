-- How many deals reached each stage, as of the last day.
with reached as (
  select o.opportunity_id, any_value(o.amount) as amount, any_value(o.status) as status,
         coalesce(max(case h.stage when 'contact' then 1 when 'needs' then 2 when 'proposal' then 3
           when 'negotiation' then 4 when 'delivery' then 5 else 0 end), 0) as place
  from (select opportunity_id, amount,
               case when closed_on <= date '2025-12-31' then status else 'open' end as status
        from opportunities where created_on >= date '2023-01-01' and created_on < date '2026-01-01'
        and created_on <= date '2025-12-31') o
  left join (select * from stage_history where entered_on <= date '2025-12-31') h using (opportunity_id)
  group by o.opportunity_id),
steps as (select unnest(range(6)) as step),
table_ as (
  select step, count(*) filter (place >= step) as reached,
         coalesce(sum(amount) filter (place >= step), 0) as value,
         count(*) filter (place = step and status = 'lost') as lost_count,
         coalesce(sum(amount) filter (place = step and status = 'lost'), 0) as lost_value,
         count(*) filter (place = step and status = 'open') as open_count,
         coalesce(sum(amount) filter (place = step and status = 'open'), 0) as open_value
  from steps, reached group by step)
select list_element(['lead','contact','needs','proposal','negotiation','delivery'], step + 1) as stage,
       reached, value, reached / lag(reached) over (order by step) as step_rate,
       reached / first(reached) over (order by step) as cumulative_rate,
       lost_count, lost_value, open_count, open_value
from table_ order by step
