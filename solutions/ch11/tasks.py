"""Chapter 11, the closing: the auto-graded tasks.

Where the worked solution calls ``ka_lib``, the reference below is plain pandas, and the other way
round: a slip in one of them does not pass unseen. Each function stands alone, because its source
becomes a submission of the simulated class.
"""

import pandas as pd

import ka_lib as ka
from ka_course.tasks import Assignment, Items, Mapping, Number

assignment = Assignment("ch11")

# --- q1: the plan's items that are not in order --------------------------------------------------

q1 = assignment.task(
    "q1",
    answer="to_mend",
    form=Items(),
    points=6,
    level="core",
    kind="choose",
    row_ids=("11-8",),
)


@q1.reference
def items_by_hand(company):
    items = company.plan_items
    last = pd.Timestamp("2026-01-05") + pd.Timedelta(days=30)
    bad = items[["action", "owner", "measure", "due_on"]].isna().any(axis="columns")
    return items.loc[bad | (items["due_on"] > last), "item_id"].tolist()


@q1.also_right
def items_by_query(company):
    checked = ka.action_plan.check_plan(company.plan_items, "2026-01-05")
    return list(checked.query("problems != ''")["item_id"])


@q1.misconception(
    zh="你列了 {answer}，少了晚一天的那条。最后一天按“下个月的同一天”（2 月 5 日）算了；1 月有 31 天，从 5 日数 30 天，到几号？",
    en="You listed {answer}; the item that is a day late is not among them. The last day was taken as the same day next month, 5 February. "
    "January has 31 days: 30 days from the 5th is which date?",
)
def same_day_next_month(company):
    checked = ka.action_plan.check_plan(company.plan_items, "2026-01-05", days=31)
    return checked.loc[checked["problems"] != "", "item_id"].tolist()


@q1.misconception(
    zh="你列了 {answer}，只看了日期。没人负责、没有衡量的那几条，到期也查不出做没做，算不算有问题？",
    en="You listed {answer}, by date alone. Can an item without an owner or a measure be checked when it is due?",
)
def dates_only(company):
    checked = ka.action_plan.check_plan(company.plan_items, "2026-01-05")
    late = checked["problems"].str.contains("too_late|no_date")
    return checked.loc[late, "item_id"].tolist()


@q1.misconception(
    zh="你列了 {answer}，这些是 `problems` 空着、**没毛病**的。要的是反过来那几条：`==` 换成什么？",
    en="You listed {answer}: those whose `problems` are blank, which are **in order**. The others are wanted: what instead of `==`?",
)
def those_in_order(company):
    checked = ka.action_plan.check_plan(company.plan_items, "2026-01-05")
    return checked.loc[checked["problems"] == "", "item_id"].tolist()


@q1.misconception(
    zh="你列了 {answer}，这是全部条目。只要 `problems` 不空的那几条，方括号里加一个条件。",
    en="You listed {answer}: every item. Only those with something in `problems` are wanted; put a condition in the brackets.",
)
def every_item(company):
    return company.plan_items["item_id"].tolist()


@q1.facts
def facts_of_q1(company):
    items = company.plan_items
    blank = items[["action", "owner", "measure", "due_on"]].isna().any(axis="columns")
    return {"items": len(items), "blank": int(blank.sum())}


q1.not_tried(
    zh="先看上面那张表最后一列 `problems`：没毛病的那几行写着什么？",
    en="A first step: look at the last column above, `problems`. What stands in the rows that are in order?",
)
q1.hints(
    zh=[
        '没毛病的，`problems` 是空文字 `""`。',
        "“不等于”写作 `!=`。",
        '`checked.loc[checked["problems"] != "...", "item_id"].tolist()`：省略号那里什么都不写。',
    ],
    en=[
        'Where all is well, `problems` is an empty text, `""`.',
        "Unequal is written `!=`.",
        '`checked.loc[checked["problems"] != "...", "item_id"].tolist()`, with nothing in place of the dots.',
    ],
)
q1.unforeseen(
    zh="先数一数：计划一共 {items} 条，有一格空着的 {blank} 条，另外还有一条过了最后一天。",
    en="Count first: {items} items in all, {blank} with a blank cell, and one that is due after the last day.",
)

# --- q2: visits of January -----------------------------------------------------------------------

q2 = assignment.task(
    "q2",
    answer="visits_due",
    form=Number(tolerance=0.5),
    points=8,
    level="core",
    kind="choose",
    row_ids=("11-9",),
)


@q2.reference
def visits_counted_day_by_day(company):
    mine = company.accounts[company.accounts["rep_id"] == "R1"]
    seen = company.activities[company.activities["kind"] == "visit"]
    last = seen.groupby("account_id")["happened_on"].max()
    first, end = pd.Timestamp("2026-01-01"), pd.Timestamp("2026-02-01")
    steps = {
        "A": pd.DateOffset(weeks=1),
        "B": pd.DateOffset(months=1),
        "C": pd.DateOffset(months=3),
    }
    number = 0
    for account, tier in zip(mine["account_id"], mine["tier"], strict=True):
        if tier not in steps:
            continue
        due = max(last[account] + steps[tier], first) if account in last.index else first
        while due < end:
            number, due = number + 1, due + steps[tier]
    return number


@q2.also_right
def visits_by_tier(company):
    mine = company.accounts[company.accounts["rep_id"] == "R1"]
    table = ka.action_plan.visit_list(company.activities, mine, "2026-01")
    return int(table.groupby("tier")["visits_due"].sum().sum())


