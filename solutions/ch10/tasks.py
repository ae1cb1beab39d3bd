"""Chapter 10, trends and new ways to sell: the auto-graded tasks.

Where the worked solution calls ``ka_lib``, the reference below is written out, and the other way
round: a slip in one of them does not pass unseen. Each function stands alone, because its source
becomes a submission of the simulated class.
"""

import pandas as pd

import ka_lib as ka
from ka_course.tasks import Assignment, Mapping, Number

assignment = Assignment("ch10")

# --- q1: a yearly rate by the month --------------------------------------------------------------

q1 = assignment.task(
    "q1",
    answer="per_month",
    form=Number(tolerance=0.00005, fraction=True),
    points=6,
    level="core",
    kind="choose",
    row_ids=("10-10",),
)


@q1.reference
def twelfth_root(company):
    yearly = company.assumptions["discount_rate"]
    return (1 + yearly) ** (1 / 12) - 1


@q1.also_right
def by_the_library(company):
    return ka.subscription.monthly_rate(company.assumptions["discount_rate"])


@q1.misconception(
    zh="你填的是 {answer:.5f}，这是一年的利率除以 12。照它滚 12 个月，一年会滚出 {compound:.2%}，不是 {yearly:.0%}。利滚利要开 12 次方，用哪个函数？",
    en="You gave {answer:.5f}, the yearly rate over 12. Let it run for 12 months and the year comes to {compound:.2%}, not {yearly:.0%}. "
    "Interest compounds, so a twelfth root is needed. Which function takes it?",
)
def divided_by_twelve(company):
    return company.assumptions["discount_rate"] / 12


@q1.misconception(
    zh="你填的是 {answer:.3f}，这是一年的利率。一个月的要小得多：把它交给 `monthly_rate`。",
    en="You gave {answer:.3f}: the rate of a year. A month's is far smaller. Hand it to `monthly_rate`.",
)
def the_yearly_rate(company):
    return company.assumptions["discount_rate"]


@q1.misconception(
    zh="你填的是 {answer:.5f}，这是一元钱放一个月变成多少，本金也在里面。利率只要多出来的那一截：还差一步减法。",
    en="You gave {answer:.5f}: what one yuan becomes in a month, the yuan itself included. The rate is only what was added. One subtraction is missing.",
)
def without_minus_one(company):
    return (1 + company.assumptions["discount_rate"]) ** (1 / 12)


@q1.misconception(
    zh="你填的是 {answer:.3f}，是对利率本身开了 12 次方。开方之前先加 1（本金），之后再减 1。",
    en="You gave {answer:.3f}: the twelfth root of the rate itself. Add 1 (the principal) before the root, and take 1 away after it.",
)
def root_of_the_rate(company):
    return company.assumptions["discount_rate"] ** (1 / 12)


@q1.facts
def facts_of_q1(company):
    yearly = float(company.assumptions["discount_rate"])
    return {"yearly": yearly, "compound": (1 + yearly / 12) ** 12 - 1}


q1.not_tried(
    zh="把 `...` 换成 `ka.subscription.monthly_rate(...)`，括号里放一年的利率 `yearly_rate`。",
    en="Replace the `...` by `ka.subscription.monthly_rate(...)`, with the yearly rate `yearly_rate` in the brackets.",
)
q1.hints(
    zh=[
        "12 个月利滚利，正好滚出一年的利率：这样的月利率，比“除以 12”小一点。",
        "`ka.subscription.monthly_rate` 要一个数：一年的利率。",
    ],
    en=[
        "Twelve months of it, compounded, make the yearly rate: a little less than a twelfth.",
        "`ka.subscription.monthly_rate` takes one number: the yearly rate.",
    ],
)
q1.unforeseen(
    zh="先核对一下：`yearly_rate` 应当是 {yearly:.2f}。月利率应当比它的十二分之一略小。",
    en="Check first: `yearly_rate` should be {yearly:.2f}. The monthly rate is a little below a twelfth of it.",
)

# --- q2: what a rented chiller is worth ----------------------------------------------------------

q2 = assignment.task(
    "q2",
    answer="rent_value",
    form=Number(tolerance=0.5, unit="yuan"),
    points=8,
    level="core",
    kind="choose",
    row_ids=("10-10", "10-14"),
)


@q2.reference
def discounted_by_hand(company):
    a = company.assumptions
    month = (1 + a["discount_rate"]) ** (1 / 12)
    value = -a["chiller_cost"]
    for number in range(1, int(a["chiller_months"]) + 1):
        staying = (1 - a["chiller_monthly_churn"]) ** (number - 1)
        value += (a["chiller_monthly_fee"] - a["chiller_monthly_cost"]) * staying / month**number
    return value


@q2.also_right
def by_the_board(company):
    a = company.assumptions
    return ka.widgets.rent_or_sale(
        price=a["chiller_price"],
        cost=a["chiller_cost"],
        fee=a["chiller_monthly_fee"],
        service=a["chiller_monthly_cost"],
        churn=a["chiller_monthly_churn"],
        yearly_rate=a["discount_rate"],
        months=int(a["chiller_months"]),
    ).rent


@q2.misconception(
    zh="你算出来是 {answer:,.0f} 元，这是没有一个人退租的算法。每个月有 {churn:.1%} 的冷柜被退回来：在 `cash_flows` 里加上 `churn=churn`。",
    en="You got {answer:,.0f} yuan: what it would be if nobody ever left. Each month {churn:.1%} of the chillers come back: add `churn=churn` to `cash_flows`.",
)
def churn_forgotten(company):
    a = company.assumptions
    flows = ka.subscription.cash_flows(
        price=a["chiller_price"],
        cost=a["chiller_cost"],
        fee=a["chiller_monthly_fee"],
        service=a["chiller_monthly_cost"],
        months=int(a["chiller_months"]),
    )
    table = ka.subscription.subscription_or_sale(flows, a["discount_rate"])
    return table.set_index("model").loc["subscription", "npv"]


@q2.misconception(
    zh="你算出来是 {answer:,.0f} 元，这是现金直接相加（`cash`）。第四年的钱和今天的钱不是一回事，要折到今天：取哪一列？",
    en="You got {answer:,.0f} yuan: the cash simply added up (`cash`). Money of year four is not money of today. Which column has been discounted?",
)
def cash_for_value(company):
    a = company.assumptions
    flows = ka.subscription.cash_flows(
        price=a["chiller_price"],
        cost=a["chiller_cost"],
        fee=a["chiller_monthly_fee"],
        service=a["chiller_monthly_cost"],
        churn=a["chiller_monthly_churn"],
        months=int(a["chiller_months"]),
    )
    table = ka.subscription.subscription_or_sale(flows, a["discount_rate"])
    return table.set_index("model").loc["subscription", "cash"]


