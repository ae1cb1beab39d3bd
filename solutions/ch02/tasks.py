"""Chapter 2's tasks: what is blank, how they buy, who decides, what hurts and what is not bought yet."""

from __future__ import annotations

import pandas as pd

import ka_lib as ka
from ka_course.tasks import Assignment, Items, Mapping, Number

assignment = Assignment("ch02")

# --- q1: what we do not know ---------------------------------------------------------------------

q1 = assignment.task(
    "q1",
    answer="missing_share",
    form=Number(tolerance=0.0005, fraction=True),
    points=6,
    level="core",
    kind="choose",
    row_ids=("2-5",),
)


@q1.reference
def blank_among_customers(company):
    accounts = company.accounts
    customers = accounts[accounts["customer_since"].notna()]
    return customers["annual_sales"].isna().sum() / len(customers)


@q1.also_right
def from_the_report(company):
    customers = company.accounts.dropna(subset=["customer_since"])
    report = ka.profile.missing_fields(customers).set_index("field")
    return report.loc["annual_sales", "rate"]


@q1.misconception(
    zh="你算出来是 {answer}，分子分母里都有还没成交的潜在客户。题目问的是**已成交的客户**，应当是 {customers} 家。报告换一张表来算。",
    en="You got {answer}, with prospects above and below the line. The question is about **customers**; there should be {customers}. Give the report another table.",
)
def prospects_too(company):
    return company.accounts["annual_sales"].isna().mean()


@q1.misconception(
    zh="你算出来是 {answer}，空着的只数了已成交的客户，分母却是全部 {accounts} 家。上下要是同一批人：分母该是谁？",
    en="You got {answer}: the blanks are those of customers, but the base is all {accounts} accounts. Both must be the same crowd. Who belongs in the base?",
)
def customers_over_all(company):
    accounts = company.accounts
    customers = accounts[accounts["customer_since"].notna()]
    return customers["annual_sales"].isna().sum() / len(accounts)


@q1.misconception(
    zh="你填的是 {answer}，这是没填的家数。要的是比例：再除以客户数。报告里有一列已经除好了。",
    en="You gave {answer}: the number of blanks. A share is wanted, so divide by the customers. One column of the report has done that already.",
)
def count_of_blanks(company):
    accounts = company.accounts
    return accounts.loc[accounts["customer_since"].notna(), "annual_sales"].isna().sum()


@q1.misconception(
    zh="你算出来是 {answer}，这是**填了**的比例。题目问的是空着的。",
    en="You got {answer}: the share that **is** filled in. The question asks for the blanks.",
)
def filled_share(company):
    accounts = company.accounts
    return accounts.loc[accounts["customer_since"].notna(), "annual_sales"].notna().mean()


@q1.misconception(
    zh="你算出来是 {answer}，这是企业性质（`ownership`）那一栏。看清行名：年销售额是哪一行？",
    en="You got {answer}: that is the field `ownership`. Look at the names of the rows. Which one is annual sales?",
)
def another_field(company):
    accounts = company.accounts
    return accounts.loc[accounts["customer_since"].notna(), "ownership"].isna().mean()


@q1.facts
def facts_of_q1(company):
    accounts = company.accounts
    return {"accounts": len(accounts), "customers": int(accounts["customer_since"].notna().sum())}


q1.not_tried(
    zh="先运行上面那一格：`report` 一行一个字段，`rate` 是空着的比例。它现在算的是哪些客户？",
    en="A first step: run the cell above. `report` has a row a field, and `rate` is the share of blanks. Which accounts does it look at now?",
)
q1.hints(
    zh=[
        "先定分母：问的是已成交的客户，不是 CRM 里的全部账户。",
        "把 `company.accounts` 换成上面准备好的 `customers`，再出一张报告。",
        '取一个数：`ka.profile.missing_fields(客户表).set_index("field").loc["行", "列"]`。',
    ],
    en=[
        "Settle the base first: customers, not every account in the CRM.",
        "Make the report again, with `customers` from above in place of `company.accounts`.",
        'One number out of it: `ka.profile.missing_fields(table).set_index("field").loc["row", "column"]`.',
    ],
)
q1.unforeseen(
    zh="先数一数分母：有成交日期的客户应当有 {customers} 家。",
    en="Count the base first: {customers} accounts have a customer-since date.",
)

# --- q2: Linque's purchase cycle -----------------------------------------------------------------

q2 = assignment.task(
    "q2",
    answer="cycle_days",
    form=Number(tolerance=0.01, unit="days"),
    points=8,
    level="core",
    kind="choose",
    row_ids=("2-6",),
)


@q2.reference
def median_gap(company):
    orders = company.orders
    bought = orders[(orders["account_id"] == "A002") & (orders["amount"] > 0)]
    days = sorted(set(bought["ordered_on"]))
    gaps = sorted((days[i] - days[i - 1]).days for i in range(1, len(days)))
    middle = len(gaps) // 2
    return gaps[middle] if len(gaps) % 2 else (gaps[middle - 1] + gaps[middle]) / 2


@q2.also_right
def from_the_table(company):
    cycle = ka.profile.purchase_cycle(company.orders, company.as_of)
    return cycle.set_index("account_id").loc["A002", "cycle_days"]


@q2.misconception(
    zh="你算出来是 {answer:.2f} 天，这是平均数。采购周期用中位数：一两次拖得久，平均数就被拉走了。",
    en="You got {answer:.2f} days: the mean. The purchase cycle takes the median, because one or two long waits drag the mean along.",
)
def mean_gap(company):
    orders = company.orders
    bought = orders[(orders["account_id"] == "A002") & (orders["amount"] > 0)]
    return bought["ordered_on"].drop_duplicates().sort_values().diff().dt.days.mean()


@q2.misconception(
    zh="你算出来是 {answer:g} 天，这是各家周期的中位数，说的是“一般的客户”。题目只问邻鹊（A002）：取它那一行。",
    en="You got {answer:g} days: the median over all accounts' cycles, the typical customer. The question is about Linque (A002). Take its row.",
)
def typical_customer(company):
    return ka.profile.purchase_cycle(company.orders, company.as_of)["cycle_days"].median()


