"""Chapter 7, working with the other departments: the auto-graded tasks.

Where the worked solution calls ``ka_lib``, the reference below is plain pandas, and the other way
round: a slip in one of them does not pass unseen. Each function stands alone, because its source
becomes a submission of the simulated class.
"""

import pandas as pd

import ka_lib as ka
from ka_course.tasks import Assignment, Items, Mapping, Number

assignment = Assignment("ch07")

# --- q1: answered in time, all departments ------------------------------------------------------

q1 = assignment.task(
    "q1",
    answer="on_time",
    form=Number(tolerance=0.0005, fraction=True),
    points=7,
    level="core",
    kind="choose",
    row_ids=("7-2", "7-11"),
)


@q1.reference
def counted_by_hand(company):
    tickets = company.tickets
    end = company.as_of + pd.Timedelta(days=1)
    until = tickets["responded_at"].where(tickets["responded_at"] < end, end)
    hours = ka.work_calendar.working_hours(tickets["opened_at"], until)
    answered = tickets["responded_at"] < end
    met = (answered & (hours <= tickets["sla_hours"])).sum()
    return met / (met + (hours > tickets["sla_hours"]).sum())


@q1.also_right
def from_the_counts(company):
    table = ka.teamwork.sla(company.tickets, company.as_of)
    return table["met"].sum() / table["base"].sum()


@q1.misconception(
    zh="你算出来是 {answer}，这是六个部门的比率取平均。工单最少的部门和最多的部门一样重，合适吗？"
    "全公司的按时率，要把所有工单放在一起数：`by=` 该填什么？",
    en="You got {answer}: the mean of the six departments' rates. Should the department with the fewest tickets weigh as much as the one with the most? "
    "For the company, put all tickets on one pile: what does `by=` have to be?",
)
def mean_of_departments(company):
    return ka.teamwork.sla(company.tickets, company.as_of)["rate"].mean()


@q1.misconception(
    zh="你算出来是 {answer}，只看了已经关掉的工单。拖着没人答的正好不在里面，所以好看。把 `company.tickets` 整张给它。",
    en="You got {answer} from closed tickets only. The ones nobody answers are just those that are missing, so it looks better. Hand over the whole of `company.tickets`.",
)
def closed_only(company):
    tickets = company.tickets
    return ka.teamwork.sla(tickets[tickets["closed_at"].notna()], company.as_of, by=None)[
        "rate"
    ].iloc[0]


@q1.misconception(
    zh="你算出来是 {answer}，小时是按钟点数的：夜里、周末、假日都算成了拖延。时限说的是**工作小时**，`ka.teamwork.sla` 会替你算。",
    en="You got {answer} with hours by the clock: nights, weekends and holidays all count as delay. The promise is in **working hours**; `ka.teamwork.sla` counts those.",
)
def by_the_clock(company):
    tickets = company.tickets
    end = company.as_of + pd.Timedelta(days=1)
    hours = (tickets["responded_at"].fillna(end) - tickets["opened_at"]) / pd.Timedelta(hours=1)
    return (tickets["responded_at"].notna() & (hours <= tickets["sla_hours"])).mean()


@q1.misconception(
    zh="你算出来是 {answer}，还没答、时限也没到的 {undecided} 张被算成了超时。它们的结果还不知道，先别放进分母。",
    en="You got {answer}: the {undecided} tickets that are unanswered but still in time were counted as late. Nobody knows yet; leave them out of the base.",
)
def undecided_as_missed(company):
    table = ka.teamwork.sla(company.tickets, company.as_of, by=None).iloc[0]
    return table["met"] / (table["base"] + table["undecided"])


@q1.misconception(
    zh="你算出来是 {answer}，没人答复的工单都不在里面了。过了时限还没答，也是超时：它们在分母里。",
    en="You got {answer} with every unanswered ticket gone. A ticket past its time without an answer is late too: it belongs in the base.",
)
def answered_only(company):
    table = ka.teamwork.sla(company.tickets, company.as_of, by=None).iloc[0]
    return table["met"] / table["answered"]


@q1.facts
def facts_of_q1(company):
    table = ka.teamwork.sla(company.tickets, company.as_of, by=None).iloc[0]
    return {"met": int(table["met"]), "undecided": int(table["undecided"])}


q1.not_tried(
    zh="先把上面那张表看一遍：它一行一个部门。要把所有工单合成一行，`by=` 应当是什么？",
    en="A first step: the table above has a row for each department. To have one row for all tickets, what must `by=` be?",
)
q1.hints(
    zh=[
        "部门的比率不能平均，要把工单合在一起再除。",
        "`by=None` 就只有一行。",
        '那一行里的比率这样取：`...["rate"].iloc[0]`。',
    ],
    en=[
        "Rates of departments are not averaged; put the tickets together and divide once.",
        "With `by=None` there is a single row.",
        'Take its rate like this: `...["rate"].iloc[0]`.',
    ],
)
q1.unforeseen(
    zh="先数一数：按时答复的工单应当有 {met} 张。",
    en="Count first: {met} tickets were answered in time.",
)

# --- q2: 45% in 18 months, a year -----------------------------------------------------------------

q2 = assignment.task(
    "q2",
    answer="yearly_growth",
    form=Number(tolerance=0.0005, fraction=True),
    points=7,
    level="core",
    kind="build",
    row_ids=("7-16",),
)


@q2.reference
def by_the_function(company):
    found = company.assumptions
    return ka.kpi.annualise(found["case_growth"], 12 / found["case_months"], kind="growth")


@q2.also_right
def month_by_month(company):
    found = company.assumptions
    monthly = (1 + found["case_growth"]) ** (1 / found["case_months"])
    return monthly**12 - 1


@q2.misconception(
    zh="你算出来是 {answer}，是按月数直接分的。增长会叠在增长上：每年真涨这么多，{months} 个月会涨到 {too_much}，比 {growth} 多。用乘方，不用乘除。",
    en="You got {answer}, sharing out by months. Growth builds on growth: that much in each year makes {too_much} after {months} months, more than {growth}. Use a power, not a share.",
)
def shared_by_months(company):
    found = company.assumptions
    return found["case_growth"] * 12 / found["case_months"]


@q2.misconception(
    zh="你算出来是 {answer}，指数用成了 {months} ÷ 12。从 {months} 个月缩到 12 个月，一年应当比 {growth} 多还是少？",
    en="You got {answer}: the exponent is {months} ÷ 12. Going from {months} months to 12, should the year be more than {growth} or less?",
)
def exponent_upside_down(company):
    found = company.assumptions
    return (1 + found["case_growth"]) ** (found["case_months"] / 12) - 1


