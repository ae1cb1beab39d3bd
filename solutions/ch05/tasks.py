"""Chapter 5, relationships and value-added service: the auto-graded tasks.

Where the worked solution calls ``ka_lib``, the reference below is plain pandas, and the other way
round: a slip in one of them does not pass unseen. Each function stands alone, because its source
becomes a submission of the simulated class.
"""

import pandas as pd

import ka_lib as ka
from ka_course.tasks import Assignment, Items, Mapping, Number

assignment = Assignment("ch05")

# --- q1: sales that hang on one contact ----------------------------------------------------------

q1 = assignment.task(
    "q1",
    answer="hanging_sales",
    form=Number(tolerance=1.0, unit="yuan"),
    points=6,
    level="core",
    kind="choose",
    row_ids=("5-21", "5-24"),
)


@q1.reference
def sales_of_single_contacts(company):
    contacts = company.contacts
    there = contacts[contacts["left_on"].isna() | (contacts["left_on"] > company.as_of)]
    number = there["account_id"].value_counts().reindex(company.accounts["account_id"]).fillna(0)
    alone = number.index[number < 2]
    orders = company.orders
    year = orders[orders["ordered_on"] >= "2024-12-01"]
    return year.loc[year["account_id"].isin(alone), "amount"].sum()


@q1.also_right
def by_one_selection(company):
    people = ka.health.exposure(company.contacts, company.accounts, company.as_of, company.orders)
    return float(people.loc[people["contacts"] <= 1, "yearly_sales"].sum())


@q1.misconception(
    zh="你算出来是 {answer:,.0f} 元，把“只有一个层级”的客户也加进来了（`exposed`）。那是另一种风险。题目问的是只认识**一个人**的，用哪一列来筛？",
    en="You got {answer:,.0f} yuan, with accounts of one level (`exposed`) counted in. That is another risk. "
    "The question is about accounts with **one person**: which column picks those?",
)
def exposed_for_single(company):
    people = ka.health.exposure(company.contacts, company.accounts, company.as_of, company.orders)
    return people.loc[people["exposed"], "yearly_sales"].sum()


@q1.misconception(
    zh="你算出来是 {answer:,.0f} 元，把已经离职的联系人也当成在职了，有些单线客户就躲过去了。名字在表里，人还在不在，看哪一列？",
    en="You got {answer:,.0f} yuan, with people who have left counted as still there, so some accounts look safer than they are. "
    "The name stands in the table; which column says whether the person does?",
)
def leavers_counted(company):
    number = company.contacts["account_id"].value_counts()
    number = number.reindex(company.accounts["account_id"]).fillna(0)
    alone = number.index[number < 2]
    orders = company.orders
    year = orders[orders["ordered_on"] >= "2024-12-01"]
    return year.loc[year["account_id"].isin(alone), "amount"].sum()


@q1.misconception(
    zh="你填的是 {answer:,.0f}，这是客户的**家数**。老郭问的是挂着多少钱：把哪一列加起来？",
    en="You gave {answer:,.0f}: the **number** of accounts. Lao Guo asks how much money hangs there. Which column do you add up?",
)
def accounts_for_sales(company):
    people = ka.health.exposure(company.contacts, company.accounts, company.as_of)
    return int(people["single_contact"].sum())


@q1.misconception(
    zh="你算出来是 {answer:,.0f} 元，这是一家平均。合计要把 {single} 家加起来：平均数换成哪个词？",
    en="You got {answer:,.0f} yuan: the average of one account. The total adds up all {single}. Which word instead of the mean?",
)
def mean_for_sum(company):
    people = ka.health.exposure(company.contacts, company.accounts, company.as_of, company.orders)
    return people.loc[people["single_contact"], "yearly_sales"].mean()


@q1.misconception(
    zh="你算出来是 {answer:,.0f} 元，这是全部客户的销售额，没有筛。题目只要单线的 {single} 家。",
    en="You got {answer:,.0f} yuan: the sales of all accounts, with nothing picked. Only the {single} single-contact ones are wanted.",
)
def everybody(company):
    orders = company.orders
    return orders.loc[orders["ordered_on"] >= "2024-12-01", "amount"].sum()


@q1.facts
def facts_of_q1(company):
    people = ka.health.exposure(company.contacts, company.accounts, company.as_of)
    return {"single": int(people["single_contact"].sum())}


q1.not_tried(
    zh='先看看上面 `single` 这张表：哪一列是近一年的销售额？再写 `single["那一列"].sum()`。',
    en='A first step: look at the table `single` above. Which column holds the yearly sales? Then write `single["that column"].sum()`.',
)
q1.hints(
    zh=[
        "`single` 里每行一家客户，都只认识一个在职的人。",
        "近一年销售额的列名，开头是 `yearly`。",
        '照这个样子写：`single["列名"].sum()`。',
    ],
    en=[
        "Each row of `single` is an account where we know one person.",
        "The column with the last year's sales starts with `yearly`.",
        'Write it like this: `single["column"].sum()`.',
    ],
)
q1.unforeseen(
    zh="先数一数：单线的客户应当有 {single} 家。`len(single)` 是多少？",
    en="Count first: there should be {single} single-contact accounts. What does `len(single)` say?",
)

# --- q2: share of customers in decline -----------------------------------------------------------

q2 = assignment.task(
    "q2",
    answer="declining",
    form=Number(tolerance=0.0005, fraction=True),
    points=8,
    level="core",
    kind="choose",
    row_ids=("5-13", "5-16"),
)


@q2.reference
def decline_among_buyers(company):
    stages = ka.relationship.life_cycle(
        company.accounts, company.orders, company.as_of, grows_from=0.25
    )
    buyers = company.orders.loc[company.orders["amount"] > 0, "account_id"].unique()
    reasons = stages.set_index("account_id").loc[buyers, "because"]
    return reasons.isin(["lapsed", "shrinking"]).sum() / len(buyers)


@q2.also_right
def decline_by_counts(company):
    stages = ka.relationship.life_cycle(
        company.accounts, company.orders, company.as_of, grows_from=0.25
    )
    number = stages["life_stage"].value_counts()
    return number["decline"] / (len(stages) - number["development"])