@q2.misconception(
    zh="你算出来是 {answer:.2f} 天，所有客户的订单混在一起算了间隔，得到的是“公司隔多久来一单”。周期是一家一家的：先只留 A002。",
    en="You got {answer:.2f} days, from the gaps of all customers' orders together: how often the company receives an order. A cycle belongs to one account. Keep A002 only, then count.",
)
def all_accounts_pooled(company):
    bought = company.orders[company.orders["amount"] > 0]
    return bought["ordered_on"].sort_values().diff().dt.days.mean()


@q2.misconception(
    zh="你填的是 {answer:g}，这是离最近一单过去了几天。周期问的是**两单之间**隔几天。",
    en="You gave {answer:g}: the days since the last order. The cycle is the wait **between** two orders.",
)
def days_since_last_order(company):
    orders = company.orders
    bought = orders[(orders["account_id"] == "A002") & (orders["amount"] > 0)]
    return (company.as_of - bought["ordered_on"].max()).days


@q2.misconception(
    zh="你填的是 {answer:g}，这是下过单的天数。周期在旁边那一列。",
    en="You gave {answer:g}: the number of days with an order. The cycle stands in another column.",
)
def number_of_order_days(company):
    cycle = ka.profile.purchase_cycle(company.orders, company.as_of)
    return cycle.set_index("account_id").loc["A002", "order_days"]


@q2.facts
def facts_of_q2(company):
    orders = company.orders
    bought = orders[(orders["account_id"] == "A002") & (orders["amount"] > 0)]
    return {"days": int(bought["ordered_on"].nunique())}


q2.not_tried(
    zh="先在上面的表里找到 A002 那一行，再找“采购周期”是哪一列（英文列名）。",
    en="A first step: find the row A002 in the table above, then the column that holds the purchase cycle.",
)
q2.hints(
    zh=[
        "`cycle` 一行一家客户。先把 `account_id` 设成行名，取数就方便了。",
        '`cycle.set_index("account_id")` 之后，用 `.loc["行", "列"]` 取一个数。',
        "列名是 `cycle_days`：相邻两个下单日的间隔，取中位数。行是哪一家？",
    ],
    en=[
        "`cycle` has a row an account. Make `account_id` the name of the rows, and taking a number out is easy.",
        'After `cycle.set_index("account_id")`, `.loc["row", "column"]` takes one number.',
        "The column is `cycle_days`, the median gap between order days. Which row?",
    ],
)
q2.unforeseen(
    zh="先数一数：邻鹊下过单的日子（退货不算，同一天算一次）应当有 {days} 天。",
    en="Count first: Linque ordered on {days} days (returns left out, one day once).",
)

# --- q3: weighted support at Jiusui --------------------------------------------------------------

q3 = assignment.task(
    "q3",
    answer="support",
    form=Number(tolerance=0.0005),
    points=9,
    level="core",
    kind="build",
    row_ids=("2-7",),
)


@q3.reference
def support_by_hand(company):
    contacts = company.contacts
    people = contacts[(contacts["account_id"] == "A003") & contacts["left_on"].isna()]
    said = known = 0.0
    for weight, stance in zip(people["weight"], people["stance"], strict=True):
        if pd.notna(stance):
            said += weight * stance
            known += weight
    return said / known


@q3.also_right
def support_of_the_unit(company):
    contacts = company.contacts
    people = contacts[(contacts["account_id"] == "A003") & contacts["left_on"].isna()]
    return ka.profile.decision_unit(people)["support"].iloc[0]


@q3.also_right
def support_after_dropping(company):
    contacts = company.contacts.query("account_id == 'A003' and left_on.isna()")
    known = contacts.dropna(subset=["stance"])
    return (known["weight"] / known["weight"].sum() * known["stance"]).sum()


@q3.misconception(
    zh="你算出来是 {answer:.3f}。态度没摸清的人（{unknown} 位）没有进分子，他们的权重却留在分母里，等于说他们中立。你知道他们中立吗？把他们从分母里也拿掉。",
    en="You got {answer:.3f}. People whose stance is unknown ({unknown} here) are out of the top, but their weight is still below, as if they were neutral. Do you know that? Take them out of the base too.",
)
def unknown_as_neutral(company):
    contacts = company.contacts
    people = contacts[(contacts["account_id"] == "A003") & contacts["left_on"].isna()]
    return (people["weight"] * people["stance"]).sum() / people["weight"].sum()


@q3.misconception(
    zh="你算出来是 {answer:.3f}，人人一样重。采购总监和店长说话一样管用吗？乘上权重再平均。",
    en="You got {answer:.3f}, with everybody's word the same. Does a store manager count as much as the head of buying? Multiply by the weight first.",
)
def plain_mean(company):
    contacts = company.contacts
    people = contacts[(contacts["account_id"] == "A003") & contacts["left_on"].isna()]
    return people["stance"].mean()


@q3.misconception(
    zh="你算出来是 {answer:.3f}，还没有除。支持度在 −1 和 +1 之间；不除以权重之和，认识的人多的客户自然就高。",
    en="You got {answer:.3f}, and have not divided yet. Support lies between −1 and +1; without dividing by the weights, accounts with many contacts score high by themselves.",
)
def not_divided(company):
    contacts = company.contacts
    people = contacts[(contacts["account_id"] == "A003") & contacts["left_on"].isna()]
    return (people["weight"] * people["stance"]).sum()


@q3.misconception(
    zh="你算出来是 {answer:.3f}，除的是人数。权重加起来不等于人数：分母应当和分子用同一把秤。",
    en="You got {answer:.3f}, dividing by the number of people. The weights do not add up to that. Which sum belongs below?",
)
def divided_by_people(company):
    contacts = company.contacts
    people = contacts[(contacts["account_id"] == "A003") & contacts["left_on"].isna()]
    known = people.dropna(subset=["stance"])
    return (known["weight"] * known["stance"]).sum() / len(known)