@q2.misconception(
    zh="你数出来是 {answer:.0f} 次，那是全公司的客户。林悦只有 {accounts} 家，把 `mine` 交给 `visit_list`。",
    en="You counted {answer:.0f}: the accounts of the whole company. Lin Yue has {accounts}; give `mine` to `visit_list`.",
)
def everybodys_visits(company):
    table = ka.action_plan.visit_list(company.activities, company.accounts, "2026-01")
    return int(table["visits_due"].sum())


@q2.misconception(
    zh="你数出来是 {answer:.0f}，这是**该去的客户家数**。A 类一月不止一次，要加的是哪一列？",
    en="You counted {answer:.0f}: the **accounts** that are due. An A account is due more than once; which column do you add up?",
)
def accounts_due(company):
    mine = company.accounts[company.accounts["rep_id"] == "R1"]
    table = ka.action_plan.visit_list(company.activities, mine, "2026-01")
    return int((table["visits_due"] > 0).sum())


@q2.misconception(
    zh="你数出来是 {answer:.0f}，这是表的行数，连不用去的和没填级别的都在内。要加的是 `visits_due`。",
    en="You counted {answer:.0f}: the rows, with accounts that are not due and those without a tier. Add up `visits_due`.",
)
def all_rows(company):
    return int((company.accounts["rep_id"] == "R1").sum())


@q2.misconception(
    zh="你数出来是 {answer:.0f} 次，只加了 A 类。B、C 两级到期的也要去，别筛级别。",
    en="You counted {answer:.0f}, A accounts alone. B and C accounts that are due need a visit too: no filter by tier.",
)
def a_alone(company):
    mine = company.accounts[
        (company.accounts["rep_id"] == "R1") & (company.accounts["tier"] == "A")
    ]
    return int(ka.action_plan.visit_list(company.activities, mine, "2026-01")["visits_due"].sum())


@q2.misconception(
    zh="你数出来是 {answer:.0f} 次，三个级别都按每周算了。B 是每月、C 是每季，`visit_list` 的默认标准就是这样。",
    en="You counted {answer:.0f}, with every tier seen weekly. B is monthly and C quarterly, which is what `visit_list` does by default.",
)
def weekly_for_all(company):
    mine = company.accounts[company.accounts["rep_id"] == "R1"]
    weekly = {"A": "weekly", "B": "weekly", "C": "weekly"}
    table = ka.action_plan.visit_list(company.activities, mine, "2026-01", standard=weekly)
    return int(table["visits_due"].sum())


@q2.facts
def facts_of_q2(company):
    mine = company.accounts[company.accounts["rep_id"] == "R1"]
    return {"accounts": len(mine), "a_accounts": int((mine["tier"] == "A").sum())}


q2.not_tried(
    zh='先单独运行 `ka.action_plan.visit_list(company.activities, mine, "2026-01")`，看看有哪几列。',
    en='A first step: run `ka.action_plan.visit_list(company.activities, mine, "2026-01")` by itself and look at its columns.',
)
q2.hints(
    zh=[
        "三样东西：活动表、林悦的客户 `mine`、月份。",
        "每家这个月要去几次，在 `visits_due` 一列。",
        '先算出表，再取列：`表["visits_due"].sum()`。',
    ],
    en=[
        "Three things: the activities, Lin Yue's accounts `mine`, and the month.",
        "How often each is due stands in `visits_due`.",
        'First the table, then its column: `table["visits_due"].sum()`.',
    ],
)
q2.unforeseen(
    zh="先数一数：`mine` 应当有 {accounts} 家，其中 A 类 {a_accounts} 家。",
    en="Count first: `mine` should hold {accounts} accounts, {a_accounts} of them A.",
)

# --- q3: what the cap takes ----------------------------------------------------------------------

q3 = assignment.task(
    "q3",
    answer="lost_to_cap",
    form=Number(tolerance=0.005, relative=0),
    points=8,
    level="core",
    kind="choose",
    row_ids=("11-14",),
)


@q3.reference
def lost_by_weight(company):
    cards = company.scorecards[company.scorecards["quarter"] == "2025Q3"]
    weights = {"attainment": 0.40, "nps": 0.25, "behaviour": 0.20, "teamwork": 0.15}
    lost = 0.0
    for _, card in cards.iterrows():
        if pd.isna(card["attainment"]):
            continue
        measured = sum(weight for name, weight in weights.items() if pd.notna(card[name]))
        lost += max(card["attainment"] - 1.2, 0.0) * 100 * weights["attainment"] / measured
    return lost


@q3.also_right
def lost_by_sales_points(company):
    cards = company.scorecards[company.scorecards["quarter"] == "2025Q3"]
    capped, free = ka.appraisal.score(cards), ka.appraisal.score(cards, cap=10)
    return float(free["sales_points"].sum() - capped["sales_points"].sum())


@q3.misconception(
    zh="你算出来是 {answer:.2f} 分，把几个季度合在一起了。只要 2025 年第三季度的 {reps} 张。",
    en="You got {answer:.2f} points, over all quarters. Only the {reps} scorecards of 2025Q3 are wanted.",
)
def all_quarters(company):
    capped = ka.appraisal.score(company.scorecards)
    free = ka.appraisal.score(company.scorecards, cap=10)
    return float(free["total"].sum() - capped["total"].sum())


