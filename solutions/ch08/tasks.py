"""Chapter 8's assignment: what to do first, where the hours go, what an hour brings, what to learn."""

from __future__ import annotations

import pandas as pd

import ka_lib as ka
from ka_course.tasks import Assignment, Frame, Items, Mapping, Number

assignment = Assignment("ch08")

# --- q1: important and not urgent ----------------------------------------------------------------

q1 = assignment.task(
    "q1",
    answer="protect",
    form=Items(),
    points=6,
    level="core",
    kind="choose",
    row_ids=("8-1",),
)


@q1.reference
def important_and_not_urgent(company):
    todos = company.todos[company.todos["rep_id"] == "R1"]
    far = todos["due_on"] > pd.Timestamp("2025-11-30") + pd.Timedelta(days=3)
    return todos.loc[far & (todos["value"] >= 100_000), "todo_id"]


@q1.also_right
def by_its_two_columns(company):
    mine = company.todos[company.todos["rep_id"] == "R1"]
    table = ka.time_use.quadrants(mine, company.as_of, 3, 100_000)
    return sorted(table.loc[table["important"] & ~table["urgent"], "todo_id"])


@q1.misconception(
    zh="你选的是紧急不重要的那几件：到期近，牵涉的毛利却小。它们响得最大声。题目问的是反过来的一格：不急、可是要紧。是第几象限？",
    en="You chose what is urgent and not important: due soon, with little at stake. Those shout the loudest. "
    "The question asks for the opposite corner. Which quadrant is it?",
)
def urgent_for_important(company):
    mine = company.todos[company.todos["rep_id"] == "R1"]
    table = ka.time_use.quadrants(mine, company.as_of, 3, 100_000)
    return table.loc[table["quadrant"] == 3, "todo_id"]


@q1.misconception(
    zh="你选的是又重要又紧急的。它们不用你操心排期，今天自己会找上门。题目要的是还来得及排的那一格。",
    en="You chose what is important and urgent. Those find you by themselves today. The question asks for those that can still be planned.",
)
def both_at_once(company):
    mine = company.todos[company.todos["rep_id"] == "R1"]
    table = ka.time_use.quadrants(mine, company.as_of, 3, 100_000)
    return table.loc[table["quadrant"] == 1, "todo_id"]


@q1.misconception(
    zh="重要的你都选了，连三天内到期的也在里面。题目还有一个条件：不紧急。两个条件都要满足的，是哪一格？",
    en="You took everything important, what is due within three days included. There is a second condition: not urgent. Which quadrant meets both?",
)
def all_important(company):
    mine = company.todos[company.todos["rep_id"] == "R1"]
    table = ka.time_use.quadrants(mine, company.as_of, 3, 100_000)
    return table.loc[table["important"], "todo_id"]


@q1.misconception(
    zh="格子选对了，但把全队的清单都算进来了。这一题只看林悦（R1）的 {mine} 件事，用上面准备好的 `sorted_tasks`。",
    en="The right quadrant, but of the whole team's list. This question is about Lin Yue's (R1) {mine} tasks only: use `sorted_tasks`, which is ready above.",
)
def whole_team(company):
    table = ka.time_use.quadrants(company.todos, company.as_of, 3, 100_000)
    return table.loc[table["quadrant"] == 2, "todo_id"]


@q1.facts
def facts_of_q1(company):
    mine = company.todos[company.todos["rep_id"] == "R1"]
    table = ka.time_use.quadrants(mine, company.as_of, 3, 100_000)
    return {"mine": len(mine), "important": int(table["important"].sum())}


q1.not_tried(
    zh="先看上面的表：`quadrant` 那一列写着 1 到 4。哪个数是“重要不紧急”？",
    en="A first step: the column `quadrant` above holds 1 to 4. Which of them is important and not urgent?",
)
q1.hints(
    zh=[
        "1 是又重要又紧急，3 是紧急不重要。剩下两个里，哪个重要？",
        "把题目里那一行照抄下来，只改等号后面的那个数。",
    ],
    en=[
        "1 is important and urgent, 3 is urgent only. Which of the other two is important?",
        "Copy the line from the question and change only the number after the two equals signs.",
    ],
)
q1.unforeseen(
    zh="先数一数：林悦的 {mine} 件事里，重要的应当有 {important} 件；你要的是其中不紧急的。",
    en="Count first: of Lin Yue's {mine} tasks, {important} are important. You want those of them that are not urgent.",
)

# --- q2: overdue ---------------------------------------------------------------------------------

q2 = assignment.task(
    "q2",
    answer="overdue",
    form=Number(),
    points=7,
    level="core",
    kind="build",
    row_ids=("8-1", "8-4"),
)


@q2.reference
def due_before_today(company):
    return int((company.todos["due_on"] < pd.Timestamp("2025-11-30")).sum())


@q2.also_right
def from_the_quadrants(company):
    return ka.time_use.quadrants(company.todos, company.as_of, 3, 100_000)["past_due"].sum()


@q2.misconception(
    zh="你数出来是 {answer}，把 11 月 30 日当天到期的 {today} 件也算成逾期了。当天到期的，今天做完就不晚。比较号该带等号吗？",
    en="You counted {answer}, with the {today} that are due on 30 November itself. What is due today can still be done in time. Does the comparison need its equals sign?",
)
def due_today_counted(company):
    return int((company.todos["due_on"] <= pd.Timestamp("2025-11-30")).sum())