@q3.misconception(
    zh="你算出来是 {answer:.3f}，把所有客户的联系人都算上了。只看九穗（A003）的人。",
    en="You got {answer:.3f}, over the contacts of every account. Keep Jiusui's (A003) people only.",
)
def every_account(company):
    contacts = company.contacts
    known = contacts[contacts["left_on"].isna()].dropna(subset=["stance"])
    return (known["weight"] * known["stance"]).sum() / known["weight"].sum()


@q3.facts
def facts_of_q3(company):
    contacts = company.contacts
    people = contacts[(contacts["account_id"] == "A003") & contacts["left_on"].isna()]
    known = people.dropna(subset=["stance"])
    return {
        "known": len(known),
        "unknown": int(people["stance"].isna().sum()),
        "weights": f"{known['weight'].sum():g}",
    }


q3.not_tried(
    zh="先看上面的 `people`：哪几个人的态度（`stance`）是空的？他们先放一边。",
    en="A first step: look at `people` above. Whose `stance` is blank? Set them aside.",
)
q3.hints(
    zh=[
        "两步：权重 × 态度，加起来；再除以权重之和。",
        '先把态度空着的去掉：`known = people.dropna(subset=["stance"])`，分子分母都用 `known`。',
        '分子写 `(known["weight"] * known["stance"]).sum()`，分母是 `known` 里哪一列的和？',
    ],
    en=[
        "Two steps: weight times stance, added up; then divide by the sum of the weights.",
        'First drop the blank stances: `known = people.dropna(subset=["stance"])`, and use `known` above and below.',
        'The top is `(known["weight"] * known["stance"]).sum()`. Which column of `known` is summed below?',
    ],
)
q3.unforeseen(
    zh="先数一数：九穗态度摸清了的人应当有 {known} 位，他们的权重加起来是 {weights}。",
    en="Count first: {known} people at Jiusui have a known stance, and their weights add up to {weights}.",
)

# --- q4: customers that hang on one person -------------------------------------------------------

q4 = assignment.task(
    "q4",
    answer="single_contacts",
    form=Number(tolerance=0),
    points=9,
    level="core",
    kind="choose",
    row_ids=("2-7",),
)


@q4.reference
def one_person_left(company):
    contacts, accounts = company.contacts, company.accounts
    customers = accounts.loc[accounts["customer_since"].notna(), "account_id"]
    people = contacts[contacts["left_on"].isna()].groupby("account_id")["contact_id"].nunique()
    return int((people.reindex(customers).fillna(0) < 2).sum())


@q4.also_right
def single_by_the_unit(company):
    contacts, accounts = company.contacts, company.accounts
    customers = accounts[accounts["customer_since"].notna()]
    present = contacts[
        contacts["left_on"].isna() & contacts["account_id"].isin(customers["account_id"])
    ]
    return ka.profile.decision_unit(present, customers)["single_contact"].sum()


@q4.misconception(
    zh="你数出 {answer} 家，离职的人也当成了联系人。邻鹊在 CRM 里就还挂着一位早已离职的。只留 `left_on` 空着的再数。",
    en="You counted {answer}, with people who have left still in the list. Linque's entry holds one of them. Keep those whose `left_on` is blank, then count.",
)
def those_who_left_too(company):
    contacts, accounts = company.contacts, company.accounts
    customers = accounts[accounts["customer_since"].notna()]
    listed = contacts[contacts["account_id"].isin(customers["account_id"])]
    return int(ka.profile.decision_unit(listed, customers)["single_contact"].sum())


@q4.misconception(
    zh="你数出 {answer} 家，还没成交的潜在客户也在里面。题目问的是已成交的 {customers} 家里有几家。",
    en="You counted {answer}, prospects included. The question is about the {customers} customers.",
)
def prospects_counted(company):
    contacts = company.contacts
    present = contacts[contacts["left_on"].isna()]
    return int(ka.profile.decision_unit(present, company.accounts)["single_contact"].sum())


@q4.misconception(
    zh="你数出 {answer} 家，这是没有决策者的客户。“单线”说的是人数：只认识一个人，不管他是什么角色。",
    en="You counted {answer}: customers without a decision maker. Single contact is about how many people we know, whatever their role.",
)
def without_decision_maker(company):
    contacts, accounts = company.contacts, company.accounts
    customers = accounts[accounts["customer_since"].notna()]
    present = contacts[
        contacts["left_on"].isna() & contacts["account_id"].isin(customers["account_id"])
    ]
    unit = ka.profile.decision_unit(present, customers, roles=["decision_maker"])
    return int((unit["roles_covered"] == 0).sum())


@q4.misconception(
    zh="你数出 {answer} 家，这是有两个人以上的。反过来：不到两个人的有几家？",
    en="You counted {answer}: those with two people or more. The other way round: how many have fewer than two?",
)
def several_contacts(company):
    contacts, accounts = company.contacts, company.accounts
    customers = accounts[accounts["customer_since"].notna()]
    present = contacts[
        contacts["left_on"].isna() & contacts["account_id"].isin(customers["account_id"])
    ]
    return int((~ka.profile.decision_unit(present, customers)["single_contact"]).sum())


@q4.misconception(
    zh="你算出来是 {answer:.3f}，这是比例。题目问几家，填家数。",
    en="You got {answer:.3f}: a share. The question asks how many; give the number.",
)
def share_for_count(company):
    contacts, accounts = company.contacts, company.accounts
    customers = accounts[accounts["customer_since"].notna()]
    present = contacts[
        contacts["left_on"].isna() & contacts["account_id"].isin(customers["account_id"])
    ]
    return float(ka.profile.decision_unit(present, customers)["single_contact"].mean())


@q4.facts
def facts_of_q4(company):
    contacts, accounts = company.contacts, company.accounts
    customers = accounts[accounts["customer_since"].notna()]
    there = contacts["account_id"].isin(customers["account_id"])
    return {
        "customers": len(customers),
        "present": int((there & contacts["left_on"].isna()).sum()),
    }