@q2.misconception(
    zh="你算出来是 {answer:.3f}，分母是全部客户，连一单没下过的也在里面。从没买过，怎么衰退？分母换成下过单的 {customers} 家。",
    en="You got {answer:.3f}, over all accounts, those that never ordered included. Can an account decline that never bought? "
    "Use the {customers} that have ordered as the base.",
)
def over_all_accounts(company):
    stages = ka.relationship.life_cycle(
        company.accounts, company.orders, company.as_of, grows_from=0.25
    )
    return (stages["life_stage"] == "decline").mean()


@q2.misconception(
    zh="你算出来是 {answer:.3f}，只数了停购的（`lapsed`）。还在下单、可是越下越少的，算不算衰退期？看看 `because` 里还有谁。",
    en="You got {answer:.3f}, counting those that stopped (`lapsed`). What about those that still order, but less and less? "
    "See what else stands in `because`.",
)
def only_lapsed(company):
    stages = ka.relationship.life_cycle(
        company.accounts, company.orders, company.as_of, grows_from=0.25
    )
    customers = stages[stages["life_stage"] != "development"]
    return (customers["because"] == "lapsed").mean()


@q2.misconception(
    zh="你算出来是 {answer:.3f}，只数了在缩的（`shrinking`），停购的没数。一单都不下了，不是比在缩更急吗？",
    en="You got {answer:.3f}, counting those that shrink and not those that stopped. Is an account that buys nothing not more urgent still?",
)
def only_shrinking(company):
    stages = ka.relationship.life_cycle(
        company.accounts, company.orders, company.as_of, grows_from=0.25
    )
    customers = stages[stages["life_stage"] != "development"]
    return (customers["because"] == "shrinking").mean()


@q2.misconception(
    zh="你填的是 {answer:.0f}，这是家数。要的是占比：把求和换成平均数，或者除以 {customers}。",
    en="You gave {answer:.0f}: a number of accounts. A share is wanted: take the mean instead of the sum, or divide by {customers}.",
)
def count_of_decline(company):
    stages = ka.relationship.life_cycle(
        company.accounts, company.orders, company.as_of, grows_from=0.25
    )
    return int((stages["life_stage"] == "decline").sum())


@q2.misconception(
    zh="你算出来是 {answer:.3f}，没下过单的也算成了衰退。它们在开发期：要的是第一单，不是挽回。把它们从分子分母里都拿走。",
    en="You got {answer:.3f}, with accounts that never ordered counted as declining. They are in development: they need a first order, "
    "not winning back. Take them out of both the count and the base.",
)
def never_ordered_counted(company):
    stages = ka.relationship.life_cycle(
        company.accounts, company.orders, company.as_of, grows_from=0.25
    )
    return stages["life_stage"].isin(["decline", "development"]).mean()


@q2.misconception(
    zh="你算出来是 {answer:.3f}，停购的被当成开发期拿掉了。它们买过，认识你，不用重新开发，要问的是“怎么停了”。放回来，算进衰退期。",
    en="You got {answer:.3f}, with lapsed accounts taken out as if still to be developed. They bought and they know you; what they need is "
    '"why did you stop?". Put them back, in decline.',
)
def lapsed_as_development(company):
    stages = ka.relationship.life_cycle(
        company.accounts, company.orders, company.as_of, grows_from=0.25
    )
    active = stages[~stages["because"].isin(["no_order", "lapsed"])]
    return (active["life_stage"] == "decline").mean()


@q2.facts
def facts_of_q2(company):
    buyers = company.orders.loc[company.orders["amount"] > 0, "account_id"]
    return {"customers": int(buyers.nunique())}


q2.not_tried(
    zh='先看上面那张小表：衰退期有哪两种依据？再写 `(customers["life_stage"] == "decline")`，看看得到什么。',
    en='A first step: which two reasons stand under decline in the small table above? Then write `(customers["life_stage"] == "decline")` and look.',
)
q2.hints(
    zh=[
        "分母是下过单的客户，`customers` 已经把没下过单的去掉了。",
        "衰退期的代码是 `decline`，停购和在缩的都在里面。",
        '`(customers["life_stage"] == "...")` 外面加 `.mean()`，对错的平均数就是占比。',
    ],
    en=[
        "The base is the accounts that have ordered; `customers` has left out the others.",
        "The code is `decline`; those that stopped and those that shrink are both in it.",
        'Put `.mean()` behind `(customers["life_stage"] == "...")`: the mean of true and false is a share.',
    ],
)
q2.unforeseen(
    zh="先数一数：下过单的客户应当有 {customers} 家。`len(customers)` 是多少？",
    en="Count first: {customers} accounts have ordered. What does `len(customers)` say?",
)

# --- q3: C accounts past their visit standard ----------------------------------------------------

q3 = assignment.task(
    "q3",
    answer="overdue_c",
    form=Number(tolerance=0.0005, fraction=True),
    points=8,
    level="core",
    kind="choose",
    row_ids=("5-5",),
)


@q3.reference
def c_accounts_not_visited(company):
    accounts, activities = company.accounts, company.activities
    of_c = accounts.loc[accounts["tier"] == "C", "account_id"]
    visits = activities[activities["kind"] == "visit"]
    last = visits.groupby("account_id")["happened_on"].max().reindex(of_c)
    days = (company.as_of - last).dt.days
    return ((days > 90) | days.isna()).sum() / len(of_c)


@q3.also_right
def c_accounts_by_mean(company):
    gaps = ka.relationship.contact_gaps(
        company.activities, company.accounts, company.as_of, kinds=["visit"]
    )
    return gaps.loc[gaps["tier"] == "C", "breach"].mean()


@q3.misconception(
    zh="你算出来是 {answer:.3f}，电话、微信也算成了拜访，所以好看。题目只认上门：`kinds` 里写什么？",
    en="You got {answer:.3f}, with calls and messages counted as visits, which makes it look good. Only going there counts: what belongs in `kinds`?",
)
def all_contacts(company):
    gaps = ka.relationship.contact_gaps(company.activities, company.accounts, company.as_of)
    return ka.relationship.by_tier(gaps).set_index("tier").loc["C", "rate"]


@q3.misconception(
    zh="你算出来是 {answer:.3f}，三级客户合在一起了。A 类 7 天、B 类 30 天、C 类 90 天，尺子不同，合起来说不清谁没去。只取 C。",
    en="You got {answer:.3f}, all tiers together. With 7, 30 and 90 days for A, B and C, one rate for all says little. Take C alone.",
)
def all_tiers(company):
    gaps = ka.relationship.contact_gaps(
        company.activities, company.accounts, company.as_of, kinds=["visit"]
    )
    return gaps["breach"].dropna().mean()


