"""Chapter 6, data-driven sales management: the auto-graded tasks.

Where the worked solution calls ``ka_lib``, the reference below is plain pandas, and the other way
round. Each function stands alone, because its source becomes a submission of the simulated class.
"""

import pandas as pd

import ka_lib as ka
from ka_course.tasks import Assignment, Chart, Mapping, Number

assignment = Assignment("ch06")

# --- q1: customers who stayed --------------------------------------------------------------------

q1 = assignment.task(
    "q1",
    answer="stayed",
    form=Number(tolerance=0.0003, fraction=True),
    points=6,
    level="core",
    kind="choose",
    row_ids=("6-1", "6-12"),
)


@q1.reference
def stayed_by_sets(company):
    orders = company.orders
    day = orders["ordered_on"]
    first = orders[(day >= "2023-12-01") & (day < "2024-12-01")]
    second = orders[(day >= "2024-12-01") & (day < "2025-12-01")]
    was, still = (
        set(sums.index[sums > 0])
        for sums in (part.groupby("account_id")["amount"].sum() for part in (first, second))
    )
    return len(was & still) / len(was)


@q1.also_right
def stayed_by_mask(company):
    moves = ka.kpi.movements(
        company.orders, ("2023-12-01", "2024-12-01"), ("2024-12-01", "2025-12-01"),
        as_of=company.as_of,
    )  # fmt: skip
    cohort = moves[moves["revenue_before"] > 0]
    return round((cohort["revenue_now"] > 0).mean(), 4)


@q1.misconception(
    zh="你算出来是 {answer}，这是流失率：走掉的占多少。题目问的是留下的，它是另一半。",
    en="You got {answer}: that is churn, the share that left. The question asks for those who stayed, the other side of it.",
)
def churn_for_retention(company):
    moves = ka.kpi.movements(
        company.orders, ("2023-12-01", "2024-12-01"), ("2024-12-01", "2025-12-01"),
        as_of=company.as_of,
    )  # fmt: skip
    return ka.kpi.churn(moves).rate


@q1.misconception(
    zh="你算出来是 {answer}，分母用了后 12 个月的客户，新来的也在里面。留存问的是**期初**那批 {cohort} 家：该除以谁？",
    en="You got {answer}, with the customers of the later 12 months as the base, new ones among them. Retention is about the {cohort} **at the start**. Divide by whom?",
)
def end_as_base(company):
    moves = ka.kpi.movements(
        company.orders, ("2023-12-01", "2024-12-01"), ("2024-12-01", "2025-12-01"),
        as_of=company.as_of,
    )  # fmt: skip
    both = (moves["revenue_before"] > 0) & (moves["revenue_now"] > 0)
    return both.sum() / (moves["revenue_now"] > 0).sum()


@q1.misconception(
    zh="你算出来是 {answer}，拿现在的客户数除以去年的客户数，新客户把流失的补上了。留存率不会超过 1：原来那 {cohort} 家里，还在的是几家？",
    en="You got {answer}, customers now over customers then, so new ones made up for the lost. Retention never passes 1: of those {cohort}, how many are still there?",
)
def new_ones_fill_in(company):
    moves = ka.kpi.movements(
        company.orders, ("2023-12-01", "2024-12-01"), ("2024-12-01", "2025-12-01"),
        as_of=company.as_of,
    )  # fmt: skip
    return (moves["revenue_now"] > 0).sum() / (moves["revenue_before"] > 0).sum()


@q1.misconception(
    zh="你算出来是 {answer}，分母是 `moves` 的全部 {rows} 行，新客户也算了进去。他们去年还不是客户，谈不上留不留。",
    en="You got {answer}, over all {rows} rows of `moves`, new customers included. They were no customers the year before, so there was nothing to stay with.",
)
def all_rows_as_base(company):
    moves = ka.kpi.movements(
        company.orders, ("2023-12-01", "2024-12-01"), ("2024-12-01", "2025-12-01"),
        as_of=company.as_of,
    )  # fmt: skip
    return ((moves["revenue_before"] > 0) & (moves["revenue_now"] > 0)).mean()


@q1.misconception(
    zh="你算出来是 {answer}，这是净金额留存：老客户今年买的钱，是去年的多少。题目数的是客户，一家一票。",
    en="You got {answer}: net revenue retention, what the earlier customers buy now in money. The question counts customers, one vote each.",
)
def by_net_revenue(company):
    moves = ka.kpi.movements(
        company.orders, ("2023-12-01", "2024-12-01"), ("2024-12-01", "2025-12-01"),
        as_of=company.as_of,
    )  # fmt: skip
    return ka.kpi.net_revenue_retention(moves).rate


@q1.misconception(
    zh="你算出来是 {answer}，这是毛金额留存：去年的钱保住了多少。和客户数的比率常常很近，却不是一回事。题目数的是什么？",
    en="You got {answer}: gross revenue retention, how much of last year's money was kept. It often lies close to the count and is something else. What does the question count?",
)
def by_gross_revenue(company):
    moves = ka.kpi.movements(
        company.orders, ("2023-12-01", "2024-12-01"), ("2024-12-01", "2025-12-01"),
        as_of=company.as_of,
    )  # fmt: skip
    return ka.kpi.gross_revenue_retention(moves).rate


@q1.facts
def facts_of_q1(company):
    moves = ka.kpi.movements(
        company.orders, ("2023-12-01", "2024-12-01"), ("2024-12-01", "2025-12-01"),
        as_of=company.as_of,
    )  # fmt: skip
    return {"cohort": int((moves["revenue_before"] > 0).sum()), "rows": len(moves)}


q1.not_tried(
    zh="先输入 `ka.kpi.` 再按 Tab 键，看看哪个函数的名字是“留存”。",
    en="A first step: type `ka.kpi.` and press Tab. Which name says that customers were kept?",
)
q1.hints(
    zh=[
        "先定分母：前 12 个月的客户，也就是 `revenue_before` 大于 0 的。",
        "名字里带 retention 的有三个：一个数客户，两个数钱。要数客户的那个。",
        "照这个样子写：`ka.kpi.函数名(moves).rate`。",
    ],
    en=[
        "Settle the base first: customers of the first 12 months, those with a `revenue_before` above 0.",
        "Three names hold retention: one counts customers, two count money. Take the one for customers.",
        "Write it like this: `ka.kpi.function(moves).rate`.",
    ],
)
q1.unforeseen(
    zh="先数一数：前 12 个月的客户（`revenue_before` 大于 0）应当有 {cohort} 家。",
    en="Count first: there should be {cohort} customers in the first 12 months (`revenue_before` above 0).",
)

# --- q2: growth against the same months ----------------------------------------------------------

q2 = assignment.task(
    "q2",
    answer="growth",
    form=Number(tolerance=0.0005, fraction=True),
    points=7,
    level="core",
    kind="choose",
    row_ids=("6-2",),
)


@q2.reference
def growth_by_sums(company):
    day, amount = company.orders["ordered_on"], company.orders["amount"]
    now = amount[(day >= "2025-01-01") & (day < "2025-12-01")].sum()
    return now / amount[(day >= "2024-01-01") & (day < "2024-12-01")].sum() - 1


@q2.also_right
def growth_by_months(company):
    history = ka.forecast.history(company.orders, company.as_of)
    sales = history.set_index("period")["sales"]
    return round(sales["2025-01":"2025-11"].sum() / sales["2024-01":"2024-11"].sum() - 1, 4)