q4.not_tried(
    zh='先看 `contacts` 里有几个人已经离职：`contacts["left_on"].notna().sum()`。他们还算联系人吗？',
    en='A first step: how many of `contacts` have left? `contacts["left_on"].notna().sum()`. Are they still contacts?',
)
q4.hints(
    zh=[
        "两道筛子：离职的人拿掉，潜在客户的人拿掉。",
        '第一道：`contacts[contacts["left_on"].isna()]`（`.isna()` 是“空着的”）。第二道上面那格已经做了。',
        "`ka.profile.decision_unit(人, customers)` 有一列 `single_contact`；True 和 False 求和，就是 True 的个数。",
    ],
    en=[
        "Two sieves: take out people who have left, and people of prospects.",
        'The first: `contacts[contacts["left_on"].isna()]` (`.isna()` means "is blank"). The cell above has done the second.',
        "`ka.profile.decision_unit(people, customers)` has a column `single_contact`; the sum of True and False is the number of True.",
    ],
)
q4.unforeseen(
    zh="先数一数：{customers} 家客户里，还在职的联系人一共应当有 {present} 位。",
    en="Count first: at the {customers} customers there are {present} contacts who have not left.",
)

# --- q5: share of wallet -------------------------------------------------------------------------

q5 = assignment.task(
    "q5",
    answer="wallet_share",
    form=Number(tolerance=0.0005, fraction=True),
    points=10,
    level="analyst",
    kind="build",
    row_ids=("2-5", "2-6"),
)


@q5.reference
def bought_over_potential(company):
    accounts, orders = company.accounts, company.orders
    customers = accounts[accounts["customer_since"].notna()]
    recent = orders[orders["ordered_on"] > "2024-11-30"]
    return recent["amount"].sum() / customers["potential"].sum()


@q5.also_right
def by_left_merge(company):
    customers = company.accounts.query("customer_since.notna()")
    recent = company.orders.query("ordered_on >= '2024-12-01'")
    sums = recent.groupby("account_id")["amount"].sum().reset_index()
    table = customers.merge(sums, on="account_id", how="left").fillna({"amount": 0})
    return table["amount"].sum() / table["potential"].sum()


@q5.misconception(
    zh='你算出来是 {answer}。有 {silent} 家客户近 12 个月一单没下，`merge` 的时候悄悄掉了，潜力也跟着没了。丢了的生意也是没拿到的生意：加上 `how="left"`。',
    en='You got {answer}. Customers without an order in these 12 months ({silent}) fell out in the `merge`, and their potential with them. Lost business is business we do not have: add `how="left"`.',
)
def inner_join(company):
    accounts, orders = company.accounts, company.orders
    customers = accounts[accounts["customer_since"].notna()]
    recent = orders[orders["ordered_on"] > "2024-11-30"]
    sums = recent.groupby("account_id")["amount"].sum().reset_index()
    table = customers.merge(sums, on="account_id")
    return table["amount"].sum() / table["potential"].sum()


@q5.misconception(
    zh="你算出来是 {answer}，这是各家份额的平均数：一家小店和万桉一样重。整体的份额是总采购额除以总潜力。",
    en="You got {answer}: the mean of each account's share, where a small shop counts as much as Wan'an. The share of all is total purchases over total potential.",
)
def mean_of_shares(company):
    accounts, orders = company.accounts, company.orders
    customers = accounts[accounts["customer_since"].notna()]
    recent = orders[orders["ordered_on"] > "2024-11-30"]
    bought = recent.groupby("account_id")["amount"].sum()
    shares = customers["account_id"].map(bought).fillna(0) / customers["potential"]
    return shares.mean()


@q5.misconception(
    zh="你算出来是 {answer}，采购额用了从 2023 年起的全部订单，潜力却是一年的。两边都按 12 个月。",
    en="You got {answer}: purchases since 2023 over the potential of one year. Use 12 months for both.",
)
def all_years(company):
    accounts, orders = company.accounts, company.orders
    customers = accounts[accounts["customer_since"].notna()]
    bought = orders.loc[orders["account_id"].isin(customers["account_id"]), "amount"].sum()
    return bought / customers["potential"].sum()


@q5.misconception(
    zh="你算出来是 {answer}，用的是 2025 年至今。今年还缺一个 12 月，分子少了一个月。从 2024 年 12 月算起。",
    en="You got {answer}, from 2025 alone. The year still lacks December, so the top is a month short. Start with December 2024.",
)
def this_calendar_year(company):
    accounts, orders = company.accounts, company.orders
    customers = accounts[accounts["customer_since"].notna()]
    recent = orders[orders["ordered_on"] >= "2025-01-01"]
    return recent["amount"].sum() / customers["potential"].sum()


@q5.misconception(
    zh="你算出来是 {answer}，分母里有还没成交的潜在客户。钱包份额说的是**客户**的钱包，应当是 {customers} 家。",
    en="You got {answer}, with the potential of prospects in the base. Share of wallet is about **customers'** wallets; there should be {customers}.",
)
def prospects_in_the_base(company):
    orders = company.orders
    recent = orders[orders["ordered_on"] > "2024-11-30"]
    return recent["amount"].sum() / company.accounts["potential"].sum()


@q5.misconception(
    zh="你算出来是 {answer}，退货没有减掉。退回来的货客户没付钱，不算买了：用净额。",
    en="You got {answer}, without taking off the returns. What came back was not bought. Use the net amount.",
)
def returns_left_out(company):
    accounts, orders = company.accounts, company.orders
    customers = accounts[accounts["customer_since"].notna()]
    recent = orders[(orders["ordered_on"] > "2024-11-30") & (orders["amount"] > 0)]
    return recent["amount"].sum() / customers["potential"].sum()


@q5.facts
def facts_of_q5(company):
    accounts, orders = company.accounts, company.orders
    customers = accounts[accounts["customer_since"].notna()]
    recent = orders[orders["ordered_on"] > "2024-11-30"]
    return {
        "customers": len(customers),
        "silent": int((~customers["account_id"].isin(recent["account_id"])).sum()),
    }