@q3.misconception(
    zh="你填的是 {answer:.0f}，这是超标的家数。要的是占比，除以 C 类的 {base} 家；`by_tier` 的表里哪一列已经除好了？",
    en="You gave {answer:.0f}: the number past the standard. A share is wanted, out of {base} C accounts. Which column of `by_tier` has divided already?",
)
def breaches_for_rate(company):
    gaps = ka.relationship.contact_gaps(
        company.activities, company.accounts, company.as_of, kinds=["visit"]
    )
    return int(ka.relationship.by_tier(gaps).set_index("tier").loc["C", "breaches"])


@q3.misconception(
    zh="你算出来是 {answer:.3f}，用 30 天当标准了，那是 B 类的。C 类是 90 天，默认就对，不用另写。",
    en="You got {answer:.3f}, with the 30 days of a B. The standard of a C is 90 days, which is the default.",
)
def standard_of_b(company):
    gaps = ka.relationship.contact_gaps(
        company.activities,
        company.accounts,
        company.as_of,
        standard={"A": 7, "B": 30, "C": 30},
        kinds=["visit"],
    )
    return ka.relationship.by_tier(gaps).set_index("tier").loc["C", "rate"]


@q3.facts
def facts_of_q3(company):
    return {"base": int((company.accounts["tier"] == "C").sum())}


q3.not_tried(
    zh="先把上面那一格里的 `contact_gaps(...)` 抄下来，在最后一个括号前加上 `, kinds=[...]`，看看表怎么变。",
    en="A first step: copy `contact_gaps(...)` from the cell above and add `, kinds=[...]` before the last bracket. How does the table change?",
)
q3.hints(
    zh=[
        "两个决定：哪些往来算数，取哪一级。",
        '上门的代码是 `"visit"`，放在方括号里：`kinds=["visit"]`。',
        '汇总后取数：`ka.relationship.by_tier(...).set_index("tier").loc["级别", "rate"]`。',
    ],
    en=[
        "Two decisions: which contacts count, and which tier.",
        'The code of a visit is `"visit"`, in square brackets: `kinds=["visit"]`.',
        'Then take the number: `ka.relationship.by_tier(...).set_index("tier").loc["tier", "rate"]`.',
    ],
)
q3.unforeseen(
    zh="先数一数：C 类客户应当有 {base} 家，这是分母。",
    en="Count first: there should be {base} C accounts. They are the base.",
)

# --- q4: birthdays over the turn of the year -----------------------------------------------------

q4 = assignment.task(
    "q4",
    answer="birthdays",
    form=Number(tolerance=0.5),
    points=8,
    level="core",
    kind="choose",
    row_ids=("5-20", "5-22", "5-29"),
)


@q4.reference
def birthdays_by_day(company):
    contacts = company.contacts
    there = contacts[contacts["left_on"].isna() & contacts["birthday"].notna()]
    number = 0
    for born in there["birthday"]:
        # 29 February is kept on 28 February in a common year, and 2026 is one.
        day = 28 if (born.month, born.day) == (2, 29) else born.day
        in_december = born.month == 12 and born.day >= 10
        number += in_december or born.month == 1 or (born.month == 2 and day <= 28)
    return int(number)


@q4.also_right
def by_value_counts(company):
    calendar = ka.relationship.care_calendar(company, "2025-12-10", "2026-03-01")
    return calendar["moment"].value_counts()["birthday"]


@q4.misconception(
    zh="你数出来是 {answer:.0f} 个，2 月 28 日那天没算进去。日历的结束那天不算在内：要包括 28 日，结束该写哪一天？",
    en="You counted {answer:.0f}, without 28 February. The end date is not included: to have the 28th in, which day do you write?",
)
def last_day_left_out(company):
    calendar = ka.relationship.care_calendar(company, "2025-12-10", "2026-02-28")
    return int((calendar["moment"] == "birthday").sum())


@q4.misconception(
    zh="你数出来是 {answer:.0f} 个，停在了 12 月 31 日。客户的生日不会因为跨年就没了，窗口要一直开到 2 月底。",
    en="You counted {answer:.0f}, stopping on 31 December. Birthdays do not end with the year; keep the window open to the end of February.",
)
def stopped_at_new_year(company):
    calendar = ka.relationship.care_calendar(company, "2025-12-10", "2026-01-01")
    return int((calendar["moment"] == "birthday").sum())


@q4.misconception(
    zh="你数出来是 {answer:.0f} 个，这是日历上全部时刻，合同、节日、投诉都在里面。只留 `moment` 是 `birthday` 的。",
    en="You counted {answer:.0f}: every moment on the calendar, contracts, festivals and complaints included. Keep those whose `moment` is `birthday`.",
)
def all_moments(company):
    return len(ka.relationship.care_calendar(company, "2025-12-10", "2026-03-01"))


@q4.misconception(
    zh="你数出来是 {answer:.0f} 个，是从数据截止日第二天（12 月 1 日）数起的。题目从 12 月 10 日开始：今晚以前的，已经过去了。",
    en="You counted {answer:.0f}, from 1 December, the day after the data ends. The question starts on the 10th: what lies before tonight is over.",
)
def from_the_first(company):
    calendar = ka.relationship.care_calendar(company, "2025-12-01", "2026-03-01")
    return int((calendar["moment"] == "birthday").sum())


@q4.facts
def facts_of_q4(company):
    calendar = ka.relationship.care_calendar(company, "2025-12-10", "2026-01-01")
    return {"december": int((calendar["moment"] == "birthday").sum())}


q4.not_tried(
    zh="先把上面那一格抄下来，改结束日期，看看表变长了多少。",
    en="A first step: copy the cell above, change the end date, and see how much longer the table gets.",
)
q4.hints(
    zh=[
        "结束那天不算在内。要把 2 月 28 日包进去，结束写后一天。",
        '`calendar["moment"] == "birthday"` 是一列对错。',
        "对错求和，就是“对”的个数：`(...).sum()`。",
    ],
    en=[
        "The end date is not included. To have 28 February in, write the day after.",
        '`calendar["moment"] == "birthday"` is a column of true and false.',
        "The sum of true and false counts the true ones: `(...).sum()`.",
    ],
)
q4.unforeseen(
    zh="先数一数：12 月 10 日到 31 日的生日应当有 {december} 个，再加上 1、2 月的。",
    en="Count first: from 10 to 31 December there should be {december} birthdays; then add January and February.",
)