@q3.misconception(
    zh="你算出来是 {answer:.2f} 分，封在 100% 了。公司的封顶是 120%，`cap` 该是多少？",
    en="You got {answer:.2f} points, with a cap of 100%. The company's cap is 120%: what is `cap`?",
)
def cap_of_100(company):
    cards = company.scorecards[company.scorecards["quarter"] == "2025Q3"]
    capped, free = ka.appraisal.score(cards, cap=1.0), ka.appraisal.score(cards, cap=10)
    return float(free["total"].sum() - capped["total"].sum())


@q3.misconception(
    zh="你算出来是 {answer:.2f}，这是**得分**少了多少，还没乘权重。总分里少的，看 `total`。",
    en="You got {answer:.2f}: how much **score** went, before the weight. For the points, compare `total`.",
)
def score_not_points(company):
    cards = company.scorecards[company.scorecards["quarter"] == "2025Q3"]
    capped, free = ka.appraisal.score(cards), ka.appraisal.score(cards, cap=10)
    return float(free["sales_score"].sum() - capped["sales_score"].sum())


@q3.misconception(
    zh="你算出来是 {answer:.2f} 分，带负号。两个数的先后反了：不封顶的减封顶的，少掉的分才是正数。",
    en="You got {answer:.2f}, below zero. The two stand the wrong way round: uncapped less capped is what was lost.",
)
def the_other_way_round(company):
    cards = company.scorecards[company.scorecards["quarter"] == "2025Q3"]
    capped, free = ka.appraisal.score(cards), ka.appraisal.score(cards, cap=10)
    return float(capped["total"].sum() - free["total"].sum())


@q3.misconception(
    zh="你算出来是 {answer:.2f} 分，这是人均。要的是全队一共少了几分：平均数换成合计。",
    en="You got {answer:.2f}: the average of a rep. What the whole team lost is wanted: a sum, not a mean.",
)
def mean_of_reps(company):
    cards = company.scorecards[company.scorecards["quarter"] == "2025Q3"]
    capped, free = ka.appraisal.score(cards), ka.appraisal.score(cards, cap=10)
    return float((free["total"] - capped["total"]).mean())


@q3.facts
def facts_of_q3(company):
    cards = company.scorecards[company.scorecards["quarter"] == "2025Q3"]
    return {"reps": len(cards), "over": int((cards["attainment"] > 1.2).sum())}


q3.not_tried(
    zh='先运行 `capped["total"].sum()`，再运行 `free["total"].sum()`，看看谁大。',
    en='A first step: run `capped["total"].sum()`, then `free["total"].sum()`. Which is larger?',
)
q3.hints(
    zh=[
        "`capped` 封顶 120%，`free` 不封顶，都只有第三季度。",
        "总分在 `total` 一列，合计用 `.sum()`。",
        '不封顶的合计减去封顶的合计：`free["..."].sum() - capped["..."].sum()`。',
    ],
    en=[
        "`capped` stops at 120%, `free` does not; both hold the third quarter only.",
        "The points stand in `total`; `.sum()` adds them up.",
        'Uncapped less capped: `free["..."].sum() - capped["..."].sum()`.',
    ],
)
q3.unforeseen(
    zh="先数一数：第三季度 {reps} 人，完成率超过 120% 的 {over} 人，只有他们会少分。",
    en="Count first: {reps} reps in the quarter, {over} above 120%. Only they lose points.",
)

# --- q4: quarters in a row ----------------------------------------------------------------------

q4 = assignment.task(
    "q4",
    answer="in_a_row",
    form=Mapping(tolerance=0),
    points=8,
    level="core",
    kind="choose",
    row_ids=("11-22",),
)


@q4.reference
def in_a_row_by_hand(company):
    table = ka.appraisal.score(company.scorecards)
    found = {}
    for rep in company.reps["rep_id"]:
        points = table[table["rep_id"] == rep].sort_values("quarter", ascending=False)["total"]
        good = (points.round(2) >= 80).tolist()
        found[rep] = good.index(False) if False in good else len(good)
    return found


@q4.also_right
def in_a_row_by_products(company):
    table = ka.appraisal.score(company.scorecards)
    wide = table.pivot_table(index="quarter", columns="rep_id", values="total").round(2)
    good = (wide.sort_index(ascending=False) >= 80).astype("int64")
    return good.cumprod().sum()


@q4.misconception(
    zh="你用的还是 90 分那条线。这一题试的是 80 分：`limit=` 写多少？",
    en="You used the line of 90. This question tries 80: what goes behind `limit=`?",
)
def limit_of_90(company):
    up = ka.appraisal.promotion(ka.appraisal.score(company.scorecards), company.reps)
    return up.set_index("rep_id")["quarters_in_row"]


@q4.misconception(
    zh="你数的是每个人**一共**有几个季度到了 80 分。中间断过的不能接着数：从最近一季往回，断了就停。",
    en="You counted **all** quarters at 80 or more. A gap ends the row: count back from the latest quarter and stop at the first below.",
)
def all_good_quarters(company):
    table = ka.appraisal.score(company.scorecards)
    good = table["total"].round(2) >= 80
    return good.groupby(table["rep_id"]).sum().astype("int64")


@q4.misconception(
    zh="你的结果里，没测到的一项按 0 分算了，有人的连续就断了。公司的规则是权重分给其余各项，也就是默认。",
    en="In your answer a missing part counts as 0, which ends somebody's row. The company's rule gives its weight to the others, and that is the default.",
)
def missing_as_zero(company):
    table = ka.appraisal.score(company.scorecards, missing="zero")
    up = ka.appraisal.promotion(table, company.reps, limit=80)
    return up.set_index("rep_id")["quarters_in_row"]


