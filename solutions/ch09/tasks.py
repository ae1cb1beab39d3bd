"""Chapter 9, customers about to leave and the role play: the auto-graded tasks.

Where the worked solution calls ``ka_lib``, the reference below is plain pandas, and the other way
round: a slip in one of them does not pass unseen. Each function stands alone, because its source
becomes a submission of the simulated class.
"""

import pandas as pd

import ka_lib as ka
from ka_course.tasks import Assignment, Mapping, Number

assignment = Assignment("ch09")

# --- q1: one departure cuts the line -------------------------------------------------------------

q1 = assignment.task(
    "q1",
    answer="hanging",
    form=Number(tolerance=0.5),
    points=6,
    level="core",
    kind="choose",
    row_ids=("9-5", "9-8"),
)


@q1.reference
def hanging_by_hand(company):
    contacts, day = company.contacts, company.as_of
    there = contacts["left_on"].isna() | (contacts["left_on"] > day)
    known = contacts["known_since"].isna() | (contacts["known_since"] <= day)
    active = contacts[there & known].groupby("account_id")
    ids = company.accounts["account_id"]
    people = active.size().reindex(ids).fillna(0)
    levels = active["level"].nunique().reindex(ids).fillna(0)
    return int(((people < 2) | (levels < 2)).sum())


@q1.also_right
def hanging_by_filter(company):
    exposure = ka.health.exposure(company.contacts, company.accounts, company.as_of)
    return len(exposure[exposure["exposed"]])


@q1.misconception(
    zh="你数出来 {answer} 家，只算了认识一个人的。认识三个人、三个全是店长，总部换了采购，谁替你说话？把“同一层”的也算上：看 `exposed`。",
    en="You counted {answer}, those where you know one person. Know three people, all of them store managers, and who speaks for you "
    "when head office changes the buyer? One level counts too: look at `exposed`.",
)
def one_person_only(company):
    exposure = ka.health.exposure(company.contacts, company.accounts, company.as_of)
    return int(exposure["single_contact"].sum())


@q1.misconception(
    zh="你数出来 {answer} 家，两列加在一起了。只认识一个人的，也只认识一层，数了两次。一家只数一次：哪一列已经把两样并好了？",
    en="You counted {answer}, adding the two columns. Where you know one person you know one level too, so it counts twice. "
    "Each account once: which column has put the two together?",
)
def both_columns(company):
    exposure = ka.health.exposure(company.contacts, company.accounts, company.as_of)
    return int(exposure["single_contact"].sum() + exposure["single_level"].sum())


@q1.misconception(
    zh="你数出来 {answer} 家，已经离开的联系人也算成了认识的人。邻鹊的仓库主管 2024 年 6 月就走了，他还能替你接电话吗？表里有 `left_on`，`ka.health.exposure` 会看它。",
    en="You counted {answer}, with contacts who left still counted as people you know. Linque's head of the warehouse went in June 2024; "
    "can he still answer your call? There is a `left_on`, and `ka.health.exposure` looks at it.",
)
def those_who_left_still_count(company):
    everyone = company.contacts.assign(left_on=pd.NaT)
    return int(ka.health.exposure(everyone, company.accounts, company.as_of)["exposed"].sum())


@q1.misconception(
    zh="你填的是 {answer}，这是占全部客户的比例。题目问几家：`True` 相加，不用除。",
    en="You gave {answer}, the share of all accounts. The question asks how many: add up the `True`, and do not divide.",
)
def share_for_count(company):
    exposure = ka.health.exposure(company.contacts, company.accounts, company.as_of)
    return float(exposure["exposed"].mean())


@q1.misconception(
    zh="你填的是 {answer}，这是表里全部客户的家数。`len` 数行，不管是 `True` 还是 `False`；只数 `True`，用 `.sum()`。",
    en="You gave {answer}, every account of the table. `len` counts rows, `True` or `False` alike; for the `True` only, use `.sum()`.",
)
def every_account(company):
    return len(ka.health.exposure(company.contacts, company.accounts, company.as_of)["exposed"])


@q1.facts
def facts_of_q1(company):
    exposure = ka.health.exposure(company.contacts, company.accounts, company.as_of)
    return {"two_or_more": int((~exposure["exposed"]).sum()), "all": len(exposure)}


q1.not_tried(
    zh="先看表里的 `exposed` 那一列：第一行是 `True` 吗？是哪家客户？",
    en="A first step: look at the column `exposed`. Is the first row `True`, and which account is it?",
)
q1.hints(
    zh=[
        "三列都是“是”或“否”。哪一列把另外两列并在了一起？",
        "一列是非相加，`True` 算 1，`False` 算 0。",
        '照这个样子写：`exposure["列名"].sum()`。',
    ],
    en=[
        "All three columns are yes or no. Which one puts the other two together?",
        "Adding up a yes-or-no column, `True` counts as 1 and `False` as 0.",
        'Write it like this: `exposure["column"].sum()`.',
    ],
)
q1.unforeseen(
    zh="先数反面：{all} 家里，不悬着的应当有 {two_or_more} 家。",
    en="Count the other way round first: of {all} accounts, {two_or_more} do not hang by a thread.",
)

# --- q2: how often health was not green ------------------------------------------------------------

q2 = assignment.task(
    "q2",
    answer="not_green",
    form=Number(tolerance=0.5),
    points=8,
    level="core",
    kind="choose",
    row_ids=("9-6", "9-7"),
)


@q2.reference
def not_green_by_hand(company):
    given, health = company.assumptions, company.health
    names = ("orders", "payment", "satisfaction", "contact", "service")
    rows = health[health["month"] >= "2025-01-01"]
    points = weight = 0
    for name in names:
        value = rows[f"{name}_score"].astype("float64")
        value = ((value + 100) / 2 if name == "satisfaction" else value).clip(0, 100)
        points = points + value.fillna(0) * given[f"health_weight_{name}"]
        weight = weight + value.notna() * given[f"health_weight_{name}"]
    return int(((points / weight).round(9) < given["health_green_from"]).sum())


@q2.also_right
def amber_plus_red(company):
    given = company.assumptions
    start = "health_weight_"
    weights = {f"{n.removeprefix(start)}_score": v for n, v in given.items() if n.startswith(start)}
    scores = ka.health.score(
        company.health,
        weights,
        red_below=given["health_red_below"],
        green_from=given["health_green_from"],
    )
    colours = scores.loc[scores["month"].dt.year == 2025, "colour"].value_counts()
    return colours.get("amber", 0) + colours.get("red", 0)