# --- q5: visits to A and B accounts, each once ---------------------------------------------------

q5 = assignment.task(
    "q5",
    answer="visits_by_account",
    form=Mapping(tolerance=0.01),
    points=10,
    level="analyst",
    kind="build",
    row_ids=("5-5", "5-24"),
)


@q5.reference
def visits_counted_one_by_one(company):
    accounts = company.accounts
    number = {key: set() for key in accounts.loc[accounts["tier"].isin(["A", "B"]), "account_id"]}
    for row in company.activities.itertuples():
        in_time = pd.Timestamp("2025-09-01") <= row.happened_on < pd.Timestamp("2025-12-01")
        if row.account_id in number and row.kind == "visit" and in_time:
            number[row.account_id].add(row.activity_id)
    return {key: len(ids) for key, ids in number.items()}


@q5.also_right
def visits_by_dropping_duplicates(company):
    activities, accounts = company.activities, company.accounts
    visits = activities[
        (activities["kind"] == "visit")
        & activities["happened_on"].between("2025-09-01", "2025-11-30")
    ].drop_duplicates("activity_id")
    key_accounts = accounts[accounts["tier"].isin(["A", "B"])].set_index("account_id")
    counts = visits["account_id"].value_counts()
    return counts.reindex(key_accounts.index).fillna(0).to_dict()


@q5.misconception(
    zh="数的是行：一次拜访见了三个人，就算成三次。九到十一月上门的有 {rows} 行，其实是 {visits} 次。按 `activity_id` 去重再数。",
    en="You counted rows, so a visit with three people counts three times. From September to November there are {rows} rows of visits, but {visits} visits. "
    "Count each `activity_id` once.",
)
def rows_for_visits(company):
    activities, accounts = company.activities, company.accounts
    key_accounts = accounts.loc[accounts["tier"].isin(["A", "B"]), "account_id"]
    visits = activities[
        (activities["kind"] == "visit") & (activities["happened_on"] >= "2025-09-01")
    ]
    return visits.groupby("account_id").size().reindex(key_accounts, fill_value=0).to_dict()


@q5.misconception(
    zh="一次都没去的客户从结果里消失了。最该看见的就是它们：用 `reindex` 把全部 A、B 类请回来，空的填 0。",
    en="The accounts nobody visited have vanished, and they are the ones to see. Bring all A's and B's back with `reindex`, and fill the gaps with 0.",
)
def never_visited_dropped(company):
    activities, accounts = company.activities, company.accounts
    key_accounts = accounts.loc[accounts["tier"].isin(["A", "B"]), "account_id"]
    visits = activities[
        (activities["kind"] == "visit")
        & (activities["happened_on"] >= "2025-09-01")
        & activities["account_id"].isin(key_accounts)
    ]
    return visits.groupby("account_id")["activity_id"].nunique().to_dict()


@q5.misconception(
    zh="电话、微信、邮件也算进来了。题目只数上门：先留下 `kind` 是 `visit` 的。",
    en="Calls, messages and email are in as well. Only visits count here: first keep the rows whose `kind` is `visit`.",
)
def every_kind(company):
    activities, accounts = company.activities, company.accounts
    key_accounts = accounts.loc[accounts["tier"].isin(["A", "B"]), "account_id"]
    recent = activities[activities["happened_on"] >= "2025-09-01"]
    counts = recent.groupby("account_id")["activity_id"].nunique()
    return counts.reindex(key_accounts, fill_value=0).to_dict()


@q5.misconception(
    zh="这是有数据以来的全部拜访，不是这三个月的。先按 `happened_on` 留下 9 月 1 日以后的。",
    en="These are all visits ever, not those of three months. First keep those from 1 September on, by `happened_on`.",
)
def all_time(company):
    activities, accounts = company.activities, company.accounts
    key_accounts = accounts.loc[accounts["tier"].isin(["A", "B"]), "account_id"]
    visits = activities[activities["kind"] == "visit"]
    counts = visits.groupby("account_id")["activity_id"].nunique()
    return counts.reindex(key_accounts, fill_value=0).to_dict()


@q5.misconception(
    zh="C 类和没分级的也在里面。题目只要 A、B 两类：先用 `tier` 挑出它们的 `account_id`。",
    en="C accounts and those without a tier are in it too. Only A's and B's are wanted: pick their `account_id` by `tier` first.",
)
def every_tier(company):
    activities = company.activities
    visits = activities[
        (activities["kind"] == "visit") & (activities["happened_on"] >= "2025-09-01")
    ]
    counts = visits.groupby("account_id")["activity_id"].nunique()
    return counts.reindex(company.accounts["account_id"], fill_value=0).to_dict()


@q5.facts
def facts_of_q5(company):
    activities, accounts = company.activities, company.accounts
    key_accounts = accounts.loc[accounts["tier"].isin(["A", "B"]), "account_id"]
    visits = activities[
        (activities["kind"] == "visit")
        & (activities["happened_on"] >= "2025-09-01")
        & activities["account_id"].isin(key_accounts)
    ]
    return {
        "accounts": len(key_accounts),
        "rows": len(visits),
        "visits": int(visits["activity_id"].nunique()),
    }


q5.not_tried(
    zh='先留下上门的：`company.activities[company.activities["kind"] == "visit"]`，看看有没有 `activity_id` 相同的行。',
    en='A first step: keep the visits, `company.activities[company.activities["kind"] == "visit"]`, and look for rows with the same `activity_id`.',
)
q5.hints(
    zh=[
        "三道筛子：9 月 1 日以后、上门、A 或 B 类。",
        '按 `account_id` 分组，数不同的 `activity_id`：`groupby("account_id")["activity_id"].nunique()`。',
        "没去过的客户，用 `.reindex(全部的 account_id, fill_value=0)` 补回来。",
    ],
    en=[
        "Three filters: from 1 September on, visits, A or B.",
        'Group by `account_id` and count different `activity_id`: `groupby("account_id")["activity_id"].nunique()`.',
        "Bring back those never visited with `.reindex(all_account_ids, fill_value=0)`.",
    ],
)
q5.unforeseen(
    zh="先数一数：A、B 类客户应当有 {accounts} 家，三个月一共 {visits} 次。",
    en="Count first: {accounts} A and B accounts, {visits} visits in the three months.",
)