q5.not_tried(
    zh='先把分母算出来：`customers["potential"].sum()`。为什么不用 `company.accounts`？',
    en='A first step, the base: `customers["potential"].sum()`. Why not `company.accounts`?',
)
q5.hints(
    zh=[
        "分子：近 12 个月的净采购额合计。分母：**全部客户**的潜力合计，一单没下的也在。",
        '订单按日期留：`company.orders["ordered_on"] > "2024-11-30"`。退货是负数，加在一起就是净额。',
        "如果用 `merge` 把两张表接起来，想一想：一单没下的客户还在不在？",
    ],
    en=[
        "On top, the net purchases of the last 12 months. Below, the potential of **all customers**, those without an order too.",
        'Keep the orders by date: `company.orders["ordered_on"] > "2024-11-30"`. Returns are negative, so a sum is already net.',
        "If you join the tables with `merge`: is a customer without an order still there?",
    ],
)
q5.unforeseen(
    zh="先数一数：已成交的客户应当有 {customers} 家，其中 {silent} 家近 12 个月一单没下。",
    en="Count first: there are {customers} customers, and {silent} of them did not order in the last 12 months.",
)

# --- q6: who has waited too long -----------------------------------------------------------------

q6 = assignment.task(
    "q6",
    answer="to_call",
    form=Items(),
    points=10,
    level="analyst",
    kind="choose",
    row_ids=("2-6",),
)


@q6.reference
def past_one_and_a_half(company):
    orders = company.orders[company.orders["amount"] > 0]
    late = []
    for account, days in orders.groupby("account_id")["ordered_on"]:
        each = pd.Series(sorted(set(days)))
        cycle = each.diff().dt.days.median()
        if (company.as_of - each.max()).days > 1.5 * cycle:
            late.append(account)
    return late


@q6.also_right
def by_the_cycle_table(company):
    cycle = ka.profile.purchase_cycle(company.orders, company.as_of)
    waited = (company.as_of - cycle["last_order_on"]).dt.days
    return cycle.loc[waited / cycle["cycle_days"] > 1.5, "account_id"]


@q6.misconception(
    zh="你列了 {count_once} 家，这是过了**一个**周期的。一半的间隔本来就比中位数长，这里面多半没事。题目要过了一个半周期的。",
    en="You listed {count_once}: those past **one** cycle. Half of all gaps are longer than the median anyway, so most of these are fine. The question asks for one and a half.",
)
def past_one_cycle(company):
    cycle = ka.profile.purchase_cycle(company.orders, company.as_of)
    return cycle.loc[cycle["overdue"].fillna(value=False), "account_id"]


@q6.misconception(
    zh="你的名单（{answer}）是拿全公司的中位周期去量每一家的。每周来一单的和两个月来一单的，能用同一把尺子吗？各用各的周期。",
    en="Your list ({answer}) measures everyone by the company's typical cycle. Can one ruler fit those who order weekly and those who order every two months? Use each account's own.",
)
def one_ruler_for_all(company):
    cycle = ka.profile.purchase_cycle(company.orders, company.as_of)
    waited = (company.as_of - cycle["last_order_on"]).dt.days
    return cycle.loc[waited > 1.5 * cycle["cycle_days"].median(), "account_id"]


@q6.misconception(
    zh="你的名单（{answer}）用的是平均间隔。一次停了三个月，平均数就变长，真晚了也看不出来。周期用中位数。",
    en="Your list ({answer}) uses the mean gap. One stop of three months stretches the mean, and somebody really late no longer shows. The cycle takes the median.",
)
def mean_gap_of_each(company):
    orders = company.orders[company.orders["amount"] > 0]
    late = []
    for account, days in orders.groupby("account_id")["ordered_on"]:
        each = pd.Series(sorted(set(days)))
        if (company.as_of - each.max()).days > 1.5 * each.diff().dt.days.mean():
            late.append(account)
    return late


@q6.misconception(
    zh="你的名单（{answer}）是站在 12 月 31 日看的。数据只到 11 月 30 日，后面一个月的订单谁也没见过。用 `company.as_of`。",
    en="Your list ({answer}) looks from 31 December. The data end on 30 November; nobody has seen the orders of the month after. Use `company.as_of`.",
)
def seen_from_year_end(company):
    cycle = ka.profile.purchase_cycle(company.orders, company.as_of)
    waited = (pd.Timestamp("2025-12-31") - cycle["last_order_on"]).dt.days
    return cycle.loc[waited > 1.5 * cycle["cycle_days"], "account_id"]


@q6.misconception(
    zh="你的名单正好反了：这些（{answer}）是还没过一个半周期的。看看大于号的方向。",
    en="Your list is the other way round: these ({answer}) have not waited so long yet. Look at the direction of the sign.",
)
def not_late(company):
    cycle = ka.profile.purchase_cycle(company.orders, company.as_of)
    waited = (company.as_of - cycle["last_order_on"]).dt.days
    return cycle.loc[waited <= 1.5 * cycle["cycle_days"], "account_id"]


@q6.facts
def facts_of_q6(company):
    cycle = ka.profile.purchase_cycle(company.orders, company.as_of)
    waited = (company.as_of - cycle["last_order_on"]).dt.days
    return {
        "count_once": int(cycle["overdue"].fillna(value=False).sum()),
        "late": int((waited > 1.5 * cycle["cycle_days"]).sum()),
    }


q6.not_tried(
    zh='先算等了几天：`(company.as_of - cycle["last_order_on"]).dt.days`。',
    en='A first step: how long each has waited, `(company.as_of - cycle["last_order_on"]).dt.days`.',
)
q6.hints(
    zh=[
        "每家两个数：等了几天，和它自己的周期。前一个大于后一个的 1.5 倍，就打电话。",
        "日期相减得到时间差，`.dt.days` 变成天数。",
        '`cycle.loc[条件, "account_id"]` 取出符合条件的客户编号。',
    ],
    en=[
        "Two numbers for each: the days it has waited and its own cycle. Call when the first is more than 1.5 times the second.",
        "One date minus another is a length of time; `.dt.days` makes days of it.",
        '`cycle.loc[condition, "account_id"]` takes the ids where the condition holds.',
    ],
)
q6.unforeseen(
    zh="先数一数：过了一个半周期的客户应当有 {late} 家。",
    en="Count first: {late} customers are past one and a half cycles.",
)