@q2.misconception(
    zh="你算出来是 {answer:,.0f} 元，这是卖断那一行。题目问的是租出去的：`.loc[...]` 里换成哪个词？",
    en="You got {answer:,.0f} yuan: the row of the one-off sale. The question is about renting. Which word belongs in `.loc[...]`?",
)
def the_sale(company):
    a = company.assumptions
    return a["chiller_price"] - a["chiller_cost"]


@q2.misconception(
    zh="你算出来是 {answer:,.0f} 元，把月利率当成年利率交进去了，几乎没折现。`subscription_or_sale` 要的是**一年**的 `yearly_rate`，它自己会换成月。",
    en="You got {answer:,.0f} yuan: the monthly rate went in as a yearly one, so hardly anything was discounted. `subscription_or_sale` wants the **yearly** `yearly_rate` and turns it into months itself.",
)
def monthly_rate_as_yearly(company):
    a = company.assumptions
    flows = ka.subscription.cash_flows(
        price=a["chiller_price"],
        cost=a["chiller_cost"],
        fee=a["chiller_monthly_fee"],
        service=a["chiller_monthly_cost"],
        churn=a["chiller_monthly_churn"],
        months=int(a["chiller_months"]),
    )
    month = ka.subscription.monthly_rate(a["discount_rate"])
    table = ka.subscription.subscription_or_sale(flows, month)
    return table.set_index("model").loc["subscription", "npv"]


@q2.misconception(
    zh="你算出来是 {answer:,.0f} 元，月月要花的服务费（维修、数据）漏了。收进来的月费不全是我们的：`service=service`。",
    en="You got {answer:,.0f} yuan, without the monthly service (repair, data). Not all of the fee is ours to keep: `service=service`.",
)
def service_forgotten(company):
    a = company.assumptions
    flows = ka.subscription.cash_flows(
        price=a["chiller_price"],
        cost=a["chiller_cost"],
        fee=a["chiller_monthly_fee"],
        churn=a["chiller_monthly_churn"],
        months=int(a["chiller_months"]),
    )
    table = ka.subscription.subscription_or_sale(flows, a["discount_rate"])
    return table.set_index("model").loc["subscription", "npv"]


@q2.misconception(
    zh="你算出来是 {answer:,.0f} 元，这是 {count} 台合起来的。题目问一台。",
    en="You got {answer:,.0f} yuan: all {count} chillers together. The question is about one.",
)
def all_chillers(company):
    a = company.assumptions
    flows = ka.subscription.cash_flows(
        price=a["chiller_price"],
        cost=a["chiller_cost"],
        fee=a["chiller_monthly_fee"],
        service=a["chiller_monthly_cost"],
        churn=a["chiller_monthly_churn"],
        months=int(a["chiller_months"]),
    )
    table = ka.subscription.subscription_or_sale(flows, a["discount_rate"])
    return table.set_index("model").loc["subscription", "npv"] * a["chiller_count"]


@q2.facts
def facts_of_q2(company):
    a = company.assumptions
    net = float(a["chiller_monthly_fee"] - a["chiller_monthly_cost"])
    return {
        "churn": float(a["chiller_monthly_churn"]),
        "count": int(a["chiller_count"]),
        "second": net * (1 - float(a["chiller_monthly_churn"])),
    }


q2.not_tried(
    zh="先把上一格的 `cash_flows(...)` 抄下来，在括号里加上 `churn=churn`，看表里哪一列变了。",
    en="A first step: copy `cash_flows(...)` from the cell above, add `churn=churn` inside the brackets, and see which column changes.",
)
q2.hints(
    zh=[
        "上一格的 `nobody_leaves` 没算退租，要自己再算一张 `flows`。",
        "再交给 `ka.subscription.subscription_or_sale(flows, yearly_rate)`，得到两行：卖断和订阅。",
        '取一个数：`.set_index("model").loc["subscription", "npv"]`。',
    ],
    en=[
        "`nobody_leaves` above knows no churn; make a table `flows` of your own.",
        "Hand it to `ka.subscription.subscription_or_sale(flows, yearly_rate)`: two rows, sale and subscription.",
        'To take one number: `.set_index("model").loc["subscription", "npv"]`.',
    ],
)
q2.unforeseen(
    zh="先核对一下：`flows` 里第 2 个月的 `subscription_cash` 应当是 {second:,.1f} 元。",
    en="Check first: in `flows`, the `subscription_cash` of month 2 should be {second:,.1f} yuan.",
)

# --- q3: what the next twelve months bring -------------------------------------------------------

q3 = assignment.task(
    "q3",
    answer="next_year",
    form=Number(tolerance=1.0, unit="yuan"),
    points=8,
    level="core",
    kind="choose",
    row_ids=("10-10", "10-14"),
)


@q3.reference
def month_by_month(company):
    a = company.assumptions
    monthly = a["chiller_monthly_fee"] * a["chiller_count"] + 900 / 3
    total, staying = 0.0, 1.0
    for _ in range(12):
        total += monthly * staying
        staying *= 1 - a["chiller_monthly_churn"]
    return total


@q3.also_right
def by_the_fields(company):
    a = company.assumptions
    charges = pd.DataFrame(
        {
            "amount": [a["chiller_monthly_fee"] * a["chiller_count"], 900.0],
            "every_months": [1, 3],
        }
    )
    running = ka.subscription.recurring_revenue(charges, churn=a["chiller_monthly_churn"])
    return running.expected_year


@q3.misconception(
    zh="你算出来是 {answer:,.0f} 元，这是 ARR：今天的月收入乘 12，一台都不退的话。它说的是眼下的步子，不是预计。退租算进去，取哪一个？",
    en="You got {answer:,.0f} yuan: the ARR, this month times 12, as if nobody left. It is today's pace, not what to expect. Which figure has the churn in it?",
)
def annual_recurring(company):
    a = company.assumptions
    return 12 * (a["chiller_monthly_fee"] * a["chiller_count"] + 300)


@q3.misconception(
    zh="你算出来是 {answer:,.0f} 元，安装费也加进去了。它只收一次，明年没有，不是订阅收入。",
    en="You got {answer:,.0f} yuan, with the installation added. It comes once and never again: it is no subscription revenue.",
)
def with_installation(company):
    a = company.assumptions
    monthly = a["chiller_monthly_fee"] * a["chiller_count"] + 300
    year = sum((1 - a["chiller_monthly_churn"]) ** turn for turn in range(12))
    return monthly * year + 3_000


@q3.misconception(
    zh="你算出来是 {answer:,.0f} 元：乘了 12，没算退租，还加了安装费。ARR 里不能有一次性的钱，预计里不能没有退租。",
    en="You got {answer:,.0f} yuan: times 12, no churn, and the installation on top. One-off money has no place in ARR, and an estimate without churn is none.",
)
def pace_and_installation(company):
    a = company.assumptions
    return 12 * (a["chiller_monthly_fee"] * a["chiller_count"] + 300) + 3_000