# --- q6: contracts that end within 120 days ------------------------------------------------------

q6 = assignment.task(
    "q6",
    answer="days_left",
    form=Mapping(tolerance=0.01),
    points=10,
    level="analyst",
    kind="build",
    row_ids=("5-17", "5-22"),
)


@q6.reference
def days_by_the_calendar(company):
    due = ka.relationship.renewals(company.accounts, company.as_of, 120)
    return due.set_index("account_id")["days_left"].to_dict()


@q6.also_right
def days_by_counting_months(company):
    found = {}
    for row in company.accounts.dropna(subset=["contract_starts_on"]).itertuples():
        start = row.contract_starts_on
        month = start.to_period("M") + int(row.contract_months)
        if start.day > month.days_in_month:
            last = month.end_time.normalize()
        else:
            last = month.start_time + pd.Timedelta(days=start.day - 2)
        left = (last - company.as_of).days
        if 0 <= left <= 120:
            found[row.account_id] = left
    return pd.Series(found)


@q6.misconception(
    zh="每份都多了一天：你数到了合同结束后的第一天。1 月 1 日起的一年，最后一天是 12 月 31 日。推过去以后，再往前一天。",
    en="Each is a day too long: you counted to the first day after the contract. A year from 1 January ends on 31 December. After adding the months, take a day off.",
)
def first_day_after(company):
    found = {}
    for row in company.accounts.dropna(subset=["contract_starts_on"]).itertuples():
        ends = row.contract_starts_on + pd.DateOffset(months=int(row.contract_months))
        left = (ends - company.as_of).days
        if 0 <= left <= 120:
            found[row.account_id] = left
    return found


@q6.misconception(
    zh="你把一个月当成了 30 天，一年少了五天，日子全提前了。月份有长有短，用 `pd.DateOffset(months=...)` 走日历。",
    en="You took a month for 30 days: a year loses five, and every date comes early. Months differ; go by the calendar with `pd.DateOffset(months=...)`.",
)
def months_of_thirty_days(company):
    found = {}
    for row in company.accounts.dropna(subset=["contract_starts_on"]).itertuples():
        ends = row.contract_starts_on + pd.Timedelta(days=30 * int(row.contract_months) - 1)
        left = (ends - company.as_of).days
        if 0 <= left <= 120:
            found[row.account_id] = left
    return found


@q6.misconception(
    zh="只留了 2025 年内到期的，1 月以后的全丢了。120 天跨过年底，看剩几天，别看年份。",
    en="Only contracts that end in 2025 are left; those from January on are gone. The 120 days run over the turn of the year: look at the days, not the year.",
)
def only_this_year(company):
    due = ka.relationship.renewals(company.accounts, company.as_of, 120)
    due = due[due["ends_on"] < "2026-01-01"]
    return due.set_index("account_id")["days_left"].to_dict()


@q6.misconception(
    zh="每份都少了十天：你是站在 12 月 10 日数的。数据只到 11 月 30 日，题目也从那天数起：用 `company.as_of`，别用今天。",
    en="Each is ten days short: you counted from 10 December. The data ends on 30 November, and so does the count begin: use `company.as_of`, not today.",
)
def from_the_day_of_the_scene(company):
    due = ka.relationship.renewals(company.accounts, "2025-12-10", 120)
    return due.set_index("account_id")["days_left"].to_dict()


@q6.misconception(
    zh="大多数对了，碰上 2 月 29 日起的那份差一天：2026 年没有 2 月 29 日，`DateOffset` 已经停在 28 日，不用再往前一天。",
    en="Most are right; a contract from 29 February is a day short. There is no 29 February in 2026, and `DateOffset` has stopped at the 28th already: take no day off there.",
)
def a_day_off_everywhere(company):
    found = {}
    for row in company.accounts.dropna(subset=["contract_starts_on"]).itertuples():
        ends = row.contract_starts_on + pd.DateOffset(months=int(row.contract_months))
        left = (ends - pd.Timedelta(days=1) - company.as_of).days
        if 0 <= left <= 120:
            found[row.account_id] = left
    return found


@q6.misconception(
    zh="你只看了 90 天。题目放到 120 天，好早一点准备。",
    en="You looked 90 days ahead. The question goes to 120, to be ready in time.",
)
def ninety_days(company):
    due = ka.relationship.renewals(company.accounts, company.as_of, 90)
    return due.set_index("account_id")["days_left"].to_dict()


@q6.facts
def facts_of_q6(company):
    due = ka.relationship.renewals(company.accounts, company.as_of, 120)
    contracts = int(company.accounts["contract_starts_on"].notna().sum())
    return {"due": len(due), "contracts": contracts}


q6.not_tried(
    zh='先拿一份试：`pd.Timestamp("2025-01-01") + pd.DateOffset(months=12)` 是哪一天？合同的最后一天呢？',
    en='A first step, with one contract: which day is `pd.Timestamp("2025-01-01") + pd.DateOffset(months=12)`? And the contract\'s last day?',
)
q6.hints(
    zh=[
        "一行一行来：`for row in contracts.itertuples():`，起始日是 `row.contract_starts_on`。",
        "推过去的日子和起始日是同一个“几号”，就往前一天；不是（那个月没有这一天），就不动。",
        "剩几天：`(ends - company.as_of).days`；0 到 120 的放进字典：`days_left[row.account_id] = ...`。",
    ],
    en=[
        "Row by row: `for row in contracts.itertuples():`; the start is `row.contract_starts_on`.",
        "If the date after adding has the same day of the month as the start, take one day off; if not (no such day in that month), leave it.",
        "Days left: `(ends - company.as_of).days`; put those from 0 to 120 in the dict: `days_left[row.account_id] = ...`.",
    ],
)
q6.unforeseen(
    zh="先数一数：{contracts} 份合同里，120 天内到期的应当有 {due} 份。",
    en="Count first: of {contracts} contracts, {due} end within 120 days.",
)