@q2.misconception(
    zh="你数出来 {answer} 次，2024 年的也在里面。题目只问今年：加一个条件，`month` 从 2025 年 1 月起。",
    en="You counted {answer}, with 2024 among them. The question is about this year: add a condition, `month` from January 2025.",
)
def both_years(company):
    given = company.assumptions
    start = "health_weight_"
    weights = {f"{n.removeprefix(start)}_score": v for n, v in given.items() if n.startswith(start)}
    scores = ka.health.score(company.health, weights, green_from=given["health_green_from"])
    return int((scores["score"].round(9) < given["health_green_from"]).sum())


@q2.misconception(
    zh="你数出来 {answer} 次，用的是 60 和 80 这两条默认的线。公司定的是 `red` 和 `green`：打分的时候把它们交给 `red_below` 和 `green_from`。",
    en="You counted {answer}, with the default lines at 60 and 80. The company's own are `red` and `green`: pass them as `red_below` and `green_from` when you score.",
)
def default_lines(company):
    given = company.assumptions
    start = "health_weight_"
    weights = {f"{n.removeprefix(start)}_score": v for n, v in given.items() if n.startswith(start)}
    scores = ka.health.score(company.health, weights)
    return int(((scores["month"] >= "2025-01-01") & (scores["colour"] != "green")).sum())


@q2.misconception(
    zh='你数出来 {answer} 次，只有红灯。黄灯也没到绿灯：它才是还来得及打电话的时候。条件写成 `!= "green"`。',
    en='You counted {answer}, the red ones only. Amber is not green either; it is the moment when a call still helps. Write the condition as `!= "green"`.',
)
def red_only(company):
    given = company.assumptions
    start = "health_weight_"
    weights = {f"{n.removeprefix(start)}_score": v for n, v in given.items() if n.startswith(start)}
    scores = ka.health.score(
        company.health,
        weights,
        red_below=given["health_red_below"],
        green_from=given["health_green_from"],
    )
    return int(((scores["month"] >= "2025-01-01") & (scores["colour"] == "red")).sum())


@q2.misconception(
    zh="你数出来 {answer} 次，数反了：这是绿灯的次数。“没到绿灯”用 `!=`，不用 `==`。",
    en="You counted {answer}: those are the green ones. Not green is written `!=`, not `==`.",
)
def green_counted(company):
    given = company.assumptions
    start = "health_weight_"
    weights = {f"{n.removeprefix(start)}_score": v for n, v in given.items() if n.startswith(start)}
    scores = ka.health.score(
        company.health,
        weights,
        red_below=given["health_red_below"],
        green_from=given["health_green_from"],
    )
    return int(((scores["month"] >= "2025-01-01") & (scores["colour"] == "green")).sum())


@q2.misconception(
    zh="你数出来 {answer} 次，NPS 是从 −100 到 100 的，却当成了 0 到 100，冤枉了不少客户。`ka.health.score` 会自己换算，别把 `nps` 改掉。",
    en="You counted {answer}. NPS runs from −100 to 100, and it went in as if from 0 to 100; many accounts were wronged. `ka.health.score` rescales it, so leave `nps` as it is.",
)
def nps_as_it_is(company):
    given = company.assumptions
    start = "health_weight_"
    weights = {f"{n.removeprefix(start)}_score": v for n, v in given.items() if n.startswith(start)}
    scores = ka.health.score(
        company.health,
        weights,
        nps=(),
        red_below=given["health_red_below"],
        green_from=given["health_green_from"],
    )
    return int(((scores["month"] >= "2025-01-01") & (scores["colour"] != "green")).sum())


@q2.misconception(
    zh="你数出来 {answer}，数的是亮过灯的**客户**，一家只算一次。题目问亮了几次：一家客户亮三个月，算三次。",
    en="You counted {answer} **accounts** that were ever not green. The question asks how often: an account that was amber for three months counts three times.",
)
def accounts_for_months(company):
    given = company.assumptions
    start = "health_weight_"
    weights = {f"{n.removeprefix(start)}_score": v for n, v in given.items() if n.startswith(start)}
    scores = ka.health.score(
        company.health,
        weights,
        red_below=given["health_red_below"],
        green_from=given["health_green_from"],
    )
    low = scores[(scores["month"] >= "2025-01-01") & (scores["colour"] != "green")]
    return int(low["account_id"].nunique())


@q2.facts
def facts_of_q2(company):
    return {"months": int((company.health["month"] >= "2025-01-01").sum())}


q2.not_tried(
    zh="先写第一行：`scores = ka.health.score(company.health, weights, red_below=red, green_from=green)`，再看看 `scores.head()`。",
    en="A first step: write `scores = ka.health.score(company.health, weights, red_below=red, green_from=green)` and look at `scores.head()`.",
)
q2.hints(
    zh=[
        "两个条件：今年的，没到绿灯的。",
        '一个条件是 `scores["month"] >= "2025-01-01"`，另一个用 `!=`。',
        "照这个样子写：`((条件一) & (条件二)).sum()`。",
    ],
    en=[
        "Two conditions: this year, and not green.",
        'One is `scores["month"] >= "2025-01-01"`, the other uses `!=`.',
        "Write it like this: `((one condition) & (the other)).sum()`.",
    ],
)
q2.unforeseen(
    zh="先数一数：2025 年 1 到 11 月，健康检查应当有 {months} 行。要数的是其中的一部分。",
    en="Count first: the health check has {months} rows from January to November 2025. Your number is a part of them.",
)

# --- q3: the causes by margin ----------------------------------------------------------------------

q3 = assignment.task(
    "q3",
    answer="cause_shares",
    form=Mapping(tolerance=0.0005, fraction=True),
    points=8,
    level="core",
    kind="choose",
    row_ids=("9-1", "9-2", "9-3", "9-4", "9-5"),
)


@q3.reference
def shares_by_hand(company):
    known = company.losses[company.losses["reported_on"] <= company.as_of]
    latest = known.sort_values(["reported_on", "loss_id"]).groupby("account_id").tail(1)
    margin = latest.groupby("cause")["lost_margin"].sum()
    return (margin / margin.sum()).to_dict()


@q3.also_right
def shares_as_a_dict(company):
    causes = ka.health.causes(company.losses, company.as_of)
    return {row.cause: round(row.share, 4) for row in causes.itertuples()}


@q3.misconception(
    zh="你算出来是 {answer}，每份报告都算了一遍。同一家客户报两次，损失还是一份。先想好一家只留哪份，再加。`ka.health.causes` 默认就这样做。",
    en="You got {answer}, with every report counted. An account reported twice still lost its business once. Decide which report to keep, then add; "
    "`ka.health.causes` does so by itself.",
)
def every_report(company):
    margin = company.losses.groupby("cause")["lost_margin"].sum()
    return (margin / margin.sum()).to_dict()