@q2.misconception(
    zh="你算出来是 {answer}，比的是紧挨着的前 11 个月（环比）。季节对不上：题目要的是去年**同样的月份**。",
    en="You got {answer}, against the 11 months just before. The seasons do not match: the question asks for the **same months** of last year.",
)
def against_previous(company):
    return ka.kpi.growth(
        company.orders, ("2025-01-01", "2025-12-01"), "previous", as_of=company.as_of
    ).rate


@q2.misconception(
    zh="你算出来是 {answer}，今年 11 个月除以去年整年。去年多了一个 12 月，两边一样长吗？",
    en="You got {answer}: eleven months of this year over the whole of last. Last year has a December more. Are the two sides equally long?",
)
def against_whole_year(company):
    year = company.orders["ordered_on"].dt.year
    sums = company.orders["amount"].groupby(year).sum()
    return sums[2025] / sums[2024] - 1


@q2.misconception(
    zh="你算出来是 {answer}，这是今年除以去年的倍数，还没减 1。增长三成写 0.3，不写 1.3。",
    en="You got {answer}: this year as a multiple of last. Take 1 off: growth of three tenths is 0.3, not 1.3.",
)
def ratio_for_growth(company):
    found = ka.kpi.growth(
        company.orders, ("2025-01-01", "2025-12-01"), "last_year", as_of=company.as_of
    )
    return found.now / found.before


@q2.misconception(
    zh="你算出来是 {answer}，增加的部分除以了今年。增长的分母是**起点**：从哪一年涨上来的？",
    en="You got {answer}: the increase over this year. The base of growth is where it **started**. From which year did it grow?",
)
def over_this_year(company):
    found = ka.kpi.growth(
        company.orders, ("2025-01-01", "2025-12-01"), "last_year", as_of=company.as_of
    )
    return (found.now - found.before) / found.now


@q2.misconception(
    zh="你算出来是 {answer}，期间取的是 12 个月，从 2024 年 12 月起。题目从 2025 年 1 月开始，去年也从 1 月开始。",
    en="You got {answer}, for 12 months from December 2024. The question starts in January 2025, and last year starts in January too.",
)
def twelve_months(company):
    return ka.kpi.growth(
        company.orders, ("2024-12-01", "2025-12-01"), "last_year", as_of=company.as_of
    ).rate


@q2.misconception(
    zh="你算出来是 {answer}，退货（负数）没算进去。退了的货没卖成，两年都把它加回来。",
    en="You got {answer} without the returns (negative amounts). Goods that came back were not sold; add them in both years.",
)
def returns_left_out(company):
    orders = company.orders[company.orders["amount"] > 0]
    return ka.kpi.growth(
        orders, ("2025-01-01", "2025-12-01"), "last_year", as_of=company.as_of
    ).rate


@q2.facts
def facts_of_q2(company):
    day = company.orders["ordered_on"]
    return {"orders": int(((day >= "2025-01-01") & (day < "2025-12-01")).sum())}


q2.not_tried(
    zh='先写下期间：`("2025-01-01", "2025-12-01")`，结束那天不算在内。和谁比，选哪个词？',
    en='A first step: write the period, `("2025-01-01", "2025-12-01")`, the end day not included. Which word says against what?',
)
q2.hints(
    zh=[
        "两边要一样长、同样的月份：1–11 月对 1–11 月。",
        '“去年同期”是 `"last_year"`，“上一段”是 `"previous"`。',
        "函数的结果带好几个数，增长率用 `.rate` 取。",
    ],
    en=[
        "Both sides must be equally long and of the same months: January to November against January to November.",
        'The same months a year ago are `"last_year"`; the stretch just before is `"previous"`.',
        "The function returns several numbers; `.rate` takes the growth.",
    ],
)
q2.unforeseen(
    zh="先数一数：2025 年 1–11 月的订单（退货也算一行）应当有 {orders} 行。",
    en="Count first: there should be {orders} rows of orders from January to November 2025, returns included.",
)

# --- q3: the value of the median customer --------------------------------------------------------

q3 = assignment.task(
    "q3",
    answer="typical_value",
    form=Number(tolerance=2, relative=1e-4, unit="yuan"),
    points=8,
    level="core",
    kind="choose",
    row_ids=("6-4",),
)


@q3.reference
def value_by_formula(company):
    earned = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")["net_contribution"]
    return earned.median() * 0.95 / (1 + 0.10 - 0.95)


@q3.also_right
def value_by_years(company):
    earned = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")["net_contribution"]
    return round(earned.quantile(0.5) * sum((0.95 / 1.10) ** year for year in range(1, 200)))


@q3.misconception(
    zh="你算出来是 {answer:,.0f} 元，用的是平均数。几家特大客户把平均数拉高了；题目要的是排在中间的那一家。",
    en="You got {answer:,.0f} yuan, from the mean. A few very large customers pull it up; the question asks for the one in the middle.",
)
def mean_for_median(company):
    earned = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")["net_contribution"]
    return ka.clv.margin_multiple(earned.mean(), 0.95, 0.10)


@q3.misconception(
    zh="你算出来是 {answer:,.0f} 元，这是最大一家的价值，也可能是表里第一行。排在**中间**的那一家净贡献是多少？",
    en="You got {answer:,.0f} yuan: the value of the one that earns most. What does the customer in the **middle** leave?",
)
def largest_customer(company):
    earned = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")["net_contribution"]
    return ka.clv.margin_multiple(earned.max(), 0.95, 0.10)


@q3.misconception(
    zh="你算出来是 {answer:,.0f} 元，没有折现：十年后的一块钱当成今天的一块钱。折现率 10% 放进去了吗？",
    en="You got {answer:,.0f} yuan, without discounting: a yuan in ten years counted like one today. Did the 10% go in?",
)
def not_discounted(company):
    earned = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")["net_contribution"]
    return earned.median() / (1 - 0.95)


@q3.misconception(
    zh="你算出来是 {answer:,.0f} 元，第一笔钱当成今天就收到了。题目说年底收：要先留得住，才有第一笔。",
    en="You got {answer:,.0f} yuan, with the first money today. The question says at year end: the customer has to stay before it comes.",
)
def paid_at_once(company):
    earned = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")["net_contribution"]
    return ka.clv.margin_multiple(earned.median(), 0.95, 0.10, first_margin="now")


@q3.misconception(
    zh="你算出来是 {answer:,.0f} 元，留存率和折现率放反了。先写留存率 0.95，再写折现率 0.10。",
    en="You got {answer:,.0f} yuan, with retention and discount swapped. Retention 0.95 comes first, then the discount 0.10.",
)
def rates_swapped(company):
    earned = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")["net_contribution"]
    return ka.clv.margin_multiple(earned.median(), 0.10, 0.95)


@q3.misconception(
    zh="你算出来是 {answer:,.0f} 元，折现率填成了 10，也就是一年 1000%。率都填小数。",
    en="You got {answer:,.0f} yuan, with a discount rate of 10, that is 1000% a year. Rates are fractions.",
)
def discount_in_percent(company):
    earned = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")["net_contribution"]
    return ka.clv.margin_multiple(earned.median(), 0.95, 10)