@q2.misconception(
    zh="你算出来是 {answer}，这是每个月的增长。题目问一年：再叠 12 次。",
    en="You got {answer}: the growth of one month. The question is a year: compound it twelve times.",
)
def a_month(company):
    found = company.assumptions
    return (1 + found["case_growth"]) ** (1 / found["case_months"]) - 1


@q2.misconception(
    zh="你算出来是 {answer}，忘了减 1：这是一年以后是原来的几倍，不是涨了多少。",
    en="You got {answer} and forgot to take off 1: that is the multiple after a year, not the rise.",
)
def multiple_for_rise(company):
    found = company.assumptions
    return (1 + found["case_growth"]) ** (12 / found["case_months"])


@q2.misconception(
    zh="你填的是 {answer}，{months} 个月的增长，没有换成一年。",
    en="You gave {answer}: the growth of {months} months, not of a year.",
)
def not_annualised(company):
    return company.assumptions["case_growth"]


@q2.facts
def facts_of_q2(company):
    found = company.assumptions
    shared = found["case_growth"] * 12 / found["case_months"]
    too_much = (1 + shared) ** (found["case_months"] / 12) - 1
    return {
        "growth": f"{found['case_growth']:.0%}",
        "months": int(found["case_months"]),
        "too_much": f"{too_much:.1%}",
        "multiple": f"{1 + found['case_growth']:.2f}",
    }


q2.not_tried(
    zh="先想一想：{months} 个月是 1.5 年。一年的增长连乘 1.5 次，应当正好是 {growth}。",
    en="A first step: {months} months are a year and a half. A year's growth, compounded one and a half times, must give {growth}.",
)
q2.hints(
    zh=[
        "增长是乘出来的：先写成倍数，1 加增长。",
        "Python 的乘方是两个星号：`1.21 ** 0.5` 是 1.21 开平方。",
        "倍数的 `12 / months` 次方，再减 1。",
    ],
    en=[
        "Growth multiplies: write it as a multiple first, 1 plus the growth.",
        "A power in Python is two stars: `1.21 ** 0.5` is the square root of 1.21.",
        "The multiple to the power of `12 / months`, less 1.",
    ],
)
q2.unforeseen(
    zh="先算一步：{months} 个月以后是原来的 {multiple} 倍。",
    en="One step first: after {months} months it is {multiple} times what it was.",
)

# --- q3: percentage points and percent -----------------------------------------------------------

q3 = assignment.task(
    "q3",
    answer="share_change",
    form=Number(tolerance=0.0005, fraction=True),
    points=7,
    level="core",
    kind="build",
    row_ids=("7-16",),
)


@q3.reference
def over_the_start(company):
    found = company.assumptions
    before = found["case_share_before"]
    return (found["case_share_after"] - before) / before


@q3.also_right
def ratio_less_one(company):
    found = company.assumptions
    return found["case_share_after"] / found["case_share_before"] - 1


@q3.misconception(
    zh="你填的是 {answer}，两个份额相减，得到的是**百分点**。题目问相对原来的份额多了百分之几：还要除以谁？",
    en="You gave {answer}, one share less the other: those are **percentage points**. The question is by what part of the earlier share it grew. What do you divide by?",
)
def points(company):
    found = company.assumptions
    return round(found["case_share_after"] - found["case_share_before"], 4)


@q3.misconception(
    zh="你算出来是 {answer}，除以了后来的份额。涨幅的分母是原来的那个。",
    en="You got {answer}, dividing by the later share. The base of a rise is where it started.",
)
def over_the_end(company):
    found = company.assumptions
    return 1 - found["case_share_before"] / found["case_share_after"]


@q3.misconception(
    zh="你算出来是 {answer}，这是现在是原来的几倍。涨了多少，要减去原来的 1。",
    en="You got {answer}: how many times the earlier share. For the rise, take off the 1 it started from.",
)
def multiple_of_share(company):
    found = company.assumptions
    return found["case_share_after"] / found["case_share_before"]


@q3.misconception(
    zh="你填的是 {answer}，这是后来的份额本身，不是涨了多少。",
    en="You gave {answer}: the later share itself, not its rise.",
)
def later_share(company):
    return company.assumptions["case_share_after"]


@q3.facts
def facts_of_q3(company):
    found = company.assumptions
    gained = 100 * (found["case_share_after"] - found["case_share_before"])
    return {"points": f"{gained:.0f}", "before": f"{found['case_share_before']:.0%}"}


q3.not_tried(
    zh="先把两个份额打印出来。它们差几个百分点？这几个百分点，是原来份额的多大一块？",
    en="A first step: print the two shares. How many points apart are they? How large a part of the earlier share is that?",
)
q3.hints(
    zh=[
        "百分点是相减，百分比是再除以原来的。",
        "分母是 `case_share_before`。",
        "`(after - before) / before`",
    ],
    en=[
        "Points are a difference; percent divides that by where it started.",
        "The base is `case_share_before`.",
        "`(after - before) / before`",
    ],
)
q3.unforeseen(
    zh="先算一步：两个份额差 {points} 个百分点，原来是 {before}。",
    en="One step first: the shares are {points} points apart, and the first is {before}.",
)

# --- q4: how much of the receivables is overdue ---------------------------------------------------

q4 = assignment.task(
    "q4",
    answer="overdue_share",
    form=Number(tolerance=0.0005, fraction=True),
    points=8,
    level="core",
    kind="choose",
    row_ids=("7-5",),
)


@q4.reference
def still_owed_and_late(company):
    rows = company.payments[company.payments["invoiced_on"] <= company.as_of]
    paid = rows["paid_amount"].where(rows["paid_on"] <= company.as_of).fillna(0)
    owed = rows["amount"] - paid
    return owed[rows["due_on"] < company.as_of].sum() / owed.sum()


@q4.also_right
def added_up_by_account(company):
    ages = ka.teamwork.ageing(company.payments, company.as_of)
    return ages["overdue_amount"].sum() / ages["receivable"].sum()


@q4.misconception(
    zh="你算出来是 {answer}，是各家客户的逾期占比取平均：欠一百元的和欠一千万的一样重。金额先加起来，再除一次。",
    en="You got {answer}: the mean of the accounts' rates, where CNY 100 weighs as much as ten million. Add up the money first, then divide once.",
)
def mean_of_accounts(company):
    return ka.teamwork.ageing(company.payments, company.as_of)["overdue_rate"].mean()