@q3.misconception(
    zh="你算出来是 {answer:,.0f} 元，这是一个月的（MRR）。题目问接下来 12 个月。",
    en="You got {answer:,.0f} yuan: one month (MRR). The question is about the next twelve.",
)
def one_month(company):
    a = company.assumptions
    return a["chiller_monthly_fee"] * a["chiller_count"] + 300


@q3.misconception(
    zh="你算出来是 {answer:,.0f} 元，按季收的数据报告被当成按月收了。900 元是三个月的。",
    en="You got {answer:,.0f} yuan, with the quarterly report counted every month. Those 900 yuan are for three months.",
)
def quarter_as_month(company):
    a = company.assumptions
    year = sum((1 - a["chiller_monthly_churn"]) ** turn for turn in range(12))
    return (a["chiller_monthly_fee"] * a["chiller_count"] + 900) * year


@q3.facts
def facts_of_q3(company):
    a = company.assumptions
    return {"mrr": float(a["chiller_monthly_fee"] * a["chiller_count"]) + 300.0}


q3.not_tried(
    zh="先运行 `ka.subscription.recurring_revenue(charges, churn)`，看看出来哪四个数，再挑一个。",
    en="A first step: run `ka.subscription.recurring_revenue(charges, churn)`, look at the four figures, and pick one.",
)
q3.hints(
    zh=[
        "四个数：`mrr` 一个月，`arr` 照今天的步子一年，`expected_year` 算了退租的 12 个月，`one_off` 只收一次的。",
        "别忘了把 `churn` 交进去，不然退租是 0。",
        "取一个数，在后面加 `.名字`。",
    ],
    en=[
        "Four figures: `mrr` a month, `arr` a year at today's pace, `expected_year` twelve months with churn, `one_off` what comes once.",
        "Hand in `churn` as well, or it counts as 0.",
        "To take one of them, put `.name` behind it.",
    ],
)
q3.unforeseen(
    zh="先核对一下：每月的订阅收入（`mrr`）应当是 {mrr:,.0f} 元。",
    en="Check first: the monthly revenue (`mrr`) should be {mrr:,.0f} yuan.",
)

# --- q4: reorder points --------------------------------------------------------------------------

q4 = assignment.task(
    "q4",
    answer="points",
    form=Mapping(tolerance=0.05),
    points=8,
    level="core",
    kind="choose",
    row_ids=("10-9", "10-2"),
)


@q4.reference
def points_by_hand(company):
    from statistics import NormalDist

    a = company.assumptions
    days = a["lead_time_days"]
    z = NormalDist().inv_cdf(a["service_level"])
    usage = company.usage[company.usage["day"] >= "2025-10-06"]
    sold = usage.dropna(subset=["units"]).groupby("device_id")["units"]
    return sold.mean() * days + z * sold.std() * days**0.5


@q4.also_right
def as_a_dict(company):
    a = company.assumptions
    recent = company.usage[company.usage["day"] > "2025-10-05"]
    table = ka.reorder.reorder_point(recent, company.as_of, a["lead_time_days"], a["service_level"])
    return dict(zip(table["device_id"], table["reorder_point"], strict=True))


@q4.misconception(
    zh="用了半年的数据，夏天也在里面，补货点偏高。冬天卖不到那么多：题目给的是最近 8 周的 `recent`。",
    en="This uses the whole half year, summer included, and asks for too much stock. In winter less is sold: use `recent`, the last eight weeks.",
)
def all_days(company):
    a = company.assumptions
    table = ka.reorder.reorder_point(
        company.usage, company.as_of, a["lead_time_days"], a["service_level"]
    )
    return table.set_index("device_id")["reorder_point"]


@q4.misconception(
    zh="没有数据的日子被当成卖了 0 份，平均数被拉低，波动被放大。传感器没说话，不等于没人买：空着就让它空着。",
    en="Silent days were counted as days without a sale, which pulls the mean down and blows the spread up. A silent sensor does not mean nobody bought. Leave the blanks blank.",
)
def silence_as_nought(company):
    a = company.assumptions
    recent = company.usage[company.usage["day"] > "2025-10-05"].fillna({"units": 0})
    table = ka.reorder.reorder_point(recent, company.as_of, a["lead_time_days"], a["service_level"])
    return table.set_index("device_id")["reorder_point"]


@q4.misconception(
    zh="这是“平均一天卖几份 × 到货要几天”，没有安全库存。照它订，大约一半的时候货没到就卖空了。要哪一列？",
    en="This is the daily mean times the days until delivery, without safety stock. Ordered like this, about every second time the chiller is empty before the van comes. Which column do you need?",
)
def no_safety_stock(company):
    a = company.assumptions
    recent = company.usage[company.usage["day"] > "2025-10-05"]
    table = ka.reorder.reorder_point(
        recent, company.as_of, a["lead_time_days"], a["service_level"]
    ).set_index("device_id")
    return table["daily_mean"] * a["lead_time_days"]


@q4.misconception(
    zh="这是安全库存，只是补货点的一部分。到货前这几天平均要卖的，也得备着：取 `reorder_point` 一列。",
    en="This is the safety stock alone. What sells on average until the van comes must be there too: take the column `reorder_point`.",
)
def safety_stock_alone(company):
    a = company.assumptions
    recent = company.usage[company.usage["day"] > "2025-10-05"]
    table = ka.reorder.reorder_point(recent, company.as_of, a["lead_time_days"], a["service_level"])
    return table.set_index("device_id")["safety_stock"]


@q4.misconception(
    zh="这是冷柜里**现在剩**的份数，不是补货点。补货点是一条线：剩货低于它，就该订了。",
    en="These are the units **left now**, not the reorder points. The reorder point is the line: once the stock is below it, order.",
)
def stock_for_point(company):
    a = company.assumptions
    recent = company.usage[company.usage["day"] > "2025-10-05"]
    table = ka.reorder.reorder_point(recent, company.as_of, a["lead_time_days"], a["service_level"])
    return table.set_index("device_id")["stock_units"]


@q4.facts
def facts_of_q4(company):
    recent = company.usage[company.usage["day"] > "2025-10-05"]
    one = recent[recent["device_id"] == "C1"]
    return {"known": int(one["units"].notna().sum()), "mean": float(one["units"].mean())}