@q3.misconception(
    zh="你算出来是 {answer:,.0f} 元，用的是净销售额的中位数。货的成本、物流、资金还没扣：客户真正给我们**留下**的是哪一列？",
    en="You got {answer:,.0f} yuan, from the median of net sales. Goods, logistics and capital are not off yet: which column is what a customer **leaves** us?",
)
def sales_for_contribution(company):
    sales = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")["net_sales"]
    return ka.clv.margin_multiple(sales.median(), 0.95, 0.10)


@q3.misconception(
    zh="你算出来是 {answer:,.0f} 元，这是中位数客户**一年**挣的钱。往后的年头呢？把它和两个率一起放进 `ka.clv.margin_multiple`。",
    en="You got {answer:,.0f} yuan: what the median customer leaves in **one year**. What of the years to come? Put it into `ka.clv.margin_multiple` with the two rates.",
)
def one_year_only(company):
    earned = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")["net_contribution"]
    return earned.median()


@q3.facts
def facts_of_q3(company):
    return {"customers": len(ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01"))}


q3.not_tried(
    zh='先取中位数：`pnl["net_contribution"].median()`。',
    en='A first step: the median, `pnl["net_contribution"].median()`.',
)
q3.hints(
    zh=[
        "三样东西：一年挣多少、留存率、折现率。第一样从表里来。",
        "表里的一列写 `pnl[列名]`，列名带引号；后面加 `.median()`。",
        "把三样按顺序放进 `ka.clv.margin_multiple( , , )`，率填小数。",
    ],
    en=[
        "Three things: the yearly margin, retention, discount. The first comes from the table.",
        "A column of the table is `pnl[name]`, the name in quotes; add `.median()`.",
        "Put the three into `ka.clv.margin_multiple( , , )` in this order, rates as fractions.",
    ],
)
q3.unforeseen(
    zh="先数一数：`pnl` 应当有 {customers} 家客户，中位数是从它们里取的。",
    en="Count first: `pnl` should hold {customers} customers; the median is taken from them.",
)

# --- q4: the weighted pipeline -------------------------------------------------------------------

q4 = assignment.task(
    "q4",
    answer="to_sign",
    form=Number(tolerance=2, relative=1e-5, unit="yuan"),
    points=8,
    level="core",
    kind="choose",
    row_ids=("6-25",),
)


@q4.reference
def weighted_by_hand(company):
    history = ka.funnel.deals(company, "2023-01-01", "2024-12-01")
    stages = ["lead", "contact", "needs", "proposal", "negotiation", "delivery"]
    place = history["furthest"].map(stages.index)
    decided = history["status"] != "open"
    won = history["status"] == "won"
    record = {
        stage: (won & (place >= i)).sum() / max((decided & (place >= i)).sum(), 1)
        for i, stage in enumerate(stages)
    }
    deals = company.opportunities
    deals = deals[(deals["status"] == "open") & (deals["expected_close_on"] >= company.as_of)]
    return (deals["amount"] * deals["stage"].map(record)).sum()


@q4.also_right
def weighted_by_columns(company):
    settled = ka.funnel.deals(company, "2023-01-01", "2024-12-01")
    chances = ka.pipeline.stage_probabilities(settled)
    pipeline = ka.pipeline.open_deals(company.opportunities, chances, company.as_of)
    good = pipeline[pipeline["left_out"] == ""]
    return round((good["amount"] * good["probability"]).sum())


@q4.misconception(
    zh="你算出来是 {answer:,.0f} 元，这是面值：当成每一单都能签。一条线索和一份谈到最后的合同，把握一样大吗？",
    en="You got {answer:,.0f} yuan: the face value, as if every deal were signed. Is a lead as sure as a contract in its last round?",
)
def face_value(company):
    settled = ka.funnel.deals(company, "2023-01-01", "2024-12-01")
    chances = ka.pipeline.stage_probabilities(settled)
    pipeline = ka.pipeline.open_deals(company.opportunities, chances, company.as_of)
    return ka.pipeline.total(pipeline).value


@q4.misconception(
    zh="你算出来是 {answer:,.0f} 元，用的是业务员自己填的赢率。题目要用阶段的历史赢率：`total` 的结果里哪一个是它？",
    en="You got {answer:,.0f} yuan, with the probabilities that reps entered. The question wants the record of the stage: which number of `total` is that?",
)
def own_probabilities(company):
    settled = ka.funnel.deals(company, "2023-01-01", "2024-12-01")
    chances = ka.pipeline.stage_probabilities(settled)
    pipeline = ka.pipeline.open_deals(company.opportunities, chances, company.as_of)
    return ka.pipeline.total(pipeline).own_expected


@q4.misconception(
    zh="你算出来是 {answer:,.0f} 元，过期的和没填日期的 {out} 条也算进去了。它们哪天成交，谁说得准？只留 `left_out` 空着的。",
    en="You got {answer:,.0f} yuan, with the {out} overdue and undated deals in it. Who can say when they close? Keep those whose `left_out` is blank.",
)
def overdue_included(company):
    settled = ka.funnel.deals(company, "2023-01-01", "2024-12-01")
    chances = ka.pipeline.stage_probabilities(settled)
    pipeline = ka.pipeline.open_deals(company.opportunities, chances, company.as_of)
    return (pipeline["amount"] * pipeline["probability"]).sum()


@q4.misconception(
    zh="你算出来是 {answer:,.0f} 元，赢率当成 30、50 去乘了。30% 是 0.3。",
    en="You got {answer:,.0f} yuan, multiplying by 30 and 50. 30% is 0.3.",
)
def percent_as_times(company):
    settled = ka.funnel.deals(company, "2023-01-01", "2024-12-01")
    chances = ka.pipeline.stage_probabilities(settled)
    pipeline = ka.pipeline.open_deals(company.opportunities, chances, company.as_of)
    return ka.pipeline.total(pipeline).expected * 100


@q4.misconception(
    zh="你算出来是 {answer:,.0f} 元，这是上下浮动（标准差），说的是能差多少，不是能签多少。",
    en="You got {answer:,.0f} yuan: the spread, how far off it may be, not what to expect.",
)
def spread_for_sum(company):
    settled = ka.funnel.deals(company, "2023-01-01", "2024-12-01")
    chances = ka.pipeline.stage_probabilities(settled)
    pipeline = ka.pipeline.open_deals(company.opportunities, chances, company.as_of)
    return ka.pipeline.total(pipeline).spread


@q4.misconception(
    zh="你算出来是 {answer:,.0f} 元，拿总金额乘了平均赢率。大单多半还是线索，赢率低；要一单一单乘，再加起来。",
    en="You got {answer:,.0f} yuan: the total amount times the average probability. Large deals are often still leads; multiply deal by deal, then add up.",
)
def average_probability(company):
    settled = ka.funnel.deals(company, "2023-01-01", "2024-12-01")
    chances = ka.pipeline.stage_probabilities(settled)
    pipeline = ka.pipeline.open_deals(company.opportunities, chances, company.as_of)
    good = pipeline[pipeline["left_out"] == ""]
    return good["amount"].sum() * good["probability"].mean()


@q4.facts
def facts_of_q4(company):
    deals = company.opportunities
    is_open = deals["status"] == "open"
    good = is_open & (deals["expected_close_on"] >= company.as_of)
    return {"counted": int(good.sum()), "out": int((is_open & ~good).sum())}


q4.not_tried(
    zh="先运行 `ka.pipeline.total(pipeline)`，看它给出哪几个数、各叫什么。",
    en="A first step: run `ka.pipeline.total(pipeline)` and see which numbers it gives and what they are called.",
)
q4.hints(
    zh=[
        "加权：每条商机的金额乘赢率，再加起来。",
        "`total` 自己会留下 `left_out` 空着的商机。",
        "“预计”的英文是 expected：在结果后面加一个点取出来。",
    ],
    en=[
        "Weighted: each deal's amount times its probability, then the sum.",
        "`total` itself keeps the deals whose `left_out` is blank.",
        "What to expect is called just that; put a dot behind the result and take it.",
    ],
)
q4.unforeseen(
    zh="先数一数：`left_out` 空着、能算进预测的商机应当有 {counted} 条。",
    en="Count first: {counted} deals have a blank `left_out` and can enter the forecast.",
)

# --- q5: three rates by hand ---------------------------------------------------------------------

q5 = assignment.task(
    "q5",
    answer="rates",
    form=Mapping(tolerance=0.0005, relative=0, fraction=True),
    points=10,
    level="analyst",
    kind="build",
    row_ids=("6-7", "6-10", "6-11"),
)


@q5.reference
def rates_by_metrics(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    answers = company.surveys[company.surveys["answered_on"] >= "2025-01-01"]
    answers = answers.rename(columns={"contact_id": "person_id", "satisfaction": "score"})
    repeat = ka.kpi.repeat_purchase_rate(
        company.orders, ("2025-01-01", "2025-12-01"), as_of=company.as_of
    )
    return {
        "gross_margin": ka.kpi.gross_margin(orders).rate,
        "repeat_rate": repeat.rate,
        "satisfaction": ka.kpi.csat(answers).rate,
    }


@q5.also_right
def rates_by_counts(company):
    orders = company.orders.query("ordered_on >= '2025-01-01'")
    purchases = orders.query("amount > 0")["account_id"].value_counts()
    answers = company.surveys.query("answered_on >= '2025-01-01'").dropna(subset=["satisfaction"])
    last = answers.sort_values("answered_on").groupby("contact_id")["satisfaction"].last()
    return pd.Series(
        {
            "gross_margin": orders["gross_profit"].sum() / orders["amount"].sum(),
            "repeat_rate": (purchases > 1).sum() / len(purchases),
            "satisfaction": last.isin([4, 5]).sum() / len(last),
        }
    )


@q5.misconception(
    zh="毛利率不对，你把每张订单的毛利率拿来平均了（{answer}）。两千元的小单和一百万的大单，该一样重吗？先加总，再除。",
    en="The gross margin is off: you averaged the margins of the orders ({answer}). Should an order of two thousand weigh as much as one of a million? Add up first, then divide.",
)
def mean_of_margins(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    bought = orders[orders["amount"] > 0].groupby("account_id")["order_id"].nunique()
    answers = company.surveys[company.surveys["answered_on"] >= "2025-01-01"]
    answers = answers.dropna(subset=["satisfaction"]).sort_values("answered_on")
    latest = answers.drop_duplicates("contact_id", keep="last")
    return {
        "gross_margin": (orders["gross_profit"] / orders["amount"]).mean(),
        "repeat_rate": (bought > 1).mean(),
        "satisfaction": (latest["satisfaction"] >= 4).mean(),
    }


@q5.misconception(
    zh="毛利率不对，分母用了价目表金额（{answer}）。客户没按价目表付钱，折扣早减掉了：订单额是哪一列？",
    en="The gross margin is off: its base is the list amount ({answer}). Customers did not pay list prices, the discount is long off. Which column is the order amount?",
)
def margin_on_list(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    bought = orders[orders["amount"] > 0].groupby("account_id")["order_id"].nunique()
    answers = company.surveys[company.surveys["answered_on"] >= "2025-01-01"]
    answers = answers.dropna(subset=["satisfaction"]).sort_values("answered_on")
    latest = answers.drop_duplicates("contact_id", keep="last")
    return {
        "gross_margin": orders["gross_profit"].sum() / orders["list_amount"].sum(),
        "repeat_rate": (bought > 1).mean(),
        "satisfaction": (latest["satisfaction"] >= 4).mean(),
    }


@q5.misconception(
    zh="重复购买率不对，你数的是订单：除了第一单都算重复（{answer}）。这一题数客户：{customers} 家里，几家买过两次以上？",
    en="The repeat rate is off: you counted orders, all but each first one ({answer}). This question counts customers: of {customers}, how many bought twice or more?",
)
def repeat_per_order(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    bought = orders[orders["amount"] > 0].groupby("account_id")["order_id"].nunique()
    answers = company.surveys[company.surveys["answered_on"] >= "2025-01-01"]
    answers = answers.dropna(subset=["satisfaction"]).sort_values("answered_on")
    latest = answers.drop_duplicates("contact_id", keep="last")
    return {
        "gross_margin": orders["gross_profit"].sum() / orders["amount"].sum(),
        "repeat_rate": (bought.sum() - len(bought)) / bought.sum(),
        "satisfaction": (latest["satisfaction"] >= 4).mean(),
    }


@q5.misconception(
    zh="重复购买率不对，分母是全部客户档案（{answer}），没买过的也在里面。先看买过的有几家：{customers}。",
    en="The repeat rate is off: its base is every account on file ({answer}), those that never bought among them. {customers} did buy.",
)
def over_all_accounts(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    bought = orders[orders["amount"] > 0].groupby("account_id")["order_id"].nunique()
    answers = company.surveys[company.surveys["answered_on"] >= "2025-01-01"]
    answers = answers.dropna(subset=["satisfaction"]).sort_values("answered_on")
    latest = answers.drop_duplicates("contact_id", keep="last")
    return {
        "gross_margin": orders["gross_profit"].sum() / orders["amount"].sum(),
        "repeat_rate": (bought > 1).sum() / len(company.accounts),
        "satisfaction": (latest["satisfaction"] >= 4).mean(),
    }


@q5.misconception(
    zh="满意度不对，你只数了打 5 分的（{answer}）。题目说 4 分或 5 分都算满意。",
    en="Satisfaction is off: you counted the fives only ({answer}). The question says 4 or 5.",
)
def only_fives(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    bought = orders[orders["amount"] > 0].groupby("account_id")["order_id"].nunique()
    answers = company.surveys[company.surveys["answered_on"] >= "2025-01-01"]
    answers = answers.dropna(subset=["satisfaction"]).sort_values("answered_on")
    latest = answers.drop_duplicates("contact_id", keep="last")
    return {
        "gross_margin": orders["gross_profit"].sum() / orders["amount"].sum(),
        "repeat_rate": (bought > 1).mean(),
        "satisfaction": (latest["satisfaction"] == 5).mean(),
    }


@q5.misconception(
    zh="满意度不对，你拿平均分除以了 5（{answer}）。那是平均分，不是满意的人占几成：数人头。",
    en="Satisfaction is off: you divided the mean score by 5 ({answer}). That is a mean score, not the share of satisfied people. Count heads.",
)
def mean_score(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    bought = orders[orders["amount"] > 0].groupby("account_id")["order_id"].nunique()
    answers = company.surveys[company.surveys["answered_on"] >= "2025-01-01"]
    answers = answers.dropna(subset=["satisfaction"]).sort_values("answered_on")
    latest = answers.drop_duplicates("contact_id", keep="last")
    return {
        "gross_margin": orders["gross_profit"].sum() / orders["amount"].sum(),
        "repeat_rate": (bought > 1).mean(),
        "satisfaction": latest["satisfaction"].mean() / 5,
    }


@q5.misconception(
    zh="满意度不对，答过几次的人被数了几次（{answer}）。一个联系人只算最近一次，应当剩 {people} 个人。",
    en="Satisfaction is off: people who answered several times were counted several times ({answer}). Each contact counts once, with the latest answer; {people} people remain.",
)
def every_answer(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    bought = orders[orders["amount"] > 0].groupby("account_id")["order_id"].nunique()
    answers = company.surveys[company.surveys["answered_on"] >= "2025-01-01"]
    scores = answers["satisfaction"].dropna()
    return {
        "gross_margin": orders["gross_profit"].sum() / orders["amount"].sum(),
        "repeat_rate": (bought > 1).mean(),
        "satisfaction": (scores >= 4).mean(),
    }


@q5.facts
def facts_of_q5(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    answers = company.surveys[company.surveys["answered_on"] >= "2025-01-01"]
    return {
        "customers": int(orders.loc[orders["amount"] > 0, "account_id"].nunique()),
        "people": int(answers.dropna(subset=["satisfaction"])["contact_id"].nunique()),
    }


q5.not_tried(
    zh='先做第一个：`orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]`，再想毛利率的分子分母。',
    en='A first step: `orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]`, then think of the margin: what over what?',
)
q5.hints(
    zh=[
        "毛利率：两个 `sum()` 相除。重复购买：先数每家客户买过几次。满意度：先让每个人只剩一行。",
        '每家几次：`orders[orders["amount"] > 0].groupby("account_id")["order_id"].nunique()`；大于等于 2 的平均数就是占比。',
        '每人一行：先去掉没打分的，按日期 `sort_values`，再 `drop_duplicates("contact_id", keep="last")`。',
    ],
    en=[
        "Margin: one `sum()` over another. Repeat: first count each customer's orders. Satisfaction: first leave one row a person.",
        'Orders of each customer: `orders[orders["amount"] > 0].groupby("account_id")["order_id"].nunique()`; the mean of "at least 2" is the share.',
        'One row a person: drop blank scores, `sort_values` by date, then `drop_duplicates("contact_id", keep="last")`.',
    ],
)
q5.unforeseen(
    zh="先数三个分母里的两个：买过的客户 {customers} 家，打过分的联系人 {people} 个。三个率是不是都在字典里，名字和题目一样？",
    en="Count two of the bases first: {customers} customers bought, {people} contacts gave a score. Are all three rates in the dict, under the names of the question?",
)

# --- q6: a function, used for every segment ------------------------------------------------------

q6 = assignment.task(
    "q6",
    answer="growth_by_segment",
    form=Mapping(tolerance=0.0005, relative=0, fraction=True),
    points=10,
    level="analyst",
    kind="build",
    row_ids=("6-2", "6-6"),
)


@q6.reference
def segments_by_metric(company):
    found = {}
    for segment, accounts in company.accounts.groupby("segment"):
        theirs = company.orders[company.orders["account_id"].isin(accounts["account_id"])]
        if len(theirs):
            found[segment] = ka.kpi.growth(
                theirs, ("2025-01-01", "2025-12-01"), "last_year", as_of=company.as_of
            ).rate
    return found


@q6.also_right
def segments_by_pivot(company):
    orders = company.orders.merge(company.accounts[["account_id", "segment"]], on="account_id")
    orders = orders[(orders["ordered_on"] >= "2024-01-01") & (orders["ordered_on"].dt.month < 12)]
    table = orders.pivot_table(
        index="segment", columns=orders["ordered_on"].dt.year, values="amount", aggfunc="sum"
    )
    return table[2025] / table[2024] - 1


@q6.misconception(
    zh="你算出来是 {answer}，先算每家客户的增长率，再平均。一家小客户翻三倍，就把整类带偏了。先把金额加起来，再除。",
    en="You got {answer}: each customer's growth, then the mean. One small customer that triples bends the whole segment. Add up the amounts, then divide.",
)
def mean_of_growths(company):
    orders = company.orders.merge(company.accounts[["account_id", "segment"]], on="account_id")
    orders = orders[(orders["ordered_on"] >= "2024-01-01") & (orders["ordered_on"].dt.month < 12)]
    table = orders.pivot_table(
        index=["segment", "account_id"], columns=orders["ordered_on"].dt.year, values="amount",
        aggfunc="sum",
    )  # fmt: skip
    each = (table[2025] / table[2024] - 1)[table[2024] > 0].dropna()
    return each.groupby("segment").mean()


@q6.misconception(
    zh="你算出来是 {answer}，去年用了整年，多出一个 12 月。函数里去年那一段，结束在哪一天？",
    en="You got {answer}, with the whole of last year, a December too many. On which day does last year's part end in your function?",
)
def whole_last_year(company):
    orders = company.orders.merge(company.accounts[["account_id", "segment"]], on="account_id")
    table = orders.pivot_table(
        index="segment", columns=orders["ordered_on"].dt.year, values="amount", aggfunc="sum"
    )
    return table[2025] / table[2024] - 1


@q6.misconception(
    zh="你算出来是 {answer}，这是今年除以去年的倍数。`return` 那一行还差一个减 1。",
    en="You got {answer}: this year as a multiple of last. The `return` line still lacks the minus 1.",
)
def ratios_for_growths(company):
    orders = company.orders.merge(company.accounts[["account_id", "segment"]], on="account_id")
    orders = orders[(orders["ordered_on"] >= "2024-01-01") & (orders["ordered_on"].dt.month < 12)]
    table = orders.pivot_table(
        index="segment", columns=orders["ordered_on"].dt.year, values="amount", aggfunc="sum"
    )
    return table[2025] / table[2024]


@q6.misconception(
    zh="你算出来是 {answer}，数的是订单张数。题目问的是金额涨了多少：`sum` 哪一列？",
    en="You got {answer}, counting orders. The question is about amounts: the `sum` of which column?",
)
def orders_counted(company):
    orders = company.orders.merge(company.accounts[["account_id", "segment"]], on="account_id")
    orders = orders[(orders["ordered_on"] >= "2024-01-01") & (orders["ordered_on"].dt.month < 12)]
    table = orders.pivot_table(
        index="segment", columns=orders["ordered_on"].dt.year, values="amount", aggfunc="size"
    )
    return table[2025] / table[2024] - 1


@q6.misconception(
    zh="你算出来是 {answer}，只留了两年都买的客户，新来的和走掉的不见了。这一题问整类卖了多少，谁也不去掉。",
    en="You got {answer}, keeping only customers who bought in both years; new and lost ones are gone. The question is about the whole segment. Leave nobody out.",
)
def only_both_years(company):
    orders = company.orders.merge(company.accounts[["account_id", "segment"]], on="account_id")
    orders = orders[(orders["ordered_on"] >= "2024-01-01") & (orders["ordered_on"].dt.month < 12)]
    table = orders.pivot_table(
        index=["segment", "account_id"], columns=orders["ordered_on"].dt.year, values="amount",
        aggfunc="sum",
    ).dropna()  # fmt: skip
    sums = table.groupby("segment").sum()
    return sums[2025] / sums[2024] - 1


@q6.facts
def facts_of_q6(company):
    orders = company.orders.merge(company.accounts[["account_id", "segment"]], on="account_id")
    return {"segments": int(orders["segment"].nunique()), "rows": len(orders)}


q6.not_tried(
    zh="先写函数的第一行和最后一行：`def same_months_growth(orders):` 和 `return now / before - 1`，中间两行算 `now` 和 `before`。",
    en="A first step: the first and the last line, `def same_months_growth(orders):` and `return now / before - 1`. The two lines between work out `now` and `before`.",
)
q6.hints(
    zh=[
        "`now` 是 2025 年 1–11 月的金额合计，`before` 是 2024 年 1–11 月的。两段一样长。",
        '条件用 `&` 连起来，每个条件加括号：`(day >= "2025-01-01") & (day < "2025-12-01")`。',
        '`orders.groupby("segment")` 一次给出一个类别和它的那部分表。先写 `growth_by_segment = dict()`，再 `for segment, part in ...:`，里面一行 `growth_by_segment[segment] = same_months_growth(part)`。',
    ],
    en=[
        "`now` is the sum of January to November 2025, `before` that of January to November 2024: two stretches of equal length.",
        'Join conditions with `&`, each in brackets: `(day >= "2025-01-01") & (day < "2025-12-01")`.',
        '`orders.groupby("segment")` hands out one segment and its part of the table at a time. Start with `growth_by_segment = dict()`, then `for segment, part in ...:` with one line in it, `growth_by_segment[segment] = same_months_growth(part)`.',
    ],
)
q6.unforeseen(
    zh="先数一数：接好以后的订单表应当有 {rows} 行、{segments} 类客户。一类一个数，键是类别的英文代码。",
    en="Count first: the joined table should have {rows} rows and {segments} segments. One number each, with the segment's code as key.",
)

# --- q7: a bar chart of the reps -----------------------------------------------------------------

q7 = assignment.task(
    "q7",
    answer="chart",
    form=Chart(kind="bar", ordered=False, relative=0.001, from_zero=True),
    points=10,
    level="analyst",
    kind="build",
    row_ids=("6-32", "6-6"),
)


@q7.reference
def bars_of_reps(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    reps = company.accounts.set_index("account_id")["rep_id"]
    return ka.charts.bars(orders["amount"].groupby(orders["account_id"].map(reps)).sum())


@q7.also_right
def upright_bars_in_millions(company):
    from matplotlib.figure import Figure

    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    orders = orders.merge(company.accounts[["account_id", "rep_id"]], on="account_id")
    sums = orders.groupby("rep_id")["amount"].sum() / 1e6
    figure = Figure()
    axes = figure.subplots()
    axes.bar(sums.index, sums)
    axes.set_ylabel("CNY million")
    return figure


@q7.misconception(
    zh="数对了，轴没有从 0 开始：柱子的长短就是数，砍掉下面一截，差距就被放大了。让轴从 0 起。",
    en="The values are right, but the axis does not start at 0. A bar's length is its number; cut off the bottom, and the differences swell. Start it at 0.",
)
def axis_cut(company):
    from matplotlib.figure import Figure

    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    orders = orders.merge(company.accounts[["account_id", "rep_id"]], on="account_id")
    sums = orders.groupby("rep_id")["amount"].sum()
    figure = Figure()
    axes = figure.subplots()
    axes.bar(sums.index, sums)
    axes.set_ylim(sums.min() * 0.9, sums.max() * 1.05)
    return figure


@q7.misconception(
    zh="你画的是订单张数。题目要的是订单**额**：`size` 换成哪一列的 `sum`？",
    en="You drew the number of orders. The question asks for their **amount**: instead of `size`, the `sum` of which column?",
)
def number_of_orders(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    orders = orders.merge(company.accounts[["account_id", "rep_id"]], on="account_id")
    return ka.charts.bars(orders.groupby("rep_id").size(), unit="count")


@q7.misconception(
    zh="你画的是三年的合计。题目只要 2025 年 1–11 月：先按下单日期筛，再合计。",
    en="You drew the sum of three years. Only January to November 2025 is asked for: filter by order date first.",
)
def all_years(company):
    orders = company.orders.merge(company.accounts[["account_id", "rep_id"]], on="account_id")
    return ka.charts.bars(orders.groupby("rep_id")["amount"].sum())


@q7.misconception(
    zh="你画的是每人今年签下的商机金额。题目要的是他名下客户的订单额：从 `company.orders` 出发，用 `accounts` 找到是谁的客户。",
    en="You drew what each rep signed this year. The question asks for the orders of the rep's customers: start from `company.orders` and let `accounts` say whose they are.",
)
def signed_deals(company):
    deals = company.opportunities
    won = deals[(deals["status"] == "won") & (deals["closed_on"] >= "2025-01-01")]
    return ka.charts.bars(won.groupby("rep_id")["amount"].sum())


@q7.misconception(
    zh="你画的是毛利。业绩对比这一题看订单额：`amount` 那一列。",
    en="You drew gross profit. This comparison is about orders: the column `amount`.",
)
def profit_for_orders(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    orders = orders.merge(company.accounts[["account_id", "rep_id"]], on="account_id")
    return ka.charts.bars(orders.groupby("rep_id")["gross_profit"].sum())


@q7.misconception(
    zh="你画的是每张订单的平均金额。题目要合计：`mean` 换成 `sum`。",
    en="You drew the average order. The question asks for the total: `sum` instead of `mean`.",
)
def average_order(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    orders = orders.merge(company.accounts[["account_id", "rep_id"]], on="account_id")
    return ka.charts.bars(orders.groupby("rep_id")["amount"].mean())


@q7.facts
def facts_of_q7(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    reps = company.accounts.set_index("account_id")["rep_id"]
    return {"bars": int(orders["account_id"].map(reps).nunique()), "rows": len(orders)}


q7.not_tried(
    zh='先把客户归谁接到订单上：`company.orders.merge(company.accounts[["account_id", "rep_id"]], on="account_id")`。',
    en='A first step: say whose each order is, `company.orders.merge(company.accounts[["account_id", "rep_id"]], on="account_id")`.',
)
q7.hints(
    zh=[
        "三步：按日期筛，接上 `rep_id`，按 `rep_id` 合计金额。",
        '合计：`groupby("rep_id")["amount"].sum()`。',
        "把合计放进 `ka.charts.bars(...)`；它的轴总从 0 开始。记得写 `chart = `。",
    ],
    en=[
        "Three steps: filter by date, join `rep_id`, sum the amounts by `rep_id`.",
        'The sum: `groupby("rep_id")["amount"].sum()`.',
        "Hand it to `ka.charts.bars(...)`, whose axis always starts at 0. Do not forget `chart = `.",
    ],
)
q7.unforeseen(
    zh="先数一数：2025 年的订单有 {rows} 行，图上应当有 {bars} 根柱子。",
    en="Count first: there are {rows} rows of orders in 2025, and the chart should have {bars} bars.",
)

# --- q8: forecasts put to the test ---------------------------------------------------------------

q8 = assignment.task(
    "q8",
    answer="wape",
    form=Mapping(tolerance=0.0005, relative=0, fraction=True),
    points=11,
    level="analyst",
    kind="build",
    row_ids=("6-24", "6-26"),
)


@q8.reference
def wape_by_backtest(company):
    history = ka.forecast.history(company.orders, company.as_of)
    methods = {
        "seasonal_naive": ka.forecast.seasonal_naive,
        "linear_trend": ka.forecast.linear_trend,
        "regression": ka.regression.forecast,
    }
    tests = ka.accuracy.backtest(history, methods, horizon=6, first=len(history) - 6)
    return ka.accuracy.compare(tests).set_index("forecaster")["wape"].to_dict()


@q8.also_right
def wape_by_merge(company):
    history = ka.forecast.history(company.orders, company.as_of)
    methods = {
        "seasonal_naive": ka.forecast.seasonal_naive,
        "linear_trend": ka.forecast.linear_trend,
        "regression": ka.regression.forecast,
    }
    found = {}
    for name, method in methods.items():
        rows = method(history.head(len(history) - 6), 6).merge(history, on="period")
        found[name] = round((rows["forecast"] - rows["sales"]).abs().sum() / rows["sales"].sum(), 4)
    return pd.Series(found)


@q8.misconception(
    zh="你算出来是 {answer}，这是每个月百分误差的平均（MAPE）。小月和大月一样重了。WAPE 先把误差加起来，再除以实际合计。",
    en="You got {answer}: the mean of the monthly percentage errors (MAPE), in which a small month weighs as much as a large one. WAPE adds up the errors first, then divides by the sum of the actuals.",
)
def mape_for_wape(company):
    history = ka.forecast.history(company.orders, company.as_of)
    methods = {
        "seasonal_naive": ka.forecast.seasonal_naive,
        "linear_trend": ka.forecast.linear_trend,
        "regression": ka.regression.forecast,
    }
    actual = history["sales"].to_numpy()[-6:]
    errors = {
        name: abs(actual - method(history.iloc[:-6], 6)["forecast"].to_numpy())
        for name, method in methods.items()
    }
    return {name: (error / actual).mean() for name, error in errors.items()}


@q8.misconception(
    zh="你算出来是 {answer}，误差除以了全部 {months} 个月的合计。考的是后 6 个月，分母也只要这 6 个月的实际。",
    en="You got {answer}: the errors over the sales of all {months} months. The exam covers the last 6; so does the base.",
)
def over_all_months(company):
    history = ka.forecast.history(company.orders, company.as_of)
    methods = {
        "seasonal_naive": ka.forecast.seasonal_naive,
        "linear_trend": ka.forecast.linear_trend,
        "regression": ka.regression.forecast,
    }
    actual = history["sales"].to_numpy()[-6:]
    return {
        name: abs(actual - method(history.iloc[:-6], 6)["forecast"].to_numpy()).sum()
        / history["sales"].sum()
        for name, method in methods.items()
    }


@q8.misconception(
    zh="你算出来是 {answer}，方法学的是全部 {months} 个月，要考的那 6 个月也在教材里；而且它预测的是 12 月以后，对不上。教材该停在哪个月？",
    en="You got {answer}: the methods learned from all {months} months, those of the exam too, and what they forecast begins in December, so it does not even match. Where should the learning stop?",
)
def learned_from_everything(company):
    history = ka.forecast.history(company.orders, company.as_of)
    methods = {
        "seasonal_naive": ka.forecast.seasonal_naive,
        "linear_trend": ka.forecast.linear_trend,
        "regression": ka.regression.forecast,
    }
    actual = history["sales"].to_numpy()[-6:]
    return {
        name: abs(actual - method(history, 6)["forecast"].to_numpy()).sum() / actual.sum()
        for name, method in methods.items()
    }


@q8.misconception(
    zh="你算出来是 {answer}，误差除以了预测的合计。分母是**实际**：世界是实际的，不是预测的。",
    en="You got {answer}: the errors over the sum of the forecasts. The base is what **came**, not what was forecast.",
)
def over_the_forecast(company):
    history = ka.forecast.history(company.orders, company.as_of)
    methods = {
        "seasonal_naive": ka.forecast.seasonal_naive,
        "linear_trend": ka.forecast.linear_trend,
        "regression": ka.regression.forecast,
    }
    actual = history["sales"].to_numpy()[-6:]
    found = {}
    for name, method in methods.items():
        forecast = method(history.iloc[:-6], 6)["forecast"].to_numpy()
        found[name] = abs(actual - forecast).sum() / forecast.sum()
    return found


@q8.misconception(
    zh="你算出来是 {answer}，藏起来的是 3 个月。题目藏 6 个月：`iloc[:-6]` 和 `iloc[-6:]`。",
    en="You got {answer}, hiding 3 months. The question hides 6: `iloc[:-6]` and `iloc[-6:]`.",
)
def three_months_hidden(company):
    history = ka.forecast.history(company.orders, company.as_of)
    methods = {
        "seasonal_naive": ka.forecast.seasonal_naive,
        "linear_trend": ka.forecast.linear_trend,
        "regression": ka.regression.forecast,
    }
    tests = ka.accuracy.backtest(history, methods, horizon=3, first=len(history) - 3)
    return ka.accuracy.compare(tests).set_index("forecaster")["wape"].to_dict()


@q8.misconception(
    zh="你算出来是 {answer}，这是 MASE：误差和“照抄去年”比。题目要 WAPE，误差合计除以实际合计。",
    en="You got {answer}: that is MASE, the error beside copying last year. The question wants WAPE: the sum of errors over the sum of actuals.",
)
def mase_for_wape(company):
    history = ka.forecast.history(company.orders, company.as_of)
    methods = {
        "seasonal_naive": ka.forecast.seasonal_naive,
        "linear_trend": ka.forecast.linear_trend,
        "regression": ka.regression.forecast,
    }
    tests = ka.accuracy.backtest(history, methods, horizon=6, first=len(history) - 6)
    return ka.accuracy.compare(tests).set_index("forecaster")["mase"].to_dict()


@q8.facts
def facts_of_q8(company):
    history = ka.forecast.history(company.orders, company.as_of)
    return {"months": len(history), "known": len(history) - 6}


q8.not_tried(
    zh="先分两半：`known = history.iloc[:-6]`，`hidden = history.iloc[-6:]`。哪一半给方法看？",
    en="A first step: two parts, `known = history.iloc[:-6]` and `hidden = history.iloc[-6:]`. Which one may the methods see?",
)
q8.hints(
    zh=[
        "方法只能看 `known`；实际在 `hidden` 里。",
        '一个方法的预测：`method(known, 6)["forecast"].to_numpy()`，六个数。实际也用 `.to_numpy()` 变成六个数。',
        "用 `for name, method in methods.items():` 一个一个算：误差取 `abs`，`sum` 之后再除。",
    ],
    en=[
        "The methods may see `known` only; what came stands in `hidden`.",
        'The forecast of one method: `method(known, 6)["forecast"].to_numpy()`, six numbers. Turn the actuals into six numbers with `.to_numpy()` too.',
        "Go one by one with `for name, method in methods.items():`; `abs` of the errors, `sum`, then divide.",
    ],
)
q8.unforeseen(
    zh="先数一数：`history` 有 {months} 个月，方法能看的应当是前 {known} 个月。答案是三个数，键是方法的名字。",
    en="Count first: `history` holds {months} months, and the methods may see the first {known}. The answer is three numbers, with the methods' names as keys.",
)

# --- q9: the Brier score of the stage probabilities ----------------------------------------------

q9 = assignment.task(
    "q9",
    answer="brier",
    form=Number(tolerance=0.0001),
    points=10,
    level="analyst",
    kind="build",
    row_ids=("6-27", "6-25"),
)


@q9.reference
def brier_by_metric(company):
    day = "2024-12-31"
    seen = ka.win_model.features(company, day)
    then = ka.win_model.with_outcome(seen, company.opportunities, company.as_of)
    older = ka.funnel.deals(company, "2023-01-01", "2024-01-01", as_of=day)
    chances = ka.pipeline.stage_probabilities(older)[["stage", "probability"]]
    named = then.merge(chances, left_on="stage_reached", right_on="stage")
    return ka.accuracy.brier(named).score


@q9.also_right
def brier_by_loop(company):
    day = "2024-12-31"
    seen = ka.win_model.features(company, day)
    then = ka.win_model.with_outcome(seen, company.opportunities, company.as_of)
    older = ka.funnel.deals(company, "2023-01-01", "2024-01-01", as_of=day)
    table = ka.pipeline.stage_probabilities(older)
    chance = dict(zip(table["stage"], table["probability"], strict=True))
    errors = [
        (chance[stage] - (status == "won")) ** 2
        for stage, status in zip(then["stage_reached"], then["status"], strict=True)
        if status in ("won", "lost")
    ]
    return round(sum(errors) / len(errors), 5)


@q9.misconception(
    zh="你算出来是 {answer:.4f}，还没结果的 {waiting} 条当成输了。它们的结局谁也不知道，先拿出去。",
    en="You got {answer:.4f}, with the {waiting} deals still open counted as lost. Nobody knows how they end; take them out first.",
)
def open_as_lost(company):
    day = "2024-12-31"
    seen = ka.win_model.features(company, day)
    then = ka.win_model.with_outcome(seen, company.opportunities, company.as_of)
    older = ka.funnel.deals(company, "2023-01-01", "2024-01-01", as_of=day)
    chances = ka.pipeline.stage_probabilities(older).set_index("stage")["probability"]
    outcome = (then["status"] == "won").astype(float)
    return ((then["stage_reached"].map(chances) - outcome) ** 2).mean()


@q9.misconception(
    zh="你算出来是 {answer:.4f}，差没有平方，取的是绝对值。布里尔分要平方：离谱的一次要罚得重。",
    en="You got {answer:.4f}: the differences were not squared but taken as they are. Brier squares them, so that one wild guess costs more.",
)
def absolute_difference(company):
    day = "2024-12-31"
    seen = ka.win_model.features(company, day)
    then = ka.win_model.with_outcome(seen, company.opportunities, company.as_of)
    then = then[then["status"] != "open"]
    older = ka.funnel.deals(company, "2023-01-01", "2024-01-01", as_of=day)
    chances = ka.pipeline.stage_probabilities(older).set_index("stage")["probability"]
    outcome = (then["status"] == "won").astype(float)
    return (then["stage_reached"].map(chances) - outcome).abs().mean()


@q9.misconception(
    zh="你算出来是 {answer:.4f}，最后又开了根号。布里尔分就停在平方的平均数。",
    en="You got {answer:.4f}: you took the root at the end. The Brier score stops at the mean of the squares.",
)
def root_taken(company):
    day = "2024-12-31"
    seen = ka.win_model.features(company, day)
    then = ka.win_model.with_outcome(seen, company.opportunities, company.as_of)
    then = then[then["status"] != "open"]
    older = ka.funnel.deals(company, "2023-01-01", "2024-01-01", as_of=day)
    chances = ka.pipeline.stage_probabilities(older).set_index("stage")["probability"]
    outcome = (then["status"] == "won").astype(float)
    return ((then["stage_reached"].map(chances) - outcome) ** 2).mean() ** 0.5


@q9.misconception(
    zh="你算出来是 {answer:.4f}，用的是商机**今天**停在的阶段。赢了的今天当然在“交付维护”，这等于偷看答案。当天走到哪一步，看 `stage_reached`。",
    en="You got {answer:.4f}, from the stage a deal stands in **today**. A deal that was won stands in delivery now, so this peeks at the answer. How far it had come that day, `stage_reached` says.",
)
def stage_of_today(company):
    day = "2024-12-31"
    seen = ka.win_model.features(company, day)
    then = ka.win_model.with_outcome(seen, company.opportunities, company.as_of)
    then = then[then["status"] != "open"]
    older = ka.funnel.deals(company, "2023-01-01", "2024-01-01", as_of=day)
    chances = ka.pipeline.stage_probabilities(older).set_index("stage")["probability"]
    today = company.opportunities.set_index("opportunity_id")["stage"]
    outcome = (then["status"] == "won").astype(float)
    return ((then["opportunity_id"].map(today).map(chances) - outcome) ** 2).mean()


@q9.misconception(
    zh="你算出来是 {answer:.4f}，用的是 CRM 里今天的赢率。那一栏在结局定了以后还改过，站在 2024 年底看不见它。用 `then_chances`。",
    en="You got {answer:.4f}, with the probability in the CRM today. That field was changed after the outcome was clear; nobody saw it at the end of 2024. Use `then_chances`.",
)
def probability_of_today(company):
    day = "2024-12-31"
    seen = ka.win_model.features(company, day)
    then = ka.win_model.with_outcome(seen, company.opportunities, company.as_of)
    then = then[then["status"] != "open"]
    says = company.opportunities.set_index("opportunity_id")["probability"]
    outcome = (then["status"] == "won").astype(float)
    return ((then["opportunity_id"].map(says) - outcome) ** 2).mean()


@q9.misconception(
    zh="你算出来是 {answer:.4f}，用的是第 4 题的 `chances`：它学的时候，已经知道 2025 年谁赢谁输。站在 2024 年底，只能用 `then_chances`。",
    en="You got {answer:.4f}, with `chances` of question 4, which already knew who won and lost in 2025. At the end of 2024 only `then_chances` was there.",
)
def later_record(company):
    day = "2024-12-31"
    seen = ka.win_model.features(company, day)
    then = ka.win_model.with_outcome(seen, company.opportunities, company.as_of)
    then = then[then["status"] != "open"]
    later = ka.funnel.deals(company, "2023-01-01", "2024-12-01")
    chances = ka.pipeline.stage_probabilities(later).set_index("stage")["probability"]
    outcome = (then["status"] == "won").astype(float)
    return ((then["stage_reached"].map(chances) - outcome) ** 2).mean()


@q9.facts
def facts_of_q9(company):
    seen = ka.win_model.features(company, "2024-12-31")
    then = ka.win_model.with_outcome(seen, company.opportunities, company.as_of)
    waiting = int((then["status"] == "open").sum())
    return {"waiting": waiting, "decided": len(then) - waiting}


q9.not_tried(
    zh='先给每条商机配赢率：`then["stage_reached"].map(then_chances.set_index("stage")["probability"])`。',
    en='A first step: give each deal its probability, `then["stage_reached"].map(then_chances.set_index("stage")["probability"])`.',
)
q9.hints(
    zh=[
        "三样东西：赢率、结果（1 或 0）、哪些有结果。",
        '结果：`(then["status"] == "won").astype(float)`；有结果的：`then["status"] != "open"`。',
        "差、平方（`** 2`）、只留有结果的、`mean()`。",
    ],
    en=[
        "Three things: the probability, the outcome (1 or 0), and which deals have one.",
        'The outcome: `(then["status"] == "won").astype(float)`; those with one: `then["status"] != "open"`.',
        "Difference, square (`** 2`), keep those with a result, `mean()`.",
    ],
)
q9.unforeseen(
    zh="先数一数：`then` 里有结果的商机应当有 {decided} 条，还没结果的 {waiting} 条。",
    en="Count first: {decided} deals of `then` have a result, {waiting} are still open.",
)