@q4.misconception(
    zh="你算出来是 {answer}，只看了付过款的发票。从没付过的发票没有付款日，一筛就没了，可欠得最久的就是它们。整张 `company.payments` 交给它。",
    en="You got {answer} from invoices that saw a payment. Those never paid have no payment day and fell out, yet they are owed the longest. Hand over the whole of `company.payments`.",
)
def unpaid_dropped(company):
    paid = company.payments[company.payments["paid_on"].notna()]
    return ka.teamwork.ageing(paid, company.as_of, by=None)["overdue_rate"].iloc[0]


@q4.misconception(
    zh="你算出来是 {answer}，付过一部分的发票被当成付清了。剩下没付的那一截也是应收：{partly} 张发票是这样。",
    en="You got {answer}, with partly paid invoices taken for paid. What is left of them is still owed: {partly} invoices are like that.",
)
def partly_as_paid(company):
    rows = company.payments[company.payments["paid_on"].isna()]
    return rows.loc[rows["due_on"] < company.as_of, "amount"].sum() / rows["amount"].sum()


@q4.misconception(
    zh="你算出来是 {answer}，分母用了全部开过的发票。应收是**还欠着的**钱，已经收到的不在里面。",
    en="You got {answer}, dividing by every invoice ever written. Receivables are what is **still owed**; money received is out.",
)
def over_all_invoices(company):
    ages = ka.teamwork.ageing(company.payments, company.as_of, by=None).iloc[0]
    return ages["overdue_amount"] / company.payments["amount"].sum()


@q4.misconception(
    zh="你算出来是 {answer}，只算了逾期 90 天以上的。过期一天也是逾期：四个档要加在一起，`overdue_amount` 就是它们的和。",
    en="You got {answer}: only what is more than 90 days late. One day late is overdue too. `overdue_amount` adds up all four buckets.",
)
def oldest_only(company):
    ages = ka.teamwork.ageing(company.payments, company.as_of, by=None).iloc[0]
    return ages["over_90"] / ages["receivable"]


@q4.facts
def facts_of_q4(company):
    rows = company.payments
    partly = rows["paid_on"].notna() & (rows["amount"] - rows["paid_amount"] > 0.005)
    ages = ka.teamwork.ageing(rows, company.as_of)
    return {"partly": int(partly.sum()), "late": int((ages["overdue_amount"] > 0).sum())}


q4.not_tried(
    zh="先运行 `ka.teamwork.ageing(company.payments, company.as_of, by=None)`，看那一行里哪一列是占比。",
    en="A first step: run `ka.teamwork.ageing(company.payments, company.as_of, by=None)` and find the column that is a share.",
)
q4.hints(
    zh=[
        "分母是还欠着的钱，分子是其中已经过期的。",
        "`ka.teamwork.ageing` 按客户一行；要全公司一行，用 `by=None`。",
        '在那一行取 `["overdue_rate"].iloc[0]`。',
    ],
    en=[
        "The base is what is still owed; on top, the part of it past its due day.",
        "`ka.teamwork.ageing` has a row for each account; `by=None` gives one for the company.",
        'From that row take `["overdue_rate"].iloc[0]`.',
    ],
)
q4.unforeseen(
    zh="先数一数：有逾期款的客户应当是 {late} 家。",
    en="Count first: {late} accounts owe something that is overdue.",
)

# --- q5: DSO at three month-ends -----------------------------------------------------------------

q5 = assignment.task(
    "q5",
    answer="dso_by_month",
    form=Mapping(tolerance=0.05),
    points=10,
    level="analyst",
    kind="choose",
    row_ids=("7-5",),
)


@q5.reference
def day_by_day(company):
    found = {}
    rows = company.payments
    for month, day in (("09", "30"), ("10", "31"), ("11", "30")):
        end = pd.Timestamp(f"2025-{month}-{day}")
        known = rows[rows["invoiced_on"] <= end]
        paid = known["paid_amount"].where(known["paid_on"] <= end).fillna(0)
        recent = known[known["invoiced_on"] > end - pd.Timedelta(days=90)]
        found[f"2025-{month}"] = (known["amount"] - paid).sum() / recent["amount"].sum() * 90
    return found


@q5.also_right
def as_a_series(company):
    days = pd.to_datetime(["2025-09-30", "2025-10-31", "2025-11-30"])
    values = [ka.teamwork.dso(company.payments, day, by=None)["dso"].iloc[0] for day in days]
    return pd.Series(values, index=days.strftime("%Y-%m"))


@q5.misconception(
    zh="你算出来是 {answer}，三个月用的都是 11 月底的应收，分母才是各月的。9 月底欠多少，要站在 9 月 30 日看：`as_of` 也要跟着换。",
    en="You got {answer}: the receivables of the end of November over the sales of each month. What was owed in September has to be seen from 30 September; `as_of` moves too.",
)
def receivables_of_today(company):
    found = {}
    today = ka.teamwork.dso(company.payments, company.as_of, by=None)["receivable"].iloc[0]
    for month, day in (("09", "30"), ("10", "31"), ("11", "30")):
        table = ka.teamwork.dso(company.payments, f"2025-{month}-{day}", by=None)
        found[f"2025-{month}"] = today / table["invoiced"].iloc[0] * 90
    return found


@q5.misconception(
    zh="你算出来是 {answer}，窗口是 30 天。一个月开票多，天数就短，全看月份；题目要 90 天，也是函数的默认值。",
    en="You got {answer} with a window of 30 days, where one strong month makes payment look fast. The question asks for 90 days, the default.",
)
def window_of_a_month(company):
    found = {}
    for month, day in (("09", "30"), ("10", "31"), ("11", "30")):
        table = ka.teamwork.dso(company.payments, f"2025-{month}-{day}", days=30, by=None)
        found[f"2025-{month}"] = table["dso"].iloc[0]
    return found