@q2.misconception(
    zh="你数出来是 {answer}，是三天内到期的，也就是“紧急”的。紧急的不一定逾期：到期日在哪一天之前，才叫逾期？",
    en="You counted {answer}: everything due within three days, which is what we called urgent. Urgent is not yet late. Before which day must it have been due?",
)
def urgent_for_overdue(company):
    return int((company.todos["due_on"] <= pd.Timestamp("2025-12-03")).sum())


@q2.misconception(
    zh="你数出来是 {answer}，方向反了：这是 11 月 30 日以后才到期的。",
    en="You counted {answer}, the wrong way round: these fall due after 30 November.",
)
def not_yet_due(company):
    return int((company.todos["due_on"] > pd.Timestamp("2025-11-30")).sum())


@q2.misconception(
    zh="你数出来是 {answer}，只有林悦一个人的。这一题看全队 {tasks} 件。",
    en="You counted {answer}, Lin Yue's alone. This question is about the whole team's {tasks} tasks.",
)
def only_lin_yue(company):
    mine = company.todos[company.todos["rep_id"] == "R1"]
    return int((mine["due_on"] < pd.Timestamp("2025-11-30")).sum())


@q2.facts
def facts_of_q2(company):
    today = company.todos["due_on"] == pd.Timestamp("2025-11-30")
    return {"today": int(today.sum()), "tasks": len(company.todos)}


q2.not_tried(
    zh='先运行 `company.todos["due_on"] < "2025-11-30"`，每件事会得到一个 True 或 False。',
    en='A first step: run `company.todos["due_on"] < "2025-11-30"`. Each task gets a True or a False.',
)
q2.hints(
    zh=[
        "11 月 30 日到期的事，在 11 月 30 日这天算不算晚？先想清楚，再选 `<` 还是 `<=`。",
        "一列 True 和 False 后面加 `.sum()`，数的就是有几个 True。",
        '照这个样子写：`(company.todos["due_on"] ? "2025-11-30").sum()`，把问号换成比较号。',
    ],
    en=[
        "Is a task due on 30 November late on 30 November? Decide, then choose `<` or `<=`.",
        "`.sum()` after a column of True and False counts the Trues.",
        'Write it like this, with the right sign for the question mark: `(company.todos["due_on"] ? "2025-11-30").sum()`.',
    ],
)
q2.unforeseen(
    zh="先数一数：全队 {tasks} 件事里，11 月 30 日当天到期的应当有 {today} 件。它们算不算逾期？",
    en="Count first: of the team's {tasks} tasks, {today} are due on 30 November itself. Are those overdue?",
)

# --- q3: Wan'an's share of account hours ---------------------------------------------------------

q3 = assignment.task(
    "q3",
    answer="wanan_share",
    form=Number(tolerance=0.0005, fraction=True),
    points=8,
    level="core",
    kind="choose",
    row_ids=("8-2", "8-4"),
)