q4.not_tried(
    zh="先运行 `ka.reorder.reorder_point(recent, company.as_of, lead_time, level)`，找到 `reorder_point` 那一列。",
    en="A first step: run `ka.reorder.reorder_point(recent, company.as_of, lead_time, level)` and find the column `reorder_point`.",
)
q4.hints(
    zh=[
        "四样东西按顺序交进去：最近的数据、今天、到货要几天、不断货的把握。",
        '再用 `.set_index("device_id")` 把冷柜编号放到左边。',
        '最后取一列：`["reorder_point"]`。',
    ],
    en=[
        "Four things in this order: the recent days, today, the days until delivery, the chance of no stock-out.",
        'Then `.set_index("device_id")` puts the chiller on the left.',
        'Last, take one column: `["reorder_point"]`.',
    ],
)
q4.unforeseen(
    zh="先核对冷柜 C1：最近 8 周有数的应当是 {known} 天，平均一天 {mean:.1f} 份。",
    en="Check chiller C1 first: {known} days with figures in the last eight weeks, {mean:.1f} units a day.",
)

# --- q5: a guarantee shared ----------------------------------------------------------------------

q5 = assignment.task(
    "q5",
    answer="our_gain",
    form=Mapping(tolerance=1.0, unit="yuan"),
    points=10,
    level="analyst",
    kind="build",
    row_ids=("10-12", "10-13"),
)


@q5.reference
def share_less_cost(company):
    a = company.assumptions
    return {
        outcome: a["value_share"] * a["waste_baseline"] * a[f"waste_saved_{outcome}"]
        - a["value_cost"]
        for outcome in ("good", "middle", "bad")
    }


@q5.also_right
def by_the_library_s_table(company):
    a = company.assumptions
    names = ["good", "middle", "bad"]
    outcomes = pd.DataFrame(
        {
            "outcome": names,
            "value": [-a["waste_baseline"] * (1 - a[f"waste_saved_{name}"]) for name in names],
        }
    )
    table = ka.value_sharing.gains(
        -a["waste_baseline"], outcomes, share=a["value_share"], cost=a["value_cost"]
    )
    return table.set_index("outcome")["supplier_gain"]


@q5.misconception(
    zh="报废省下来的钱我们分一份，可驻店和数据的成本 {cost:,.0f} 元没扣。不管效果好坏，这笔都要花。",
    en="We get our share of what is saved, but the cost of {cost:,.0f} yuan (support, data) is not taken off. It is spent whatever the outcome.",
)
def cost_forgotten(company):
    a = company.assumptions
    return {
        outcome: a["value_share"] * a["waste_baseline"] * a[f"waste_saved_{outcome}"]
        for outcome in ("good", "middle", "bad")
    }


@q5.misconception(
    zh="分的是**剩下**的报废，不是**省下**的。照这样签，省得越少我们拿得越多，沈一禾不会答应。该分的是哪一块？",
    en="This shares the waste that is **left**, not what was **saved**. On such terms we earn most when we save least. Which of the two belongs to the contract?",
)
def share_of_what_is_left(company):
    a = company.assumptions
    return {
        outcome: a["value_share"] * a["waste_baseline"] * (1 - a[f"waste_saved_{outcome}"])
        - a["value_cost"]
        for outcome in ("good", "middle", "bad")
    }


@q5.misconception(
    zh="不好的那一种，你写成了 0。合同里没有保底：效果差，成本照样花出去，我们是亏的。亏多少，写出来。",
    en="In the bad case you put 0. The contract holds no floor for us: with a poor result the cost is spent all the same, and we lose. Say how much.",
)
def no_loss_allowed(company):
    a = company.assumptions
    return {
        outcome: max(
            a["value_share"] * a["waste_baseline"] * a[f"waste_saved_{outcome}"] - a["value_cost"],
            0,
        )
        for outcome in ("good", "middle", "bad")
    }


@q5.misconception(
    zh="这是屿果留下的那一份。题目问我们赚多少：分成，减成本。",
    en="This is what Yuguo keeps. The question is what we earn: our share, less the cost.",
)
def what_yuguo_keeps(company):
    a = company.assumptions
    return {
        outcome: (1 - a["value_share"]) * a["waste_baseline"] * a[f"waste_saved_{outcome}"]
        for outcome in ("good", "middle", "bad")
    }


@q5.misconception(
    zh="你把可能性也乘进去了。题目问的是三种结果**各自**发生时赚多少；乘可能性、再相加，是下一步求平均。",
    en="The chances are multiplied in. The question is what we earn in **each** outcome if it happens; weighing by chance comes afterwards, for the mean.",
)
def weighed_by_chance(company):
    a = company.assumptions
    return {
        outcome: (
            a["value_share"] * a["waste_baseline"] * a[f"waste_saved_{outcome}"] - a["value_cost"]
        )
        * a[f"chance_{outcome}"]
        for outcome in ("good", "middle", "bad")
    }


@q5.facts
def facts_of_q5(company):
    a = company.assumptions
    return {
        "cost": float(a["value_cost"]),
        "saved": float(a["waste_baseline"] * a["waste_saved_middle"]),
    }


q5.not_tried(
    zh='先写一种结果：`baseline * a["waste_saved_good"]` 是好的时候省下多少元。',
    en='Begin with one outcome: `baseline * a["waste_saved_good"]` is what is saved in the good case.',
)
q5.hints(
    zh=[
        "三步：省下多少元，乘我们的分成，减成本。",
        '用字典：`{{"good": ..., "middle": ..., "bad": ...}}`。',
        "成本三种结果都一样，不好的时候结果是负数，照写。",
    ],
    en=[
        "Three steps: yuan saved, times our share, less the cost.",
        'A dict holds the three: `{{"good": ..., "middle": ..., "bad": ...}}`.',
        "The cost is the same in all of them. In the bad case the result is below zero; write it so.",
    ],
)
q5.unforeseen(
    zh="先核对一下：中等结果省下的报废应当是 {saved:,.0f} 元。",
    en="Check first: in the middle case {saved:,.0f} yuan of waste are saved.",
)

# --- q6: CO2 for a questionnaire -----------------------------------------------------------------

q6 = assignment.task(
    "q6",
    answer="kg_per_10k",
    form=Number(tolerance=0.001, relative=0.001),
    points=10,
    level="analyst",
    kind="choose",
    row_ids=("10-15",),
)


@q6.reference
def written_out(company):
    a, orders = company.assumptions, company.orders
    factor = {mode: a[f"co2_{mode}"] for mode in ("truck", "cold_truck", "rail")}
    mine = orders[(orders["account_id"] == "A004") & (orders["ordered_on"] >= "2024-12-01")]
    ways = company.deliveries[company.deliveries["order_id"].isin(mine["order_id"])]
    road = (ways["distance_km"] * ways["weight_kg"] / 1000 * ways["mode"].map(factor)).sum()
    lines = company.order_lines[company.order_lines["order_id"].isin(ways["order_id"])]
    lines = lines.merge(company.products)
    goods = (lines["quantity"] * lines["co2_kg"]).sum()
    return (road + goods) / lines["amount"].sum() * 10_000