@q4.misconception(
    zh="你是从最早的一季往后数的。晋升看的是**到最近一季为止**连着几季：从后往前数。",
    en="You counted forward from the first quarter. Promotion asks for the row that reaches **up to the latest**: count back from the end.",
)
def from_the_first_quarter(company):
    table = ka.appraisal.score(company.scorecards)
    wide = table.pivot_table(index="quarter", columns="rep_id", values="total").round(2)
    good = (wide.sort_index() >= 80).astype("int64")
    return good.cumprod().sum()


@q4.facts
def facts_of_q4(company):
    table = ka.appraisal.score(company.scorecards)
    latest = table[table["quarter"] == "2025Q3"]
    return {"good_now": int((latest["total"].round(2) >= 80).sum()), "reps": len(company.reps)}


q4.not_tried(
    zh="先运行 `ka.appraisal.promotion(scores, company.reps, limit=80)`，看看有哪几列。",
    en="A first step: run `ka.appraisal.promotion(scores, company.reps, limit=80)` and look at its columns.",
)
q4.hints(
    zh=[
        "`limit=` 是那条线；连续几季的列名是 `quarters_in_row`。",
        '答案要“编号对季数”：`.set_index("rep_id")` 让编号做行名。',
        '`up.set_index("rep_id")["..."]`',
    ],
    en=[
        "`limit=` is the line; the column with the length of the row is `quarters_in_row`.",
        'The answer goes from id to number: `.set_index("rep_id")` makes the id the index.',
        '`up.set_index("rep_id")["..."]`',
    ],
)
q4.unforeseen(
    zh="先数一数：{reps} 人里，最近一季到 80 分的 {good_now} 人；没到的，答案是 0。",
    en="Count first: of {reps} reps, {good_now} reached 80 in the latest quarter. For the others the answer is 0.",
)

# --- q5: the scorecard with a rule of one's own --------------------------------------------------

q5 = assignment.task(
    "q5",
    answer="totals",
    form=Mapping(tolerance=0.01, relative=0),
    points=12,
    level="analyst",
    kind="build",
    row_ids=("11-14", "11-15", "11-16", "11-17"),
)


@q5.reference
def totals_row_by_row(company):
    cards = company.scorecards[company.scorecards["quarter"] == "2025Q3"]
    totals = {}
    for _, card in cards.iterrows():
        parts = {
            name: cards[name].mean() if pd.isna(card[name]) else card[name]
            for name in ["attainment", "nps", "behaviour", "teamwork"]
        }
        totals[card["rep_id"]] = (
            0.40 * min(parts["attainment"], 1.2) * 100
            + 0.25 * (parts["nps"] + 100) / 2
            + 0.20 * parts["behaviour"]
            + 0.15 * parts["teamwork"]
        )
    return totals


@q5.also_right
def totals_filled_then_scored(company):
    cards = company.scorecards[company.scorecards["quarter"] == "2025Q3"]
    filled = cards.fillna(cards.mean(numeric_only=True))
    return ka.appraisal.score(filled).set_index("rep_id")["total"]


@q5.misconception(
    zh="你给的总分里，没测到的一项权重分给了其余各项。这一题的新规则是：用**全队这一季的平均**补上。",
    en="In your totals a missing part gave its weight to the others. The new rule here: fill it with **the team's mean of that quarter**.",
)
def spread_the_weight(company):
    cards = company.scorecards[company.scorecards["quarter"] == "2025Q3"]
    return ka.appraisal.score(cards).set_index("rep_id")["total"]


@q5.misconception(
    zh="你给的总分里，没测到的一项成了 0 分。没测不是零：先用全队这一季的平均补上。",
    en="In your totals a missing part counts as 0. Not measured is not zero: fill it with the team's mean of the quarter first.",
)
def a_missing_part_is_zero(company):
    cards = company.scorecards[company.scorecards["quarter"] == "2025Q3"]
    return ka.appraisal.score(cards, missing="zero").set_index("rep_id")["total"]


@q5.misconception(
    zh="你给的总分没有封顶。完成率超过 120% 的，按 120% 算：`.clip(upper=...)`。",
    en="Your totals have no cap. Attainment above 120% counts as 120%: `.clip(upper=...)`.",
)
def not_capped(company):
    cards = company.scorecards[company.scorecards["quarter"] == "2025Q3"]
    filled = cards.fillna(cards.mean(numeric_only=True))
    return ka.appraisal.score(filled, cap=10).set_index("rep_id")["total"]


@q5.misconception(
    zh="你给的总分封在了 100%。公司说的是 120%：封顶是多少，年初说了算，不能临时改。",
    en="Your totals are capped at 100%. The company says 120%: a cap is set in January and does not move.",
)
def capped_at_100(company):
    cards = company.scorecards[company.scorecards["quarter"] == "2025Q3"]
    filled = cards.fillna(cards.mean(numeric_only=True))
    return ka.appraisal.score(filled, cap=1.0).set_index("rep_id")["total"]