# --- q7: pains, one account once -----------------------------------------------------------------

q7 = assignment.task(
    "q7",
    answer="accounts_by_pain",
    form=Mapping(tolerance=0),
    points=10,
    level="analyst",
    kind="build",
    row_ids=("2-1", "2-4", "2-8"),
)


@q7.reference
def sets_of_accounts(company):
    surveys = company.surveys
    wave = surveys[surveys["answered_on"] >= "2025-11-01"].dropna(subset=["pains"])
    named = {}
    for account, pains in zip(wave["account_id"], wave["pains"], strict=True):
        for pain in pains.split(";"):
            named.setdefault(pain, set()).add(account)
    return {pain: len(accounts) for pain, accounts in named.items()}


@q7.also_right
def by_explode(company):
    wave = company.surveys.query("answered_on >= '2025-11-01'")
    pains = wave.assign(pain=wave["pains"].str.split(";")).explode("pain")
    return pains.groupby("pain")["account_id"].nunique()


@q7.misconception(
    zh="你数的是答卷（{answer}）。一家客户答了十几份，就被数了十几次。同一家、同一个痛点，去重以后再数。",
    en="You counted answers ({answer}). An account with a dozen answers counts a dozen times. Drop repeats of the same account and pain, then count.",
)
def answers_counted(company):
    wave = company.surveys.query("answered_on >= '2025-11-01'")
    return wave["pains"].str.split(";").explode().value_counts()


@q7.misconception(
    zh="你把四轮问卷都算上了（{answer}）。去年缺过货的，今年可能早好了。只看 2025 年 11 月这一轮。",
    en="You took all four rounds ({answer}). Who was out of stock last year may be fine today. Keep the round of November 2025.",
)
def every_wave(company):
    surveys = company.surveys
    pains = surveys.assign(pain=surveys["pains"].str.split(";")).explode("pain")
    return pains.groupby("pain")["account_id"].nunique()


@q7.misconception(
    zh='“price;stock_out”被当成了一个痛点。分号连着的是两样：先 `.str.split(";")` 切开，再 `.explode`。',
    en='"price;stock_out" was taken for one pain. The semicolon joins two: cut with `.str.split(";")`, then `.explode`.',
)
def not_split(company):
    wave = company.surveys.query("answered_on >= '2025-11-01'")
    return wave.groupby("pains")["account_id"].nunique()


@q7.misconception(
    zh="你只数了每份答卷的第一个痛点（{answer}）。后面的也是他说的：全部展开再数。",
    en="You counted only the first pain of each answer ({answer}). The others were named too. Spread them all out.",
)
def first_pain_only(company):
    wave = company.surveys.query("answered_on >= '2025-11-01'").dropna(subset=["pains"])
    first = wave.assign(pain=wave["pains"].str.split(";").str[0])
    return first.groupby("pain")["account_id"].nunique()


@q7.misconception(
    zh="你给的是占比（{answer}）。题目问几家，先填家数；要报占比，也得说清除以多少家。",
    en="You gave shares ({answer}). The question asks for the number of accounts. If you report a share, say of how many.",
)
def shares_of_accounts(company):
    wave = company.surveys.query("answered_on >= '2025-11-01'")
    pains = wave.assign(pain=wave["pains"].str.split(";")).explode("pain")
    return pains.groupby("pain")["account_id"].nunique() / wave["account_id"].nunique()


@q7.facts
def facts_of_q7(company):
    wave = company.surveys.query("answered_on >= '2025-11-01'")
    return {"answers": len(wave), "accounts": int(wave["account_id"].nunique())}


q7.not_tried(
    zh='先切开一列看看：`wave["pains"].str.split(";")`。一格里有几样？',
    en='A first step: cut the column and look, `wave["pains"].str.split(";")`. How many are in one cell?',
)
q7.hints(
    zh=[
        "三步：切开，展开成一行一个痛点，同一家同一个痛点只留一行。",
        '`wave.assign(pain=wave["pains"].str.split(";")).explode("pain")` 完成前两步。',
        '再按痛点分组数客户：`.groupby("pain")["account_id"]`，用哪个函数数“不同的有几个”？',
    ],
    en=[
        "Three steps: cut, give each pain its own row, keep one row for each account and pain.",
        '`wave.assign(pain=wave["pains"].str.split(";")).explode("pain")` does the first two.',
        'Then count accounts by pain: `.groupby("pain")["account_id"]`. Which function counts how many different ones there are?',
    ],
)
q7.unforeseen(
    zh="先数一数：2025 年 11 月这一轮应当有 {answers} 份答卷，来自 {accounts} 家客户。",
    en="Count first: the round of November 2025 has {answers} answers from {accounts} accounts.",
)

# --- q8: Jiusui's fresh share by quarter ---------------------------------------------------------

q8 = assignment.task(
    "q8",
    answer="fresh_by_quarter",
    form=Mapping(tolerance=0.0005, fraction=True),
    points=9,
    level="analyst",
    kind="build",
    row_ids=("2-6",),
)


@q8.reference
def fresh_in_each_quarter(company):
    lines = company.order_lines.merge(company.orders[["order_id", "account_id", "ordered_on"]])
    lines = lines.merge(company.products[["product_id", "category"]])
    mine = lines[(lines["account_id"] == "A003") & (lines["ordered_on"].dt.year == 2024)]
    shares = {}
    for quarter in (1, 2, 3, 4):
        part = mine[mine["ordered_on"].dt.quarter == quarter]
        fresh = part.loc[part["category"] == "fresh", "amount"].sum()
        shares[quarter] = fresh / part["amount"].sum()
    return shares