@q6.also_right
def by_summing_orders(company):
    a, orders = company.assumptions, company.orders
    ways = company.deliveries[company.deliveries["account_id"] == "A004"]
    late = orders.loc[orders["ordered_on"] > "2024-11-30", "order_id"]
    ways = ways[ways["order_id"].isin(late)]
    lines = company.order_lines[company.order_lines["order_id"].isin(ways["order_id"])]
    factors = {mode: a[f"co2_{mode}"] for mode in ("truck", "cold_truck", "rail")}
    table = ka.emissions.co2_per_order(lines, ways, company.products, factors)
    return 10_000 * table["total_kg"].sum() / table["amount"].sum()


@q6.misconception(
    zh="你算出来是 {answer:.2f}，这是各单比值的平均数，小单和大单一样重。问卷要的是总排放除以总金额，再乘一万。",
    en="You got {answer:.2f}: the mean of the orders' own ratios, in which a small order weighs as much as a large one. The questionnaire asks for all the kilograms over all the yuan, times ten thousand.",
)
def mean_of_ratios(company):
    a, orders = company.assumptions, company.orders
    mine = orders[(orders["account_id"] == "A004") & (orders["ordered_on"] >= "2024-12-01")]
    ways = company.deliveries[company.deliveries["order_id"].isin(mine["order_id"])]
    lines = company.order_lines[company.order_lines["order_id"].isin(ways["order_id"])]
    factors = {mode: a[f"co2_{mode}"] for mode in ("truck", "cold_truck", "rail")}
    table = ka.emissions.co2_per_order(lines, ways, company.products, factors)
    return table["kg_per_10k"].mean()


@q6.misconception(
    zh="你算出来是 {answer:.2f}，只算了运输。大头是货本身，题目要运输加产品：取哪一列求和？",
    en="You got {answer:.2f}: transport alone. Most of it is in the goods, and the question wants both. Which column do you add up?",
)
def transport_alone(company):
    a, orders = company.assumptions, company.orders
    mine = orders[(orders["account_id"] == "A004") & (orders["ordered_on"] >= "2024-12-01")]
    ways = company.deliveries[company.deliveries["order_id"].isin(mine["order_id"])]
    lines = company.order_lines[company.order_lines["order_id"].isin(ways["order_id"])]
    factors = {mode: a[f"co2_{mode}"] for mode in ("truck", "cold_truck", "rail")}
    table = ka.emissions.co2_per_order(lines, ways, company.products, factors)
    return table["transport_kg"].sum() / table["amount"].sum() * 10_000


@q6.misconception(
    zh="你算出来是 {answer:,.0f}，千克当成吨了：排放系数是每**吨**公里的，重量表里是**千克**，差一千倍。",
    en="You got {answer:,.0f}: kilograms taken for tonnes. The factor is per **tonne**-kilometre and the weights are in **kilograms**, a thousand times apart.",
)
def kilograms_for_tonnes(company):
    a, orders = company.assumptions, company.orders
    factor = {mode: a[f"co2_{mode}"] for mode in ("truck", "cold_truck", "rail")}
    mine = orders[(orders["account_id"] == "A004") & (orders["ordered_on"] >= "2024-12-01")]
    ways = company.deliveries[company.deliveries["order_id"].isin(mine["order_id"])]
    road = (ways["distance_km"] * ways["weight_kg"] * ways["mode"].map(factor)).sum()
    lines = company.order_lines[company.order_lines["order_id"].isin(ways["order_id"])]
    lines = lines.merge(company.products)
    goods = (lines["quantity"] * lines["co2_kg"]).sum()
    return (road + goods) / lines["amount"].sum() * 10_000


@q6.misconception(
    zh="你算出来是 {answer:,.0f}，这是总的千克数，没有除以金额。要的是每**万元**货多少千克。",
    en="You got {answer:,.0f}: all the kilograms, not divided by the amount. The answer is kilograms for each **10,000 yuan**.",
)
def not_divided(company):
    a, orders = company.assumptions, company.orders
    mine = orders[(orders["account_id"] == "A004") & (orders["ordered_on"] >= "2024-12-01")]
    ways = company.deliveries[company.deliveries["order_id"].isin(mine["order_id"])]
    lines = company.order_lines[company.order_lines["order_id"].isin(ways["order_id"])]
    factors = {mode: a[f"co2_{mode}"] for mode in ("truck", "cold_truck", "rail")}
    return ka.emissions.co2_per_order(lines, ways, company.products, factors)["total_kg"].sum()


@q6.misconception(
    zh="你算出来是 {answer:.2f}，全部客户都在里面。屿果问的是**它的**货：先留下 A004 的订单。",
    en="You got {answer:.2f}, with every customer in it. Yuguo asks about **its** goods: keep the orders of A004 first.",
)
def every_customer(company):
    a, orders = company.assumptions, company.orders
    late = orders[orders["ordered_on"] >= "2024-12-01"]
    ways = company.deliveries[company.deliveries["order_id"].isin(late["order_id"])]
    lines = company.order_lines[company.order_lines["order_id"].isin(ways["order_id"])]
    factors = {mode: a[f"co2_{mode}"] for mode in ("truck", "cold_truck", "rail")}
    table = ka.emissions.co2_per_order(lines, ways, company.products, factors)
    return table["total_kg"].sum() / table["amount"].sum() * 10_000


@q6.misconception(
    zh="你算出来是 {answer:.4f}，单位是吨。问卷要**千克**：`co2_per_order` 给的已经是千克，最后不用再除以 1000。",
    en="You got {answer:.4f}, which is in tonnes. The questionnaire wants **kilograms**, and `co2_per_order` gives kilograms already: no more dividing by 1,000.",
)
def answer_in_tonnes(company):
    a, orders = company.assumptions, company.orders
    mine = orders[(orders["account_id"] == "A004") & (orders["ordered_on"] >= "2024-12-01")]
    ways = company.deliveries[company.deliveries["order_id"].isin(mine["order_id"])]
    lines = company.order_lines[company.order_lines["order_id"].isin(ways["order_id"])]
    factors = {mode: a[f"co2_{mode}"] for mode in ("truck", "cold_truck", "rail")}
    table = ka.emissions.co2_per_order(lines, ways, company.products, factors)
    return table["total_kg"].sum() / table["amount"].sum() * 10


@q6.facts
def facts_of_q6(company):
    orders = company.orders
    mine = orders[(orders["account_id"] == "A004") & (orders["ordered_on"] >= "2024-12-01")]
    ways = company.deliveries[company.deliveries["order_id"].isin(mine["order_id"])]
    return {"orders": int(ways["order_id"].nunique())}