@q3.misconception(
    zh='你算出来是 {answer}，这是按**销售额**排的。万桉那一单销售额大、毛利薄，一下就冲到前面。题目按毛利：去掉 `value="lost_sales"`。',
    en="You got {answer}, by **sales**. Wan'an's loss is large in sales and thin in margin, and pushes to the front. The question goes by margin: drop `value=\"lost_sales\"`.",
)
def by_sales(company):
    causes = ka.health.causes(company.losses, company.as_of, value="lost_sales")
    return causes.set_index("cause")["share"].to_dict()


@q3.misconception(
    zh="你算出来是 {answer}，用的是每家**第一份**报告。第一份往往是电话里的说法，后来才问清楚。题目要最近的一份。",
    en="You got {answer}, by each account's **first** report. The first is often what was said on the phone, the truth came later. The question asks for the latest.",
)
def first_report(company):
    causes = ka.health.causes(company.losses, company.as_of, report="first")
    return causes.set_index("cause")["share"].to_dict()


@q3.misconception(
    zh="你算出来是 {answer}，这是客户家数的占比：一家小店和一家大客户算成一样重。题目按丢掉的毛利，看 `share` 那一列。",
    en="You got {answer}, the share of accounts: a corner shop weighs as much as a key account. The question goes by margin lost; see the column `share`.",
)
def by_accounts(company):
    causes = ka.health.causes(company.losses, company.as_of)
    return (causes.set_index("cause")["accounts"] / causes["accounts"].sum()).to_dict()


@q3.misconception(
    zh="你算出来是 {answer}，同一家客户报了两种原因，就在两种底下各算了一次（{twice} 家）。去重时只看客户，不看原因。",
    en="You got {answer}: an account reported with two causes counted under both ({twice} accounts). Drop repeats by account alone, not by account and cause.",
)
def once_a_cause(company):
    once = company.losses.drop_duplicates(["account_id", "cause"])
    margin = once.groupby("cause")["lost_margin"].sum()
    return (margin / margin.sum()).to_dict()


@q3.misconception(
    zh="你给的是累计占比（{answer}），最后一行总是 100%。题目要每种原因自己的占比：列名是 `share`。",
    en="You gave the running share ({answer}), whose last line is always 100%. Each cause's own share is the column `share`.",
)
def running_share(company):
    causes = ka.health.causes(company.losses, company.as_of)
    return causes.set_index("cause")["cumulative_share"].to_dict()


@q3.facts
def facts_of_q3(company):
    losses = company.losses
    once = losses.drop_duplicates(["account_id", "cause"])
    return {
        "accounts": int(losses["account_id"].nunique()),
        "reports": len(losses),
        "twice": len(once) - int(losses["account_id"].nunique()),
    }


q3.not_tried(
    zh="先运行 `ka.health.causes(company.losses, company.as_of)`，看看哪一列是占比。",
    en="A first step: run `ka.health.causes(company.losses, company.as_of)` and see which column is the share.",
)
q3.hints(
    zh=[
        "三件事先定好：一家一次、最近一份、按毛利。`ka.health.causes` 默认就是这三样。",
        "占比那一列叫 `share`，原因那一列叫 `cause`。",
        '照这个样子写：`表.set_index("cause")["share"]`。',
    ],
    en=[
        "Settle three things: once an account, the latest report, by margin. These are what `ka.health.causes` does by default.",
        "The share is in the column `share`, the cause in `cause`.",
        'Write it like this: `table.set_index("cause")["share"]`.',
    ],
)
q3.unforeseen(
    zh="先数一数：{reports} 份报告里应当有 {accounts} 家客户。五个占比加起来应当是 1。",
    en="Count first: {reports} reports come from {accounts} accounts. The shares should add up to 1.",
)

# --- q4: the loading of December -------------------------------------------------------------------

q4 = assignment.task(
    "q4",
    answer="hexi_gap",
    form=Number(tolerance=0.0005, fraction=True),
    points=8,
    level="core",
    kind="choose",
    row_ids=("9-6",),
)


@q4.reference
def gap_by_hand(company):
    own = company.orders[company.orders["account_id"] == "A005"]
    day, amount = own["ordered_on"], own["amount"]
    sell_in = [
        amount[(day >= f"{year}-12-01") & (day < f"{year + 1}-01-01")].sum()
        for year in (2023, 2024)
    ]
    stores = company.stores.loc[company.stores["account_id"] == "A005", "store_id"]
    sold = company.sellout[company.sellout["store_id"].isin(stores)]
    mondays = pd.date_range("2024-12-02", "2024-12-30", freq="W-MON")
    sell_out = [
        sold.loc[sold["week"].isin(weeks), "amount"].sum()
        for weeks in (mondays - pd.Timedelta(weeks=52), mondays)
    ]
    return sell_in[1] / sell_in[0] - sell_out[1] / sell_out[0]


@q4.also_right
def gap_by_subtraction(company):
    table = ka.sellout.sell_in_vs_sell_out(
        company.orders, company.sellout, company.stores, ("2024-12-01", "2025-01-01")
    )
    row = table[table["account_id"] == "A005"].iloc[0]
    return round(float(row["sell_in_growth"] - row["sell_out_growth"]), 4)


@q4.misconception(
    zh="你填的是 {answer}，这是进货自己的增幅。进货涨，货真卖掉了，就不是压货。它比动销多涨了多少？看 `growth_gap`。",
    en="You gave {answer}, the growth of sell-in by itself. Growth that was sold is no loading. By how much did it outgrow sell-out? See `growth_gap`.",
)
def sell_in_alone(company):
    table = ka.sellout.sell_in_vs_sell_out(
        company.orders, company.sellout, company.stores, ("2024-12-01", "2025-01-01")
    ).set_index("account_id")
    return float(table.loc["A005", "sell_in_growth"])


@q4.misconception(
    zh='你填的是 {answer}，这是另一家客户的：表按差距从大到小排，第一行不一定是禾汐。用客户编号取：`loading.loc["A005", ...]`。',
    en='You gave {answer}, of another account: the table runs from the largest gap down, and Hexi need not be first. Take it by its ID: `loading.loc["A005", ...]`.',
)
def another_account(company):
    table = ka.sellout.sell_in_vs_sell_out(
        company.orders, company.sellout, company.stores, ("2024-12-01", "2025-01-01")
    ).set_index("account_id")
    return float(table.drop(index="A005")["growth_gap"].iloc[0])