@q8.also_right
def fresh_by_pivot(company):
    lines = company.order_lines.merge(company.orders, on="order_id", suffixes=("", "_order"))
    lines = lines.merge(company.products, on="product_id")
    lines = lines.query("account_id == 'A003' and '2024-01-01' <= ordered_on <= '2024-12-31'")
    quarter = (lines["ordered_on"].dt.month + 2) // 3
    table = lines.pivot_table(
        index=quarter, columns="category", values="amount", aggfunc="sum", fill_value=0
    )
    return table["fresh"] / table.sum(axis="columns")


@q8.misconception(
    zh="季度算错了：你用的是 月份 // 3，1、2 月成了 0，3 月成了 1，12 月成了 4。试试 `.dt.quarter`。",
    en="The quarters are off: month // 3 makes January and February 0, March 1 and December 4. Try `.dt.quarter`.",
)
def month_by_three(company):
    lines = company.order_lines.merge(company.orders, on="order_id", suffixes=("", "_order"))
    lines = lines.merge(company.products, on="product_id")
    lines = lines.query("account_id == 'A003' and '2024-01-01' <= ordered_on <= '2024-12-31'")
    quarter = lines["ordered_on"].dt.month // 3
    fresh = lines["amount"].where(lines["category"] == "fresh", 0.0)
    return fresh.groupby(quarter).sum() / lines["amount"].groupby(quarter).sum()


@q8.misconception(
    zh="你算出来是 {answer}，四个数加起来是 1：这是每个季度占**全年鲜食**的比例。题目问的是：这个季度买的货里，鲜食占几成？分母换成这个季度的合计。",
    en="You got {answer}, which add up to 1: each quarter's part of the **year's fresh meals**. The question is: of what they bought in this quarter, how much was fresh? Divide by the quarter's total.",
)
def share_of_the_year(company):
    lines = company.order_lines.merge(company.orders, on="order_id", suffixes=("", "_order"))
    lines = lines.merge(company.products, on="product_id")
    lines = lines.query("account_id == 'A003' and '2024-01-01' <= ordered_on <= '2024-12-31'")
    fresh = lines[lines["category"] == "fresh"]
    sums = fresh.groupby(fresh["ordered_on"].dt.quarter)["amount"].sum()
    return sums / sums.sum()


@q8.misconception(
    zh="你算出来是 {answer}，全公司的客户都在里面。只留九穗（A003）的订单。",
    en="You got {answer}, over all customers. Keep Jiusui's (A003) orders only.",
)
def all_customers(company):
    lines = company.order_lines.merge(company.orders, on="order_id", suffixes=("", "_order"))
    lines = lines.merge(company.products, on="product_id")
    lines = lines.query("'2024-01-01' <= ordered_on <= '2024-12-31'")
    quarter = lines["ordered_on"].dt.quarter
    fresh = lines["amount"].where(lines["category"] == "fresh", 0.0)
    return fresh.groupby(quarter).sum() / lines["amount"].groupby(quarter).sum()


@q8.misconception(
    zh="你算出来是 {answer}，按的是箱数。一箱坚果的钱抵两三箱拉面；占比用金额算。",
    en="You got {answer}, by cases. A case of nuts costs as much as two or three of ramen. Use the amount.",
)
def by_cases(company):
    lines = company.order_lines.merge(company.orders, on="order_id", suffixes=("", "_order"))
    lines = lines.merge(company.products, on="product_id")
    lines = lines.query("account_id == 'A003' and '2024-01-01' <= ordered_on <= '2024-12-31'")
    quarter = lines["ordered_on"].dt.quarter
    fresh = lines["quantity"].where(lines["category"] == "fresh", 0.0)
    return fresh.groupby(quarter).sum() / lines["quantity"].groupby(quarter).sum()


@q8.misconception(
    zh="你算出来是 {answer}，几年的同一个季度混在一起了，2025 年四季度还没过完。只留 2024 年。",
    en="You got {answer}, with the same quarter of several years mixed, the unfinished one of 2025 among them. Keep 2024.",
)
def every_year(company):
    lines = company.order_lines.merge(company.orders, on="order_id", suffixes=("", "_order"))
    lines = lines.merge(company.products, on="product_id")
    lines = lines[lines["account_id"] == "A003"]
    quarter = lines["ordered_on"].dt.quarter
    fresh = lines["amount"].where(lines["category"] == "fresh", 0.0)
    return fresh.groupby(quarter).sum() / lines["amount"].groupby(quarter).sum()


@q8.facts
def facts_of_q8(company):
    lines = company.order_lines.merge(company.orders, on="order_id", suffixes=("", "_order"))
    mine = lines.query("account_id == 'A003' and '2024-01-01' <= ordered_on <= '2024-12-31'")
    return {"lines": len(mine)}


q8.not_tried(
    zh="先看上面接好的 `lines`：一行是一张单里的一个产品，`category` 是品类。",
    en="A first step: look at `lines` above. A row is one product in one order, and `category` is its kind.",
)
q8.hints(
    zh=[
        "先筛：九穗（A003），2024 年。再分：每一季度。最后除：鲜食 ÷ 这个季度的合计。",
        '季度用 `mine["ordered_on"].dt.quarter`，从 1 到 4。',
        "分别按季度求两个和：只留 `fresh` 的金额，和全部金额；前一个除以后一个。",
    ],
    en=[
        "First keep: Jiusui (A003), 2024. Then split by quarter. Then divide: fresh over the quarter's total.",
        'The quarter is `mine["ordered_on"].dt.quarter`, 1 to 4.',
        "Add up twice by quarter: the amount of `fresh` alone, and of everything. Divide the first by the second.",
    ],
)
q8.unforeseen(
    zh="先数一数：九穗 2024 年的订单行应当有 {lines} 行。",
    en="Count first: Jiusui's orders of 2024 have {lines} lines.",
)

# --- q9: what Linque's peers buy and it does not -------------------------------------------------

q9 = assignment.task(
    "q9",
    answer="gap_buyers",
    form=Mapping(tolerance=0),
    points=9,
    level="analyst",
    kind="build",
    row_ids=("2-8",),
)