q6.not_tried(
    zh='先留下屿果近 12 个月的订单号，再从 `company.deliveries` 里挑出送过货的：`deliveries["order_id"].isin(...)`。',
    en='A first step: the order ids of Yuguo\'s last 12 months, then the deliveries among them: `deliveries["order_id"].isin(...)`.',
)
q6.hints(
    zh=[
        "三次筛选：屿果近 12 个月的订单 → 它们的送货 → 送过货的订单的明细。",
        "交给 `ka.emissions.co2_per_order(明细, 送货, company.products, factors)`，一行一单。",
        "两列分别求和，再相除，再乘 10,000。",
    ],
    en=[
        "Three selections: Yuguo's orders of the last 12 months, their deliveries, the lines of the orders delivered.",
        "Then `ka.emissions.co2_per_order(lines, deliveries, company.products, factors)`: one row an order.",
        "Add up two columns, divide, and multiply by 10,000.",
    ],
)
q6.unforeseen(
    zh="先数一数：屿果近 12 个月送过货的订单应当有 {orders} 单。",
    en="Count first: Yuguo should have {orders} delivered orders in the last 12 months.",
)

# --- q7: a lead score of five numbers ------------------------------------------------------------

q7 = assignment.task(
    "q7",
    answer="score_lift",
    form=Number(tolerance=0.005),
    points=12,
    level="analyst",
    kind="choose",
    row_ids=("10-1", "10-4"),
)