@q5.misconception(
    zh="你算出来是 {answer}，应收含税，却除以了不含税的订单额，天数凭空长了一截。上下要同一个口径：都从 `company.payments` 来。",
    en="You got {answer}: receivables with VAT over orders without it, so the days grew out of nothing. Both parts have to be alike; take both from `company.payments`.",
)
def orders_without_vat(company):
    found = {}
    orders = company.orders
    for month, day in (("09", "30"), ("10", "31"), ("11", "30")):
        end = pd.Timestamp(f"2025-{month}-{day}")
        inside = (orders["ordered_on"] <= end) & (
            orders["ordered_on"] > end - pd.Timedelta(days=90)
        )
        owed = ka.teamwork.dso(company.payments, end, by=None)["receivable"].iloc[0]
        found[f"2025-{month}"] = owed / orders.loc[inside, "amount"].sum() * 90
    return found


@q5.misconception(
    zh="你算出来是 {answer}，从没付过的发票不在里面了。没付的才是应收；别按 `paid_on` 先筛。",
    en="You got {answer} without the invoices that were never paid. Those are what is owed; do not filter by `paid_on` first.",
)
def unpaid_gone(company):
    found = {}
    paid = company.payments[company.payments["paid_on"].notna()]
    for month, day in (("09", "30"), ("10", "31"), ("11", "30")):
        table = ka.teamwork.dso(paid, f"2025-{month}-{day}", by=None)
        found[f"2025-{month}"] = table["dso"].iloc[0]
    return found


@q5.misconception(
    zh="你算出来是 {answer}，是各家客户的 DSO 取平均，大客户和小客户一样重。要全公司一行：`by=None`。",
    en="You got {answer}: the mean of the accounts' DSO, where a small account weighs as much as a large one. For the company use `by=None`.",
)
def mean_of_account_dso(company):
    found = {}
    for month, day in (("09", "30"), ("10", "31"), ("11", "30")):
        found[f"2025-{month}"] = ka.teamwork.dso(company.payments, f"2025-{month}-{day}")[
            "dso"
        ].mean()
    return found


@q5.facts
def facts_of_q5(company):
    table = ka.teamwork.dso(company.payments, "2025-09-30", by=None).iloc[0]
    return {
        "owed_zh": f"{table['receivable'] / 1e4:,.1f}",
        "owed_en": f"{table['receivable'] / 1e3:,.0f}",
    }


q5.not_tried(
    zh='先算一个月：`ka.teamwork.dso(company.payments, "2025-09-30", by=None)`，看它给出哪几列。',
    en='A first step, one month: `ka.teamwork.dso(company.payments, "2025-09-30", by=None)`. Which columns does it give?',
)
q5.hints(
    zh=[
        "三个月，三个截止日，三次调用，每次 `as_of` 不同。",
        '一行的结果这样取：`...["dso"].iloc[0]`。',
        '放进字典：`{{"2025-09": ..., "2025-10": ..., "2025-11": ...}}`。',
    ],
    en=[
        "Three months, three closing days, three calls, each with its own `as_of`.",
        'Take the one row like this: `...["dso"].iloc[0]`.',
        'Put them in a dict: `{{"2025-09": ..., "2025-10": ..., "2025-11": ...}}`.',
    ],
)
q5.unforeseen(
    zh="先算一个数：9 月 30 日的应收应当是 {owed_zh} 万元（含税）。",
    en="One figure first: on 30 September, CNY {owed_en} thousand was owed, with VAT.",
)

# --- q6: past the line and still supplied ---------------------------------------------------------

q6 = assignment.task(
    "q6",
    answer="to_stop",
    form=Items(),
    points=10,
    level="analyst",
    kind="build",
    row_ids=("7-5", "7-12"),
)


@q6.reference
def one_invoice_at_a_time(company):
    limit = company.assumptions["overdue_stop_days"]
    since = company.as_of - pd.Timedelta(days=90)
    found = set()
    for row in company.payments.to_dict("records"):
        paid = row["paid_amount"] if row["paid_on"] <= company.as_of else 0
        days = (company.as_of - row["due_on"]).days
        if row["amount"] - paid > 0.005 and days > limit:
            found.add(row["account_id"])
    orders = company.orders
    buying = orders[(orders["ordered_on"] > since) & (orders["amount"] > 0)]
    return sorted(found & set(buying["account_id"]))


@q6.also_right
def filtered(company):
    payments = company.payments.fillna({"paid_amount": 0})
    owing = payments[payments["amount"] > payments["paid_amount"] + 0.005]
    late = owing[
        owing["due_on"]
        < company.as_of - pd.Timedelta(days=company.assumptions["overdue_stop_days"])
    ]
    recent = company.orders[company.orders["ordered_on"] > company.as_of - pd.Timedelta(days=90)]
    buying = recent.loc[recent["amount"] > 0, "account_id"]
    return set(late["account_id"]) & set(buying)


@q6.misconception(
    zh="你的名单是 {answer}，不下单的客户也在里面。停货停的是还在拿货的：再和近 90 天有订单的客户取交集（应当剩 {count} 家）。",
    en="Your list is {answer}, with customers that no longer order. Only those still supplied can be stopped: keep the ones that ordered in the last 90 days ({count} accounts).",
)
def no_longer_buying(company):
    payments = company.payments.fillna({"paid_amount": 0})
    owing = payments["amount"] - payments["paid_amount"] > 0.005
    days = (company.as_of - payments["due_on"]).dt.days
    return sorted(
        payments.loc[
            owing & (days > company.assumptions["overdue_stop_days"]), "account_id"
        ].unique()
    )


@q6.misconception(
    zh="你的名单是 {answer}，天数是从开票日算的。账期里没付不算逾期：从哪一列开始数？",
    en="Your list is {answer}, counted from the invoice day. Inside its term an invoice is not overdue. Which column do the days start from?",
)
def from_the_invoice(company):
    payments = company.payments.fillna({"paid_amount": 0})
    owing = payments["amount"] - payments["paid_amount"] > 0.005
    days = (company.as_of - payments["invoiced_on"]).dt.days
    late = payments[owing & (days > company.assumptions["overdue_stop_days"])]
    recent = company.orders[company.orders["ordered_on"] > company.as_of - pd.Timedelta(days=90)]
    return sorted(set(late["account_id"]) & set(recent.loc[recent["amount"] > 0, "account_id"]))


@q6.misconception(
    zh="你的名单是 {answer}，所有逾期的都在。公司的线是逾期**超过 {limit} 天**才停；刚过期几天的，先打电话。",
    en="Your list is {answer}: everybody with anything overdue. The company's line is **more than {limit} days**; those a few days late get a call first.",
)
def any_overdue(company):
    payments = company.payments.fillna({"paid_amount": 0})
    owing = payments["amount"] - payments["paid_amount"] > 0.005
    late = payments[owing & (payments["due_on"] < company.as_of)]
    recent = company.orders[company.orders["ordered_on"] > company.as_of - pd.Timedelta(days=90)]
    return sorted(set(late["account_id"]) & set(recent.loc[recent["amount"] > 0, "account_id"]))