@q4.misconception(
    zh="你填的是 {answer}，这是动销的增幅，还没拿进货去比。进货增幅减去它，才是多吃进去的。",
    en="You gave {answer}, the growth of sell-out. Take it from the growth of sell-in to see what was swallowed.",
)
def sell_out_alone(company):
    table = ka.sellout.sell_in_vs_sell_out(
        company.orders, company.sellout, company.stores, ("2024-12-01", "2025-01-01")
    ).set_index("account_id")
    return float(table.loc["A005", "sell_out_growth"])


@q4.misconception(
    zh="你填的是 {answer}，减反了：动销减进货。题目问进货**高出**动销多少，应当是正的。",
    en="You gave {answer}, the wrong way round: sell-out minus sell-in. The question is how far sell-in is **above**, which is positive.",
)
def wrong_way_round(company):
    table = ka.sellout.sell_in_vs_sell_out(
        company.orders, company.sellout, company.stores, ("2024-12-01", "2025-01-01")
    ).set_index("account_id")
    return -float(table.loc["A005", "growth_gap"])


@q4.misconception(
    zh="你填的是 {answer}，这是多堆了几周的库存，单位是周。题目问两个增幅的差，是小数。",
    en="You gave {answer}, the extra weeks of stock. The question asks for the difference of two growth rates, a fraction.",
)
def weeks_of_stock(company):
    table = ka.sellout.sell_in_vs_sell_out(
        company.orders, company.sellout, company.stores, ("2024-12-01", "2025-01-01")
    ).set_index("account_id")
    return float(table.loc["A005", "cover_weeks"] - table.loc["A005", "cover_before"])


@q4.facts
def facts_of_q4(company):
    table = ka.sellout.sell_in_vs_sell_out(
        company.orders, company.sellout, company.stores, ("2024-12-01", "2025-01-01")
    )
    return {"flagged": int(table["loading"].fillna(value=False).sum())}


q4.not_tried(
    zh="先在表里找到 `A005` 那一行，把五个数从左到右念一遍。",
    en="A first step: find the row `A005` and read its five figures from left to right.",
)
q4.hints(
    zh=[
        "进货增幅减动销增幅。表里有一列已经减好了。",
        "那一列叫 `growth_gap`。",
        '照这个样子写：`loading.loc["客户编号", "列名"]`。',
    ],
    en=[
        "Growth of sell-in minus growth of sell-out. One column has done the subtraction.",
        "The column is called `growth_gap`.",
        'Write it like this: `loading.loc["account ID", "column"]`.',
    ],
)
q4.unforeseen(
    zh="先数一数：`loading` 那一列是“压货”的，应当有 {flagged} 家。禾汐是其中之一吗？",
    en="Count first: {flagged} account(s) are flagged in the column `loading`. Is Hexi among them?",
)

# --- q5: recall ------------------------------------------------------------------------------------

q5 = assignment.task(
    "q5",
    answer="caught",
    form=Number(tolerance=0.0005, fraction=True),
    points=10,
    level="analyst",
    kind="choose",
    row_ids=("9-6",),
)


@q5.reference
def caught_by_hand(company):
    given = company.assumptions
    start = "health_weight_"
    weights = {f"{n.removeprefix(start)}_score": v for n, v in given.items() if n.startswith(start)}
    parts = company.health[list(weights)].astype("float64").copy()
    parts["satisfaction_score"] = (parts["satisfaction_score"] + 100) / 2
    parts, weight = parts.clip(0, 100), pd.Series(weights)
    points = (parts * weight).sum(axis=1) / (parts.notna() * weight).sum(axis=1)
    lost = company.health["account_id"].map(company.losses.groupby("account_id")["lost_on"].min())
    month = company.health["month"].dt.to_period("M")
    end, until = month.dt.end_time, (month + 3).dt.end_time
    decided = (until.dt.normalize() <= company.as_of) & ~(lost <= end)
    gone = decided & (lost <= until)
    return float((points[gone] < 60).mean())


@q5.also_right
def caught_by_counts(company):
    given = company.assumptions
    start = "health_weight_"
    weights = {f"{n.removeprefix(start)}_score": v for n, v in given.items() if n.startswith(start)}
    scores = ka.health.score(company.health, weights)
    test = ka.health.backtest(scores, company.losses, 60, 3, company.as_of)
    return test.warned_lost / (test.warned_lost + test.missed_lost)


@q5.misconception(
    zh="你算出来是 {answer}，这是准确率。从来不报警，准确率也有 {never}，可一家也救不了。题目从真丢的 {gone} 个出发：事先报了几个？",
    en="You got {answer}: that is accuracy. Never warning at all scores {never}, and saves nobody. Start from the {gone} that were lost: how many had a warning?",
)
def accuracy_for_recall(company):
    given = company.assumptions
    start = "health_weight_"
    weights = {f"{n.removeprefix(start)}_score": v for n, v in given.items() if n.startswith(start)}
    scores = ka.health.score(company.health, weights)
    return ka.health.backtest(scores, company.losses, 60, 3, company.as_of).accuracy


@q5.misconception(
    zh="你算出来是 {answer}，这是精确率：报过的里面，真丢的占几成。题目反过来问：真丢的 {gone} 个里面，报过的占几成？",
    en="You got {answer}: that is precision, the share of warnings that came true. The question goes the other way: of the {gone} lost, what share had a warning?",
)
def precision_for_recall(company):
    given = company.assumptions
    start = "health_weight_"
    weights = {f"{n.removeprefix(start)}_score": v for n, v in given.items() if n.startswith(start)}
    scores = ka.health.score(company.health, weights)
    return ka.health.backtest(scores, company.losses, 60, 3, company.as_of).precision


@q5.misconception(
    zh="你算出来是 {answer}，丢了以后的月份也算成了“抓到”或“漏掉”。人都走了，分数说什么都不算预报。这些月份要先拿走，`ka.health.backtest` 会替你拿。",
    en="You got {answer}, counting months after the loss. Once they are gone, no score is a forecast. Take those months out first; `ka.health.backtest` does.",
)
def after_the_loss(company):
    given = company.assumptions
    start = "health_weight_"
    weights = {f"{n.removeprefix(start)}_score": v for n, v in given.items() if n.startswith(start)}
    scores = ka.health.score(company.health, weights)
    lost = scores["account_id"].map(company.losses.groupby("account_id")["lost_on"].min())
    until = (scores["month"].dt.to_period("M") + 3).dt.end_time
    gone = lost <= until
    return float((scores.loc[gone, "score"] < 60).mean())