# --- q7: early warning ---------------------------------------------------------------------------

q7 = assignment.task(
    "q7",
    answer="flagged",
    form=Items(),
    points=12,
    level="analyst",
    kind="build",
    row_ids=("5-16", "5-26"),
)


@q7.reference
def flagged_by_the_metric(company):
    table = ka.relationship.early_warning(company.orders, company.as_of)
    return table.loc[table["warning"].fillna(value=False).astype("bool"), "account_id"].tolist()


@q7.also_right
def flagged_with_a_pivot(company):
    orders = company.orders[company.orders["ordered_on"].dt.month.isin([9, 10, 11])]
    sales = orders.pivot_table(
        index="account_id",
        columns=orders["ordered_on"].dt.year,
        values="amount",
        aggfunc="sum",
        fill_value=0,
    )
    bought = company.orders[company.orders["amount"] > 0]
    first = bought.groupby("account_id")["ordered_on"].min().reindex(sales.index)
    fell = (sales[2024] > 0) & (sales[2025] / sales[2024].where(sales[2024] > 0) < 0.7)
    return sales.index[fell & (first <= "2024-09-01")].tolist()


@q7.misconception(
    zh="你拿 9–11 月跟 6–8 月比，淡旺季混进来了。跟**去年同样的三个月**比，季节才抵得掉。",
    en="You compared September to November with June to August, and the season came in. Against **the same three months of last year** it cancels out.",
)
def against_the_summer(company):
    orders = company.orders
    bought = orders[orders["amount"] > 0]
    first = bought.groupby("account_id")["ordered_on"].min()
    old = first.index[first <= "2024-09-01"]
    day = orders["ordered_on"]
    autumn = orders[day >= "2025-09-01"].groupby("account_id")["amount"].sum()
    summer = orders[(day >= "2025-06-01") & (day < "2025-09-01")]
    summer = summer.groupby("account_id")["amount"].sum()
    now, before = (one.reindex(old, fill_value=0) for one in (autumn, summer))
    return old[(before > 0) & (now < 0.7 * before)].tolist()


@q7.misconception(
    zh="今年一单没下的客户不见了：两边一对，没有今年的那些就掉了。它们才是掉得最狠的，用 `reindex(..., fill_value=0)` 补成 0。",
    en="Accounts that ordered nothing this year are gone: matching the two years dropped them. They fell the furthest; fill them in as 0 with `reindex(..., fill_value=0)`.",
)
def stopped_ones_lost(company):
    table = ka.relationship.early_warning(company.orders, company.as_of)
    warned = table["warning"].fillna(value=False).astype("bool")
    return table.loc[warned & (table["sales_now"] > 0), "account_id"].tolist()


@q7.misconception(
    zh="去年那边多算了一个 12 月：四个月跟三个月比，谁都像在掉。两边都停在 11 月底。",
    en="Last year's side has December in it: four months against three, and everyone seems to fall. Stop at the end of November on both sides.",
)
def december_against_nothing(company):
    orders = company.orders
    bought = orders[orders["amount"] > 0]
    first = bought.groupby("account_id")["ordered_on"].min()
    old = first.index[first <= "2024-09-01"]
    day = orders["ordered_on"]
    last = orders[(day >= "2024-09-01") & (day < "2025-01-01")]
    before = last.groupby("account_id")["amount"].sum().reindex(old, fill_value=0)
    now = orders[day >= "2025-09-01"].groupby("account_id")["amount"].sum()
    now = now.reindex(old, fill_value=0)
    return old[(before > 0) & (now < 0.7 * before)].tolist()


@q7.misconception(
    zh="你用近 12 个月跟上一个 12 个月比。一年的合计太慢，停了三个月的客户还被前面九个月盖着。只看 9–11 月。",
    en="You compared twelve months with the twelve before. A year's total is slow: nine good months hide three empty ones. Look at September to November alone.",
)
def whole_years(company):
    orders = company.orders
    bought = orders[orders["amount"] > 0]
    first = bought.groupby("account_id")["ordered_on"].min()
    old = first.index[first <= "2024-09-01"]
    day = orders["ordered_on"]
    now = orders[day >= "2024-12-01"].groupby("account_id")["amount"].sum()
    last = orders[(day >= "2023-12-01") & (day < "2024-12-01")]
    before = last.groupby("account_id")["amount"].sum().reindex(old, fill_value=0)
    now = now.reindex(old, fill_value=0)
    return old[(before > 0) & (now < 0.7 * before)].tolist()


@q7.misconception(
    zh="线划反了：不到去年的 **70%** 就亮，你写成了不到 30%，也就是跌掉七成才亮。那时候人都走远了。",
    en="The line is the wrong way round: flag below **70%** of last year. You flagged below 30%, a fall of seven tenths; by then they are long gone.",
)
def thirty_percent(company):
    table = ka.relationship.early_warning(company.orders, company.as_of, limit=0.3)
    return table.loc[table["warning"].fillna(value=False).astype("bool"), "account_id"].tolist()


@q7.misconception(
    zh="去年秋天还没买过的客户也亮了：没有去年，除不出比例，“不是大于等于七成”就把它们圈了进来。没得比的先放一边，不是在掉。",
    en='Accounts that had not bought last autumn are flagged too. Without a last year there is no ratio, and "not at least 70%" swept them in. '
    "What cannot be compared is set aside; it is not falling.",
)
def without_a_last_year(company):
    orders = company.orders
    day = orders["ordered_on"]
    now = orders[day >= "2025-09-01"].groupby("account_id")["amount"].sum()
    last = orders[(day >= "2024-09-01") & (day < "2024-12-01")]
    before = last.groupby("account_id")["amount"].sum()
    everyone = orders["account_id"].unique()
    ratio = now.reindex(everyone, fill_value=0) / before.reindex(everyone)
    return ratio.index[~(ratio >= 0.7)].tolist()


@q7.facts
def facts_of_q7(company):
    table = ka.relationship.early_warning(company.orders, company.as_of)
    warned = table["warning"].fillna(value=False).astype("bool")
    return {"old": len(table), "stopped": int((warned & (table["sales_now"] <= 0)).sum())}