@q6.misconception(
    zh="名单短了：付过一部分的发票被当成付清了。没付的那一截过了线，也该在名单里（应当有 {count} 家）。别看有没有付款日，看 `amount` 减 `paid_amount` 还剩多少。",
    en="The list is too short: partly paid invoices were taken for paid. The rest of them is past the line too ({count} accounts in all). Do not look for a payment day; see what `amount` less `paid_amount` leaves.",
)
def partly_paid_forgotten(company):
    payments = company.payments
    days = (company.as_of - payments["due_on"]).dt.days
    late = payments[payments["paid_on"].isna() & (days > company.assumptions["overdue_stop_days"])]
    recent = company.orders[company.orders["ordered_on"] > company.as_of - pd.Timedelta(days=90)]
    return sorted(set(late["account_id"]) & set(recent.loc[recent["amount"] > 0, "account_id"]))


@q6.facts
def facts_of_q6(company):
    limit = company.assumptions["overdue_stop_days"]
    payments = company.payments.fillna({"paid_amount": 0})
    owing = payments["amount"] - payments["paid_amount"] > 0.005
    days = (company.as_of - payments["due_on"]).dt.days
    late = payments[owing & (days > limit)]
    recent = company.orders[company.orders["ordered_on"] > company.as_of - pd.Timedelta(days=90)]
    both = set(late["account_id"]) & set(recent.loc[recent["amount"] > 0, "account_id"])
    return {"limit": int(limit), "invoices": len(late), "count": len(both)}


q6.not_tried(
    zh="先给每张发票算两样：还欠多少（`amount` 减 `paid_amount`，没付的当 0），过期几天。",
    en="A first step: two things for each invoice. What is still owed (`amount` less `paid_amount`, unpaid counts as 0), and how many days late it is.",
)
q6.hints(
    zh=[
        "两个条件连在一起：还欠着，**并且**过期超过 `overdue_stop_days`。",
        '没付的发票 `paid_amount` 是空的：先 `.fillna(0)`。天数：`(company.as_of - company.payments["due_on"]).dt.days`。',
        "两份名单取交集：`set(late) & set(buying)`，后一份是近 90 天有正数订单的客户。",
    ],
    en=[
        "Two conditions together: still owed, **and** more than `overdue_stop_days` late.",
        'An unpaid invoice has a blank `paid_amount`: `.fillna(0)` first. Days: `(company.as_of - company.payments["due_on"]).dt.days`.',
        "Two lists, and what they share: `set(late) & set(buying)`, the second being accounts with an order above 0 in the last 90 days.",
    ],
)
q6.unforeseen(
    zh="先数一数：过了线还没结清的发票应当有 {invoices} 张。",
    en="Count first: {invoices} invoices are past the line and not settled.",
)

# --- q7: OTIF and complaints -----------------------------------------------------------------------

q7 = assignment.task(
    "q7",
    answer="complaints_per_100",
    form=Mapping(tolerance=0.05),
    points=10,
    level="analyst",
    kind="build",
    row_ids=("7-4", "7-2"),
)


@q7.reference
def with_the_metric(company):
    loads = company.deliveries[company.deliveries["promised_on"] >= "2024-12-01"]
    table = ka.teamwork.otif(loads, company.as_of).set_index("account_id")
    tickets = company.tickets
    complaints = tickets[(tickets["kind"] == "complaint") & (tickets["opened_at"] >= "2024-12-01")]
    each = complaints["account_id"].value_counts().reindex(table.index, fill_value=0)
    below = table["rate"] < company.assumptions["otif_target"]
    return {
        "below": 100 * each[below].sum() / table.loc[below, "base"].sum(),
        "at_target": 100 * each[~below].sum() / table.loc[~below, "base"].sum(),
    }


@q7.also_right
def load_by_load(company):
    loads = company.deliveries
    loads = loads[(loads["promised_on"] >= "2024-12-01") & (loads["promised_on"] <= company.as_of)]
    both = (loads["delivered_on"] <= loads["promised_on"]) & (
        loads["delivered_units"] >= loads["ordered_units"]
    )
    by_account = both.groupby(loads["account_id"]).agg(["mean", "size"])
    group = (by_account["mean"] >= company.assumptions["otif_target"]).map(
        {True: "at_target", False: "below"}
    )
    tickets = company.tickets
    complaints = tickets[(tickets["kind"] == "complaint") & (tickets["opened_at"] >= "2024-12-01")]
    count = complaints["account_id"].map(group).value_counts()
    return 100 * count / by_account["size"].groupby(group).sum()


@q7.misconception(
    zh="你算出来是 {answer}，把所有工单都当成投诉了。咨询和请求不算：只留 `kind` 是 `complaint` 的 {complaints} 张。",
    en="You got {answer}, with every ticket as a complaint. Questions and requests are none: keep the {complaints} whose `kind` is `complaint`.",
)
def all_tickets(company):
    loads = company.deliveries[company.deliveries["promised_on"] >= "2024-12-01"]
    table = ka.teamwork.otif(loads, company.as_of).set_index("account_id")
    tickets = company.tickets[company.tickets["opened_at"] >= "2024-12-01"]
    each = tickets["account_id"].value_counts().reindex(table.index, fill_value=0)
    below = table["rate"] < company.assumptions["otif_target"]
    return {
        "below": 100 * each[below].sum() / table.loc[below, "base"].sum(),
        "at_target": 100 * each[~below].sum() / table.loc[~below, "base"].sum(),
    }


@q7.misconception(
    zh="你算出来是 {answer}，投诉是两年的，车次只有近 12 个月。分子和分母要同一段时间。",
    en="You got {answer}: complaints of two years over loads of 12 months. Both need the same time.",
)
def two_years_of_complaints(company):
    loads = company.deliveries[company.deliveries["promised_on"] >= "2024-12-01"]
    table = ka.teamwork.otif(loads, company.as_of).set_index("account_id")
    tickets = company.tickets[company.tickets["kind"] == "complaint"]
    each = tickets["account_id"].value_counts().reindex(table.index, fill_value=0)
    below = table["rate"] < company.assumptions["otif_target"]
    return {
        "below": 100 * each[below].sum() / table.loc[below, "base"].sum(),
        "at_target": 100 * each[~below].sum() / table.loc[~below, "base"].sum(),
    }