@q5.misconception(
    zh="你算出来是 {answer}，线画在了公司的红灯线上。题目的线是 60 分：早一点报，多抓几个。",
    en="You got {answer}, with the line where red begins at this company. The question draws it at 60: warn earlier, catch more.",
)
def at_the_red_line(company):
    given = company.assumptions
    start = "health_weight_"
    weights = {f"{n.removeprefix(start)}_score": v for n, v in given.items() if n.startswith(start)}
    scores = ka.health.score(company.health, weights)
    red = given["health_red_below"]
    return ka.health.backtest(scores, company.losses, red, 3, company.as_of).recall


@q5.misconception(
    zh="你算出来是 {answer}，NPS 没有换算，分数普遍偏低，报得多，自然抓得多。用 `ka.health.score` 默认的换算，别改 `nps`。",
    en="You got {answer}, with NPS not rescaled: scores come out low, so more is warned and more is caught. Leave the rescaling of `ka.health.score` as it is.",
)
def caught_with_raw_nps(company):
    given = company.assumptions
    start = "health_weight_"
    weights = {f"{n.removeprefix(start)}_score": v for n, v in given.items() if n.startswith(start)}
    scores = ka.health.score(company.health, weights, nps=())
    return ka.health.backtest(scores, company.losses, 60, 3, company.as_of).recall


@q5.facts
def facts_of_q5(company):
    given = company.assumptions
    start = "health_weight_"
    weights = {f"{n.removeprefix(start)}_score": v for n, v in given.items() if n.startswith(start)}
    scores = ka.health.score(company.health, weights)
    test = ka.health.backtest(scores, company.losses, 60, 3, company.as_of)
    return {"gone": test.warned_lost + test.missed_lost, "never": f"{test.always_stays:.1%}"}


q5.not_tried(
    zh="先打分：`health = ka.health.score(company.health, weights)`，再把它交给 `ka.health.backtest`，看看给出哪几个数。",
    en="A first step: `health = ka.health.score(company.health, weights)`, then give it to `ka.health.backtest` and see which figures come back.",
)
q5.hints(
    zh=[
        "先定分母：真丢了的“客户月”。分子是其中报过警的。",
        "`ka.health.backtest(health, company.losses, 60, 3, company.as_of)` 的结果里，哪个名字是“召回”？",
        "在结果后面加一个点，取 `recall`。",
    ],
    en=[
        "Settle the base first: months that were followed by a loss. On top, those with a warning.",
        "Which name in the result of `ka.health.backtest(health, company.losses, 60, 3, company.as_of)` means recall?",
        "Put a dot behind it and take `recall`.",
    ],
)
q5.unforeseen(
    zh="先数一数：真丢了的“客户月”应当有 {gone} 个，分母就是它。",
    en="Count first: {gone} months of accounts were followed by a loss. They are the base.",
)

# --- q6: did the cut bring volume ------------------------------------------------------------------

q6 = assignment.task(
    "q6",
    answer="extra_growth",
    form=Number(tolerance=0.0005, fraction=True),
    points=12,
    level="analyst",
    kind="build",
    row_ids=("9-18", "9-22"),
)


@q6.reference
def extra_by_pivot(company):
    orders = company.orders
    day = orders["ordered_on"]
    spans = {2024: ("2024-07-01", "2024-12-01"), 2025: ("2025-07-01", "2025-12-01")}
    sums = {
        year: orders[(day >= start) & (day < end)]
        .groupby("account_id")[["amount", "gross_profit", "list_amount"]]
        .sum()
        for year, (start, end) in spans.items()
    }
    sums = {year: t[(t["amount"] > 0) & (t["list_amount"] > 0)] for year, t in sums.items()}
    both = sums[2024].index.intersection(sums[2025].index)
    before, now = (sums[year].loc[both] for year in (2024, 2025))
    fell = before["gross_profit"] / before["amount"] - now["gross_profit"] / now["amount"]
    volume = pd.DataFrame({"before": before["list_amount"], "now": now["list_amount"]})
    groups = volume.groupby(fell >= 0.03).sum()
    growth = groups["now"] / groups["before"] - 1
    return float(growth[True] - growth[False])


@q6.also_right
def extra_as_ratio_of_sums(company):
    war = ka.health.price_war(
        company.orders, ("2024-07-01", "2024-12-01"), ("2025-07-01", "2025-12-01"), company.as_of
    )
    fell = war["margin_before"] - war["margin_now"] >= 0.03
    orders = company.orders[company.orders["account_id"].isin(war["account_id"])]
    in_season = orders[orders["ordered_on"].dt.month.between(7, 11)]
    cut = in_season["account_id"].isin(war.loc[fell, "account_id"])
    year = in_season["ordered_on"].dt.year
    sums = in_season.groupby([cut, year])["list_amount"].sum()
    ratio = {group: sums[group, 2025] / sums[group, 2024] for group in (True, False)}
    return round(float(ratio[True] - ratio[False]), 4)


@q6.misconception(
    zh="你算出来是 {answer}，这是降价组自己的增幅，还没和没降价的比。没降的同期也在涨，减掉它，才是降价带来的。",
    en="You got {answer}, the growth of the cut group by itself. Those without a cut grew as well; take that off to see what the cut brought.",
)
def cut_group_alone(company):
    war = ka.health.price_war(
        company.orders, ("2024-07-01", "2024-12-01"), ("2025-07-01", "2025-12-01"), company.as_of
    )
    cut = war.loc[war["margin_before"] - war["margin_now"] >= 0.03, "account_id"]
    own = company.orders[company.orders["account_id"].isin(cut)]
    day = own["ordered_on"]
    now = own.loc[(day >= "2025-07-01") & (day < "2025-12-01"), "list_amount"].sum()
    before = own.loc[(day >= "2024-07-01") & (day < "2024-12-01"), "list_amount"].sum()
    return float(now / before - 1)


@q6.misconception(
    zh="你算出来是 {answer}，把每家的增幅直接平均了。去年才来的小客户一涨就是十几倍，把平均拉飞了。每组先加总，再算增幅。",
    en="You got {answer}, the plain mean of the accounts' growth. A small customer that came only last year grows more than tenfold and carries the mean away. Add up each group first.",
)
def mean_of_growth_rates(company):
    war = ka.health.price_war(
        company.orders, ("2024-07-01", "2024-12-01"), ("2025-07-01", "2025-12-01"), company.as_of
    )
    fell = war["margin_before"] - war["margin_now"] >= 0.03
    return float(war.loc[fell, "volume_change"].mean() - war.loc[~fell, "volume_change"].mean())