q7.not_tried(
    zh='先算今年那边：`company.orders[company.orders["ordered_on"] >= "2025-09-01"].groupby("account_id")["amount"].sum()`。',
    en='A first step, this year\'s side: `company.orders[company.orders["ordered_on"] >= "2025-09-01"].groupby("account_id")["amount"].sum()`.',
)
q7.hints(
    zh=[
        "四样东西：第一单的日子、去年三个月、今年三个月、70%。",
        "第一单：留下 `amount` 大于 0 的，按客户取 `ordered_on` 的最小值，不晚于 2024-09-01 的才比。",
        "两年都 `reindex` 到同一份客户名单，空的填 0，再比：`sales[2025] < 0.7 * sales[2024]`，并且去年要大于 0。",
    ],
    en=[
        "Four things: the day of the first order, last year's three months, this year's, and 70%.",
        "First order: keep `amount` above 0, take the smallest `ordered_on` by account; compare those not later than 2024-09-01.",
        "`reindex` both years to the same list of accounts, fill with 0, and compare: `sales[2025] < 0.7 * sales[2024]`, where last year is above 0.",
    ],
)
q7.unforeseen(
    zh="先数一数：第一单不晚于 2024 年 9 月 1 日的客户有 {old} 家；去年买过、今年三个月一单没下的有 {stopped} 家，它们都该亮灯。",
    en="Count first: {old} accounts placed their first order by 1 September 2024; {stopped} bought last autumn and nothing in this one, and all of those are flagged.",
)

# --- q8: CRM quality -----------------------------------------------------------------------------

q8 = assignment.task(
    "q8",
    answer="crm_score",
    form=Number(tolerance=0.05),
    points=8,
    level="analyst",
    kind="choose",
    row_ids=("5-23", "5-25", "5-28"),
)


@q8.reference
def score_by_hand(company):
    accounts, activities = company.accounts, company.activities
    fields = ["account_name", "segment", "region", "rep_id", "tier"]
    missing = accounts[fields].isna().to_numpy().mean()
    last = activities.groupby("account_id")["happened_on"].max().reindex(accounts["account_id"])
    days = (company.as_of - last).dt.days
    stale = ((days > 60) | days.isna()).mean()
    names = accounts["account_name"].str.replace(" ", "").str.lower()
    twice = names.duplicated().mean()
    return 100 * (0.2 * (1 - twice) + 0.2 * (1 - missing) + 0.6 * (1 - stale))


@q8.also_right
def score_from_parts(company):
    weights = {"stale": 0.6, "duplicates": 0.2, "missing": 0.2}
    parts = ka.relationship.crm_quality(
        company.accounts, company.activities, company.as_of, stale_days=60
    ).parts.set_index("part")
    return sum(100 * share * (1 - parts.loc[part, "rate"]) for part, share in weights.items())


@q8.misconception(
    zh="你算出来是 {answer:.1f}，三样各占三分之一，那是默认的权重。老郭给的是 0.2、0.2、0.6：写进 `weights={{...}}`。",
    en="You got {answer:.1f}, with a third each, the default weights. Lao Guo's are 0.2, 0.2 and 0.6: put them in `weights={{...}}`.",
)
def thirds(company):
    return ka.relationship.crm_quality(
        company.accounts, company.activities, company.as_of, stale_days=60
    ).score


@q8.misconception(
    zh="你算出来是 {answer:.1f}，久未更新用了默认的 90 天。老郭要的是 60 天：`stale_days=`。",
    en="You got {answer:.1f}, with the default of 90 days. Lao Guo wants 60: `stale_days=`.",
)
def ninety_days_stale(company):
    weights = {"duplicates": 0.2, "missing": 0.2, "stale": 0.6}
    return ka.relationship.crm_quality(
        company.accounts, company.activities, company.as_of, weights=weights
    ).score


@q8.misconception(
    zh="你算出来是 {answer:.1f}，权重和天数都是默认的。题目给了两样：三个权重，和 60 天。",
    en="You got {answer:.1f}, with both the weights and the days as they come. The question sets two things: three weights, and 60 days.",
)
def all_defaults(company):
    return ka.relationship.crm_quality(company.accounts, company.activities, company.as_of).score


@q8.misconception(
    zh="你算出来是 {answer:.1f}，这是毛病占的分，不是质量分：毛病越多它越高。用 100 去减，或者直接取 `.score`。",
    en="You got {answer:.1f}: the points lost to faults, which rise as the records get worse. Take it from 100, or take `.score`.",
)
def faults_for_quality(company):
    weights = {"duplicates": 0.2, "missing": 0.2, "stale": 0.6}
    quality = ka.relationship.crm_quality(
        company.accounts, company.activities, company.as_of, stale_days=60, weights=weights
    )
    return 100 - quality.score


@q8.facts
def facts_of_q8(company):
    quality = ka.relationship.crm_quality(
        company.accounts, company.activities, company.as_of, stale_days=60
    )
    stale = quality.parts.set_index("part").loc["stale"]
    return {"stale": int(stale["count"]), "base": int(stale["base"])}


q8.not_tried(
    zh="先把上面那一格的 `crm_quality(...)` 抄下来，加上 `, stale_days=60`，看 `.parts` 里哪一行变了。",
    en="A first step: copy `crm_quality(...)` from the cell above, add `, stale_days=60`, and see which row of `.parts` changes.",
)
q8.hints(
    zh=[
        "要改两样：`stale_days` 和 `weights`。",
        '权重是一个字典：`{{"duplicates": ..., "missing": ..., "stale": ...}}`，加起来是 1。',
        "结果里有 `.score` 和 `.parts`，这一题要 `.score`。",
    ],
    en=[
        "Two things to set: `stale_days` and `weights`.",
        'The weights are a dict, `{{"duplicates": ..., "missing": ..., "stale": ...}}`, and add up to 1.',
        "The result has `.score` and `.parts`; this question wants `.score`.",
    ],
)
q8.unforeseen(
    zh="先数一数：{base} 家客户里，60 天没有往来的应当有 {stale} 家。",
    en="Count first: of {base} accounts, {stale} had no contact for more than 60 days.",
)

# --- q9: cross-sell for accounts in growth -------------------------------------------------------

q9 = assignment.task(
    "q9",
    answer="offer_value",
    form=Number(tolerance=1.0, relative=1e-6, unit="yuan"),
    points=10,
    level="analyst",
    kind="choose",
    row_ids=("5-14", "5-12"),
)