@q7.misconception(
    zh="你算出来是 {answer}，是每家先算、再平均：只有一车的客户和有三十车的一样重。先把投诉和车次各自加起来，再除一次。",
    en="You got {answer}: a rate for each account, then their mean, so an account with one load weighs as much as one with thirty. Add up complaints and loads first, then divide once.",
)
def mean_of_rates(company):
    loads = company.deliveries[company.deliveries["promised_on"] >= "2024-12-01"]
    table = ka.teamwork.otif(loads, company.as_of).set_index("account_id")
    tickets = company.tickets
    complaints = tickets[(tickets["kind"] == "complaint") & (tickets["opened_at"] >= "2024-12-01")]
    each = (
        100
        * complaints["account_id"].value_counts().reindex(table.index, fill_value=0)
        / table["base"]
    )
    below = table["rate"] < company.assumptions["otif_target"]
    return {"below": each[below].mean(), "at_target": each[~below].mean()}


@q7.misconception(
    zh="你算出来是 {answer}，分组看的只是准时率。OTIF 要准时**并且**足量：到得早、少了货，客户照样投诉。",
    en="You got {answer}, grouping by the on-time rate alone. OTIF is on time **and** in full: early and short still makes a complaint.",
)
def on_time_only(company):
    loads = company.deliveries[company.deliveries["promised_on"] >= "2024-12-01"]
    table = ka.teamwork.otif(loads, company.as_of).set_index("account_id")
    tickets = company.tickets
    complaints = tickets[(tickets["kind"] == "complaint") & (tickets["opened_at"] >= "2024-12-01")]
    each = complaints["account_id"].value_counts().reindex(table.index, fill_value=0)
    below = table["on_time_rate"] < company.assumptions["otif_target"]
    return {
        "below": 100 * each[below].sum() / table.loc[below, "base"].sum(),
        "at_target": 100 * each[~below].sum() / table.loc[~below, "base"].sum(),
    }


@q7.misconception(
    zh="你算出来是 {answer}，是每家有几个投诉，没有除以车次。送得多的客户，投诉自然多：每 100 车几个，才能比。",
    en="You got {answer}: complaints per account, without the loads. Who gets more loads has more to complain about. Only a rate per 100 loads compares.",
)
def per_account(company):
    loads = company.deliveries[company.deliveries["promised_on"] >= "2024-12-01"]
    table = ka.teamwork.otif(loads, company.as_of).set_index("account_id")
    tickets = company.tickets
    complaints = tickets[(tickets["kind"] == "complaint") & (tickets["opened_at"] >= "2024-12-01")]
    each = complaints["account_id"].value_counts().reindex(table.index, fill_value=0)
    below = table["rate"] < company.assumptions["otif_target"]
    return {"below": each[below].mean(), "at_target": each[~below].mean()}


@q7.misconception(
    zh="你算出来是 {answer}，这是每一车的投诉数。题目问每 100 车：乘上 100。",
    en="You got {answer}: complaints per load. The question asks per 100 loads: multiply by 100.",
)
def per_load(company):
    loads = company.deliveries[company.deliveries["promised_on"] >= "2024-12-01"]
    table = ka.teamwork.otif(loads, company.as_of).set_index("account_id")
    tickets = company.tickets
    complaints = tickets[(tickets["kind"] == "complaint") & (tickets["opened_at"] >= "2024-12-01")]
    each = complaints["account_id"].value_counts().reindex(table.index, fill_value=0)
    below = table["rate"] < company.assumptions["otif_target"]
    return {
        "below": each[below].sum() / table.loc[below, "base"].sum(),
        "at_target": each[~below].sum() / table.loc[~below, "base"].sum(),
    }


@q7.facts
def facts_of_q7(company):
    loads = company.deliveries[company.deliveries["promised_on"] >= "2024-12-01"]
    table = ka.teamwork.otif(loads, company.as_of)
    tickets = company.tickets
    complaints = (tickets["kind"] == "complaint") & (tickets["opened_at"] >= "2024-12-01")
    return {
        "below": int((table["rate"] < company.assumptions["otif_target"]).sum()),
        "accounts": len(table),
        "complaints": int(complaints.sum()),
    }


q7.not_tried(
    zh="先看 `otif` 那张表：哪些客户的 `rate` 低于目标？这些客户的 `base` 加起来就是车次。",
    en="A first step: in the table `otif`, which accounts have a `rate` below the target? Their `base` adds up to their loads.",
)
q7.hints(
    zh=[
        "三样东西：每家的组别、每家的车次、每家的投诉数。",
        '投诉数：筛好工单，再 `["account_id"].value_counts().reindex(otif.index, fill_value=0)`，没有投诉的客户也在。',
        "每一组：100 × 投诉之和 ÷ 车次之和。",
    ],
    en=[
        "Three things: each account's group, its loads, its complaints.",
        'Complaints: filter the tickets, then `["account_id"].value_counts().reindex(otif.index, fill_value=0)`, so that accounts without any stay in.',
        "For each group: 100 × sum of complaints ÷ sum of loads.",
    ],
)
q7.unforeseen(
    zh="先数一数：{accounts} 家里，OTIF 低于目标的应当有 {below} 家。",
    en="Count first: of {accounts} accounts, {below} have an OTIF below the target.",
)

# --- q8: the pilot against the controls ------------------------------------------------------------

q8 = assignment.task(
    "q8",
    answer="pilot_effect",
    form=Number(tolerance=1.0, unit="yuan"),
    points=11,
    level="analyst",
    kind="build",
    row_ids=("7-15", "7-16"),
)


@q8.reference
def difference_of_two_rises(company):
    stores = company.stores[company.stores["account_id"] == "A003"]
    rows = company.sellout.merge(stores, on="store_id")
    weekly = rows.groupby(["store_id", "pilot", "week"])["amount"].sum().reset_index()
    means = {}
    for name, start, end in (
        ("before", "2024-03-04", "2024-05-27"),
        ("after", "2025-09-01", "2025-11-24"),
    ):
        inside = weekly[weekly["week"].between(start, end)]
        by_store = inside.groupby(["pilot", "store_id"])["amount"].mean()
        means[name] = by_store.groupby("pilot").mean()
    rise = means["after"] - means["before"]
    return rise[True] - rise[False]


