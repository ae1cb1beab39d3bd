"""Chapter 1, who is a key account: the auto-graded tasks.

Where the worked solution calls ``ka_lib``, the reference below is plain pandas, and the other way
round: a slip in one of them does not pass unseen. Each function stands alone, because its source
becomes a submission of the simulated class.
"""

import pandas as pd

import ka_lib as ka
from ka_course.tasks import Assignment, Frame, Mapping, Number

assignment = Assignment("ch01")

# --- q1: how many customers ----------------------------------------------------------------------

q1 = assignment.task(
    "q1",
    answer="customers",
    form=Number(),
    points=5,
    level="core",
    kind="build",
    row_ids=("1-1", "1-10"),
)


@q1.reference
def different_numbers(company):
    orders = company.orders
    return len(set(orders.loc[orders["ordered_on"] >= "2025-01-01", "account_id"]))


@q1.also_right
def rows_of_the_pareto_table(company):
    orders = company.orders
    return len(ka.concentration.pareto(orders[orders["ordered_on"] >= "2025-01-01"]))


@q1.misconception(
    zh="你数出来 {answer} 家，数的是 `bill_to` 里的名字。多打一个空格、多写“有限公司”，是不是就成了另一家？换一列不会打错的来数。",
    en="You counted {answer}: the names in `bill_to`. Does a stray space or a 'Co., Ltd.' make another customer? Count a column that cannot be mistyped.",
)
def names_as_typed(company):
    orders = company.orders
    return orders.loc[orders["ordered_on"] >= "2025-01-01", "bill_to"].nunique()


@q1.misconception(
    zh="你数出来 {answer}，这是今年订单的张数。一家客户下了十张单，还是一家。要数的是不同的客户。",
    en="You counted {answer}: this year's orders. A customer with ten orders is still one customer. Count the different ones.",
)
def orders_counted(company):
    return int((company.orders["ordered_on"] >= "2025-01-01").sum())


@q1.misconception(
    zh="你数出来 {answer} 家，这是客户名单的行数。名单上有还没下过单的。题目问谁**下过单**，从 `this_year` 里数。",
    en="You counted {answer}: the rows of the customer list. Some on it have never ordered. The question asks who **did**; count in `this_year`.",
)
def everyone_on_the_list(company):
    return len(company.accounts)


@q1.misconception(
    zh="你数出来 {answer} 家，三年里下过单的都算上了。题目问的是今年，`this_year` 已经挑好了。",
    en="You counted {answer}: everybody who ordered in three years. The question is about this year; `this_year` holds just that.",
)
def all_years(company):
    return company.orders["account_id"].nunique()


@q1.facts
def facts_of_q1(company):
    return {"orders": int((company.orders["ordered_on"] >= "2025-01-01").sum())}


q1.not_tried(
    zh="先看上面四行订单：哪一列能认出“是谁”，又不会打错？",
    en="A first step: in the four orders above, which column says who it is and cannot be mistyped?",
)
q1.hints(
    zh=[
        "名字会打错，编号不会。",
        "客户编号在 `account_id` 这一列。",
        '照题目的样子写：`this_year["..."].nunique()`，把列名填进去。',
    ],
    en=[
        "Names get mistyped, numbers do not.",
        "The customer's number stands in `account_id`.",
        'Write it as the question shows: `this_year["..."].nunique()`, with the column in it.',
    ],
)
q1.unforeseen(
    zh="先对一下：`this_year` 应当有 {orders} 行。行数对了，再数里面有几个不同的客户编号。",
    en="Check first: `this_year` should have {orders} rows. If it does, count the different account numbers in it.",
)

# --- q2: the top tenth ---------------------------------------------------------------------------

q2 = assignment.task(
    "q2",
    answer="top_tenth",
    form=Number(tolerance=0.0001, fraction=True),
    points=7,
    level="core",
    kind="choose",
    row_ids=("1-10",),
)