@q5.misconception(
    zh="你给的总分里，NPS 没有换算，直接乘了 25%。NPS 从 −100 到 100，要先变成 0 到 100：−20 该是几分？",
    en="In your totals NPS went in as it is, times 25%. It runs from −100 to 100 and has to become 0 to 100 first: what score is −20?",
)
def nps_as_it_is(company):
    cards = company.scorecards[company.scorecards["quarter"] == "2025Q3"]
    cards = cards.fillna(cards.mean(numeric_only=True)).set_index("rep_id")
    sales = cards["attainment"].clip(upper=1.2) * 100
    return 0.40 * sales + 0.25 * cards["nps"] + 0.20 * cards["behaviour"] + 0.15 * cards["teamwork"]


@q5.misconception(
    zh="你给的总分，四个权重加起来是 1.05：协作写成了 20%。四项是 40/25/20/15，先加一加。",
    en="In your totals the weights sum to 1.05: teamwork went in with 20%. They are 40/25/20/15; add them up first.",
)
def weights_over_one(company):
    cards = company.scorecards[company.scorecards["quarter"] == "2025Q3"]
    cards = cards.fillna(cards.mean(numeric_only=True)).set_index("rep_id")
    sales = cards["attainment"].clip(upper=1.2) * 100
    liked = (cards["nps"] + 100) / 2
    return 0.40 * sales + 0.25 * liked + 0.20 * cards["behaviour"] + 0.20 * cards["teamwork"]


@q5.misconception(
    zh="你给的总分，缺的一项用了**所有季度**的平均。要跟同一季的同事比：先留下 2025 年第三季度，再取平均。",
    en="In your totals the missing part is the mean of **all quarters**. Compare with colleagues of the same one: keep 2025Q3, then take the mean.",
)
def mean_of_all_quarters(company):
    every = company.scorecards
    filled = every.fillna(every.mean(numeric_only=True))
    table = ka.appraisal.score(filled[filled["quarter"] == "2025Q3"])
    return table.set_index("rep_id")["total"]


@q5.facts
def facts_of_q5(company):
    cards = company.scorecards[company.scorecards["quarter"] == "2025Q3"]
    figures = cards[["attainment", "nps", "behaviour", "teamwork"]]
    return {
        "reps": len(cards),
        "blank": int(figures.isna().sum().sum()),
        "mean_nps": float(cards["nps"].mean()),
    }


q5.not_tried(
    zh="先运行 `cards.isna().sum()`：缺的是哪一项？再运行 `cards.mean(numeric_only=True)`。",
    en="A first step: run `cards.isna().sum()` to see which part is missing, then `cards.mean(numeric_only=True)`.",
)
q5.hints(
    zh=[
        "三步：用平均数补缺（`.fillna(...)`）、换算成四个 0–100 的得分、乘权重加起来。",
        '完成率 `.clip(upper=1.2) * 100`；NPS `(filled["nps"] + 100) / 2`。',
        '先写 `filled = filled.set_index("rep_id")`，加权和就会按业务员编号排好。',
    ],
    en=[
        "Three steps: fill the gap with the mean (`.fillna(...)`), turn the four parts into scores of 0 to 100, weigh and add up.",
        'Attainment: `.clip(upper=1.2) * 100`; NPS: `(filled["nps"] + 100) / 2`.',
        'Write `filled = filled.set_index("rep_id")` first, and the weighted sum has the reps as its index.',
    ],
)
q5.unforeseen(
    zh="先数一数：{reps} 个人，缺 {blank} 格；这一季 NPS 的平均（没测的不算）是 {mean_nps:.2f}。",
    en="Count first: {reps} reps, {blank} blank cell; the mean NPS of the quarter, of those measured, is {mean_nps:.2f}.",
)

# --- q6: ranks with ties -------------------------------------------------------------------------

q6 = assignment.task(
    "q6",
    answer="places",
    form=Mapping(tolerance=0),
    points=8,
    level="analyst",
    kind="choose",
    row_ids=("11-20", "11-22"),
)


@q6.reference
def places_by_counting(company):
    table = ka.appraisal.score(company.scorecards)
    latest = table[table["quarter"] == "2025Q3"].set_index("rep_id")["total"].round(2)
    return {rep: int((latest > points).sum()) + 1 for rep, points in latest.items()}


@q6.also_right
def places_by_pandas(company):
    table = ka.appraisal.score(company.scorecards)
    latest = table[table["quarter"] == "2025Q3"].set_index("rep_id")["total"].round(2)
    return latest.rank(method="min", ascending=False).astype("int64")


@q6.misconception(
    zh="两个人分数一样，你给了不同的名次：谁在前面，只是看表里谁先出现。并列就写并列。",
    en="Two have the same points and different places in your answer: the first in the table went in front. A tie is a tie.",
)
def ties_broken(company):
    table = ka.appraisal.score(company.scorecards)
    latest = table[table["quarter"] == "2025Q3"].set_index("rep_id")["total"].round(2)
    return latest.rank(method="first", ascending=False).astype("int64")


@q6.misconception(
    zh="你的名次从低到高排，分最低的成了第一。考核的第一名是分最高的：`ascending` 该是什么？",
    en="Your ranks go from low to high: the lowest came first. In an appraisal the highest does: what is `ascending`?",
)
def lowest_first(company):
    table = ka.appraisal.score(company.scorecards)
    latest = table[table["quarter"] == "2025Q3"].set_index("rep_id")["total"].round(2)
    return latest.rank(method="min").astype("int64")