@q8.also_right
def by_the_metric(company):
    stores = company.stores[company.stores["account_id"] == "A003"]
    rows = company.sellout.merge(stores, on="store_id")
    weekly = rows.groupby(["store_id", "pilot", "week"], as_index=False)["amount"].sum()
    weekly["group"] = weekly["pilot"].map({True: "treated", False: "control"})
    weekly.loc[weekly["week"].between("2024-03-04", "2024-05-27"), "period"] = "before"
    weekly.loc[weekly["week"].between("2025-09-01", "2025-11-24"), "period"] = "after"
    weekly = weekly.dropna(subset=["period"]).rename(columns={"amount": "value"})
    return ka.teamwork.difference_in_differences(weekly).estimate


@q8.misconception(
    zh="你算出来是 {answer:,.0f} 元，这是试点店自己前后的差。补货、旺季人人都有：对照店也涨了 {control_rise} 元，扣掉它。",
    en="You got {answer:,.0f} yuan: the pilot stores' own before and after. Everybody had the season: the controls rose by {control_rise} yuan too. Take that off.",
)
def before_and_after(company):
    stores = company.stores[(company.stores["account_id"] == "A003") & company.stores["pilot"]]
    rows = company.sellout.merge(stores, on="store_id")
    weekly = rows.groupby(["store_id", "week"])["amount"].sum().reset_index()
    now = weekly[weekly["week"].between("2025-09-01", "2025-11-24")]
    then = weekly[weekly["week"].between("2024-03-04", "2024-05-27")]
    return now["amount"].mean() - then["amount"].mean()


@q8.misconception(
    zh="你算出来是 {answer:,.0f} 元，只比了“后”这一段。试点店原来就比对照店低（或高），这个差不是试点带来的：两边都要减去自己的“前”。",
    en="You got {answer:,.0f} yuan, comparing the later weeks only. The two groups were apart before the pilot began, and that is not its doing: take off each group's own earlier weeks.",
)
def after_only(company):
    stores = company.stores[company.stores["account_id"] == "A003"]
    rows = company.sellout.merge(stores, on="store_id")
    weekly = rows.groupby(["store_id", "pilot", "week"])["amount"].sum().reset_index()
    now = weekly[weekly["week"].between("2025-09-01", "2025-11-24")]
    by_group = now.groupby("pilot")["amount"].mean()
    return by_group[True] - by_group[False]


@q8.misconception(
    zh="你算出来是 {answer:,.0f} 元，对照里混进了别家客户的门店。它们没有断过货，也没有这份计划：只留 `A003` 的十家。",
    en="You got {answer:,.0f} yuan, with other customers' stores among the controls. They had neither the stock-out nor the plan: keep the ten of `A003`.",
)
def stores_of_all(company):
    rows = company.sellout.merge(company.stores, on="store_id")
    weekly = rows.groupby(["store_id", "pilot", "week"])["amount"].sum().reset_index()
    means = {}
    for name, start, end in (
        ("before", "2024-03-04", "2024-05-27"),
        ("after", "2025-09-01", "2025-11-24"),
    ):
        inside = weekly[weekly["week"].between(start, end)]
        means[name] = inside.groupby("pilot")["amount"].mean()
    rise = means["after"] - means["before"]
    return rise[True] - rise[False]


@q8.misconception(
    zh="你算出来是 {answer:,.0f}，这是件数。题目要的是元：`amount` 那一列。",
    en="You got {answer:,.0f}: those are pieces. The question asks for yuan, the column `amount`.",
)
def pieces(company):
    stores = company.stores[company.stores["account_id"] == "A003"]
    rows = company.sellout.merge(stores, on="store_id")
    weekly = rows.groupby(["store_id", "pilot", "week"])["units"].sum().reset_index()
    means = {}
    for name, start, end in (
        ("before", "2024-03-04", "2024-05-27"),
        ("after", "2025-09-01", "2025-11-24"),
    ):
        inside = weekly[weekly["week"].between(start, end)]
        means[name] = inside.groupby("pilot")["units"].mean()
    rise = means["after"] - means["before"]
    return rise[True] - rise[False]


@q8.misconception(
    zh="你算出来是 {answer:,.0f} 元，平均的是一行一行的“店-品-周”。先把一家店一周的各个品加起来，再平均：要的是每店每周。",
    en="You got {answer:,.0f} yuan, averaging rows of store, item and week. Add up the items of a store and week first, then average: the question asks per store and week.",
)
def rows_averaged(company):
    stores = company.stores[company.stores["account_id"] == "A003"]
    rows = company.sellout.merge(stores, on="store_id")
    means = {}
    for name, start, end in (
        ("before", "2024-03-04", "2024-05-27"),
        ("after", "2025-09-01", "2025-11-24"),
    ):
        inside = rows[rows["week"].between(start, end)]
        means[name] = inside.groupby("pilot")["amount"].mean()
    rise = means["after"] - means["before"]
    return rise[True] - rise[False]


@q8.misconception(
    zh="你算出来是 {answer:,.0f} 元，方向反了：试点减对照，不是对照减试点。",
    en="You got {answer:,.0f} yuan with the sign the wrong way round: pilot less control, not control less pilot.",
)
def other_way_round(company):
    stores = company.stores[company.stores["account_id"] == "A003"]
    rows = company.sellout.merge(stores, on="store_id")
    weekly = rows.groupby(["store_id", "pilot", "week"])["amount"].sum().reset_index()
    means = {}
    for name, start, end in (
        ("before", "2024-03-04", "2024-05-27"),
        ("after", "2025-09-01", "2025-11-24"),
    ):
        inside = weekly[weekly["week"].between(start, end)]
        means[name] = inside.groupby("pilot")["amount"].mean()
    rise = means["after"] - means["before"]
    return rise[False] - rise[True]


@q8.facts
def facts_of_q8(company):
    stores = company.stores[company.stores["account_id"] == "A003"]
    rows = company.sellout.merge(stores, on="store_id")
    weekly = rows.groupby(["store_id", "pilot", "week"])["amount"].sum().reset_index()
    now = (
        weekly[weekly["week"].between("2025-09-01", "2025-11-24")].groupby("pilot")["amount"].mean()
    )
    then = (
        weekly[weekly["week"].between("2024-03-04", "2024-05-27")].groupby("pilot")["amount"].mean()
    )
    return {
        "control_rise": f"{now[False] - then[False]:,.0f}",
        "treated_before": f"{then[True]:,.0f}",
        "weeks": int(weekly["week"].between("2024-03-04", "2024-05-27").sum() / len(stores)),
    }