@q9.reference
def gaps_by_sets(company):
    accounts, orders = company.accounts, company.orders
    peers = set(accounts.loc[accounts["segment"] == "convenience", "account_id"])
    recent = orders[orders["ordered_on"] > "2024-11-30"].set_index("order_id")["account_id"]
    lines = company.order_lines[company.order_lines["order_id"].isin(recent.index)]
    buyers = {}
    for product, part in lines.groupby("product_id"):
        net = part.groupby(part["order_id"].map(recent))["amount"].sum()
        buyers[product] = set(net[net > 0].index) & peers
    return {
        product: len(found) for product, found in buyers.items() if found and "A002" not in found
    }


@q9.also_right
def gaps_by_white_space(company):
    peers = company.accounts.query("segment == 'convenience' and customer_since.notna()")
    recent = company.orders.query("ordered_on >= '2024-12-01'")
    lines = company.order_lines.merge(recent[["order_id", "account_id"]], on="order_id")
    lines = lines[lines["account_id"].isin(peers["account_id"])]
    gaps = ka.profile.white_space(lines, peers)
    gaps = gaps[(gaps["account_id"] == "A002") & (gaps["buyers"] > 0)]
    return gaps.set_index("product_id")["buyers"]


@q9.misconception(
    zh="你数出来是 {answer}，各种业态的客户都在里面。大卖场爱买的，便利店不一定要：只和便利店比。",
    en="You counted {answer}, over every kind of shop. What hypermarkets buy, a convenience chain may not want. Compare it with its own kind.",
)
def every_segment(company):
    recent = company.orders.query("ordered_on >= '2024-12-01'")
    lines = company.order_lines.merge(recent[["order_id", "account_id"]], on="order_id")
    net = lines.groupby(["product_id", "account_id"])["amount"].sum()
    bought = net[net > 0].reset_index()
    hers = bought.loc[bought["account_id"] == "A002", "product_id"]
    return bought[~bought["product_id"].isin(hers)].groupby("product_id").size()


@q9.misconception(
    zh="你数出来是 {answer}，数的是订单行。一家买十次也只是一家：按客户去重再数。",
    en="You counted {answer}: order lines. An account that buys ten times is still one account. Count each once.",
)
def lines_counted(company):
    peers = company.accounts.query("segment == 'convenience'")["account_id"]
    recent = company.orders.query("ordered_on >= '2024-12-01'")
    lines = company.order_lines.merge(recent[["order_id", "account_id"]], on="order_id")
    lines = lines[lines["account_id"].isin(peers) & (lines["amount"] > 0)]
    hers = lines.loc[lines["account_id"] == "A002", "product_id"]
    return lines[~lines["product_id"].isin(hers)].groupby("product_id").size()


@q9.misconception(
    zh="你把邻鹊已经在买的产品也列进来了（{answer}）。空白机会只要它**没买**的那几样。",
    en="Products that Linque buys already are in your list ({answer}). White space holds only what it does **not** buy.",
)
def what_it_buys_too(company):
    peers = company.accounts.query("segment == 'convenience'")["account_id"]
    recent = company.orders.query("ordered_on >= '2024-12-01'")
    lines = company.order_lines.merge(recent[["order_id", "account_id"]], on="order_id")
    lines = lines[lines["account_id"].isin(peers)]
    net = lines.groupby(["product_id", "account_id"])["amount"].sum()
    return net[net > 0].groupby(level="product_id").size()


@q9.misconception(
    zh="你给的是占比（{answer}）。题目问有几家在买，填家数。",
    en="You gave shares ({answer}). The question asks how many accounts buy it.",
)
def shares_of_peers(company):
    peers = company.accounts.query("segment == 'convenience' and customer_since.notna()")
    recent = company.orders.query("ordered_on >= '2024-12-01'")
    lines = company.order_lines.merge(recent[["order_id", "account_id"]], on="order_id")
    lines = lines[lines["account_id"].isin(peers["account_id"])]
    gaps = ka.profile.white_space(lines, peers)
    gaps = gaps[(gaps["account_id"] == "A002") & (gaps["buyers"] > 0)]
    return gaps.set_index("product_id")["rate"]


@q9.facts
def facts_of_q9(company):
    peers = company.accounts.query("segment == 'convenience'")["account_id"]
    recent = company.orders.query("ordered_on >= '2024-12-01'")
    lines = company.order_lines.merge(recent[["order_id", "account_id"]], on="order_id")
    lines = lines[lines["account_id"].isin(peers)]
    net = lines.groupby(["product_id", "account_id"])["amount"].sum()
    bought = net[net > 0].reset_index()
    return {
        "peers": int(bought["account_id"].nunique()),
        "hers": int((bought["account_id"] == "A002").sum()),
    }


q9.not_tried(
    zh="先列出邻鹊近 12 个月买了哪几样产品。剩下的，才是空白。",
    en="A first step: list what Linque bought in the last 12 months. The rest is its white space.",
)
q9.hints(
    zh=[
        "三步：便利店近 12 个月的订单行；每家客户、每个产品的净额；大于 0 的才算在买。",
        '净额：`lines.groupby(["product_id", "account_id"])["amount"].sum()`，再留大于 0 的，`.reset_index()` 变回表。',
        "把邻鹊买的产品用 `~...isin(...)` 去掉（`~` 是“不”），再按产品数客户。",
    ],
    en=[
        "Three steps: convenience chains' lines of the last 12 months; the net amount by account and product; above 0 means it buys.",
        'Net: `lines.groupby(["product_id", "account_id"])["amount"].sum()`; keep what is above 0, and `.reset_index()` makes it a table again.',
        "Drop what Linque buys with `~...isin(...)` (`~` means not), then count accounts by product.",
    ],
)
q9.unforeseen(
    zh="先数一数：近 12 个月下过单的便利店客户应当有 {peers} 家，邻鹊在买的产品 {hers} 样。",
    en="Count first: {peers} convenience chains ordered in the last 12 months, and Linque buys {hers} products.",
)