@q6.misconception(
    zh="你算出来是 {answer}，用的是 `amount`，价降了，金额跟着少，量就看不清了。销量用目录价的 `list_amount`。",
    en="You got {answer}, from `amount`. A lower price makes the amount smaller too, and hides the volume. Take `list_amount`, at list prices.",
)
def by_amount(company):
    war = ka.health.price_war(
        company.orders, ("2024-07-01", "2024-12-01"), ("2025-07-01", "2025-12-01"), company.as_of
    )
    fell = war["margin_before"] - war["margin_now"] >= 0.03
    orders, day = company.orders, company.orders["ordered_on"]
    growth = []
    for group in (war.loc[fell, "account_id"], war.loc[~fell, "account_id"]):
        own = orders["account_id"].isin(group)
        now = orders.loc[own & (day >= "2025-07-01") & (day < "2025-12-01"), "amount"].sum()
        before = orders.loc[own & (day >= "2024-07-01") & (day < "2024-12-01"), "amount"].sum()
        growth.append(now / before - 1)
    return float(growth[0] - growth[1])


@q6.misconception(
    zh="你算出来是 {answer}，减反了：没降的减降了的。题目问降价**多换来**多少，降价组在前。",
    en="You got {answer}, the wrong way round. The question is what the cut brought **on top**, so the cut group comes first.",
)
def kept_minus_cut(company):
    war = ka.health.price_war(
        company.orders, ("2024-07-01", "2024-12-01"), ("2025-07-01", "2025-12-01"), company.as_of
    )
    fell = war["margin_before"] - war["margin_now"] >= 0.03
    orders, day = company.orders, company.orders["ordered_on"]
    growth = []
    for group in (war.loc[fell, "account_id"], war.loc[~fell, "account_id"]):
        own = orders["account_id"].isin(group)
        now = orders.loc[own & (day >= "2025-07-01") & (day < "2025-12-01"), "list_amount"].sum()
        before = orders.loc[own & (day >= "2024-07-01") & (day < "2024-12-01"), "list_amount"].sum()
        growth.append(now / before - 1)
    return float(growth[1] - growth[0])


@q6.misconception(
    zh="你算出来是 {answer}，拿 7–11 月和紧挨着的 2–6 月比。下半年有中秋和囤货，季节混进来了。和**去年同期**比。",
    en="You got {answer}, comparing July–November with the five months before. The second half has Mid-Autumn and stocking up, so the season mixes in. Compare with the **same months last year**.",
)
def against_the_months_before(company):
    war = ka.health.price_war(
        company.orders, ("2024-07-01", "2024-12-01"), ("2025-07-01", "2025-12-01"), company.as_of
    )
    fell = war["margin_before"] - war["margin_now"] >= 0.03
    orders, day = company.orders, company.orders["ordered_on"]
    growth = []
    for group in (war.loc[fell, "account_id"], war.loc[~fell, "account_id"]):
        own = orders["account_id"].isin(group)
        now = orders.loc[own & (day >= "2025-07-01") & (day < "2025-12-01"), "list_amount"].sum()
        before = orders.loc[own & (day >= "2025-02-01") & (day < "2025-07-01"), "list_amount"].sum()
        growth.append(now / before - 1)
    return float(growth[0] - growth[1])


@q6.misconception(
    zh="你算出来是 {answer}，没降价的一组里混进了新客户和走掉的客户。只比两年都下过单的：`kept` 里的那些。",
    en="You got {answer}, with new and lost customers among those without a cut. Compare the accounts that ordered in both years only: those in `kept`.",
)
def everyone_else(company):
    war = ka.health.price_war(
        company.orders, ("2024-07-01", "2024-12-01"), ("2025-07-01", "2025-12-01"), company.as_of
    )
    cut = war.loc[war["margin_before"] - war["margin_now"] >= 0.03, "account_id"]
    orders, day = company.orders, company.orders["ordered_on"]
    own = orders["account_id"].isin(cut)
    growth = []
    for group in (own, ~own):
        now = orders.loc[group & (day >= "2025-07-01") & (day < "2025-12-01"), "list_amount"].sum()
        before = orders.loc[
            group & (day >= "2024-07-01") & (day < "2024-12-01"), "list_amount"
        ].sum()
        growth.append(now / before - 1)
    return float(growth[0] - growth[1])


@q6.facts
def facts_of_q6(company):
    war = ka.health.price_war(
        company.orders, ("2024-07-01", "2024-12-01"), ("2025-07-01", "2025-12-01"), company.as_of
    )
    cut = war.loc[war["margin_before"] - war["margin_now"] >= 0.03, "account_id"]
    own = company.orders[company.orders["account_id"].isin(cut)]
    day = own["ordered_on"]
    now = own.loc[(day >= "2025-07-01") & (day < "2025-12-01"), "list_amount"].sum()
    return {"cut": len(cut), "volume": f"{now:,.0f}"}


q6.not_tried(
    zh="先算一组：`cut` 里的客户，2025 年 7 到 11 月的 `list_amount` 加起来是多少？",
    en="A first step with one group: what is the sum of `list_amount` of the accounts in `cut` from July to November 2025?",
)
q6.hints(
    zh=[
        "四个数：两组，各两年。增幅 = 今年 ÷ 去年 − 1，再相减。",
        '挑客户用 `orders["account_id"].isin(cut)`，挑日子用 `>=` 和 `<`，两个条件之间写 `&`。',
        '一组一年写成 `orders.loc[客户 & 日子, "list_amount"].sum()`，写四遍也行。',
    ],
    en=[
        "Four numbers: two groups, two years each. Growth is this year ÷ last year − 1; then subtract.",
        'Pick accounts with `orders["account_id"].isin(cut)`, days with `>=` and `<`, and `&` between two conditions.',
        'One group in one year: `orders.loc[accounts & days, "list_amount"].sum()`. Writing it four times is fine.',
    ],
)
q6.unforeseen(
    zh="先数一数：降价组 {cut} 家，2025 年 7 到 11 月的 `list_amount` 合计应当是 {volume} 元。",
    en="Count first: the {cut} accounts with a cut have a `list_amount` of {volume} yuan from July to November 2025.",
)

# --- q7: health by hand ----------------------------------------------------------------------------

q7 = assignment.task(
    "q7",
    answer="mean_health",
    form=Mapping(tolerance=0.05),
    points=14,
    level="analyst",
    kind="build",
    row_ids=("9-6", "9-7"),
)