@q2.reference
def largest_tenth_by_hand(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    sums = orders.groupby("account_id")["amount"].sum().sort_values(ascending=False)
    count = -(-len(sums) // 10)
    return sums.iloc[:count].sum() / sums.sum()


@q2.also_right
def read_off_the_table(company):
    table = ka.concentration.pareto(company.orders[company.orders["ordered_on"] >= "2025-01-01"])
    return table["cumulative_share"].iloc[-(-len(table) // 10) - 1]


@q2.misconception(
    zh="你填的是 {answer}，这是背来的“二八”。这家公司的数要量：最大的 10% 是 {count} 家，它们加起来占多少？",
    en="You gave {answer}: the rule, recited. This company's figure has to be measured. The largest 10% are {count} customers; what do they bring together?",
)
def the_rule_of_thumb(company):  # noqa: ARG001 - recited without a look at the data
    return 0.8


@q2.misconception(
    zh="你算出来是 {answer}，这是最大的 20%。`top_share` 不写比例，就按 0.2 算。题目要的是一成，第二个参数该写几？",
    en="You got {answer}: the largest 20%. Without a fraction `top_share` takes 0.2. The question wants a tenth: what goes second into the brackets?",
)
def top_fifth(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    return ka.concentration.top_share(ka.concentration.pareto(orders)).share


@q2.misconception(
    zh="你算出来是 {answer}，少算了一家。{base} 家的 10% 不是整数，题目说不足一家**进一**，不是去掉。",
    en="You got {answer}, with one customer too few. 10% of {base} is not a whole number, and the question rounds a part of one **up**.",
)
def rounded_down(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    return ka.concentration.top_share(ka.concentration.pareto(orders), 0.1, "floor").share


@q2.misconception(
    zh="你算出来是 {answer}，取的是最小的一成。排序是不是从小到大了？最大的要站在前面。",
    en="You got {answer}: the smallest tenth. Was the sort from small to large? The largest should stand first.",
)
def smallest_tenth(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    sums = orders.groupby("account_id")["amount"].sum().sort_values()
    return sums.iloc[: -(-len(sums) // 10)].sum() / sums.sum()


@q2.misconception(
    zh="你算出来是 {answer}，这是金额最大的 10% 的**订单**。题目问的是客户：先按客户加总，再排。",
    en="You got {answer}: the largest 10% of the **orders**. The question is about customers: add up by customer first, then rank.",
)
def tenth_of_the_orders(company):
    amounts = company.orders.loc[company.orders["ordered_on"] >= "2025-01-01", "amount"]
    return amounts.nlargest(-(-len(amounts) // 10)).sum() / amounts.sum()


@q2.misconception(
    zh="你算出来是 {answer}，是按开单名字归堆的，一家大客户被拆成了几家。按 `account_id` 归堆再算。",
    en="You got {answer}, grouping by billing name: one large customer is split into several. Group by `account_id`.",
)
def piles_by_name(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    sums = orders.groupby("bill_to")["amount"].sum().sort_values(ascending=False)
    return sums.iloc[: -(-len(sums) // 10)].sum() / sums.sum()


@q2.misconception(
    zh="你算出来是 {answer}，退货被拿走了。{returns} 张负数订单要留着，冲减它自己的客户，不然卖出又退回的也算业绩。",
    en="You got {answer} without the returns. The {returns} negative orders stay in and count against their own customer; otherwise goods that came back would still be sales.",
)
def returns_dropped(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    return ka.concentration.top_share(
        ka.concentration.pareto(orders[orders["amount"] > 0]), 0.1
    ).share


@q2.facts
def facts_of_q2(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    base = orders["account_id"].nunique()
    return {
        "base": base,
        "count": -(-base // 10),
        "returns": int((orders["amount"] < 0).sum()),
    }


q2.not_tried(
    zh="先看 `table`：一行一家客户，已经从大到小排好。最大的 10% 是几家？",
    en="A first step: look at `table`, one row a customer, the largest first. How many are 10% of them?",
)
q2.hints(
    zh=[
        "先定家数：客户数的 10%，不足一家进一。",
        "`ka.concentration.top_share(table, 0.2)` 算的是最大的 20%。",
        "把比例换成一成，最后加 `.share` 取占比。",
    ],
    en=[
        "Settle the number first: 10% of the customers, a part of one counts as one.",
        "`ka.concentration.top_share(table, 0.2)` works out the largest 20%.",
        "Change the fraction to a tenth and add `.share` at the end.",
    ],
)
q2.unforeseen(
    zh="先数一数：今年下过单的客户 {base} 家，最大的一成应当是 {count} 家。",
    en="Count first: {base} customers ordered this year, and the largest tenth should be {count}.",
)

# --- q3: accounts to reach 80% of the profit -----------------------------------------------------

q3 = assignment.task(
    "q3",
    answer="profit_reach",
    form=Number(),
    points=7,
    level="core",
    kind="choose",
    row_ids=("1-10", "1-11"),
)


@q3.reference
def counted_by_hand(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    profit = orders.groupby("account_id")["gross_profit"].sum().sort_values(ascending=False)
    running = 0.0
    for turn, value in enumerate(profit, start=1):
        running += value
        if running >= 0.8 * profit.sum():
            return turn
    return None


@q3.also_right
def first_row_past_80(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    table = ka.concentration.pareto(orders, "gross_profit")
    return table.loc[table["cumulative_share"] >= 0.8, "rank"].iloc[0]


@q3.misconception(
    zh="你数到第 {answer} 家，按的是订单金额。题目问毛利：金额大的不一定毛利大，先换一张按 `gross_profit` 排的表。",
    en="You counted to {answer}, by order amount. The question is about gross profit, and a large amount need not bring much of it. Make a table by `gross_profit` first.",
)
def by_revenue(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    return ka.concentration.accounts_to_reach(ka.concentration.pareto(orders), 0.8).count


@q3.misconception(
    zh="你填的是 {answer}，正好是客户数的 20%。这是拿“二八”倒推的。真去数：毛利累计到 80%，是第几家？",
    en="You gave {answer}, exactly 20% of the customers. That is the 80/20 rule turned round. Count it: at which customer does the running profit reach 80%?",
)
def a_fifth_of_them(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    return -(-orders["account_id"].nunique() // 5)


@q3.misconception(
    zh="你数到第 {answer} 家，这时还不到 80%，下一家才跨过去。“凑满”要把跨过去的那一家也算上。",
    en="You stopped at {answer}, where 80% is not reached yet; the next customer crosses it. To reach it, the one that crosses counts in.",
)
def stopped_before_the_line(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    table = ka.concentration.pareto(orders, "gross_profit")
    return int((table["cumulative_share"] < 0.8).sum())


@q3.misconception(
    zh="你填的是 {answer}，这是家数占客户总数的比例。题目问几家，取 `.count`。",
    en="You gave {answer}: the number as a share of all customers. The question asks how many; take `.count`.",
)
def share_of_accounts(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    return ka.concentration.accounts_to_reach(
        ka.concentration.pareto(orders, "gross_profit"), 0.8
    ).rate


@q3.misconception(
    zh="你数到第 {answer} 家，是从毛利最小的一家数起的。从最大的往下数，再试一次。",
    en="You counted to {answer}, starting from the smallest profit. Start from the largest and count down.",
)
def from_the_smallest(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    profit = orders.groupby("account_id")["gross_profit"].sum().sort_values()
    return int((profit.cumsum() < 0.8 * profit.sum()).sum()) + 1


@q3.facts
def facts_of_q3(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    profit = orders.groupby("account_id")["gross_profit"].sum().nlargest(10)
    return {"ten": f"{profit.sum() / orders['gross_profit'].sum():.1%}"}


q3.not_tried(
    zh='先做一张按毛利排的表：`ka.concentration.pareto(this_year, "gross_profit")`。',
    en='A first step: a table ranked by profit, `ka.concentration.pareto(this_year, "gross_profit")`.',
)
q3.hints(
    zh=[
        "和第 2 题用的不是同一张表：那张按金额排，这张按毛利排。",
        "新表的 `cumulative_share` 一行一行往上加，哪一行第一次到 0.8？",
        "`ka.concentration.accounts_to_reach(新表, 0.8).count`。",
    ],
    en=[
        "Not the table of question 2: that one is ranked by amount, this one by profit.",
        "In the new table `cumulative_share` adds up row by row. Which row is the first at 0.8?",
        "`ka.concentration.accounts_to_reach(new_table, 0.8).count`.",
    ],
)
q3.unforeseen(
    zh="先对一步：按毛利排，前 10 家累计应当占 {ten}。",
    en="Check one step: ranked by profit, the first 10 customers should bring {ten} together.",
)

# --- q4: what if the largest leaves --------------------------------------------------------------

q4 = assignment.task(
    "q4",
    answer="growth_needed",
    form=Number(tolerance=0.0005, fraction=True),
    points=8,
    level="core",
    kind="choose",
    row_ids=("1-10", "1-13"),
)


@q4.reference
def hole_over_the_rest(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    sums = orders.groupby("account_id")["amount"].sum()
    return sums.max() / (sums.sum() - sums.max())


@q4.also_right
def from_its_share(company):
    table = ka.concentration.pareto(company.orders[company.orders["ordered_on"] >= "2025-01-01"])
    share = ka.concentration.largest(table).share
    return share / (1 - share)


@q4.misconception(
    zh="你算出来是 {answer}，这是它占**全部**的比例。它走了以后，补这个洞的只有剩下的客户，分母还该是全部吗？",
    en="You got {answer}: its share of **everything**. Once it is gone only the others can fill the hole. Is everything still the base?",
)
def its_share(company):
    table = ka.concentration.pareto(company.orders[company.orders["ordered_on"] >= "2025-01-01"])
    return ka.concentration.largest(table).share


@q4.misconception(
    zh="你算出来是 {answer}，这是剩下的客户占的比例。知道剩多少了，再问一步：要补的钱，是剩下这些的百分之几？",
    en="You got {answer}: the share that remains. One step more: the money to make up for, what share of that rest is it?",
)
def what_remains(company):
    table = ka.concentration.pareto(company.orders[company.orders["ordered_on"] >= "2025-01-01"])
    return 1 - ka.concentration.largest(table).share


@q4.misconception(
    zh="你算出来是 {answer}，按的是毛利。题目说按订单金额，用第 2 题那张 `table`。",
    en="You got {answer}, by gross profit. The question says by amount: use the `table` of question 2.",
)
def by_profit(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    return ka.concentration.largest(ka.concentration.pareto(orders, "gross_profit")).growth_needed


@q4.misconception(
    zh="你填的是 {answer:,.0f}，这是最大那家的金额。题目要的是百分比：它除以剩下的客户合计。",
    en="You gave {answer:,.0f}: the amount of the largest. A share is wanted: that amount, divided by what the others bring.",
)
def the_money(company):
    table = ka.concentration.pareto(company.orders[company.orders["ordered_on"] >= "2025-01-01"])
    return ka.concentration.largest(table).value


@q4.misconception(
    zh="你算出来是 {answer}，这是第二大的占剩下的多少。题目问的是走掉的那一家要靠剩下的**合起来**多做多少来补。",
    en="You got {answer}: what the second largest is of the rest. The question asks how much more the others **together** must bring to replace the one that left.",
)
def the_second_of_the_rest(company):
    table = ka.concentration.pareto(company.orders[company.orders["ordered_on"] >= "2025-01-01"])
    biggest = ka.concentration.largest(table).account_id
    return ka.concentration.largest(ka.concentration.without(table, [biggest])).share


@q4.facts
def facts_of_q4(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    sums = orders.groupby("account_id")["amount"].sum()
    return {"left": f"{sums.sum() - sums.max():,.0f}"}


q4.not_tried(
    zh="先读上面那一格的输出：`share`、`value`、`left`、`growth_needed`，各是什么的多少？",
    en="A first step: read the output above. `share`, `value`, `left`, `growth_needed`: what is each a part of?",
)
q4.hints(
    zh=[
        "洞有多大：最大那家的金额。谁来填：剩下的客户。",
        "洞除以剩下的合计，就是别人要多做的比例。",
        "`largest(table)` 里已经除好了，名字就叫“需要的增长”。",
    ],
    en=[
        "How large is the hole? The amount of the largest. Who fills it? The others.",
        "The hole divided by what the others bring is how much more they need.",
        "`largest(table)` has done that division; the name says growth.",
    ],
)
q4.unforeseen(
    zh="先对一步：最大的一家走了，剩下的客户今年合计应当是 {left} 元。",
    en="Check one step: without the largest, the others should add up to {left} yuan this year.",
)

# --- q5: what a look-up by name misses -----------------------------------------------------------

q5 = assignment.task(
    "q5",
    answer="missed",
    form=Number(tolerance=1, unit="yuan"),
    points=8,
    level="analyst",
    kind="build",
    row_ids=("1-10",),
)


@q5.reference
def typed_otherwise(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    names = dict(zip(company.accounts["account_id"], company.accounts["account_name"], strict=True))
    proper = [names[one] for one in orders["account_id"]]
    return float(orders["amount"].to_numpy()[orders["bill_to"].to_numpy() != proper].sum())


@q5.also_right
def all_less_found(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    named = orders.merge(company.accounts[["account_id", "account_name"]], on="account_id")
    found = named[named["bill_to"] == named["account_name"]]
    return orders["amount"].sum() - found["amount"].sum()


@q5.misconception(
    zh="你算出来是 {answer:,.0f} 元，这是他**找到**的钱。题目问漏掉的：名字不一样的那些。等号和不等号换一换。",
    en="You got {answer:,.0f} yuan: what he **found**. The question asks for what he misses: those whose names differ. Swap the sign.",
)
def what_he_found(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    named = orders.merge(company.accounts[["account_id", "account_name"]], on="account_id")
    return named.loc[named["bill_to"] == named["account_name"], "amount"].sum()


@q5.misconception(
    zh="你算出来是 {answer:,.0f}，这是订单的张数。题目问漏掉多少**钱**，把这些订单的 `amount` 加起来。",
    en="You got {answer:,.0f}: a number of orders. The question asks for **money**; add up their `amount`.",
)
def orders_missed(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    named = orders.merge(company.accounts[["account_id", "account_name"]], on="account_id")
    return int((named["bill_to"] != named["account_name"]).sum())


@q5.misconception(
    zh="你算出来是 {answer:,.0f} 元，退货没有减掉。题目要净金额：负数订单也照样加进来。",
    en="You got {answer:,.0f} yuan, without taking the returns off. The net amount is wanted: add the negative orders as they are.",
)
def without_returns(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    named = orders.merge(company.accounts[["account_id", "account_name"]], on="account_id")
    other = named[named["bill_to"] != named["account_name"]]
    return other.loc[other["amount"] > 0, "amount"].sum()


@q5.misconception(
    zh="你算出来是 {answer:,.0f} 元，三年的都算上了。题目问今年，从 `this_year` 开始。",
    en="You got {answer:,.0f} yuan, over three years. The question is about this year; start from `this_year`.",
)
def three_years(company):
    named = company.orders.merge(company.accounts[["account_id", "account_name"]], on="account_id")
    return named.loc[named["bill_to"] != named["account_name"], "amount"].sum()


@q5.misconception(
    zh="你算出来是 {answer:,.0f} 元，只算了最大的那一家。题目问的是全公司。",
    en="You got {answer:,.0f} yuan, for the largest customer alone. The question is about the whole company.",
)
def the_largest_only(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    biggest = orders.groupby("account_id")["amount"].sum().idxmax()
    named = orders.merge(company.accounts[["account_id", "account_name"]], on="account_id")
    named = named[named["account_id"] == biggest]
    return named.loc[named["bill_to"] != named["account_name"], "amount"].sum()


@q5.facts
def facts_of_q5(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    named = orders.merge(company.accounts[["account_id", "account_name"]], on="account_id")
    return {"other": int((named["bill_to"] != named["account_name"]).sum()), "all": len(orders)}


q5.not_tried(
    zh="先把客户名单上的名字接到订单后面：`this_year.merge(company.accounts[...], on=...)`。",
    en="A first step: put the list's name beside each order with `this_year.merge(company.accounts[...], on=...)`.",
)
q5.hints(
    zh=[
        "两个名字要站在同一行才能比：订单的 `bill_to`，名单的 `account_name`。",
        '`this_year.merge(company.accounts[["account_id", "account_name"]], on="account_id")` 接好。',
        "留下 `bill_to != account_name` 的行，把 `amount` 加起来，退货是负数，自己会减。",
    ],
    en=[
        "To compare two names they must stand in one row: the order's `bill_to`, the list's `account_name`.",
        'Join them with `this_year.merge(company.accounts[["account_id", "account_name"]], on="account_id")`.',
        "Keep the rows with `bill_to != account_name` and add up `amount`; returns are negative and take themselves off.",
    ],
)
q5.unforeseen(
    zh="先数一数：今年 {all} 张订单里，名字对不上的应当有 {other} 张（退货也算）。",
    en="Count first: of this year's {all} orders, {other} carry a name that does not match (returns included).",
)

# --- q6: groups -----------------------------------------------------------------------------------

q6 = assignment.task(
    "q6",
    answer="group_share",
    form=Mapping(tolerance=0.0005, fraction=True),
    points=9,
    level="analyst",
    kind="choose",
    row_ids=("1-10",),
)


@q6.reference
def parents_with_their_own(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    parent = company.accounts.set_index("account_id")["parent_id"]
    above = orders["account_id"].map(parent)
    top = above.where(above.notna(), orders["account_id"])
    share = orders["amount"].groupby(top).sum() / orders["amount"].sum()
    return share[sorted(parent.dropna().unique())]


@q6.also_right
def parents_in_a_dict(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    table = ka.concentration.pareto(orders, accounts=company.accounts, roll_up=True)
    share = dict(zip(table["account_id"], table["share"], strict=True))
    return {one: share[one] for one in company.accounts["parent_id"].dropna().unique()}


@q6.misconception(
    zh="你给的是 {answer}：只有集团自己下的单，子公司没有并进来。`pareto` 里加上 `accounts=accounts, roll_up=True`。",
    en="You gave {answer}: the parents' own orders only, without their subsidiaries. Give `pareto` the accounts, and `roll_up=True`.",
)
def own_orders_only(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    table = ka.concentration.pareto(orders).set_index("account_id")
    return table.loc[company.accounts["parent_id"].dropna().unique(), "share"]


@q6.misconception(
    zh="你给的是 {answer}：只有子公司的订单，集团自己下的单丢了。总部也是客户，加回来。",
    en="You gave {answer}: the subsidiaries' orders only. The parent orders too; add it back.",
)
def subsidiaries_only(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    above = orders["account_id"].map(company.accounts.set_index("account_id")["parent_id"])
    return orders["amount"].groupby(above).sum() / orders["amount"].sum()


@q6.misconception(
    zh="你给的是 {answer}，分母里子公司算了两遍：自己一遍，集团名下又一遍。并进集团以后，子公司那一行就不能再留在合计里。",
    en="You gave {answer}: the base counts each subsidiary twice, once for itself and once under its parent. Once rolled up, its own row must leave the total.",
)
def counted_twice(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    above = orders["account_id"].map(company.accounts.set_index("account_id")["parent_id"])
    own = orders["amount"].groupby(orders["account_id"]).sum()
    extra = orders["amount"].groupby(above).sum()
    together = own.add(extra, fill_value=0)
    return together[extra.index] / together.sum()


@q6.misconception(
    zh="你给的是 {answer}，按的是毛利。题目问占订单金额的多少。",
    en="You gave {answer}, by gross profit. The question asks for the share of the amount.",
)
def group_profit(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    table = ka.concentration.pareto(orders, "gross_profit", company.accounts, roll_up=True)
    parents = company.accounts["parent_id"].dropna().unique()
    return table[table["account_id"].isin(parents)].set_index("account_id")["share"]


@q6.misconception(
    zh="你给的是 {answer}，加起来正好是 1：分母只有这几个集团。题目问占**全公司**多少。",
    en="You gave {answer}, which adds up to 1: the base holds these groups only. The question asks for the share of the **whole company**.",
)
def among_the_groups(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    table = ka.concentration.pareto(orders, accounts=company.accounts, roll_up=True)
    parents = company.accounts["parent_id"].dropna().unique()
    value = table[table["account_id"].isin(parents)].set_index("account_id")["value"]
    return value / value.sum()


@q6.facts
def facts_of_q6(company):
    return {
        "parents": company.accounts["parent_id"].nunique(),
        "subsidiaries": int(company.accounts["parent_id"].notna().sum()),
    }


q6.not_tried(
    zh="先看上面那张表：`parent_id` 里出现过的编号，就是有子公司的客户。有几家？",
    en="A first step: the numbers that appear in `parent_id` above are the accounts with subsidiaries. How many are there?",
)
q6.hints(
    zh=[
        "先并，再算占比，最后只留下有子公司的那几家。",
        "`ka.concentration.pareto(this_year, accounts=accounts, roll_up=True)` 会并好，`share` 那一列是占比。",
        '用 `isin(accounts["parent_id"])` 挑出集团，再 `.set_index("account_id")["share"]`。',
    ],
    en=[
        "Roll up first, then take the shares, and keep only the accounts that have subsidiaries.",
        "`ka.concentration.pareto(this_year, accounts=accounts, roll_up=True)` rolls up; the column `share` is what you want.",
        'Pick the groups with `isin(accounts["parent_id"])`, then `.set_index("account_id")["share"]`.',
    ],
)
q6.unforeseen(
    zh="先数一数：有子公司的客户应当有 {parents} 家，子公司一共 {subsidiaries} 家。",
    en="Count first: {parents} accounts have subsidiaries, {subsidiaries} subsidiaries in all.",
)

# --- q7: concentration without the largest -------------------------------------------------------

q7 = assignment.task(
    "q7",
    answer="hhi_without",
    form=Number(tolerance=0.6),
    points=7,
    level="analyst",
    kind="choose",
    row_ids=("1-10",),
)


@q7.reference
def squares_by_hand(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    sums = orders.groupby("account_id")["amount"].sum().sort_values(ascending=False).iloc[1:]
    return float(((100 * sums / sums.sum()) ** 2).sum())


@q7.also_right
def table_of_the_others(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    biggest = orders.groupby("account_id")["amount"].sum().idxmax()
    others = orders[orders["account_id"] != biggest]
    return round(ka.concentration.hhi(ka.concentration.pareto(others)))


@q7.misconception(
    zh="你算出来是 {answer:,.0f}，最大的一家还在里面。先用 `without` 把它拿走，再算指数。",
    en="You got {answer:,.0f}, with the largest still in it. Take it out with `without`, then work out the index.",
)
def largest_still_in(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    return ka.concentration.hhi(ka.concentration.pareto(orders))


@q7.misconception(
    zh="你算出来是 {answer:,.0f}，只减掉了最大那家的平方，别人的占比还是按老的总数算的。它走了，总数变小，每家的占比该怎么变？",
    en="You got {answer:,.0f}: the square of the largest is gone, but the others' shares are still of the old total. With a smaller total, what happens to each share?",
)
def old_shares_kept(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    share = ka.concentration.pareto(orders)["share"]
    return float(((100 * share.iloc[1:]) ** 2).sum())


@q7.misconception(
    zh="你算出来是 {answer:.4f}，占比用的是小数。这把尺子满分 10,000，占比要先换成百分数再平方。",
    en="You got {answer:.4f}, from shares as fractions. On a ruler up to 10,000, shares are in percent before they are squared.",
)
def fractions_squared(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    sums = orders.groupby("account_id")["amount"].sum().sort_values(ascending=False).iloc[1:]
    return float(((sums / sums.sum()) ** 2).sum())


@q7.misconception(
    zh="你算出来是 {answer:,.0f}，按的是毛利。题目说按订单金额。",
    en="You got {answer:,.0f}, by gross profit. The question says by amount.",
)
def index_of_profit(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    table = ka.concentration.pareto(orders, "gross_profit")
    biggest = table["account_id"].iloc[0]
    return ka.concentration.hhi(ka.concentration.without(table, [biggest]))


@q7.facts
def facts_of_q7(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    return {"stay": orders["account_id"].nunique() - 1}


q7.not_tried(
    zh="先想：`ka.concentration.hhi(table)` 是现在的指数。哪个函数能从 `table` 里拿走一家？",
    en="A first step: `ka.concentration.hhi(table)` is the index as it is. Which function takes an account out of `table`?",
)
q7.hints(
    zh=[
        "最大的是谁：`ka.concentration.largest(table).account_id`。",
        "`ka.concentration.without(table, [编号])` 给你剩下的表，占比已经重算。",
        "再对剩下的表用 `hhi`。",
    ],
    en=[
        "Who is the largest? `ka.concentration.largest(table).account_id`.",
        "`ka.concentration.without(table, [number])` returns the table of those that stay, shares worked out anew.",
        "Then `hhi` of that table.",
    ],
)
q7.unforeseen(
    zh="先数一数：拿走一家以后，剩下的表应当有 {stay} 行，`share` 加起来是 1。",
    en="Count first: with one gone, the table should have {stay} rows, and `share` adds up to 1.",
)

# --- q8: Pareto by net contribution --------------------------------------------------------------

q8 = assignment.task(
    "q8",
    answer="top_five",
    form=Frame(
        key=(),
        values=("account_id", "cumulative_share"),
        tolerance=0.0005,
        fractions=("cumulative_share",),
        ordered=True,
    ),
    points=10,
    level="analyst",
    kind="build",
    row_ids=("1-11",),
)


@q8.reference
def running_by_loop(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    net = dict(zip(pnl["account_id"], pnl["net_contribution"], strict=True))
    first = sorted(net, key=lambda one: -net[one])[:5]
    total, running, rows = sum(net.values()), 0.0, []
    for account in first:
        running += net[account]
        rows.append({"account_id": account, "cumulative_share": running / total})
    return pd.DataFrame(rows)


@q8.also_right
def by_rank_column(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    ranked = pnl.set_index("contribution_rank").sort_index()
    ranked["cumulative_share"] = (
        ranked["net_contribution"] / pnl["net_contribution"].sum()
    ).cumsum()
    return ranked.loc[1:5, ["account_id", "cumulative_share"]].reset_index(drop=True)


@q8.misconception(
    zh="你的五家还是按销售总额排的。`pnl` 本来就按销售排好了，题目要按净贡献重排：两种排法，第几家开始不一样？",
    en="Your five are still ranked by gross sales, as `pnl` comes. The question ranks by net contribution: from which place on do the two differ?",
)
def ranked_by_sales(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    share = pnl["net_contribution"].cumsum() / pnl["net_contribution"].sum()
    return pnl[["account_id"]].assign(cumulative_share=share).head(5)


@q8.misconception(
    zh="你的五家是净贡献最少的，排序方向反了。`sort_values` 默认从小到大，要写 `ascending=False`。",
    en="Your five are those that leave least: the sort runs the other way. `sort_values` goes from small to large unless you say `ascending=False`.",
)
def from_small_to_large(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    ranked = pnl.sort_values("net_contribution")
    share = ranked["net_contribution"].cumsum() / ranked["net_contribution"].sum()
    return ranked[["account_id"]].assign(cumulative_share=share).head(5)


@q8.misconception(
    zh="五家和名次都对，占比还没有累计：这是每家自己的占比。第二行应当是前两家加起来，用 `cumsum`。",
    en="The five and their order are right, but the shares are each account's own. The second row should be the first two together: `cumsum`.",
)
def not_added_up(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    ranked = pnl.sort_values("net_contribution", ascending=False)
    share = ranked["net_contribution"] / ranked["net_contribution"].sum()
    return ranked[["account_id"]].assign(cumulative_share=share).head(5)


@q8.misconception(
    zh="你的第五行正好是 1：分母只有这五家。先对全部 {base} 家累计、除以全部的合计，最后才取前五行。",
    en="Your fifth row is exactly 1: the base is these five. Add up and divide over all {base} accounts first, and take five rows at the end.",
)
def base_of_five(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    ranked = pnl.sort_values("net_contribution", ascending=False).head(5)
    share = ranked["net_contribution"].cumsum() / ranked["net_contribution"].sum()
    return ranked[["account_id"]].assign(cumulative_share=share)


@q8.misconception(
    zh="五家和名次都对，占比的分母是销售总额。题目问的是占**净贡献**合计的多少。",
    en="The five and their order are right; the shares are of gross sales. The question asks for shares of all **net contribution**.",
)
def of_gross_sales(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    ranked = pnl.sort_values("net_contribution", ascending=False)
    share = ranked["net_contribution"].cumsum() / ranked["gross_sales"].sum()
    return ranked[["account_id"]].assign(cumulative_share=share).head(5)


@q8.misconception(
    zh="你是按净贡献**率**排的：每一百元剩得多，不等于一共剩得多。题目按净贡献的钱数排。",
    en="You ranked by the contribution **rate**. Much of a hundred yuan is not yet much money; the question ranks by the yuan.",
)
def ranked_by_rate(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    ranked = pnl.sort_values("contribution_rate", ascending=False)
    share = ranked["net_contribution"].cumsum() / ranked["net_contribution"].sum()
    return ranked[["account_id"]].assign(cumulative_share=share).head(5)


@q8.facts
def facts_of_q8(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    return {"base": len(pnl), "total": f"{pnl['net_contribution'].sum():,.0f}"}


q8.not_tried(
    zh='先重排：`pnl.sort_values("net_contribution", ascending=False)`，看看第一行是谁。',
    en='A first step: rank anew with `pnl.sort_values("net_contribution", ascending=False)`. Who is first?',
)
q8.hints(
    zh=[
        "三步：排，累计，取前五行。顺序不能换。",
        '累计占比：`ranked["net_contribution"].cumsum() / ranked["net_contribution"].sum()`。',
        '放进新的一列 `ranked["cumulative_share"] = ...`，最后 `ranked[["account_id", "cumulative_share"]].head(5)`。',
    ],
    en=[
        "Three steps: rank, add up, take five rows. Not in another order.",
        'The running share: `ranked["net_contribution"].cumsum() / ranked["net_contribution"].sum()`.',
        'Put it in a new column, `ranked["cumulative_share"] = ...`, and end with `ranked[["account_id", "cumulative_share"]].head(5)`.',
    ],
)
q8.unforeseen(
    zh="先对分母：{base} 家客户的净贡献合计应当是 {total} 元。",
    en="Check the base first: the net contribution of all {base} accounts should be {total} yuan.",
)

# --- q9: sixty days -------------------------------------------------------------------------------

q9 = assignment.task(
    "q9",
    answer="new_rate",
    form=Number(tolerance=0.00005, fraction=True),
    points=9,
    level="analyst",
    kind="choose",
    row_ids=("1-7", "1-12"),
)


@q9.reference
def all_lines_again(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    row = pnl[pnl["account_id"] == "A001"].iloc[0]
    accounts = company.accounts
    term = accounts.loc[accounts["account_id"] == "A001", "payment_days"].iloc[0]
    costs = row["cost_of_goods"] + row["logistics"] + row["promoters"]
    return (row["net_sales"] - costs - row["capital"] * 60 / term) / row["gross_sales"]


@q9.also_right
def rate_plus_points(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01").set_index("account_id")
    term = company.accounts.set_index("account_id")["payment_days"]["A001"]
    points = pnl["capital"]["A001"] / pnl["gross_sales"]["A001"] * (1 - 60 / term)
    return round(pnl["contribution_rate"]["A001"] + points, 6)


@q9.misconception(
    zh="你算出来是 {answer}，这是现在的净贡献率，账期还没缩短。少垫 {fewer} 天，能省多少钱？加回净贡献里。",
    en="You got {answer}: the rate as it is, with the old term. What is saved by lending for {fewer} days less? Add it to the net contribution.",
)
def rate_of_today(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01").set_index("account_id")
    return pnl["contribution_rate"]["A001"]


@q9.misconception(
    zh="你算出来是 {answer}，资金成本全免了。缩到 60 天，不是不给账期，还有 60 天的钱要垫。",
    en="You got {answer}, with no cost of capital at all. At 60 days you still lend the money for 60 days.",
)
def no_capital_at_all(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01").set_index("account_id")
    row = pnl.loc["A001"]
    return (row["net_contribution"] + row["capital"]) / row["gross_sales"]


@q9.misconception(
    zh="你算出来是 {answer}，省下的和还要付的弄反了：加回去的应当是**少垫**的那 {fewer} 天，不是还要垫的 60 天。",
    en="You got {answer}: saved and still due are mixed up. Add back the {fewer} days you **no longer** lend, not the 60 that stay.",
)
def sixty_days_saved(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01").set_index("account_id")
    row = pnl.loc["A001"]
    term = company.accounts.set_index("account_id")["payment_days"]["A001"]
    return (row["net_contribution"] + row["capital"] * 60 / term) / row["gross_sales"]


@q9.misconception(
    zh="你算出来是 {answer}，比现在还低：省下的钱该加，被减掉了。账期短了，垫的钱是多了还是少了？",
    en="You got {answer}, lower than today: the saving was taken off instead of added. With a shorter term, do we lend more or less?",
)
def saving_subtracted(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01").set_index("account_id")
    row = pnl.loc["A001"]
    term = company.accounts.set_index("account_id")["payment_days"]["A001"]
    return (row["net_contribution"] - row["capital"] * (term - 60) / term) / row["gross_sales"]


@q9.misconception(
    zh="你算出来是 {answer}，分母是净销售额。题目说净贡献 ÷ **销售总额**，所有比率用同一个分母，客户之间才好比。",
    en="You got {answer}, divided by net sales. The question says net contribution ÷ **gross sales**; only with one base can accounts be compared.",
)
def over_net_sales(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01").set_index("account_id")
    row = pnl.loc["A001"]
    term = company.accounts.set_index("account_id")["payment_days"]["A001"]
    return (row["net_contribution"] + row["capital"] * (term - 60) / term) / row["net_sales"]


@q9.facts
def facts_of_q9(company):
    term = company.accounts.set_index("account_id")["payment_days"]["A001"]
    return {"term": int(term), "fewer": int(term) - 60}


q9.not_tried(
    zh="先算一步：现在的 `capital` 是多少天的？缩到 60 天，还剩几分之几？",
    en="A first step: for how many days is today's `capital`? At 60 days, what part of it stays?",
)
q9.hints(
    zh=[
        "垫的钱和天数成正比：少几天，就省几天的钱。",
        "省下的：`capital` × 少的天数 ÷ 现在的天数。",
        "新的净贡献 = 现在的净贡献 + 省下的，再除以 `gross_sales`。",
    ],
    en=[
        "The money lent is proportional to the days: fewer days, less cost.",
        "Saved: `capital` × days less ÷ days now.",
        "New net contribution = today's + what is saved; then divide by `gross_sales`.",
    ],
)
q9.unforeseen(
    zh="先对一步：现在的账期是 {term} 天，缩到 60 天，少垫 {fewer} 天。",
    en="Check one step: the term is {term} days now; at 60 days it is {fewer} days shorter.",
)

# --- q10: fees, each counted once -----------------------------------------------------------------

q10 = assignment.task(
    "q10",
    answer="fees",
    form=Number(tolerance=1, unit="yuan"),
    points=10,
    level="analyst",
    kind="choose",
    row_ids=("1-8", "1-11"),
)


@q10.reference
def off_the_customer_pnl(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01").set_index("account_id")
    return pnl.loc["A001", ["contracted_fees", "uncontracted_fees"]].sum()


@q10.also_right
def fee_by_fee(company):
    orders = company.orders
    inside = (orders["ordered_on"] > "2024-11-30") & (orders["ordered_on"] < "2025-12-01")
    mine = orders[inside & (orders["account_id"] == "A001")]
    gross = mine["list_amount"].clip(lower=0).sum()
    total = 0.0
    for term in company.trade_terms.itertuples():
        fee = term.line in ("contracted_fees", "uncontracted_fees")
        if fee and term.account_id == "A001" and term.booking == "accrued":
            by_rate = pd.notna(term.rate)
            total += term.rate * gross if by_rate else term.amount / (1 + term.vat_rate)
    return total


@q10.misconception(
    zh="你算出来是 {answer:,.0f} 元，计提和核销都加了，同一笔费用算了两遍。`booking` 只留 `accrued`。",
    en="You got {answer:,.0f} yuan, adding what was accrued and what was settled: the same fee twice. Keep the `booking` `accrued` only.",
)
def settled_added(company):
    terms = company.trade_terms[company.trade_terms["account_id"] == "A001"]
    terms = terms[terms["line"].isin(["contracted_fees", "uncontracted_fees"])]
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01").set_index("account_id")
    by_rate = (terms["rate"] * pnl["gross_sales"]["A001"]).sum()
    return by_rate + (terms["amount"] / (1 + terms["vat_rate"])).sum()


@q10.misconception(
    zh="你算出来是 {answer:,.0f} 元，税还在里面。写金额的几行含税，除以 1 加 `vat_rate`，才能和不含税的销售额放在一起。",
    en="You got {answer:,.0f} yuan, with VAT still in it. The rows with an amount include it: divide by 1 plus `vat_rate` before you set them beside sales without VAT.",
)
def vat_left_in(company):
    terms = company.trade_terms[company.trade_terms["account_id"] == "A001"]
    terms = terms[terms["line"].isin(["contracted_fees", "uncontracted_fees"])]
    terms = terms[terms["booking"] == "accrued"]
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01").set_index("account_id")
    return (terms["rate"] * pnl["gross_sales"]["A001"]).sum() + terms["amount"].sum()


@q10.misconception(
    zh="你算出来是 {answer:,.0f} 元，去税的时候乘了“1 减税率”。含税 106 元、税率 6%，不含税是 100 还是 99.64？",
    en="You got {answer:,.0f} yuan: the VAT was taken off by multiplying with 1 minus the rate. Of 106 yuan with 6% in it, is it 100 or 99.64 without?",
)
def vat_taken_off_the_top(company):
    terms = company.trade_terms[company.trade_terms["account_id"] == "A001"]
    terms = terms[terms["line"].isin(["contracted_fees", "uncontracted_fees"])]
    terms = terms[terms["booking"] == "accrued"]
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01").set_index("account_id")
    by_rate = (terms["rate"] * pnl["gross_sales"]["A001"]).sum()
    return by_rate + (terms["amount"] * (1 - terms["vat_rate"])).sum()


@q10.misconception(
    zh="你算出来是 {answer:,.0f} 元，只加了写金额的几行。还有一行写的是 `rate`：它是销售总额的百分之几，也是钱。",
    en="You got {answer:,.0f} yuan from the rows with an amount only. One row carries a `rate`: so many percent of gross sales are money too.",
)
def rates_forgotten(company):
    terms = company.trade_terms[company.trade_terms["account_id"] == "A001"]
    terms = terms[terms["line"].isin(["contracted_fees", "uncontracted_fees"])]
    terms = terms[terms["booking"] == "accrued"]
    return (terms["amount"] / (1 + terms["vat_rate"])).sum()


@q10.misconception(
    zh="你算出来是 {answer:,.0f} 元，只有合同内的。合同外的那笔没写进合同，可是一样付了钱，加进来。",
    en="You got {answer:,.0f} yuan: contracted fees only. The uncontracted one is in no contract, yet it was paid. Add it.",
)
def contracted_only(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01").set_index("account_id")
    return pnl["contracted_fees"]["A001"]


@q10.misconception(
    zh='你算出来是 {answer:,.0f} 元，比例乘的是折后的订单金额。条款里的比例以**销售总额**为底，就是价目表金额：`wanan["gross_sales"]`。',
    en='You got {answer:,.0f} yuan: the rate was applied to the amount after discount. The terms\' rates are of **gross sales**, at list prices: `wanan["gross_sales"]`.',
)
def rate_of_invoices(company):
    terms = company.trade_terms[company.trade_terms["account_id"] == "A001"]
    terms = terms[terms["line"].isin(["contracted_fees", "uncontracted_fees"])]
    terms = terms[terms["booking"] == "accrued"]
    orders = company.orders[company.orders["ordered_on"] > "2024-11-30"]
    invoiced = orders.loc[orders["account_id"] == "A001", "amount"].sum()
    by_rate = (terms["rate"] * invoiced).sum()
    return by_rate + (terms["amount"] / (1 + terms["vat_rate"])).sum()


@q10.facts
def facts_of_q10(company):
    terms = company.trade_terms[company.trade_terms["account_id"] == "A001"]
    terms = terms[terms["line"].isin(["contracted_fees", "uncontracted_fees"])]
    return {"rows": int((terms["booking"] == "accrued").sum()), "all": len(terms)}


q10.not_tried(
    zh='先挑行：`terms["line"]` 是这两种费用，而且 `terms["booking"]` 是 `"accrued"` 的，有几行？',
    en='A first step: choose the rows. How many have one of the two lines in `terms["line"]` and `"accrued"` in `terms["booking"]`?',
)
q10.hints(
    zh=[
        "先挑行，再把每一行换成不含税的元，最后加起来。",
        '挑行：`terms["line"].isin([...])`，再留下 `booking` 是 `"accrued"` 的。',
        '比例的部分 `(counted["rate"] * wanan["gross_sales"]).sum()`，金额的部分 `(counted["amount"] / (1 + counted["vat_rate"])).sum()`，两样相加；空格子会自己跳过。',
    ],
    en=[
        "Choose the rows, turn each into yuan without VAT, add them up.",
        'The rows: `terms["line"].isin([...])`, and of those the ones whose `booking` is `"accrued"`.',
        'The rates: `(counted["rate"] * wanan["gross_sales"]).sum()`. The amounts: `(counted["amount"] / (1 + counted["vat_rate"])).sum()`. Add the two; blank cells are skipped.',
    ],
)
q10.unforeseen(
    zh="先数一数：这两种费用一共 {all} 行，其中计提的应当是 {rows} 行。",
    en="Count first: there are {all} rows of these two fees, {rows} of them accrued.",
)