@q6.misconception(
    zh="你的名次里，没测到的一项按 0 分算了。用默认的规则（权重分给其余各项）再排一次。",
    en="In your ranks a missing part counts as 0. Rank again by the default rule, where the others take its weight.",
)
def ranked_with_zero(company):
    table = ka.appraisal.score(company.scorecards, missing="zero")
    latest = table[table["quarter"] == "2025Q3"]
    return ka.appraisal.rank(latest).set_index("rep_id")["rank"].astype("int64")


@q6.misconception(
    zh="你的名次排的是几个季度的平均分。题目问的是 2025 年第三季度这一季。",
    en="Your ranks are those of the mean over all quarters. The question is about one, 2025Q3.",
)
def mean_of_quarters(company):
    table = ka.appraisal.score(company.scorecards)
    mean = table.groupby("rep_id")["total"].mean().round(2)
    return mean.rank(method="min", ascending=False).astype("int64")


@q6.facts
def facts_of_q6(company):
    table = ka.appraisal.score(company.scorecards)
    latest = table.loc[table["quarter"] == "2025Q3", "total"].round(2)
    return {"reps": len(latest), "different": int(latest.nunique())}


q6.not_tried(
    zh="先运行 `ka.appraisal.rank(latest)`，看看 `rank` 一列里有没有两个一样的。",
    en="A first step: run `ka.appraisal.rank(latest)`. Do two share a rank?",
)
q6.hints(
    zh=[
        "`ka.appraisal.rank(...)` 一次排好，并列的名次相同。",
        "答案要“编号对名次”：用编号做行名，再取 `rank` 一列。",
        '`ka.appraisal.rank(latest).set_index("rep_id")["..."]`',
    ],
    en=[
        "`ka.appraisal.rank(...)` does the ranking; ties share a rank.",
        "The answer goes from id to rank: make the id the index, then take the column `rank`.",
        '`ka.appraisal.rank(latest).set_index("rep_id")["..."]`',
    ],
)
q6.unforeseen(
    zh="先数一数：{reps} 个人，只有 {different} 个不同的分数，所以有人并列。",
    en="Count first: {reps} reps and only {different} different totals, so somebody shares a place.",
)

# --- q7: an export made clean --------------------------------------------------------------------

q7 = assignment.task(
    "q7",
    answer="net_sales",
    form=Number(tolerance=1.0, relative=0, unit="yuan"),
    points=12,
    level="analyst",
    kind="build",
    row_ids=("11-6", "11-10"),
)


@q7.reference
def straight_from_the_tables(company):
    orders = company.orders
    return orders.loc[orders["ordered_on"] >= "2024-12-01", "amount"].sum()


@q7.also_right
def by_between(company):
    orders = company.orders
    year = orders["ordered_on"].between("2024-12-01", company.as_of)
    return orders["amount"].where(year, 0.0).sum()


@q7.misconception(
    zh="你算出来是 {answer:,.0f} 元，重复的行没去掉。同一个 `order_id` 只算一次。",
    en="You got {answer:,.0f} yuan, with rows that stand twice. Each `order_id` counts once.",
)
def twice_in_the_sum(company):
    orders = company.orders
    twice = pd.concat([orders, orders.iloc[::40]])
    return twice.loc[twice["ordered_on"] >= "2024-12-01", "amount"].sum()


@q7.misconception(
    zh="你算出来是 {answer:,.0f} 元，“12.3 万”当成了 12.3 元。带“万”的要乘一万，`ka.units.parse_money` 认得。",
    en="You got {answer:,.0f} yuan: 12.3万 was read as 12.3. 万 means ten thousand; `ka.units.parse_money` knows it.",
)
def ten_thousands_as_ones(company):
    orders = company.orders
    year = orders.loc[orders["ordered_on"] >= "2024-12-01", "amount"]
    return year.where(year < 100_000, year / 10_000).sum()


@q7.misconception(
    zh="你算出来是 {answer:,.0f} 元，退货（负数）没减。净销售额要把退货算进去。",
    en="You got {answer:,.0f} yuan, without returns (below 0). Net sales take them off.",
)
def without_returns(company):
    orders = company.orders
    year = orders.loc[orders["ordered_on"] >= "2024-12-01", "amount"]
    return year[year > 0].sum()


@q7.misconception(
    zh="你算出来是 {answer:,.0f} 元，三年合在一起了。只要近 12 个月：日期先变成日期，再筛。",
    en="You got {answer:,.0f} yuan, three years together. Only the last 12 months are wanted: turn the dates into dates, then filter.",
)
def all_three_years(company):
    return company.orders["amount"].sum()


@q7.misconception(
    zh="你算出来是 {answer:,.0f} 元，只有今年 1 到 11 月。近 12 个月从 2024 年 12 月 1 日开始。",
    en="You got {answer:,.0f} yuan: January to November of this year. The last 12 months begin on 1 December 2024.",
)
def this_year_alone(company):
    orders = company.orders
    return orders.loc[orders["ordered_on"] >= "2025-01-01", "amount"].sum()


@q7.facts
def facts_of_q7(company):
    orders = company.orders
    return {
        "orders": len(orders),
        "rows": len(orders) + len(orders.iloc[::40]) + 1,
        "year": int((orders["ordered_on"] >= "2024-12-01").sum()),
    }