@q7.reference
def mean_of_scores(company):
    start = "health_weight_"
    weights = {
        f"{name.removeprefix(start)}_score": value
        for name, value in company.assumptions.items()
        if name.startswith(start)
    }
    scores = ka.health.score(company.health, weights)
    this_year = scores[scores["month"] >= "2025-01-01"]
    return this_year.groupby("account_id")["score"].mean().to_dict()


@q7.also_right
def row_by_row(company):
    names = ("orders", "payment", "satisfaction", "contact", "service")
    found = {}
    for row in company.health[company.health["month"] >= "2025-01-01"].to_dict("records"):
        points = total = 0.0
        for name in names:
            value, weight = row[f"{name}_score"], company.assumptions[f"health_weight_{name}"]
            if pd.notna(value):
                value = (value + 100) / 2 if name == "satisfaction" else value
                points += weight * min(max(value, 0), 100)
                total += weight
        found.setdefault(row["account_id"], []).append(points / total)
    return pd.Series({account: sum(each) / len(each) for account, each in found.items()})


@q7.misconception(
    zh="你算出来是 {answer}，没打分的那项成了 0 分。没问过，不等于打了零分。除以**有分的那几项**的权重之和。",
    en="You got {answer}, with missing scores counted as 0. Not asked is not zero. Divide by the weights of the scores **that are there**.",
)
def missing_as_zero(company):
    given = company.assumptions
    start = "health_weight_"
    weights = {f"{n.removeprefix(start)}_score": v for n, v in given.items() if n.startswith(start)}
    rows = company.health[company.health["month"] >= "2025-01-01"]
    parts = rows[list(weights)].astype("float64").copy()
    parts["satisfaction_score"] = (parts["satisfaction_score"] + 100) / 2
    points = (parts.clip(0, 100).fillna(0) * pd.Series(weights)).sum(axis=1)
    return points.groupby(rows["account_id"]).mean().to_dict()


@q7.misconception(
    zh="你算出来是 {answer}，NPS 直接截到了 0–100，负的全成了 0 分。先换算 `(NPS + 100) / 2`，再截。",
    en="You got {answer}, with NPS clipped to 0–100 as it stood, so that every negative became 0. First `(NPS + 100) / 2`, then clip.",
)
def nps_not_rescaled(company):
    given = company.assumptions
    start = "health_weight_"
    weights = {f"{n.removeprefix(start)}_score": v for n, v in given.items() if n.startswith(start)}
    rows = company.health[company.health["month"] >= "2025-01-01"]
    parts, weight = rows[list(weights)].astype("float64").clip(0, 100), pd.Series(weights)
    points = (parts * weight).sum(axis=1) / (parts.notna() * weight).sum(axis=1)
    return points.groupby(rows["account_id"]).mean().to_dict()


@q7.misconception(
    zh="你算出来是 {answer}，没有截断。表里有 112 分和 −5 分，是填错的；不拉回 0–100，一处就带歪一家。",
    en="You got {answer} without clipping. There are scores such as 112 and −5, typed wrong; unless they are pulled back to 0–100, each one bends its account.",
)
def not_clipped(company):
    given = company.assumptions
    start = "health_weight_"
    weights = {f"{n.removeprefix(start)}_score": v for n, v in given.items() if n.startswith(start)}
    rows = company.health[company.health["month"] >= "2025-01-01"]
    parts, weight = rows[list(weights)].astype("float64").copy(), pd.Series(weights)
    parts["satisfaction_score"] = (parts["satisfaction_score"] + 100) / 2
    points = (parts * weight).sum(axis=1) / (parts.notna() * weight).sum(axis=1)
    return points.groupby(rows["account_id"]).mean().to_dict()


@q7.misconception(
    zh="你算出来是 {answer}，五项直接平均，没有按权重。订单的权重是付款的两倍，平均会抹掉它。",
    en="You got {answer}, the plain mean of the five. Orders weigh twice as much as payment; a plain mean wipes that out.",
)
def without_weights(company):
    names = [
        "orders_score",
        "payment_score",
        "satisfaction_score",
        "contact_score",
        "service_score",
    ]
    rows = company.health[company.health["month"] >= "2025-01-01"]
    parts = rows[names].astype("float64").copy()
    parts["satisfaction_score"] = (parts["satisfaction_score"] + 100) / 2
    return parts.clip(0, 100).mean(axis=1).groupby(rows["account_id"]).mean().to_dict()


@q7.misconception(
    zh="你算出来是 {answer}，2024 年的月份也平均进去了。只留 `month` 从 2025-01-01 起的行。",
    en="You got {answer}, with the months of 2024 in the mean. Keep the rows with `month` from 2025-01-01.",
)
def both_years_averaged(company):
    given = company.assumptions
    start = "health_weight_"
    weights = {f"{n.removeprefix(start)}_score": v for n, v in given.items() if n.startswith(start)}
    scores = ka.health.score(company.health, weights)
    this_year = scores.loc[scores["month"] >= "2025-01-01", "account_id"].unique()
    means = scores.groupby("account_id")["score"].mean()
    return means.loc[means.index.isin(this_year)].to_dict()


@q7.misconception(
    zh="你算出来是 {answer}，只有最后一个月。题目要今年各月的平均。",
    en="You got {answer}, the last month only. The question asks for the mean of this year's months.",
)
def last_month_only(company):
    given = company.assumptions
    start = "health_weight_"
    weights = {f"{n.removeprefix(start)}_score": v for n, v in given.items() if n.startswith(start)}
    scores = ka.health.score(company.health, weights)
    this_year = scores[scores["month"] >= "2025-01-01"]
    return this_year.groupby("account_id")["score"].last().to_dict()


@q7.facts
def facts_of_q7(company):
    rows = company.health[company.health["month"] >= "2025-01-01"]
    return {
        "accounts": int(rows["account_id"].nunique()),
        "blank": int(rows["satisfaction_score"].isna().sum()),
    }


q7.not_tried(
    zh='先留下今年的行：`this_year = company.health[company.health["month"] >= "2025-01-01"]`，再把 NPS 换算好。',
    en='A first step: keep this year\'s rows, `this_year = company.health[company.health["month"] >= "2025-01-01"]`, then rescale NPS.',
)
q7.hints(
    zh=[
        "顺序不能换：换算 NPS，截断，加权，除以有分的权重，最后按客户平均。",
        "`parts * pd.Series(weights)` 会按列名乘上权重；`parts.notna()` 是“有没有分”，乘上权重再相加就是分母。",
        '最后一步：`points.groupby(this_year["account_id"]).mean()`。',
    ],
    en=[
        "The order matters: rescale NPS, clip, weigh, divide by the weights that are there, then the mean by account.",
        "`parts * pd.Series(weights)` multiplies by column name; `parts.notna()` says whether a score is there, and times the weights it sums to the denominator.",
        'The last step: `points.groupby(this_year["account_id"]).mean()`.',
    ],
)
q7.unforeseen(
    zh="先数一数：今年应当有 {accounts} 家客户，满意度空着 {blank} 处。",
    en="Count first: this year has {accounts} accounts, and satisfaction is blank {blank} times.",
)