q8.not_tried(
    zh="先看 `weekly`：一行是一家店一周。试点店在“前”那几周平均卖多少元？",
    en="A first step: a row of `weekly` is one store in one week. What did the pilot stores sell on average in the weeks before?",
)
q8.hints(
    zh=[
        "四个平均数：试点前、试点后、对照前、对照后。",
        '一个平均数：`weekly[weekly["pilot"] & weekly["week"].between("2024-03-04", "2024-05-27")]["value"].mean()`；对照店用 `~weekly["pilot"]`。',
        "（试点后 − 试点前）−（对照后 − 对照前）。",
    ],
    en=[
        "Four means: pilot before, pilot after, control before, control after.",
        'One of them: `weekly[weekly["pilot"] & weekly["week"].between("2024-03-04", "2024-05-27")]["value"].mean()`; for the controls use `~weekly["pilot"]`.',
        "(pilot after − pilot before) − (control after − control before).",
    ],
)
q8.unforeseen(
    zh="先算一个数：试点店在“前”的 {weeks} 周，平均每店每周应当是 {treated_before} 元。",
    en="One figure first: in the {weeks} weeks before, the pilot stores sold {treated_before} yuan a store and week.",
)

# --- q9: faults of the RACI table --------------------------------------------------------------------

q9 = assignment.task(
    "q9",
    answer="faulty",
    form=Items(),
    points=10,
    level="analyst",
    kind="build",
    row_ids=("7-10",),
)


@q9.reference
def counted_line_by_line(company):
    found = []
    roles = {}
    for row in company.responsibilities.to_dict("records"):
        roles.setdefault(row["activity"], []).append(row["role"])
    for number, letters in enumerate(roles.values(), start=1):
        if letters.count("A") != 1 or letters.count("R") == 0:
            found.append(number)
    return found


@q9.also_right
def by_the_check(company):
    names = company.responsibilities["activity"].drop_duplicates().tolist()
    checked = ka.teamwork.raci_check(company.responsibilities)
    bad = checked.loc[checked["problems"] != "", "activity"]
    return {names.index(name) + 1 for name in bad}


@q9.misconception(
    zh="你的答案是 {answer}，两个 R 的也算进去了。一起做的人可以不止一个；只能有一个的是 A。",
    en="Your answer is {answer}: activities with two R's are among them. Several may do it; only the A must be one.",
)
def two_doers(company):
    duties = company.responsibilities
    number = pd.Series(pd.factorize(duties["activity"])[0] + 1, index=duties.index)
    count = pd.crosstab(number, duties["role"])
    bad = (count["A"] != 1) | (count["R"] != 1)
    return count.index[bad].tolist()


@q9.misconception(
    zh="你的答案是 {answer}，只查了缺 A 和缺 R。两个部门都能拍板，也是毛病：A 要**正好**一个。",
    en="Your answer is {answer}: only the lines without an A or an R. Two departments that both decide are a fault as well: the A must be **exactly** one.",
)
def only_missing(company):
    duties = company.responsibilities
    number = pd.Series(pd.factorize(duties["activity"])[0] + 1, index=duties.index)
    count = pd.crosstab(number, duties["role"])
    return count.index[(count["A"] == 0) | (count["R"] == 0)].tolist()


@q9.misconception(
    zh="你的答案是 {answer}，只看了 A。还有一条规矩：至少要有一个 R，不然有人担责、没人动手。",
    en="Your answer is {answer}: you looked at the A alone. There is a second rule: at least one R, or somebody answers and nobody does it.",
)
def doers_forgotten(company):
    duties = company.responsibilities
    number = pd.Series(pd.factorize(duties["activity"])[0] + 1, index=duties.index)
    count = pd.crosstab(number, duties["role"])
    return count.index[count["A"] != 1].tolist()


@q9.misconception(
    zh="你的答案是 {answer}，编号从 0 开始数了。第一件事是 1。",
    en="Your answer is {answer}: you counted from 0. The first activity is number 1.",
)
def from_zero(company):
    duties = company.responsibilities
    number = pd.Series(pd.factorize(duties["activity"])[0], index=duties.index)
    count = pd.crosstab(number, duties["role"])
    return count.index[(count["A"] != 1) | (count["R"] == 0)].tolist()


@q9.misconception(
    zh="你的答案是 {answer}，拍板的和动手的是同一个部门，你也当成了毛病。A 可以同时是 R。",
    en="Your answer is {answer}: you also took it for a fault when the same department decides and does it. The A may be an R too.",
)
def both_in_one(company):
    duties = company.responsibilities
    number = pd.Series(pd.factorize(duties["activity"])[0] + 1, index=duties.index)
    once = duties.assign(number=number).drop_duplicates(["number", "department"], keep="first")
    count = pd.crosstab(once["number"], once["role"]).reindex(columns=["A", "R"], fill_value=0)
    return count.index[(count["A"] != 1) | (count["R"] == 0)].tolist()


@q9.facts
def facts_of_q9(company):
    duties = company.responsibilities
    deciders = duties[duties["role"] == "A"].groupby("activity").size()
    return {
        "activities": int(duties["activity"].nunique()),
        "single": int((deciders == 1).sum()),
    }


q9.not_tried(
    zh='先数一件事：`duties[duties["number"] == 1]` 里有几个 A、几个 R？',
    en='A first step: in `duties[duties["number"] == 1]`, how many A and how many R?',
)
q9.hints(
    zh=[
        "规矩两条：A 正好一个，R 至少一个。破一条就是有毛病。",
        '`pd.crosstab(duties["number"], duties["role"])` 一行一件事，一列一个字母。',
        '条件之间用 `|`（或者），各自加括号：`(count["A"] != 1) | (count["R"] == 0)`；编号在 `count.index` 里。',
    ],
    en=[
        "Two rules: exactly one A, at least one R. Breaking either is a fault.",
        '`pd.crosstab(duties["number"], duties["role"])` gives a row an activity and a column a letter.',
        'Join conditions with `|` (or), each in brackets: `(count["A"] != 1) | (count["R"] == 0)`. The numbers are in `count.index`.',
    ],
)
q9.unforeseen(
    zh="先数一数：{activities} 件事里，A 正好一个的有 {single} 件；这几件里还要查 R。",
    en="Count first: of {activities} activities, {single} have exactly one A; those still have to be checked for an R.",
)