q7.not_tried(
    zh="先看 `export.tail()` 和 `len(export)`：最后一行是什么？行数和订单号的个数一样吗？",
    en="A first step: `export.tail()` and `len(export)`. What is the last row? Are there as many order numbers as rows?",
)
q7.hints(
    zh=[
        '四步：去掉没有单号的合计行（`.dropna(subset=["order_id"])`）、去重（`.drop_duplicates("order_id")`）、金额变数字、日期变日期。',
        '`ka.units.parse_money(clean["amount"])` 认得“元”“万”和逗号；日期用 `pd.to_datetime(..., format="%Y/%m/%d")`。',
        '最后 `amount[day >= "2024-12-01"].sum()`。',
    ],
    en=[
        'Four steps: drop the total row, which has no number (`.dropna(subset=["order_id"])`), drop doubles (`.drop_duplicates("order_id")`), amounts to numbers, dates to dates.',
        '`ka.units.parse_money(clean["amount"])` reads 元, 万 and commas; for the dates, `pd.to_datetime(..., format="%Y/%m/%d")`.',
        'At the end, `amount[day >= "2024-12-01"].sum()`.',
    ],
)
q7.unforeseen(
    zh="先数一数：导出 {rows} 行，去掉合计和重复剩 {orders} 张订单，近 12 个月 {year} 张。",
    en="Count first: {rows} rows exported, {orders} orders without the total and the doubles, {year} of them in the last 12 months.",
)

# --- q8: which KPIs got better -------------------------------------------------------------------

q8 = assignment.task(
    "q8",
    answer="better",
    form=Items(),
    points=8,
    level="analyst",
    kind="choose",
    row_ids=("11-6",),
)


@q8.reference
def better_one_by_one(company):
    review = ka.kpi.review(company, ("2025-01-01", "2025-12-01"))
    found = []
    for _, row in review.iterrows():
        if pd.isna(row["value"]) or pd.isna(row["before"]):
            continue
        change = row["value"] - row["before"]
        if (change > 0 and row["better"] == "up") or (change < 0 and row["better"] == "down"):
            found.append(row["kpi"])
    return found


@q8.also_right
def better_by_sign(company):
    review = ka.kpi.review(company, ("2025-01-01", "2025-12-01"))
    sign = review["better"].map({"up": 1, "down": -1})
    return review.loc[sign * (review["value"] - review["before"]) > 0, "kpi"].tolist()


@q8.misconception(
    zh="你列了 {answer}，数变大的都算好。获客成本、流失率、周期变大是坏事：看 `better` 一列。",
    en="You listed {answer}: every figure that rose. A higher acquisition cost, churn or cycle is worse; look at the column `better`.",
)
def larger_is_better(company):
    review = ka.kpi.review(company, ("2025-01-01", "2025-12-01"))
    return review.loc[review["value"] > review["before"], "kpi"].tolist()


@q8.misconception(
    zh="你列了 {answer}，这几个是**变差**的。方向反过来。",
    en="You listed {answer}: those that got **worse**. The other way round.",
)
def worse_ones(company):
    review = ka.kpi.review(company, ("2025-01-01", "2025-12-01"))
    sign = review["better"].map({"up": 1, "down": -1})
    return review.loc[sign * (review["value"] - review["before"]) < 0, "kpi"].tolist()


@q8.misconception(
    zh="你列了 {answer}，没有去年数的也算成变好了。没得比就不能说好：先去掉缺的。",
    en="You listed {answer}, with figures that have no last year. Nothing to compare with is no improvement: leave those out.",
)
def missing_counted(company):
    review = ka.kpi.review(company, ("2025-01-01", "2025-12-01"))
    sign = review["better"].map({"up": 1, "down": -1})
    change = sign * (review["value"] - review["before"])
    return review.loc[(change > 0) | change.isna(), "kpi"].tolist()


@q8.misconception(
    zh="你列了 {answer}，只看了“越高越好”的几个。成本、流失、周期降下来也是变好。",
    en="You listed {answer}, only those that should rise. A cost, a churn or a cycle that falls is an improvement too.",
)
def only_those_that_should_rise(company):
    review = ka.kpi.review(company, ("2025-01-01", "2025-12-01"))
    return review.loc[review["better"] == "up", "kpi"].tolist()


@q8.facts
def facts_of_q8(company):
    review = ka.kpi.review(company, ("2025-01-01", "2025-12-01"))
    both = review["value"].notna() & review["before"].notna()
    return {"both": int(both.sum()), "down": int((review["better"] == "down").sum())}


q8.not_tried(
    zh='先看 `review[["kpi", "value", "before", "better"]]`：`better` 里有哪两种？',
    en='A first step: look at `review[["kpi", "value", "before", "better"]]`. Which two words stand in `better`?',
)
q8.hints(
    zh=[
        "先算差：`value` 减 `before`。",
        '越低越好的，差是负数才算变好：`sign = review["better"].map({{"up": 1, "down": -1}})`。',
        '`review.loc[sign * 差 > 0, "kpi"].tolist()`',
    ],
    en=[
        "First the change: `value` less `before`.",
        'Where lower is better, a fall is the good news: `sign = review["better"].map({{"up": 1, "down": -1}})`.',
        '`review.loc[sign * change > 0, "kpi"].tolist()`',
    ],
)
q8.unforeseen(
    zh="先数一数：两年都有数的指标 {both} 个；八个里越低越好的有 {down} 个。",
    en="Count first: {both} KPIs have both years; of the eight, {down} should fall.",
)

# --- q9: three months ahead, for the page of one account -----------------------------------------