@q7.reference
def lift_by_shares(company):
    deals = company.opportunities
    past = deals[deals["closed_on"] <= "2024-12-31"]
    later = deals[(deals["created_on"] > "2024-12-31") & deals["status"].isin(["won", "lost"])]
    rates = (past["status"] == "won").groupby(past["source"]).mean().sort_values(ascending=False)
    places = -(-len(later) // 10)
    left, found = places, 0.0
    for source in rates.index:
        group = later[later["source"] == source]
        taken = min(left, len(group))
        if taken:
            found += (group["status"] == "won").sum() * taken / len(group)
            left -= taken
    return found / places / (later["status"] == "won").mean()


@q7.also_right
def by_a_merge(company):
    deals = company.opportunities
    past = deals[deals["closed_on"] < "2025-01-01"]
    rates = past.assign(won=past["status"] == "won").groupby("source")["won"].mean()
    later = deals[deals["created_on"] >= "2025-01-01"].copy()
    later["points"] = later["source"].map(rates)
    return ka.accuracy.lift(later, "points", top=0.1).lift


@q7.misconception(
    zh="你算出来是 {answer:.2f}，考的是它学过的那批单子。自己出题自己答，不算数：只考 2025 年新建的。",
    en="You got {answer:.2f}, tested on the deals it had learned from. That is an exam with the answers in hand: test it on deals opened in 2025 only.",
)
def tested_on_what_it_learned(company):
    deals = company.opportunities
    past = deals[deals["closed_on"] <= "2024-12-31"]
    rates = (past["status"] == "won").groupby(past["source"]).mean()
    return ka.accuracy.lift(past.assign(score=past["source"].map(rates)), "score").lift


@q7.misconception(
    zh="你算出来是 {answer:.2f}，按 CRM 里业务员的概率排的。那一格赢了以后才改到 90%，看过答案了。换成来源的老赢单率。",
    en="You got {answer:.2f}, ranked by the rep's probability in the CRM. That field was moved to 90% when the deal was as good as won: it has seen the answer. Rank by the past win rate of the source.",
)
def by_the_rep_s_column(company):
    deals = company.opportunities
    return ka.accuracy.lift(deals[deals["created_on"] > "2024-12-31"], "probability").lift


@q7.misconception(
    zh="你算出来是 {answer:.2f}，按金额排的：单子大不等于容易赢。题目要按来源的赢单率排。",
    en="You got {answer:.2f}, ranked by amount: large is not the same as likely. Rank by the win rate of the source.",
)
def by_amount(company):
    deals = company.opportunities
    return ka.accuracy.lift(deals[deals["created_on"] > "2024-12-31"], "amount").lift


@q7.misconception(
    zh="你算出来是 {answer:.2f}，还没结果的商机被当成输了。它们的结局还不知道，留着 `open` 就好，`lift` 会自己跳过。",
    en="You got {answer:.2f}, with open deals counted as lost. Nobody knows yet how they end. Leave them `open`; `lift` skips them.",
)
def open_as_lost(company):
    deals = company.opportunities
    past = deals[deals["closed_on"] <= "2024-12-31"]
    rates = (past["status"] == "won").groupby(past["source"]).mean()
    later = deals[deals["created_on"] > "2024-12-31"]
    later = later.assign(
        score=later["source"].map(rates), status=later["status"].replace("open", "lost")
    )
    return ka.accuracy.lift(later, "score").lift


@q7.misconception(
    zh="你算出来是 {answer:.3f}，这是前 10% 里的赢单率。提升度再往前一步：它是全体赢单率的几倍？取 `.lift`。",
    en="You got {answer:.3f}: the win rate in the top 10%. Lift goes one step further: how many times the overall rate is that? Take `.lift`.",
)
def rate_for_lift(company):
    deals = company.opportunities
    past = deals[deals["closed_on"] <= "2024-12-31"]
    rates = (past["status"] == "won").groupby(past["source"]).mean()
    later = deals[deals["created_on"] > "2024-12-31"]
    return ka.accuracy.lift(later.assign(score=later["source"].map(rates)), "score").rate


@q7.misconception(
    zh="你算出来是 {answer:.2f}，看的是前 20%。题目问前 10%：`top=0.1`，也是默认的。",
    en="You got {answer:.2f} for the top 20%. The question asks for the top 10%: `top=0.1`, which is also the default.",
)
def top_fifth(company):
    deals = company.opportunities
    past = deals[deals["closed_on"] <= "2024-12-31"]
    rates = (past["status"] == "won").groupby(past["source"]).mean()
    later = deals[deals["created_on"] > "2024-12-31"]
    scored = later.assign(score=later["source"].map(rates))
    return ka.accuracy.lift(scored, "score", top=0.2).lift


@q7.misconception(
    zh="你算出来是 {answer:.2f}，这是前 10% 里赢了几条。提升度是倍数：那里的赢单率，除以全体的赢单率。取 `.lift`。",
    en="You got {answer:.2f}: the number of wins in the top 10%. Lift is a ratio, the win rate there over the win rate of all. Take `.lift`.",
)
def wins_for_lift(company):
    deals = company.opportunities
    past = deals[deals["closed_on"] <= "2024-12-31"]
    rates = (past["status"] == "won").groupby(past["source"]).mean()
    later = deals[deals["created_on"] > "2024-12-31"]
    return ka.accuracy.lift(later.assign(score=later["source"].map(rates)), "score").won


@q7.facts
def facts_of_q7(company):
    deals = company.opportunities
    past = deals[deals["closed_on"] <= "2024-12-31"]
    later = deals[(deals["created_on"] > "2024-12-31") & deals["status"].isin(["won", "lost"])]
    return {"past": len(past), "later": len(later)}


q7.not_tried(
    zh='先算老单子各来源的赢单率：`(past["status"] == "won").groupby(past["source"]).mean()`，看哪个来源最高。',
    en='A first step: the past win rate by source, `(past["status"] == "won").groupby(past["source"]).mean()`. Which source is the best?',
)
q7.hints(
    zh=[
        "学和考分开：`past` 用来学，`later` 用来考，已经替你分好了。",
        '把赢单率贴到新单上：`later.assign(score=later["source"].map(rates))`。',
        '再问 `ka.accuracy.lift(..., "score", top=0.1)`，取 `.lift`。',
    ],
    en=[
        "Learn from `past`, test on `later`; both are ready for you.",
        'Give each later deal the rate of its source: `later.assign(score=later["source"].map(rates))`.',
        'Then ask `ka.accuracy.lift(..., "score", top=0.1)` and take `.lift`.',
    ],
)
q7.unforeseen(
    zh="先数一数：学的应当是 {past} 单，考的（已有结果的）应当是 {later} 单。",
    en="Count first: {past} deals to learn from, and {later} decided ones to test on.",
)

# --- q8: the altered entry -----------------------------------------------------------------------

q8 = assignment.task(
    "q8",
    answer="difference",
    form=Number(tolerance=0.5, unit="yuan"),
    points=8,
    level="analyst",
    kind="choose",
    row_ids=("10-8",),
)


@q8.reference
def ledger_against_orders(company):
    from hashlib import sha256

    before = "0" * 64
    for row in company.ledger.sort_values("entry").itertuples():
        line = (
            f"{before}|{int(row.entry)}|{row.order_id}|{row.ordered_on:%Y-%m-%d}|{row.amount:.2f}"
        )
        if sha256(line.encode("utf-8")).hexdigest() != row.hash:
            orders = company.orders.set_index("order_id")
            return row.amount - orders.loc[row.order_id, "amount"]
        before = row.hash
    return 0.0


@q8.also_right
def by_a_merge_of_both(company):
    both = company.ledger.merge(company.orders[["order_id", "amount"]], on="order_id")
    return (both["amount_x"] - both["amount_y"]).sum()


@q8.misconception(
    zh="你算出来是 {answer:,.0f} 元，正负号反了。账本减订单：账本记多了是正，记少了是负。",
    en="You got {answer:,.0f} yuan: the sign is turned round. Ledger less order: above zero when the ledger says too much, below when too little.",
)
def sign_turned(company):
    both = company.ledger.merge(company.orders[["order_id", "amount"]], on="order_id")
    return (both["amount_y"] - both["amount_x"]).sum()


@q8.misconception(
    zh="你填的是 {answer:,.0f} 元，这是账本里被改过的那个金额。差多少，要拿它和订单表里的同一单比。",
    en="You gave {answer:,.0f} yuan: the altered amount as it stands in the ledger. To get the difference, compare it with the same order in the order table.",
)
def the_altered_amount(company):
    both = company.ledger.merge(company.orders[["order_id", "amount"]], on="order_id")
    return both.loc[both["amount_x"] != both["amount_y"], "amount_x"].iloc[0]


@q8.misconception(
    zh="你填的是 {answer:,.0f}，这是第几笔。找对了；还差一步：这一笔改了多少元？",
    en="You gave {answer:,.0f}: the number of the entry. You found it; one step is left: by how many yuan was it changed?",
)
def the_entry_s_number(company):
    both = company.ledger.merge(company.orders[["order_id", "amount"]], on="order_id")
    return both.loc[both["amount_x"] != both["amount_y"], "entry"].iloc[0]


@q8.misconception(
    zh="你算出来是 0：整条链重新算过一遍指纹，改动就看不见了。别用 `chain` 修它，用 `verify` 查原来的账本。",
    en="You got 0: the whole chain was hashed anew, and the change is out of sight. Do not mend it with `chain`; check the ledger as it is with `verify`.",
)
def hashed_anew(company):
    verdict = ka.hash_chain.verify(ka.hash_chain.chain(company.ledger))
    return 0.0 if verdict.intact else 1.0


@q8.misconception(
    zh="你算出来是 {answer:,.0f} 元，看错了一行：第 {entry} 笔在 `iloc` 里是 {entry} 减 1，Python 从 0 数起。用 `entry` 一列来找更稳。",
    en="You got {answer:,.0f} yuan, one row off: entry {entry} is `iloc` {entry} less 1, because Python counts from 0. Picking by the column `entry` is safer.",
)
def one_row_off(company):
    both = company.ledger.merge(company.orders[["order_id", "amount"]], on="order_id")
    altered = int(both.loc[both["amount_x"] != both["amount_y"], "entry"].iloc[0])
    return both["amount_x"].iloc[altered] - both["amount_y"].iloc[altered - 1]


@q8.facts
def facts_of_q8(company):
    return {"entry": int(ka.hash_chain.verify(company.ledger).first_altered or 0)}


q8.not_tried(
    zh="先运行 `ka.hash_chain.verify(company.ledger)`，看第一笔对不上的是哪一笔。",
    en="A first step: run `ka.hash_chain.verify(company.ledger)` and see which entry is the first that does not fit.",
)
q8.hints(
    zh=[
        "两步：先找到被改的那一笔，再和订单表比。",
        '那一行：`ledger[ledger["entry"] == ...].iloc[0]`，里面有 `order_id` 和 `amount`。',
        '订单表里的金额：`company.orders.set_index("order_id").loc[..., "amount"]`。账本减它。',
    ],
    en=[
        "Two steps: find the altered entry, then compare it with the order table.",
        'Its row: `ledger[ledger["entry"] == ...].iloc[0]`, with `order_id` and `amount`.',
        'The amount in the order table: `company.orders.set_index("order_id").loc[..., "amount"]`. Ledger less that.',
    ],
)
q8.unforeseen(
    zh="先核对一下：第一笔对不上的应当是第 {entry} 笔。",
    en="Check first: the first entry that does not fit should be number {entry}.",
)

# --- q9: the fee that makes renting as good as selling -------------------------------------------

q9 = assignment.task(
    "q9",
    answer="least_fee",
    form=Number(tolerance=0.01, unit="yuan"),
    points=10,
    level="analyst",
    kind="build",
    row_ids=("10-10", "10-14"),
)


@q9.reference
def fee_by_annuity(company):
    from math import ceil

    a = company.assumptions
    month = (1 + a["discount_rate"]) ** (1 / 12)
    months = sum(
        (1 - a["chiller_monthly_churn"]) ** (number - 1) / month**number for number in range(1, 37)
    )
    return ceil(a["chiller_monthly_cost"] + a["chiller_price"] / months)


@q9.also_right
def fee_by_trying(company):
    a = company.assumptions
    fee = 0
    while True:
        fee += 1
        flows = ka.subscription.cash_flows(
            price=a["chiller_price"],
            cost=a["chiller_cost"],
            fee=fee,
            service=a["chiller_monthly_cost"],
            churn=a["chiller_monthly_churn"],
            months=36,
        )
        table = ka.subscription.subscription_or_sale(flows, a["discount_rate"])
        sale, rent = table["npv"]
        if rent >= sale:
            return fee


@q9.misconception(
    zh="你算出来是 {answer:,.0f} 元，没算退租。每月退掉 {churn:.1%}，后面的月费收不全，前面就得收贵一点。",
    en="You got {answer:,.0f} yuan, without churn. With {churn:.1%} leaving each month the later fees are not all paid, so each has to be higher.",
)
def fee_without_churn(company):
    from math import ceil

    a = company.assumptions
    month = (1 + a["discount_rate"]) ** (1 / 12)
    months = sum(1 / month**number for number in range(1, 37))
    return ceil(a["chiller_monthly_cost"] + a["chiller_price"] / months)


@q9.misconception(
    zh="你算出来是 {answer:,.0f} 元，没折现。三年后的一元钱，今天不值一元。",
    en="You got {answer:,.0f} yuan, without discounting. A yuan in three years is not worth a yuan today.",
)
def fee_without_discount(company):
    from math import ceil

    a = company.assumptions
    months = sum((1 - a["chiller_monthly_churn"]) ** (number - 1) for number in range(1, 37))
    return ceil(a["chiller_monthly_cost"] + a["chiller_price"] / months)


@q9.misconception(
    zh="你算出来是 {answer:,.0f} 元，只够收回**成本**。要和卖断一样，得把卖断那份利润也挣回来：对着**售价**算。",
    en="You got {answer:,.0f} yuan: enough to recover the **cost**. To be as good as a sale, the rent must earn the sale's profit too: set it against the **price**.",
)
def fee_that_pays_back(company):
    from math import ceil

    a = company.assumptions
    month = (1 + a["discount_rate"]) ** (1 / 12)
    months = sum(
        (1 - a["chiller_monthly_churn"]) ** (number - 1) / month**number for number in range(1, 37)
    )
    return ceil(a["chiller_monthly_cost"] + a["chiller_cost"] / months)


@q9.misconception(
    zh="你算出来是 {answer:,.0f} 元，服务成本没加。月费里有 {service:,.0f} 元是要花出去的。",
    en="You got {answer:,.0f} yuan, without the service. {service:,.0f} yuan of each fee are spent on it.",
)
def fee_without_service(company):
    from math import ceil

    a = company.assumptions
    month = (1 + a["discount_rate"]) ** (1 / 12)
    months = sum(
        (1 - a["chiller_monthly_churn"]) ** (number - 1) / month**number for number in range(1, 37)
    )
    return ceil(a["chiller_price"] / months)


@q9.misconception(
    zh="你算出来是 {answer:,.2f} 元，正好打平的那个点找到了。合同上写整数元：往上取，不然就比卖断差一点。",
    en="You got {answer:,.2f} yuan: that is where both are equal. The contract says whole yuan: round up, or it falls just short of a sale.",
)
def fee_not_rounded(company):
    a = company.assumptions
    month = (1 + a["discount_rate"]) ** (1 / 12)
    months = sum(
        (1 - a["chiller_monthly_churn"]) ** (number - 1) / month**number for number in range(1, 37)
    )
    return a["chiller_monthly_cost"] + a["chiller_price"] / months


@q9.misconception(
    zh="你算出来是 {answer:,.0f} 元，差一点点：收这么多，订阅的现值还比卖断低一线。打平的点带小数，整数元要往上取，不能舍掉。",
    en="You got {answer:,.0f} yuan, a hair too little: at this fee the subscription is still worth slightly less than the sale. Where both are equal there is a fraction; round it up, not off.",
)
def fee_rounded_down(company):
    a = company.assumptions
    month = (1 + a["discount_rate"]) ** (1 / 12)
    months = sum(
        (1 - a["chiller_monthly_churn"]) ** (number - 1) / month**number for number in range(1, 37)
    )
    return int(a["chiller_monthly_cost"] + a["chiller_price"] / months)


@q9.misconception(
    zh="你填的是 {answer:,.0f} 元，这是现在的月费，合同是 {months} 个月的。沈一禾只肯签 36 个月：期限变了，月费要重算。",
    en="You gave {answer:,.0f} yuan, the fee as it is, for {months} months. Shen Yihe will sign for 36 only: with another term the fee has to be worked out anew.",
)
def fee_as_it_is(company):
    return company.assumptions["chiller_monthly_fee"]


@q9.facts
def facts_of_q9(company):
    a = company.assumptions
    month = (1 + float(a["discount_rate"])) ** (1 / 12)
    staying = 1 - float(a["chiller_monthly_churn"])
    return {
        "churn": float(a["chiller_monthly_churn"]),
        "service": float(a["chiller_monthly_cost"]),
        "months": int(a["chiller_months"]),
        "sale": float(a["chiller_price"] - a["chiller_cost"]),
        "sum": sum(staying ** (turn - 1) / month**turn for turn in range(1, 37)),
    }


q9.not_tried(
    zh="先试一个月费：`ka.subscription.cash_flows(..., fee=600, ..., months=36)`，看订阅的 `npv` 比卖断多还是少。",
    en="Try one fee first: `ka.subscription.cash_flows(..., fee=600, ..., months=36)`. Is the subscription's `npv` above or below the sale's?",
)
q9.hints(
    zh=[
        "一条路：从低到高一元一元地试，订阅的现值第一次不低于卖断，就停。",
        "另一条路：每月 1 元、收 36 个月、算上退租和折现，现值是一个数；（月费 − 服务费）乘它，要等于售价。",
        "最后往上取整：`import math`，`math.ceil(...)`。",
    ],
    en=[
        "One way: try yuan by yuan from below, and stop when the subscription's present value first reaches the sale's.",
        "Another: one yuan a month for 36 months, with churn and discounting, is worth a certain sum; (fee less service) times that sum must equal the price.",
        "Round up at the end: `import math`, `math.ceil(...)`.",
    ],
)
q9.unforeseen(
    zh="先核对一下：卖断一台的现值应当是 {sale:,.0f} 元；每月 1 元收 36 个月（算上退租、折现）值 {sum:.3f} 元。",
    en="Check first: a sale is worth {sale:,.0f} yuan; one yuan a month for 36 months, with churn and discounting, is worth {sum:.3f}.",
)