@q9.reference
def offers_by_hand(company):
    stages = ka.relationship.life_cycle(
        company.accounts, company.orders, company.as_of, grows_from=0.25
    )
    growing = set(stages.loc[stages["because"].isin(["growing", "new", "returned"]), "account_id"])
    orders = company.orders[company.orders["ordered_on"] >= "2024-12-01"]
    lines = company.order_lines.merge(orders[["order_id", "account_id"]], on="order_id")
    bought = lines.pivot_table(
        index="account_id", columns="product_id", values="amount", aggfunc="sum", fill_value=0
    )
    bought = bought[bought.sum(axis=1) > 0]
    segment = company.accounts.set_index("account_id")["segment"]
    total = 0.0
    for account, own in bought.iterrows():
        alike = [key for key in bought.index if segment[key] == segment[account] and key != account]
        if account not in growing or not alike:
            continue
        peers = bought.loc[alike]
        usual = (peers > 0).mean() >= 0.5
        share = peers.sum() / peers.sum().sum()
        total += (share * own.sum())[usual & (own <= 0)].sum()
    return total


@q9.also_right
def offers_picked_afterwards(company):
    stages = ka.relationship.life_cycle(
        company.accounts, company.orders, company.as_of, grows_from=0.25
    )
    offers = ka.relationship.cross_sell(
        company.accounts, company.orders, company.order_lines, company.as_of
    ).merge(stages[["account_id", "life_stage"]])
    return offers.loc[offers["life_stage"] == "growth", "value"].sum()


@q9.misconception(
    zh="你算出来是 {answer:,.0f} 元，全部客户都在里面，连停购的也算了机会。题目只要成长期的 {growing} 家：`of=` 里放什么？",
    en="You got {answer:,.0f} yuan, for all accounts, lapsed ones included. Only the {growing} in growth are wanted: what goes into `of=`?",
)
def for_everybody(company):
    offers = ka.relationship.cross_sell(
        company.accounts, company.orders, company.order_lines, company.as_of
    )
    return offers["value"].sum()


@q9.misconception(
    zh="你算出来是 {answer:,.0f} 元，成长期用的是默认的 10%。公司自己都涨了两成多，这条线太松。题目的线是 0.25。",
    en="You got {answer:,.0f} yuan, with growth from the default 10%. The company itself grew by more than a fifth, so that line is too low. Here it is 0.25.",
)
def usual_line(company):
    stages = ka.relationship.life_cycle(company.accounts, company.orders, company.as_of)
    growing = stages.loc[stages["life_stage"] == "growth", "account_id"]
    offers = ka.relationship.cross_sell(
        company.accounts, company.orders, company.order_lines, company.as_of, of=growing
    )
    return offers["value"].sum()


@q9.misconception(
    zh="你算出来是 {answer:,.0f} 元，把几乎没人买的品也算成了机会。“同类里至少一半在买”是默认的，别把 `least_rate` 调低：别人也不买的，多半不是机会。",
    en="You got {answer:,.0f} yuan, with products counted that hardly anyone buys. At least half of the peers is the default; leave `least_rate` alone. "
    "What the others do not buy either is seldom an opening.",
)
def whatever_anybody_buys(company):
    stages = ka.relationship.life_cycle(
        company.accounts, company.orders, company.as_of, grows_from=0.25
    )
    growing = stages.loc[stages["life_stage"] == "growth", "account_id"]
    offers = ka.relationship.cross_sell(
        company.accounts,
        company.orders,
        company.order_lines,
        company.as_of,
        of=growing,
        least_rate=0.01,
    )
    return offers["value"].sum()


@q9.misconception(
    zh="你填的是 {answer:,.0f}，这是机会的条数。题目要的是估值加起来多少元：把哪一列求和？",
    en="You gave {answer:,.0f}: the number of offers. The question asks what they are worth together: which column do you add up?",
)
def offers_counted(company):
    stages = ka.relationship.life_cycle(
        company.accounts, company.orders, company.as_of, grows_from=0.25
    )
    growing = stages.loc[stages["life_stage"] == "growth", "account_id"]
    return len(
        ka.relationship.cross_sell(
            company.accounts, company.orders, company.order_lines, company.as_of, of=growing
        )
    )


@q9.misconception(
    zh="你算出来是 {answer:,.0f} 元，只数了比去年涨的（`growing`），合作不满一年的新客户漏了。它们也在成长期，正是扩品的时候。按 `life_stage` 来挑。",
    en="You got {answer:,.0f} yuan, for those that grew on last year (`growing`) and without the new ones. They are in growth too, and just the right age for more lines. "
    "Pick by `life_stage`.",
)
def without_the_new(company):
    stages = ka.relationship.life_cycle(
        company.accounts, company.orders, company.as_of, grows_from=0.25
    )
    growing = stages.loc[stages["because"] == "growing", "account_id"]
    offers = ka.relationship.cross_sell(
        company.accounts, company.orders, company.order_lines, company.as_of, of=growing
    )
    return offers["value"].sum()


@q9.facts
def facts_of_q9(company):
    stages = ka.relationship.life_cycle(
        company.accounts, company.orders, company.as_of, grows_from=0.25
    )
    return {"growing": int((stages["life_stage"] == "growth").sum())}


q9.not_tried(
    zh='先挑出成长期的客户：`stages.loc[stages["life_stage"] == "growth", "account_id"]`。',
    en='A first step: pick the accounts in growth, `stages.loc[stages["life_stage"] == "growth", "account_id"]`.',
)
q9.hints(
    zh=[
        "两步：先从 `stages` 挑出成长期客户的编号，再交给 `cross_sell` 的 `of=`。",
        "上面那一格是只看九穗的样子，把方括号里的换成你挑出来的那一串。",
        '结果的 `value` 一列是一年的估值，求和：`offers["value"].sum()`。',
    ],
    en=[
        "Two steps: take the ids of the accounts in growth from `stages`, then hand them to `cross_sell` as `of=`.",
        "The cell above looks at Jiusui alone; put the ids you picked in place of the square brackets.",
        'The column `value` is worth a year; add it up: `offers["value"].sum()`.',
    ],
)
q9.unforeseen(
    zh="先数一数：线是 0.25 时，成长期的客户应当有 {growing} 家。",
    en="Count first: with the line at 0.25 there should be {growing} accounts in growth.",
)