q9 = assignment.task(
    "q9",
    answer="next_three",
    form=Number(tolerance=1.0, relative=1e-6, unit="yuan"),
    points=10,
    level="analyst",
    kind="build",
    row_ids=("11-11",),
)


@q9.reference
def by_three_sums(company):
    orders = company.orders[company.orders["account_id"] == "A003"]
    day, amount = orders["ordered_on"], orders["amount"]
    season = amount[(day >= "2024-12-01") & (day < "2025-03-01")].sum()
    now = amount[(day >= "2024-12-01") & (day < "2025-12-01")].sum()
    before = amount[(day >= "2023-12-01") & (day < "2024-12-01")].sum()
    return season * now / before


@q9.also_right
def by_the_naive_forecast(company):
    orders = company.orders[company.orders["account_id"] == "A003"]
    history = ka.forecast.history(orders, company.as_of)
    sales = history.set_index(history["period"].astype("str"))["sales"]
    pace = sales["2024-12":"2025-11"].sum() / sales["2023-12":"2024-11"].sum()
    return ka.forecast.seasonal_naive(history, 3)["forecast"].sum() * pace


@q9.misconception(
    zh="你算出来是 {answer:,.0f} 元，就是去年同期，没有乘自己的步子。九穗一年涨了多少？乘上去。",
    en="You got {answer:,.0f} yuan: the same months of last year, without the pace. By how much did Jiusui grow in a year? Multiply.",
)
def no_growth(company):
    orders = company.orders[company.orders["account_id"] == "A003"]
    day = orders["ordered_on"]
    return orders.loc[(day >= "2024-12-01") & (day < "2025-03-01"), "amount"].sum()


@q9.misconception(
    zh="你算出来是 {answer:,.0f} 元，拿最近三个月当后三个月。12 到 2 月有春节，和 9 到 11 月不是一个季节。",
    en="You got {answer:,.0f} yuan: the last three months for the next three. December to February holds the New Year; autumn does not.",
)
def the_last_three_months(company):
    orders = company.orders[company.orders["account_id"] == "A003"]
    return orders.loc[orders["ordered_on"] >= "2025-09-01", "amount"].sum()


@q9.misconception(
    zh="你算出来是 {answer:,.0f} 元，拿一年的四分之一当后三个月。一年里的月份不一样大，取去年同样的三个月。",
    en="You got {answer:,.0f} yuan: a quarter of the year. Months differ; take the same three of last year.",
)
def a_quarter_of_the_year(company):
    orders = company.orders[company.orders["account_id"] == "A003"]
    return orders.loc[orders["ordered_on"] >= "2024-12-01", "amount"].sum() / 4


@q9.misconception(
    zh="你算出来是 {answer:,.0f} 元，乘的是**全公司**的步子。九穗有九穗的步子：两个 12 个月都只取 A003。",
    en="You got {answer:,.0f} yuan, with the pace of the **whole company**. Jiusui has its own: take A003 alone in both 12 months.",
)
def the_pace_of_the_company(company):
    orders = company.orders
    day, amount = orders["ordered_on"], orders["amount"]
    now = amount[day >= "2024-12-01"].sum()
    before = amount[(day >= "2023-12-01") & (day < "2024-12-01")].sum()
    season = (orders["account_id"] == "A003") & (day >= "2024-12-01") & (day < "2025-03-01")
    return amount[season].sum() * now / before


@q9.misconception(
    zh="你算出来是 {answer:,.0f} 元，把涨幅加了两遍：步子是“今年 ÷ 去年”，已经含着 1，不用再加 1。",
    en="You got {answer:,.0f} yuan, with the growth counted twice. The pace, this year ÷ last year, contains the 1 already.",
)
def pace_and_one(company):
    orders = company.orders[company.orders["account_id"] == "A003"]
    day, amount = orders["ordered_on"], orders["amount"]
    season = amount[(day >= "2024-12-01") & (day < "2025-03-01")].sum()
    now = amount[(day >= "2024-12-01") & (day < "2025-12-01")].sum()
    before = amount[(day >= "2023-12-01") & (day < "2024-12-01")].sum()
    return season * (1 + now / before)


@q9.facts
def facts_of_q9(company):
    orders = company.orders[company.orders["account_id"] == "A003"]
    day = orders["ordered_on"]
    season = (day >= "2024-12-01") & (day < "2025-03-01")
    return {
        "season_orders": int(season.sum()),
        "year": float(orders.loc[day >= "2024-12-01", "amount"].sum()),
    }


q9.not_tried(
    zh='先算去年同样的三个月：`jiusui["ordered_on"].between("2024-12-01", "2025-02-28")` 能筛出它们。',
    en='A first step: the same three months of last year. `jiusui["ordered_on"].between("2024-12-01", "2025-02-28")` picks them.',
)
q9.hints(
    zh=[
        "三个合计：去年同样的三个月、近 12 个月、再往前 12 个月。",
        "步子 = 近 12 个月 ÷ 再往前 12 个月。",
        "答案 = 去年同样的三个月 × 步子。",
    ],
    en=[
        "Three sums: the same three months last year, the last 12 months, the 12 before.",
        "The pace is the last 12 months ÷ the 12 before.",
        "The answer is the same three months × the pace.",
    ],
)
q9.unforeseen(
    zh="先数一数：去年同样的三个月有 {season_orders} 张订单；近 12 个月合计 {year:,.0f} 元。",
    en="Count first: {season_orders} orders in the same three months last year; the last 12 months come to {year:,.0f} yuan.",
)