# --- q8: the best path of each scenario ------------------------------------------------------------

q8 = assignment.task(
    "q8",
    answer="best_talk",
    form=Mapping(tolerance=0.05),
    points=14,
    level="analyst",
    kind="build",
    row_ids=("9-27", "9-28", "9-29"),
)


@q8.reference
def best_by_joint(company):
    weights = {
        name: company.assumptions[f"role_weight_{name}"] for name in ("goal", "trust", "margin")
    }
    best = {}
    for name in ka.role_play.names():
        table = ka.role_play.paths(name)
        columns = (table[column] for column in ("goal", "trust", "margin_kept", "agreed"))
        best[name] = float(ka.role_play.joint(*columns, weights).max())
    return best


@q8.also_right
def best_path_by_path(company):
    given, best = company.assumptions, {}
    for name in ka.role_play.names():
        for row in ka.role_play.paths(name).itertuples():
            result = given["role_weight_goal"] * row.goal + given["role_weight_trust"] * row.trust
            if row.agreed:
                result += given["role_weight_margin"] * row.margin_kept
            best[name] = max(best.get(name, 0.0), result)
    return pd.Series(best)


@q8.misconception(
    zh="你算出来是 {answer}，走的是每一步都挑最讨喜那句的路。当下最高兴的话，常常是没核过的承诺，下一句就要还。把**所有**的路都算一遍，再取最高的。",
    en="You got {answer}, on the path that pleases most at each step. What pleases most is often a promise nobody checked, and the next sentence pays for it. "
    "Work out **all** paths, then take the best.",
)
def pleasing_path(company):
    given, found = company.assumptions, {}
    for name in ka.role_play.names():
        talk = ka.role_play.play(name, "")
        while not talk.ending:
            code = max(talk.open, key=lambda one: talk.open[one]["trust"])
            talk = ka.role_play.play(name, "-".join([step.reply for step in talk.steps] + [code]))
        ending = talk.scenario["endings"][talk.ending]
        found[name] = (
            given["role_weight_goal"] * ending["goal"]
            + given["role_weight_trust"] * talk.trust
            + given["role_weight_margin"] * talk.margin * ending["agreed"]
        )
    return found


@q8.misconception(
    zh="你算出来是 {answer}，三样的权重一样。公司给的权重在 `company.assumptions` 里：`role_weight_goal`、`role_weight_trust`、`role_weight_margin`。",
    en="You got {answer}, with three equal weights. The company's own are in `company.assumptions`: `role_weight_goal`, `role_weight_trust`, `role_weight_margin`.",
)
def equal_weights(company):  # noqa: ARG001 - every mistake takes a company
    best = {}
    for name in ka.role_play.names():
        table = ka.role_play.paths(name)
        margin = table["margin_kept"].where(table["agreed"], 0)
        best[name] = float((table["goal"] + table["trust"] + margin).max() / 3)
    return best


@q8.misconception(
    zh="你算出来是 {answer}，这是所有走法的**平均**。题目要每个场景最好的一条：用 `max()`。",
    en="You got {answer}, the **mean** of all paths. The question asks for the best one of each scenario: use `max()`.",
)
def mean_of_paths(company):
    given, found = company.assumptions, {}
    for name in ka.role_play.names():
        table = ka.role_play.paths(name)
        margin = table["margin_kept"].where(table["agreed"], 0)
        result = (
            given["role_weight_goal"] * table["goal"]
            + given["role_weight_trust"] * table["trust"]
            + given["role_weight_margin"] * margin
        )
        found[name] = float(result.mean())
    return found


@q8.misconception(
    zh="你算出来是 {answer}，三样各取了各的最高，再加起来。可它们不在同一条路上：一条路要么信任高，要么毛利守得多。先给每条路算一个分，再取最高。",
    en="You got {answer}, the highest aim, trust and margin taken apart and added. They do not lie on one path. Give each path one result, then take the highest.",
)
def best_of_each(company):
    given, found = company.assumptions, {}
    for name in ka.role_play.names():
        table = ka.role_play.paths(name)
        found[name] = float(
            given["role_weight_goal"] * table["goal"].max()
            + given["role_weight_trust"] * table["trust"].max()
            + given["role_weight_margin"] * table["margin_kept"].max()
        )
    return found


@q8.misconception(
    zh="你算出来是 {answer}，没有毛利这一项。谈成了的路，守住的毛利也要按权重加上。",
    en="You got {answer} without the margin. Where there is an agreement, the margin kept counts too, by its weight.",
)
def without_margin(company):
    given, found = company.assumptions, {}
    for name in ka.role_play.names():
        table = ka.role_play.paths(name)
        result = (
            given["role_weight_goal"] * table["goal"] + given["role_weight_trust"] * table["trust"]
        )
        found[name] = float(result.max())
    return found


@q8.facts
def facts_of_q8(company):  # noqa: ARG001 - facts take a company
    tables = [ka.role_play.paths(name) for name in ka.role_play.names()]
    return {
        "paths": sum(len(table) for table in tables),
        "agreed": int(sum(table["agreed"].sum() for table in tables)),
    }


q8.not_tried(
    zh='先只算一样：`company.assumptions["role_weight_goal"] * talks["goal"]`，看看每条路得多少。',
    en='A first step with one part: `company.assumptions["role_weight_goal"] * talks["goal"]`. What does each path get?',
)
q8.hints(
    zh=[
        "先给每条路算一个分，放进新的一列，再按场景取最高。",
        '没谈成的毛利算 0：`talks["margin_kept"].where(talks["agreed"], 0)`。',
        '最后一步：`talks.groupby("scenario")["joint"].max()`。',
    ],
    en=[
        "Give each path one result in a new column, then take the highest of each scenario.",
        'Margin without an agreement is 0: `talks["margin_kept"].where(talks["agreed"], 0)`.',
        'The last step: `talks.groupby("scenario")["joint"].max()`.',
    ],
)
q8.unforeseen(
    zh="先数一数：三个场景一共 {paths} 条路，谈成的应当有 {agreed} 条。",
    en="Count first: the three scenarios have {paths} paths in all, and {agreed} of them end in an agreement.",
)