@q3.reference
def of_hours_for_accounts(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"]
    spent = ka.time_use.pieces(log).dropna(subset=["account_id"])
    return spent.loc[spent["account_id"] == "A001", "hours"].sum() / spent["hours"].sum()


@q3.also_right
def share_of_named_hours(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"]
    table = ka.time_use.hours(log.dropna(subset=["account_id"]), "account_id")
    return table.set_index("account_id").loc["A001", "share"]


@q3.misconception(
    zh="你算出来是 {answer}，分母是她的全部 {all_hours:.1f} 小时，里面有 {internal:.1f} 小时内部的事（例会、报销）。题目问的是**客户小时**里万桉占多少：内部的先拿出去。",
    en="You got {answer}: the base is all of her {all_hours:.1f} hours, {internal:.1f} of them internal (meetings, expenses). "
    "The question is about **account hours**: take the internal ones out first.",
)
def internal_in_the_base(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"]
    table = ka.time_use.hours(log, "account_id").set_index("account_id")
    return table.loc["A001", "share"]


@q3.misconception(
    zh="你算出来是 {answer}，在路上的时间悄悄没了。开车去客户那儿，也是花在这家客户身上的小时。把 `travel` 放回来。",
    en="You got {answer}: the time on the road has quietly gone. The drive to a customer is time for that customer. Put `travel` back.",
)
def travel_left_out(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"]
    log = log[(log["activity"] != "travel") & log["account_id"].notna()]
    return ka.time_use.hours(log, "account_id").set_index("account_id").loc["A001", "share"]


@q3.misconception(
    zh="你填的是 {answer}，这是万桉占她销售额的比例，在旁边那一列。题目问的是时间。",
    en="You gave {answer}: Wan'an's share of her revenue, the column beside it. The question is about time.",
)
def revenue_for_time(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"]
    mine = company.accounts.loc[company.accounts["rep_id"] == "R1", "account_id"]
    orders = company.orders[company.orders["account_id"].isin(mine)]
    table = ka.time_use.time_and_revenue(
        log, orders, company.accounts, ("2025-10-01", "2025-12-01"), by="account_id"
    )
    return table.set_index("account_id").loc["A001", "revenue_share"]


@q3.misconception(
    zh="你算出来是 {answer}，数的是工时表的行数。一条十五分钟的电话和一条两小时的拜访，不能都算一份：把小时加起来。",
    en="You got {answer}, counting rows of the time log. A call of a quarter of an hour and a visit of two are not equal parts: add up the hours.",
)
def entries_counted(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"].dropna(subset=["account_id"])
    return (log["account_id"] == "A001").mean()


@q3.misconception(
    zh="你填的是 {answer}，这是万桉的小时数。占比要除以她的客户小时；表里哪一列已经除好了？",
    en="You gave {answer}: Wan'an's hours. A share is out of all her account hours; which column has divided already?",
)
def hours_for_share(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"]
    return ka.time_use.hours(log, "account_id").set_index("account_id").loc["A001", "hours"]


@q3.facts
def facts_of_q3(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"]
    spent = ka.time_use.pieces(log)
    internal = spent.loc[spent["account_id"].isna(), "hours"].sum()
    return {"all_hours": float(spent["hours"].sum()), "internal": float(internal)}


q3.not_tried(
    zh="先在上面的表里找到 A001 那一行，再找“时间占比”是哪一列。",
    en="A first step: find the row A001 in the table above, then the column with the share of time.",
)
q3.hints(
    zh=[
        "先定分母：题目说的是“客户小时”，例会和报销不在里面。",
        "`time_and_revenue` 的分母已经是客户小时，路上的时间也在内。",
        '照这个样子写：`table.loc["客户编号", "列"]`。',
    ],
    en=[
        'Settle the base first: "account hours" leave meetings and expenses out.',
        "The base of `time_and_revenue` is account hours already, travel included.",
        'Write it like this: `table.loc["account", "column"]`.',
    ],
)
q3.unforeseen(
    zh="先数一数：林悦全部 {all_hours:.1f} 小时里，没有客户的内部小时应当是 {internal:.1f}。",
    en="Count first: of Lin Yue's {all_hours:.1f} hours, {internal:.1f} are internal, for no account.",
)

# --- q4: a week of 30 hours ----------------------------------------------------------------------

q4 = assignment.task(
    "q4",
    answer="this_week",
    form=Items(),
    points=9,
    level="core",
    kind="choose",
    row_ids=("8-2", "8-3"),
)


@q4.reference
def most_value_an_hour_first(company):
    todos = company.todos[company.todos["rep_id"] == "R1"]
    booked = todos["fixed_on"].between("2025-12-01", "2025-12-07")
    left = 30 - todos.loc[booked, "hours"].sum()
    free = todos[todos["fixed_on"].isna()]
    free = free.assign(an_hour=(free["value"] / free["hours"]).round(2))
    free = free.sort_values(["an_hour", "due_on", "todo_id"], ascending=[False, True, True])
    planned = []
    for task in free.itertuples():
        if task.hours <= left:
            planned.append(task.todo_id)
            left -= task.hours
    return planned


@q4.also_right
def states_of_the_plan(company):
    mine = company.todos[company.todos["rep_id"] == "R1"]
    plan = ka.time_use.week_plan(mine, "2025-12-01", 30).set_index("todo_id")
    return set(plan.index[plan["plan_state"].eq("planned")])


@q4.misconception(
    zh="你按 40 小时排的，一周排满了。可是周二那通电话、周四的缺货，都还没来。题目只给 {capacity} 小时：剩下的 10 小时留给想不到的事。",
    en="You planned 40 hours, a week without a gap. Tuesday's phone call and Thursday's stock-out are still to come. "
    "The question gives {capacity} hours and leaves 10 for what nobody foresees.",
)
def no_buffer(company):
    mine = company.todos[company.todos["rep_id"] == "R1"]
    plan = ka.time_use.week_plan(mine, "2025-12-01")
    return plan.loc[plan["plan_state"] == "planned", "todo_id"]


@q4.misconception(
    zh="约好的也在你的清单里。它们已经占了 {fixed:.1f} 小时，不用你再挑；题目问的是挑进来的那些，状态叫 `planned`。",
    en="Your list has the appointments in it. They take {fixed:.1f} hours already and are not yours to choose; "
    "the question asks for the chosen ones, whose state is `planned`.",
)
def appointments_too(company):
    mine = company.todos[company.todos["rep_id"] == "R1"]
    plan = ka.time_use.week_plan(mine, "2025-12-01", 30)
    return plan.loc[plan["plan_state"].isin(["fixed", "planned"]), "todo_id"]


@q4.misconception(
    zh="你是按到期先后排的：谁急排谁，排满为止。结果值钱的排不进来。这一题按每小时值多少钱排。",
    en="You filled the week by due date: the loudest first, until it was full. What is worth most did not get in. Here the order is value an hour.",
)
def first_due_first(company):
    todos = company.todos[company.todos["rep_id"] == "R1"]
    booked = todos["fixed_on"].between("2025-12-01", "2025-12-07")
    left = 30 - todos.loc[booked, "hours"].sum()
    planned = []
    free = todos[todos["fixed_on"].isna()].sort_values(["due_on", "todo_id"])
    for task in free.itertuples():
        if task.hours <= left:
            planned.append(task.todo_id)
            left -= task.hours
    return planned


@q4.misconception(
    zh="你把 30 小时全给了自己挑的事，没给约好的拜访和会议留位置。它们雷打不动，先占 {fixed:.1f} 小时。",
    en="You gave all 30 hours to tasks of your choice and none to the visits and meetings already booked. They stand, and take {fixed:.1f} hours first.",
)
def appointments_forgotten(company):
    mine = company.todos[company.todos["rep_id"] == "R1"]
    plan = ka.time_use.week_plan(mine[mine["fixed_on"].isna()], "2025-12-01", 30)
    return plan.loc[plan["plan_state"] == "planned", "todo_id"]


@q4.misconception(
    zh="你给的是排不下的那几件。题目问的是排进这周的。",
    en="You listed what does not fit. The question asks for what is planned.",
)
def what_is_left_out(company):
    mine = company.todos[company.todos["rep_id"] == "R1"]
    plan = ka.time_use.week_plan(mine, "2025-12-01", 30)
    return plan.loc[plan["plan_state"] == "does_not_fit", "todo_id"]


@q4.facts
def facts_of_q4(company):
    todos = company.todos[company.todos["rep_id"] == "R1"]
    booked = todos["fixed_on"].between("2025-12-01", "2025-12-07")
    return {"fixed": float(todos.loc[booked, "hours"].sum()), "capacity": 30}


q4.not_tried(
    zh='先运行 `ka.time_use.week_plan(mine, "2025-12-01")`，看看 `plan_state` 有哪几种。',
    en='A first step: run `ka.time_use.week_plan(mine, "2025-12-01")` and see which states there are in `plan_state`.',
)
q4.hints(
    zh=[
        "一周有几小时，是 `week_plan` 的参数 `capacity`，不写就是 40。",
        "先排出 `plan`，再从里面只留 `plan_state` 是 `planned` 的行。",
        '第二行照这个样子写：`plan.loc[plan["plan_state"] == "planned", "todo_id"]`。第一行自己改。',
    ],
    en=[
        "The hours of the week are the argument `capacity` of `week_plan`; left out, it is 40.",
        "Make the `plan` first, then keep the rows whose `plan_state` is `planned`.",
        'The second line reads `plan.loc[plan["plan_state"] == "planned", "todo_id"]`. The first is yours to change.',
    ],
)
q4.unforeseen(
    zh="先数一数：约好的事先占掉 {fixed:.1f} 小时，{capacity} 小时里剩下的才给你挑。",
    en="Count first: the appointments take {fixed:.1f} hours; what is left of {capacity} is yours to fill.",
)

# --- q5: every minute once -----------------------------------------------------------------------

q5 = assignment.task(
    "q5",
    answer="hours_by_rep",
    form=Mapping(tolerance=0.02),
    points=10,
    level="analyst",
    kind="choose",
    row_ids=("8-2",),
)


@q5.reference
def minutes_in_a_set(company):
    found = {}
    for rep, entries in company.time_log.groupby("rep_id"):
        minutes = set()
        zero = pd.Timestamp("2025-01-01")
        for entry in entries.itertuples():
            first = int((entry.started_at - zero).total_seconds() // 60)
            last = int((entry.ended_at - zero).total_seconds() // 60)
            minutes.update(range(first, last))
        found[rep] = len(minutes) / 60
    return found


@q5.also_right
def the_other_rule_has_the_same_total(company):
    table = ka.time_use.hours(company.time_log, "rep_id", overlap="first")
    return table.set_index("rep_id")["hours"]


@q5.misconception(
    zh="你把每条的时长直接相加了。全队有 {pairs} 处一个人同时记了两条（高铁上接电话），那几分钟被算了两遍。一分钟只能算一次。",
    en="You added up the length of each entry. In {pairs} places somebody wrote down two things at once (a call on the train), and those minutes count twice. A minute counts once.",
)
def overlaps_twice(company):
    log = company.time_log
    length = (log["ended_at"] - log["started_at"]).dt.total_seconds() / 3600
    return length.groupby(log["rep_id"]).sum()


@q5.misconception(
    zh="你减的是钟点，没带日期。晚上九点半干到凌晨一点半，成了负 20 小时。这样的夜里有 {nights} 条，要用带日期的时刻相减。",
    en="You subtracted times of day without their dates. From half past nine in the evening to half past one became minus 20 hours. "
    "There are {nights} such nights: subtract moments, date included.",
)
def midnight_negative(company):
    log = company.time_log
    start = log["started_at"].dt.hour + log["started_at"].dt.minute / 60
    end = log["ended_at"].dt.hour + log["ended_at"].dt.minute / 60
    return (end - start).groupby(log["rep_id"]).sum()


@q5.misconception(
    zh="过了半夜的 {nights} 条被你删掉了。它们没有写错，是真的干到了凌晨；那几个小时该算在里面。",
    en="You dropped the {nights} entries that run past midnight. They are no mistake: somebody did work that late, and those hours count.",
)
def nights_dropped(company):
    log = company.time_log
    same_day = log["started_at"].dt.normalize() == log["ended_at"].dt.normalize()
    return ka.time_use.hours(log[same_day], "rep_id").set_index("rep_id")["hours"]


@q5.misconception(
    zh="重叠的 {pairs} 处，你把两条都删了。只是重叠的那几分钟要算一次，不是一次都不算；没重叠的那一段更是真的。",
    en="At the {pairs} overlaps you dropped both entries. The shared minutes count once, not never, and the rest was worked all the same.",
)
def both_entries_dropped(company):
    pairs = ka.time_use.overlaps(company.time_log)
    inside = company.time_log["entry_id"].isin([*pairs["entry_id"], *pairs["other_entry_id"]])
    return ka.time_use.hours(company.time_log[~inside], "rep_id").set_index("rep_id")["hours"]


@q5.misconception(
    zh="单位是分钟。题目要小时，除以 60。",
    en="That is in minutes. The question asks for hours: divide by 60.",
)
def minutes_for_hours(company):
    return ka.time_use.hours(company.time_log, "rep_id").set_index("rep_id")["hours"] * 60


@q5.facts
def facts_of_q5(company):
    log = company.time_log
    nights = log["started_at"].dt.normalize() != log["ended_at"].dt.normalize()
    return {"pairs": len(ka.time_use.overlaps(log)), "nights": int(nights.sum())}


q5.not_tried(
    zh="先运行 `ka.time_use.overlaps(company.time_log)`，看看谁在同一时间记了两条。",
    en="A first step: run `ka.time_use.overlaps(company.time_log)` and see who wrote down two things at once.",
)
q5.hints(
    zh=[
        "两种毛病：同一分钟记了两次；干过了半夜。相减再相加，两种都会算错。",
        "`ka.time_use.hours` 把每一分钟只算一次，过半夜的拆成两天。按什么分组，由第二个参数定。",
        '分组后用 `.set_index("rep_id")["hours"]` 取出小时那一列。',
    ],
    en=[
        "Two faults: a minute written down twice, and nights. Subtract and add, and both go wrong.",
        "`ka.time_use.hours` counts each minute once and cuts the nights at midnight. Its second argument says by what to group.",
        'Then take the column of hours with `.set_index("rep_id")["hours"]`.',
    ],
)
q5.unforeseen(
    zh="先数一数：全队应当有 {pairs} 处重叠，{nights} 条过了半夜。每分钟只算一次，过半夜的不能少。",
    en="Count first: there are {pairs} overlaps and {nights} entries past midnight. Each minute once, and no night left out.",
)

# --- q6: ISO weeks -------------------------------------------------------------------------------

q6 = assignment.task(
    "q6",
    answer="orders_by_week",
    form=Mapping(tolerance=0.5, relative=0, unit="yuan"),
    points=8,
    level="analyst",
    kind="build",
    row_ids=("8-4",),
)


@q6.reference
def from_monday_to_monday(company):
    found = {}
    for week, monday in (
        ("2024-W52", "2024-12-23"),
        ("2025-W01", "2024-12-30"),
        ("2025-W02", "2025-01-06"),
    ):
        first = pd.Timestamp(monday)
        day = company.orders["ordered_on"]
        inside = (day >= first) & (day < first + pd.Timedelta(days=7))
        found[week] = company.orders.loc[inside, "amount"].sum()
    return found


@q6.also_right
def by_strftime(company):
    week = company.orders["ordered_on"].dt.strftime("%G-W%V")
    sums = company.orders.groupby(week)["amount"].sum()
    return sums[["2024-W52", "2025-W01", "2025-W02"]]


@q6.misconception(
    zh="你用“年份 + 周数”拼的：12 月 30 日、31 日的订单被写成了 2024 年第 1 周，从 2025-W01 里掉了出去。这一周属于哪一年，看它的星期四在哪一年。",
    en="You joined the calendar year and the week number: the orders of 30 and 31 December became week 1 of 2024 and fell out of 2025-W01. A week belongs to the year of its Thursday.",
)
def calendar_year_and_week(company):
    day = company.orders["ordered_on"]
    number = day.dt.isocalendar()["week"].astype("int64")
    year = day.dt.year.astype("int64")
    keys = [(2024, 52), (2025, 1), (2025, 2)]
    return {
        f"{y}-W{w:02}": company.orders.loc[(year == y) & (number == w), "amount"].sum()
        for y, w in keys
    }


@q6.misconception(
    zh="你的一周从星期日开始。ISO 周从星期一开始，星期日是最后一天：国内的周报也是这么开的。",
    en="Your weeks begin on Sunday. ISO weeks begin on Monday and end on Sunday.",
)
def weeks_from_sunday(company):
    week = ka.time_use.iso_week(company.orders["ordered_on"] + pd.Timedelta(days=1))
    sums = company.orders.groupby(week)["amount"].sum()
    return sums[["2024-W52", "2025-W01", "2025-W02"]]


@q6.misconception(
    zh="你从 1 月 1 日起，每七天算一周。2025 年的 1 月 1 日是星期三，这样切出来的“周”从星期三开始。",
    en="You cut the year into sevens from 1 January. In 2025 that is a Wednesday, so your weeks begin on Wednesdays.",
)
def sevens_from_january(company):
    day = company.orders["ordered_on"]
    number = (day.dt.day_of_year - 1) // 7 + 1
    keys = [(2024, 52), (2025, 1), (2025, 2)]
    return {
        f"{y}-W{w:02}": company.orders.loc[(day.dt.year == y) & (number == w), "amount"].sum()
        for y, w in keys
    }


@q6.misconception(
    zh="你数的是订单张数。题目要的是金额，单位元。",
    en="You counted the orders. The question asks for their amount, in yuan.",
)
def orders_counted(company):
    week = ka.time_use.iso_week(company.orders["ordered_on"])
    return week.value_counts()[["2024-W52", "2025-W01", "2025-W02"]]


@q6.misconception(
    zh="你加的是毛利。题目要的是订单金额，`amount` 那一列。",
    en="You added up gross profit. The question asks for the order amount, the column `amount`.",
)
def profit_for_amount(company):
    week = ka.time_use.iso_week(company.orders["ordered_on"])
    sums = company.orders.groupby(week)["gross_profit"].sum()
    return sums[["2024-W52", "2025-W01", "2025-W02"]]


@q6.facts
def facts_of_q6(company):
    day = company.orders["ordered_on"]
    inside = (day >= "2024-12-30") & (day < "2025-01-06")
    return {"orders": int(inside.sum())}


q6.not_tried(
    zh='先运行 `ka.time_use.iso_week(company.orders["ordered_on"]).tail()`，看看周是怎么写的。',
    en='A first step: run `ka.time_use.iso_week(company.orders["ordered_on"]).tail()` and see how a week is written.',
)
q6.hints(
    zh=[
        "2025 年第 1 周从哪一天开始？翻开日历：1 月 1 日是星期三，那一周的星期一在去年。",
        "`ka.time_use.iso_week` 给每个日期写上它的周；按这个分组，再把 `amount` 加起来。",
        '分组求和之后，用 `sums[["2024-W52", "2025-W01", "2025-W02"]]` 取出三周。',
    ],
    en=[
        "On which day does week 1 of 2025 begin? Look at a calendar: 1 January is a Wednesday, so its Monday lies in the old year.",
        "`ka.time_use.iso_week` writes its week to each date; group by it and add up `amount`.",
        'After the sum take three weeks: `sums[["2024-W52", "2025-W01", "2025-W02"]]`.',
    ],
)
q6.unforeseen(
    zh="先数一数：2025-W01（12 月 30 日到 1 月 5 日）里应当有 {orders} 张订单。",
    en="Count first: week 2025-W01 (30 December to 5 January) should hold {orders} orders.",
)

# --- q7: the hour in the middle ------------------------------------------------------------------

q7 = assignment.task(
    "q7",
    answer="median_per_hour",
    form=Number(tolerance=0.5, unit="yuan"),
    points=10,
    level="analyst",
    kind="choose",
    row_ids=("8-2",),
)


@q7.reference
def the_account_in_the_middle(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"].dropna(subset=["account_id"])
    hours = ka.time_use.pieces(log).groupby("account_id")["hours"].sum()
    day = company.orders["ordered_on"]
    lines = company.orders[(day >= "2025-10-01") & (day < "2025-12-01")]
    profit = lines.groupby("account_id")["gross_profit"].sum().reindex(hours.index).fillna(0)
    return (profit / hours).quantile(0.5)


@q7.also_right
def the_first_row_says_it(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"]
    table = ka.time_use.return_on_time(log, company.orders, ("2025-10-01", "2025-12-01"))
    return float(table["profit_per_hour"].median())


@q7.misconception(
    zh="你算出来是 {answer:.0f} 元，这是平均数。有几家只花了一两个小时、正好来了张大单，把平均数抬得很高。题目要的是中间那一家。",
    en="You got {answer:.0f} yuan: the mean. A few accounts took an hour or two and happened to place a large order; they pull it up. The question asks for the account in the middle.",
)
def mean_for_median(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"]
    table = ka.time_use.return_on_time(log, company.orders, ("2025-10-01", "2025-12-01"))
    return table["profit_per_hour"].mean()


@q7.misconception(
    zh="你算出来是 {answer:.0f} 元，这是“总毛利 ÷ 总小时”。万桉一家占了近一半小时，这个数几乎就是它自己的。题目要的是各家的中位数。",
    en="You got {answer:.0f} yuan: total profit over total hours. Wan'an is nearly half of those hours, so that figure is mostly Wan'an. The question asks for the median of the accounts.",
)
def all_in_one_pot(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"]
    table = ka.time_use.return_on_time(log, company.orders, ("2025-10-01", "2025-12-01"))
    table = table.dropna(subset=["profit_per_hour"])
    return table["gross_profit"].sum() / table["hours"].sum()


@q7.misconception(
    zh="你算出来是 {answer:.0f} 元，路上的时间没算。她一共有 {travel:.1f} 小时在路上，每家多少不一样；题目说含路上。",
    en="You got {answer:.0f} yuan without the time on the road. She travels {travel:.1f} hours, more for some accounts than for others; the question counts them.",
)
def without_travel(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"]
    table = ka.time_use.return_on_time(
        log, company.orders, ("2025-10-01", "2025-12-01"), travel="excluded"
    )
    return table["median_per_hour"].iloc[0]


@q7.misconception(
    zh="你算出来是 {answer:.0f} 元，订单是一年的，小时只有两个月。上面和下面要对上同一段时间。",
    en="You got {answer:.0f} yuan: a year of orders over two months of hours. Above and below the line it must be the same months.",
)
def a_year_over_two_months(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"].dropna(subset=["account_id"])
    hours = ka.time_use.hours(log, "account_id").set_index("account_id")["hours"]
    lines = company.orders[company.orders["ordered_on"] >= "2024-12-01"]
    profit = lines.groupby("account_id")["gross_profit"].sum().reindex(hours.index).fillna(0)
    return (profit / hours).median()


@q7.misconception(
    zh="你算出来是 {answer:.0f} 元，上面放的是销售额。卖了多少不等于赚了多少：用毛利 `gross_profit`。",
    en="You got {answer:.0f} yuan with revenue on top. What is sold is not what is earned: take `gross_profit`.",
)
def revenue_an_hour(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"]
    orders = company.orders.assign(gross_profit=company.orders["amount"])
    table = ka.time_use.return_on_time(log, orders, ("2025-10-01", "2025-12-01"))
    return table["median_per_hour"].iloc[0]


@q7.facts
def facts_of_q7(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"].dropna(subset=["account_id"])
    table = ka.time_use.hours(log, "account_id")
    return {"accounts": len(table), "travel": float(table["travel_hours"].sum())}


q7.not_tried(
    zh="先运行 `ka.time_use.return_on_time(hers, company.orders, period)`，看看每家每小时挣多少。",
    en="A first step: run `ka.time_use.return_on_time(hers, company.orders, period)` and see what an hour brings at each account.",
)
q7.hints(
    zh=[
        "`period` 已经写好：订单和小时用同一段时间。路上的时间默认就在里面。",
        "`profit_per_hour` 一行一家；没花过时间的客户那一格是空的，不参加。",
        "一列数后面加 `.median()`，就是中间那个。",
    ],
    en=[
        "`period` is ready: orders and hours of the same months. Travel is included unless you say otherwise.",
        "`profit_per_hour` has a row for each account; those without hours are blank and stay out.",
        "`.median()` after a column gives the one in the middle.",
    ],
)
q7.unforeseen(
    zh="先数一数：她有小时的客户应当是 {accounts} 家，中位数就是这 {accounts} 家中间的那个，没有订单的也算。",
    en="Count first: {accounts} accounts have hours of hers. The median is the middle one of these {accounts}, those without an order included.",
)

# --- q8: net contribution an hour ----------------------------------------------------------------

q8 = assignment.task(
    "q8",
    answer="net_per_hour",
    form=Mapping(relative=0.002, unit="yuan"),
    points=12,
    level="analyst",
    kind="build",
    row_ids=("8-2", "8-20"),
)


@q8.reference
def a_year_over_a_year_of_hours(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"]
    spent = ka.time_use.pieces(log)
    profit = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    found = {}
    for account in ("A001", "A002", "A003", "A004", "A005"):
        hours = spent.loc[spent["account_id"] == account, "hours"].sum() * 52 / 8
        left = profit.loc[profit["account_id"] == account, "net_contribution"].iloc[0]
        found[account] = left / hours
    return found


@q8.also_right
def aligned_series(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"].dropna(subset=["account_id"])
    hours = ka.time_use.hours(log, "account_id").set_index("account_id")["hours"]
    profit = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    left = profit.set_index("account_id")["net_contribution"]
    return (left / (hours * 6.5))[["A001", "A002", "A003", "A004", "A005"]]


@q8.misconception(
    zh="你用的是毛利。万桉的返利、陈列费、促销员、账期占用的钱都还没扣。题目要的是客户净贡献：`net_contribution`。",
    en="You used gross profit. Rebates, display fees, promoters and the cost of 90 days' credit are not off yet. The question asks for net contribution: `net_contribution`.",
)
def gross_profit_for_net(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"].dropna(subset=["account_id"])
    hours = ka.time_use.hours(log, "account_id").set_index("account_id")["hours"]
    lines = company.orders[company.orders["ordered_on"] >= "2024-12-01"]
    profit = lines.groupby("account_id")["gross_profit"].sum()
    return (profit / (hours * 6.5))[["A001", "A002", "A003", "A004", "A005"]]


@q8.misconception(
    zh="一年的净贡献，除的是八周的小时，每小时虚高了六倍半。先把小时推到一年：乘 52 ÷ 8。",
    en="A year's contribution over eight weeks of hours makes each hour six and a half times too good. Bring the hours to a year first: times 52 ÷ 8.",
)
def eight_weeks_of_hours(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"].dropna(subset=["account_id"])
    hours = ka.time_use.hours(log, "account_id").set_index("account_id")["hours"]
    profit = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    left = profit.set_index("account_id")["net_contribution"]
    return (left / hours)[["A001", "A002", "A003", "A004", "A005"]]


@q8.misconception(
    zh="路上的时间被去掉了。题目说含路上：来回那两个小时，也是这家客户花掉的。",
    en="You left the travel out. The question counts it: the two hours there and back were spent on that account too.",
)
def on_site_only(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"].dropna(subset=["account_id"])
    table = ka.time_use.hours(log, "account_id").set_index("account_id")
    profit = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    left = profit.set_index("account_id")["net_contribution"]
    hours = table["hours"] - table["travel_hours"]
    return (left / (hours * 6.5))[["A001", "A002", "A003", "A004", "A005"]]


@q8.misconception(
    zh="你用的是净销售额 `net_sales`。货本身的成本、物流、促销员都还在里面。再往下找一行：剩到最后的是哪一个？",
    en="You used `net_sales`. The goods themselves, logistics and promoters are still in it. Read on down the lines: what is left at the end?",
)
def net_sales_for_contribution(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"].dropna(subset=["account_id"])
    hours = ka.time_use.hours(log, "account_id").set_index("account_id")["hours"]
    profit = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    left = profit.set_index("account_id")["net_sales"]
    return (left / (hours * 6.5))[["A001", "A002", "A003", "A004", "A005"]]


@q8.misconception(
    zh="上下颠倒了：你算的是挣一元要几小时。题目要的是一小时挣几元。",
    en="It is upside down: hours for each yuan. The question asks for yuan an hour.",
)
def hours_a_yuan(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"].dropna(subset=["account_id"])
    hours = ka.time_use.hours(log, "account_id").set_index("account_id")["hours"]
    profit = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    left = profit.set_index("account_id")["net_contribution"]
    return (hours * 6.5 / left)[["A001", "A002", "A003", "A004", "A005"]]


@q8.facts
def facts_of_q8(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"].dropna(subset=["account_id"])
    hours = ka.time_use.hours(log, "account_id").set_index("account_id")["hours"]
    return {"linque_hours": float(hours["A002"] * 6.5)}


q8.not_tried(
    zh="先运行准备好的两行：`year` 是一年的客户账，`hers` 是她八周的工时。",
    en="A first step: run the two lines that are ready. `year` is the customer P&L of a year, `hers` her time log of eight weeks.",
)
q8.hints(
    zh=[
        "上面放一年的净贡献，下面放一年的小时。小时只有八周的，怎么推到一年？",
        '小时：`ka.time_use.hours(hers, "account_id")`，再 `set_index` 取 `hours` 列，乘 52 / 8。',
        "两列的行名都是 `account_id`，直接相除就会对上；最后用 `[story]` 取五家。",
    ],
    en=[
        "A year's contribution above, a year's hours below. You have eight weeks of hours: how do they become a year's?",
        'The hours: `ka.time_use.hours(hers, "account_id")`, then `set_index`, the column `hours`, times 52 / 8.',
        "Both columns are named by `account_id`, so that they divide row by row; `[story]` takes the five.",
    ],
)
q8.unforeseen(
    zh="先数一数：邻鹊（A002）推到一年应当是 {linque_hours:.1f} 小时。",
    en="Count first: Linque (A002), brought to a year, takes {linque_hours:.1f} hours.",
)

# --- q9: what to learn first ---------------------------------------------------------------------


q9 = assignment.task(
    "q9",
    answer="learn_first",
    form=Frame(key=("rep_id", "ability"), values=("rank",)),
    points=10,
    level="analyst",
    kind="choose",
    row_ids=("8-16", "8-17"),
)


@q9.reference
def the_three_largest_weighted_gaps(company):
    rows = company.ability_ratings
    rows = rows[(rows["phase"] == "before") & rows["manager_rating"].notna()]
    points = rows["target_rating"] - rows["manager_rating"]
    rows = rows.assign(weighted_gap=(points * rows["weight"]).round(9))
    rows["rank"] = rows.groupby("rep_id")["weighted_gap"].rank(ascending=False, method="first")
    return rows.loc[rows["rank"] <= 3, ["rep_id", "ability", "rank"]]


@q9.also_right
def first_three_ranks(company):
    table = ka.abilities.gap(company.ability_ratings, by="manager")
    return table[table["rank"] <= 3].set_index(["rep_id", "ability"])


@q9.misconception(
    zh="你用的是自评。题目问的是主管眼里的差距；自评和主管评差在哪儿，正是下次面谈该谈的。",
    en="You used the reps' own ratings. The question asks for the gap as the manager sees it; where the two differ is what to talk about.",
)
def own_rating(company):
    return ka.abilities.gap(company.ability_ratings, top=3)


@q9.misconception(
    zh="你挑的是没乘权重的差距。差得多的，不一定是这份工作最要紧的：排序要看 `weighted_gap`。",
    en="You chose by the gap without its weight. The widest is not always the one that counts most for the job: rank by `weighted_gap`.",
)
def without_weights(company):
    table = ka.abilities.gap(company.ability_ratings, by="manager")
    table = table.sort_values("gap", ascending=False, kind="stable").groupby("rep_id").head(3)
    return table.assign(rank=table.groupby("rep_id").cumcount() + 1)


@q9.misconception(
    zh="符号反了：用“评分 − 目标”，排在最前的成了每个人最拿手的。差距是**目标 − 评分**。",
    en="The sign is the wrong way round: with rating minus target, what comes first is what each is best at. A gap is **target minus rating**.",
)
def the_sign_turned(company):
    table = ka.abilities.gap(company.ability_ratings, by="manager").dropna(subset=["gap"])
    table = table.sort_values("weighted_gap", kind="stable").groupby("rep_id").head(3)
    return table.assign(rank=table.groupby("rep_id").cumcount() + 1)


@q9.misconception(
    zh="你挑的是评分最低的三项。分低，也可能这个级别本来就不要求高；差距要和目标比，再看权重。",
    en="You took the three lowest ratings. A rating may be low because the job does not ask for more: compare with the target, then weigh.",
)
def the_lowest_ratings(company):
    table = ka.abilities.gap(company.ability_ratings, by="manager")
    table = table.sort_values("rating", kind="stable").groupby("rep_id").head(3)
    return table.assign(rank=table.groupby("rep_id").cumcount() + 1)


@q9.misconception(
    zh="你用的是培训后的评分，里面有 {blank} 格主管还没打。学习计划要从培训前的差距排起。",
    en="You used the ratings after the course, {blank} of which the manager has not given yet. The plan starts from the gaps before it.",
)
def after_the_course(company):
    return ka.abilities.gap(company.ability_ratings, by="manager", phase="after", top=3)


@q9.facts
def facts_of_q9(company):
    rows = company.ability_ratings
    return {"blank": int(rows["manager_rating"].isna().sum()), "people": rows["rep_id"].nunique()}


q9.not_tried(
    zh="先运行 `ka.abilities.gap(company.ability_ratings, top=3)`，看看每人排前三的是哪几项，按的是谁的评分。",
    en="A first step: run `ka.abilities.gap(company.ability_ratings, top=3)`. Which three come first for each, and by whose rating?",
)
q9.hints(
    zh=[
        "谁的评分，是 `gap` 的参数 `by`；不写就是自评。",
        "`top=3` 每人只留三项，已经按加权差距排好。",
        "两个参数都写上，整张表就是答案；多出来的列不碍事。",
    ],
    en=[
        "Whose rating it is, is the argument `by` of `gap`; left out, it is the rep's own.",
        "`top=3` keeps three abilities a person, ranked by weighted gap.",
        "With both arguments the whole table is the answer; extra columns do no harm.",
    ],
)
q9.unforeseen(
    zh="先数一数：应当有 {people} 个人，每人三项；差距是目标减主管评，再乘权重。",
    en="Count first: {people} people with three abilities each; the gap is target minus the manager's rating, times the weight.",
)
