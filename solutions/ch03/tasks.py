"""Chapter 3, sales strategy and the funnel: the auto-graded tasks.

Where the worked solution calls ``ka_lib``, the reference below is plain pandas, and the other way
round: a slip in one of them does not pass unseen. Each function stands alone, because its source
becomes a submission of the simulated class.
"""

import pandas as pd

import ka_lib as ka
from ka_course.tasks import Assignment, Choice, Items, Mapping, Number

assignment = Assignment("ch03")

# --- q1: stage-to-stage rate from the history ---------------------------------------------------

q1 = assignment.task(
    "q1",
    answer="went_on",
    form=Number(tolerance=0.0005, fraction=True),
    points=6,
    level="core",
    kind="choose",
    row_ids=("3-12", "3-13"),
)


@q1.reference
def went_on_by_history(company):
    opportunities, history = company.opportunities, company.stage_history
    created = opportunities["created_on"]
    this_year = opportunities[(created >= "2025-01-01") & (created < "2025-12-01")]
    history = history[history["opportunity_id"].isin(this_year["opportunity_id"])]
    later = history[history["stage"].isin(["negotiation", "delivery"])]
    at_least = history[history["stage"].isin(["proposal", "negotiation", "delivery"])]
    return later["opportunity_id"].nunique() / at_least["opportunity_id"].nunique()


@q1.also_right
def went_on_by_counts(company):
    funnel = ka.funnel.reached(ka.funnel.deals(company, "2025-01-01", "2025-12-01"))
    count = funnel.set_index("stage")["reached"]
    return round(count["negotiation"] / count["proposal"], 4)


@q1.misconception(
    zh="你算出来是 {answer}，这是累计转化率，分母是全部线索。这一题只看一步：到过“方案呈现”的商机里，有多少又进了“谈判签约”？"
    "在 `funnel` 里找“从上一步来的”那一列。",
    en="You got {answer}. That is the cumulative rate: its base is all leads. This question looks at one step: of the deals that "
    "reached proposal, how many went on to negotiation? Find the column of `funnel` that starts from the stage before.",
)
def cumulative(company):
    funnel = ka.funnel.reached(ka.funnel.deals(company, "2025-01-01", "2025-12-01"))
    return funnel.set_index("stage").loc["negotiation", "cumulative_rate"]


@q1.misconception(
    zh="你算出来是 {answer}，这是从“需求确认”到“方案呈现”的那一步。`step_rate` 写在到达的那一行：想看谁进了谈判，该读哪一行？",
    en="You got {answer}: that is the step from needs to proposal. `step_rate` stands in the row of the stage that is reached. "
    "To see who came to the negotiation, which row do you read?",
)
def one_step_early(company):
    funnel = ka.funnel.reached(ka.funnel.deals(company, "2025-01-01", "2025-12-01"))
    return funnel.set_index("stage").loc["proposal", "step_rate"]


@q1.misconception(
    zh="你算出来是 {answer}，用的是商机现在停在哪个阶段。签下来的单早就离开了“谈判签约”，丢掉的单也还停在丢的地方。"
    "问自己：哪些商机**曾经到过**这一步？`ka.funnel.reached` 数的就是这个。",
    en="You got {answer}, counting where deals stand today. Signed deals have long left the negotiation. "
    "Ask instead: which deals **ever** came this far? That is what `ka.funnel.reached` counts.",
)
def current_stage(company):
    opportunities = company.opportunities
    this_year = opportunities[opportunities["created_on"] >= "2025-01-01"]
    now = this_year["stage"].value_counts()
    return now["negotiation"] / now["proposal"]


@q1.misconception(
    zh="你算出来是 {answer}，数的是 `stage_history` 的行数。方案被退回去改、再报一次的商机，就算成了两个。"
    "同一个商机到过几次才算一个？按 `opportunity_id` 去重再数。",
    en="You got {answer}, counting rows of `stage_history`. A deal whose proposal went back and was presented again counts twice that way. "
    "How often should one deal count in one stage? Count each `opportunity_id` once.",
)
def counted_each_entry(company):
    opportunities, history = company.opportunities, company.stage_history
    this_year = opportunities[opportunities["created_on"] >= "2025-01-01"]
    history = history[history["opportunity_id"].isin(this_year["opportunity_id"])]
    entries = history["stage"].value_counts()
    return entries["negotiation"] / entries["proposal"]


@q1.misconception(
    zh="你算出来是 {answer}，丢掉的单被拿走了，剩下的当然好看。报过方案、后来丢了的单，算不算“到过方案呈现”？把它们放回分母里。",
    en="You got {answer}, with the lost deals taken out; no wonder it looks good. "
    "A deal that got a proposal and was then lost: did it reach the proposal? Put those back into the base.",
)
def lost_removed(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    funnel = ka.funnel.reached(deals[deals["status"] != "lost"])
    return funnel.set_index("stage").loc["negotiation", "step_rate"]


@q1.misconception(
    zh="你填的是 {answer}，这是进了谈判的商机数。要的是占比：它除以到过“方案呈现”的 {proposals} 个，表里哪一列已经除好了？",
    en="You gave {answer}: the number of deals that came to the negotiation. A share is wanted, out of the {proposals} "
    "that reached proposal. Which column of the table has done that division already?",
)
def count_for_share(company):
    funnel = ka.funnel.reached(ka.funnel.deals(company, "2025-01-01", "2025-12-01"))
    return funnel.set_index("stage").loc["negotiation", "reached"]


@q1.facts
def facts_of_q1(company):
    funnel = ka.funnel.reached(ka.funnel.deals(company, "2025-01-01", "2025-12-01"))
    return {"proposals": int(funnel.set_index("stage").loc["proposal", "reached"])}


q1.not_tried(
    zh="先在上面的漏斗表里，用手指找到这个数：在哪一行、哪一列？再照题目里的样子写出来。",
    en="A first step: find the number in the funnel above with your finger. Which row, which column? Then write it as the question shows.",
)
q1.hints(
    zh=[
        "先定分母：题目问的是“到过方案呈现的商机里”。",
        "`step_rate` 的分母是上一个阶段，`cumulative_rate` 的分母是全部线索。",
        '照这个样子写：`funnel.loc["阶段", "列"]`，阶段用英文代码，是到达的那一个。',
    ],
    en=[
        'Settle the base first: the question says "of those that reached proposal".',
        "The base of `step_rate` is the stage before; the base of `cumulative_rate` is all leads.",
        'Write it like this: `funnel.loc["stage", "column"]`, with the code of the stage that is reached.',
    ],
)
q1.unforeseen(
    zh="先数一数：今年的商机里，到过“方案呈现”的有几个？应当是 {proposals}。",
    en='Count first: how many of this year\'s deals ever reached "proposal"? It should be {proposals}.',
)

# --- q2: proposal success ------------------------------------------------------------------------

q2 = assignment.task(
    "q2",
    answer="proposal_success",
    form=Number(tolerance=0.0005, fraction=True),
    points=7,
    level="core",
    kind="choose",
    row_ids=("3-16",),
)


@q2.reference
def answered_proposals(company):
    opportunities, history = company.opportunities, company.stage_history
    created = opportunities["created_on"]
    this_year = opportunities[(created >= "2025-01-01") & (created < "2025-12-01")]
    came_far = history[history["stage"].isin(["proposal", "negotiation", "delivery"])]
    status = this_year.loc[
        this_year["opportunity_id"].isin(came_far["opportunity_id"]), "status"
    ].value_counts()
    return status["won"] / (status["won"] + status["lost"])


@q2.also_right
def answered_by_mask(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    proposed = deals[deals["furthest"].isin(["proposal", "negotiation", "delivery"])]
    answered = proposed[proposed["status"] != "open"]
    return (answered["status"] == "won").mean()


@q2.misconception(
    zh="你算出来是 {answer}，分母用的是全部线索。提案成功率问的是：**客户已答复的方案**里，签了几份？换一个分母。",
    en="You got {answer}: you divided by all leads. Of the proposals **that got an answer**, how many were signed? Change the base.",
)
def over_all_leads(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    return (deals["status"] == "won").mean()


@q2.misconception(
    zh="你算出来是 {answer}。还在等答复的 {waiting} 份方案也被算成“没成功”了，它们的结果还不知道。分母里该不该有它们？",
    en="You got {answer}. The {waiting} proposals still waiting were counted as failures; nobody knows yet. Do they belong in the base?",
)
def open_left_in(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    proposed = deals[deals["furthest"].isin(["proposal", "negotiation", "delivery"])]
    return (proposed["status"] == "won").mean()


@q2.misconception(
    zh="你算出来是 {answer}，这是全部商机的赢单率，连没报过方案就丢了的也在分母里。只看报过方案的，`ka.funnel` 里有一个函数专门算它。",
    en="You got {answer}: the win rate of all deals, with those in the base that were lost before any proposal. "
    "Look at deals with a proposal only; `ka.funnel` has a function of that name.",
)
def all_decided_deals(company):
    return ka.funnel.win_rate(ka.funnel.deals(company, "2025-01-01", "2025-12-01")).rate


@q2.misconception(
    zh="你算出来是 {answer}，这是从方案走到谈判的比例。进了谈判还不算签下来：分子应当是什么？",
    en="You got {answer}: the share that went on from proposal to negotiation. A negotiation is not yet a signature: what should stand on top?",
)
def went_on_for_signed(company):
    funnel = ka.funnel.reached(ka.funnel.deals(company, "2025-01-01", "2025-12-01"))
    return funnel.set_index("stage").loc["negotiation", "step_rate"]


@q2.misconception(
    zh="你算出来是 {answer}，丢掉的方案没有算进去，分母成了“签了的加还在等的”。客户说“不”，也是一个答复。把它们放回来，再看看谁该出去。",
    en="You got {answer}: the lost proposals are gone, and the base is those signed plus those still waiting. "
    "A no is an answer too. Put the lost ones back, then ask which ones have no answer yet.",
)
def lost_proposals_removed(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    proposed = deals[deals["furthest"].isin(["proposal", "negotiation", "delivery"])]
    return (proposed.loc[proposed["status"] != "lost", "status"] == "won").mean()


@q2.misconception(
    zh="你算出来是 {answer}，这是按金额算的。这一题数方案的份数：一份大单和一份小单都算一份。",
    en="You got {answer}, adding up amounts. This question counts proposals: a large one and a small one are one each.",
)
def proposals_by_value(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    proposed = deals[deals["furthest"].isin(["proposal", "negotiation", "delivery"])]
    return ka.funnel.win_rate(proposed, by="value").rate


@q2.facts
def facts_of_q2(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    proposed = deals[deals["furthest"].isin(["proposal", "negotiation", "delivery"])]
    return {"proposals": len(proposed), "waiting": int((proposed["status"] == "open").sum())}


q2.not_tried(
    zh="先看看 `ka.funnel` 里有哪些指标：输入 `ka.funnel.` 再按 Tab 键。",
    en="A first step: see which metrics there are. Type `ka.funnel.` and press Tab.",
)
q2.hints(
    zh=[
        "把商机分成三堆：签了的、丢了的、还在等答复的。哪两堆算“已答复”？",
        "没报过方案就丢掉的商机，和这一题有没有关系？",
        "`ka.funnel` 里有个函数的名字就叫“提案成功率”。它的结果有三个数，用 `.rate` 取比率。",
    ],
    en=[
        "Make three piles: signed, lost, still waiting. Which two have an answer?",
        "Do deals that were lost before any proposal matter here?",
        "One function in `ka.funnel` is called just that. It returns three numbers; `.rate` takes the share.",
    ],
)
q2.unforeseen(
    zh="先数一数：到过“方案呈现”的商机应当有 {proposals} 个，其中还在等答复的 {waiting} 个。",
    en='Count first: {proposals} deals ever reached "proposal", and {waiting} of them are still waiting for an answer.',
)

# --- q3: mean sales cycle ------------------------------------------------------------------------

q3 = assignment.task(
    "q3",
    answer="mean_cycle",
    form=Number(tolerance=0.05, unit="days"),
    points=7,
    level="core",
    kind="choose",
    row_ids=("3-17",),
)


@q3.reference
def contact_to_signature(company):
    opportunities, history = company.opportunities, company.stage_history
    created = opportunities["created_on"]
    won = opportunities[
        (created >= "2025-01-01") & (created < "2025-12-01") & (opportunities["status"] == "won")
    ]
    contact = history[history["stage"] == "contact"].groupby("opportunity_id")["entered_on"].min()
    return (won["closed_on"] - won["opportunity_id"].map(contact)).dt.days.mean()


@q3.also_right
def cycle_from_columns(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    return (deals["delivery"] - deals["contact"]).mean()


@q3.misconception(
    zh="你算出来是 {answer:.1f} 天，这是中位数：一半的单比它快。题目要的是平均数。平均数和中位数差得多，往往是有几单拖得很久，报告里最好都写上。",
    en="You got {answer:.1f} days. That is the median: half of the deals are faster. The question asks for the mean. "
    "Where the two lie far apart, a few deals took very long, so a good report shows both.",
)
def median_for_mean(company):
    return ka.funnel.sales_cycle(ka.funnel.deals(company, "2025-01-01", "2025-12-01")).median


@q3.misconception(
    zh="你算出来是 {answer:.1f} 天，是从线索建立那天算起的。题目从哪一天开始算？把起点换成“初步接触”。",
    en="You got {answer:.1f} days, counted from the day the lead was entered. Which day does the question start from? Move the start to the first contact.",
)
def from_lead(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    return ka.funnel.sales_cycle(deals, start="lead").mean


@q3.misconception(
    zh="你算出来是 {answer:.1f} 天，还没签的单也按到今天为止算进去了。它们还没走完，谁也不知道最后要几天。只留下签了约的 {signed} 单。",
    en="You got {answer:.1f} days, with open deals measured up to today. They are still running; nobody knows their length. "
    "Keep the {signed} signed deals only.",
)
def open_deals_included(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    deals = deals[deals["status"] != "lost"]
    return (deals["delivery"].fillna(company.as_of) - deals["contact"]).dt.days.mean()


@q3.misconception(
    zh="你算出来是 {answer:.1f} 天，丢单的日子也算进来了。丢掉的单没有签约那一天；成交周期只看成交的 {signed} 单。",
    en="You got {answer:.1f} days, with lost deals measured up to the day they were lost. They have no signature; the sales cycle is about "
    "the {signed} deals that were signed.",
)
def lost_deals_included(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    return (deals["closed_on"] - deals["contact"]).dt.days.mean()


@q3.facts
def facts_of_q3(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    return {"signed": int((deals["status"] == "won").sum())}


q3.not_tried(
    zh="先运行 `ka.funnel.sales_cycle(this_year)`，看看它给出哪几个数。",
    en="A first step: run `ka.funnel.sales_cycle(this_year)` and see which numbers it gives.",
)
q3.hints(
    zh=[
        "周期有头有尾：头是“初步接触”，尾是签约。没有尾的单怎么办？",
        "`ka.funnel.sales_cycle` 默认就是从初步接触到签约，只看签了约的。",
        "它的结果有三个数：`mean` 平均数，`median` 中位数，`count` 单数。在后面加一个点取出来。",
    ],
    en=[
        "A cycle has a start and an end: first contact, signature. What about a deal without an end?",
        "`ka.funnel.sales_cycle` runs from first contact to signature by default, signed deals only.",
        "It returns three numbers, `mean`, `median` and `count`. Put a dot behind it and take one.",
    ],
)
q3.unforeseen(
    zh="先数一数：今年建立、到 11 月底已签约的商机应当有 {signed} 单，平均的就是它们。",
    en="Count first: {signed} of this year's deals were signed by the end of November. They are the ones to average.",
)

# --- q4: bottleneck ------------------------------------------------------------------------------

q4 = assignment.task(
    "q4",
    answer="bottleneck",
    form=Choice(codes=("lead", "contact", "needs", "proposal", "negotiation", "delivery")),
    points=8,
    level="core",
    kind="choose",
    row_ids=("3-24",),
)


@q4.reference
def most_to_gain(company):
    stages = ["lead", "contact", "needs", "proposal", "negotiation", "delivery"]
    rates = {}
    for year in (2024, 2025):
        day = f"{year}-11-30"
        opportunities = company.opportunities
        created = opportunities["created_on"]
        ids = opportunities.loc[(created >= f"{year}-01-01") & (created <= day), "opportunity_id"]
        history = company.stage_history
        history = history[history["opportunity_id"].isin(ids) & (history["entered_on"] <= day)]
        furthest = history["stage"].map(stages.index).groupby(history["opportunity_id"]).max()
        count = [int((furthest >= place).sum()) for place in range(6)]
        rates[year] = [count[i + 1] / count[i] for i in range(5)]
    gained = [before / now - 1 for before, now in zip(rates[2024], rates[2025], strict=True)]
    return stages[gained.index(max(gained))]


@q4.also_right
def bottleneck_by_sorting(company):
    this_year = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    last_year = ka.funnel.deals(company, "2024-01-01", "2024-12-01", as_of="2024-11-30")
    gap = ka.funnel.gap(this_year, last_year)
    return gap.sort_values("value_gained")["stage"].iloc[-1]


@q4.misconception(
    zh="你选的是“{answer}”，转化率最低的一步。可是这一步年年都低，去年也差不多。真要问的是：哪一步**回到去年**的转化率，能多签最多？看 `value_gained` 那一列。",
    en='You chose "{answer}", the step with the lowest rate. It is low every year. The question is which step, **back at last year\'s rate**, would '
    "sign the most on top. Look at the column `value_gained`.",
)
def lowest_rate(company):
    this_year = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    last_year = ka.funnel.deals(company, "2024-01-01", "2024-12-01", as_of="2024-11-30")
    gap = ka.funnel.gap(this_year, last_year)
    return gap.loc[gap["rate_now"].idxmin(), "stage"]


@q4.misconception(
    zh="你选的是“{answer}”，丢单金额最大的一步。丢得多，是因为经过这一步的钱多，去年可能丢得一样多。和去年比，哪一步变差得最贵？看 `value_gained`。",
    en='You chose "{answer}", the step with the most value lost. Much is lost there because much passes there, last year too perhaps. '
    "Against last year, which step got worse at the highest price? Look at `value_gained`.",
)
def largest_lost_value(company):
    this_year = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    last_year = ka.funnel.deals(company, "2024-01-01", "2024-12-01", as_of="2024-11-30")
    gap = ka.funnel.gap(this_year, last_year)
    return gap.loc[gap["lost_value"].idxmax(), "stage"]


@q4.misconception(
    zh="你填的是“{answer}”，这是那一步要去的阶段。这门课用**离开的阶段**给一步起名，看 `stage` 那一列，不是 `next_stage`。",
    en='You gave "{answer}", the stage that the step leads to. In this course a step is named by the stage it **leaves**: the column `stage`, not `next_stage`.',
)
def stage_after(company):
    this_year = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    last_year = ka.funnel.deals(company, "2024-01-01", "2024-12-01", as_of="2024-11-30")
    gap = ka.funnel.gap(this_year, last_year)
    return gap.loc[gap["value_gained"].idxmax(), "next_stage"]


@q4.facts
def facts_of_q4(company):
    this_year = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    last_year = ka.funnel.deals(company, "2024-01-01", "2024-12-01", as_of="2024-11-30")
    gap = ka.funnel.gap(this_year, last_year)
    return {"worse": int((gap["value_gained"] > 0).sum())}


q4.not_tried(
    zh="先看上面那张 `gap`：一行一步，哪一列说的是“回到去年，能多签多少钱”？",
    en="A first step: look at `gap` above, one row a step. Which column says how much more would be signed at last year's rate?",
)
q4.hints(
    zh=[
        "瓶颈不是“最低”，是“比去年差得最贵”。`gap` 里有一列算的就是钱。",
        "`value_gained`：这一步要是回到去年的转化率，能多签多少元。找最大的一行。",
        '`ka.funnel.bottleneck(gap)` 给你那一行，再用 `["stage"]` 取出阶段代码。',
    ],
    en=[
        'The bottleneck is not "the lowest" but "the dearest change against last year". One column of `gap` says it in yuan.',
        "`value_gained`: what this step would have signed on top at last year's rate. Find the largest.",
        'Let `ka.funnel.bottleneck(gap)` give you that row, then take its code with `["stage"]`.',
    ],
)
q4.unforeseen(
    zh="先数一数：`gap` 里 `value_gained` 大于 0 的步骤应当有 {worse} 个。瓶颈就在它们当中。",
    en="Count first: {worse} steps of `gap` have a `value_gained` above 0. The bottleneck is one of them.",
)

# --- q5: lead conversion by rep ------------------------------------------------------------------

q5 = assignment.task(
    "q5",
    answer="conversion_by_rep",
    form=Mapping(tolerance=0.0005, fraction=True),
    points=8,
    level="analyst",
    kind="build",
    row_ids=("3-11", "3-15"),
)


@q5.reference
def rep_by_rep(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    return {
        rep: ka.funnel.lead_conversion(deals[deals["rep_id"] == rep]).rate
        for rep in sorted(deals["rep_id"].unique())
    }


@q5.also_right
def count_over_count(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    confirmed = deals[~deals["furthest"].isin(["lead", "contact"])]
    return confirmed.groupby("rep_id").size() / deals.groupby("rep_id").size()


@q5.misconception(
    zh="你只数了正好停在“需求确认”的商机（{answer}）。走得更远的，是不是也确认过需求？把后面的阶段也算上。",
    en='You counted the deals that stopped exactly at "needs" ({answer}). Did those that came further not confirm a need as well? Count the later stages too.',
)
def stopped_at_needs(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    return (deals["furthest"] == "needs").groupby(deals["rep_id"]).mean()


@q5.misconception(
    zh="你看的是 `needs` 那一列有没有日期（{answer}）。全公司有 {skipped} 个商机跳过“需求确认”直接报了方案，日期是空的，却走得更远。用 `furthest` 判断。",
    en="You asked whether the column `needs` holds a date ({answer}). Across the company, {skipped} deals skipped that stage and went straight to a proposal: "
    "no date, yet further on. Judge by `furthest`.",
)
def skipped_forgotten(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    return deals["needs"].notna().groupby(deals["rep_id"]).mean()


@q5.misconception(
    zh="你算出来是 {answer}，分母是约上了的客户。线索转化率从线索算起：没约上的那些，是不是也花了力气去找？把它们放回分母。",
    en="You got {answer}, dividing by the customers that were contacted. Lead conversion starts from the leads: those nobody could reach took work too. Put them back.",
)
def of_those_contacted(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    contacted = deals[deals["furthest"] != "lead"]
    return (contacted["furthest"] != "contact").groupby(contacted["rep_id"]).mean()


@q5.misconception(
    zh="你算出来是 {answer}，丢掉的商机没有算。丢了的线索也是线索：去掉它们，谁的转化率都会变好看。把它们留在分母里。",
    en="You got {answer} without the lost deals. A lost lead was a lead: take them away and every rep looks better. Keep them in the base.",
)
def lost_leads_removed(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    deals = deals[deals["status"] != "lost"]
    return (~deals["furthest"].isin(["lead", "contact"])).groupby(deals["rep_id"]).mean()


@q5.misconception(
    zh="你算出来是 {answer}，加起来正好是 1：这是每个人占全队的份额。每个人的分母应当是谁的线索？",
    en="You got {answer}, which adds up to 1: each rep's part of the team's result. Whose leads should each rep be divided by?",
)
def share_of_team(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    confirmed = deals[~deals["furthest"].isin(["lead", "contact"])]
    return confirmed["rep_id"].value_counts(normalize=True)


@q5.facts
def facts_of_q5(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    confirmed = ~deals["furthest"].isin(["lead", "contact"])
    return {
        "leads": len(deals),
        "lin_yue": int((deals["rep_id"] == "R1").sum()),
        "skipped": int((confirmed & deals["needs"].isna()).sum()),
    }


q5.not_tried(
    zh='先看一列：`this_year["furthest"].value_counts()`，商机最远走到了哪里。',
    en='A first step: `this_year["furthest"].value_counts()` shows how far the deals came.',
)
q5.hints(
    zh=[
        "先给每个商机一个 True 或 False：它到过“需求确认”或者更远吗？",
        '`this_year["furthest"].isin([...])`，方括号里写四个阶段代码。True 和 False 的平均数就是占比。',
        '再按人分组：`reached_needs.groupby(this_year["rep_id"])`，然后求平均。',
    ],
    en=[
        "First give every deal a True or a False: did it reach needs, or further?",
        'Use `this_year["furthest"].isin([...])` with four stage codes in it. The mean of True and False is a share.',
        'Then group by rep: `reached_needs.groupby(this_year["rep_id"])`, and take the mean.',
    ],
)
q5.unforeseen(
    zh="先数一数分母：今年的线索一共 {leads} 条，林悦（R1）名下 {lin_yue} 条。",
    en="Count the base first: {leads} leads this year, {lin_yue} of them Lin Yue's (R1).",
)

# --- q6: what a new customer cost ----------------------------------------------------------------

q6 = assignment.task(
    "q6",
    answer="cost_per_customer",
    form=Number(tolerance=1, unit="yuan"),
    points=6,
    level="analyst",
    kind="choose",
    row_ids=("3-18",),
)


@q6.reference
def spend_over_new_customers(company):
    costs, since = company.costs, company.accounts["customer_since"]
    spent = costs[
        (costs["purpose"] == "acquisition")
        & (costs["month"] >= "2025-04-01")
        & (costs["month"] < "2025-10-01")
    ]["amount"].sum()
    return spent / ((since >= "2025-04-01") & (since < "2025-10-01")).sum()


@q6.also_right
def spend_by_query(company):
    spent = company.costs.query(
        "purpose == 'acquisition' and '2025-04-01' <= month <= '2025-09-30'"
    )
    won = company.accounts.query("'2025-04-01' <= customer_since <= '2025-09-30'")
    return round(spent["amount"].sum() / len(won))


@q6.misconception(
    zh="你算出来是 {answer:,.0f} 元，老客户的服务费用也算进来了。养老客户的钱，是花在拿新客户上的吗？`purpose` 只留 `acquisition`。",
    en="You got {answer:,.0f} yuan, with the cost of serving existing customers in it. Did that money win anyone new? Keep the `purpose` `acquisition` only.",
)
def service_included(company):
    costs = company.costs
    months = costs[(costs["month"] >= "2025-04-01") & (costs["month"] < "2025-10-01")]
    customers = ka.funnel.acquisition_cost(company, "2025-04-01", "2025-10-01").customers
    return months["amount"].sum() / customers


@q6.misconception(
    zh="你算出来是 {answer:,.0f} 元，这是一条线索的成本。线索不是客户：这半年里有几家**成了**新客户？除以它。",
    en="You got {answer:,.0f} yuan: the cost of a lead. A lead is not a customer: how many accounts **became** customers in these months? Divide by that.",
)
def per_lead(company):
    spend = ka.funnel.acquisition_cost(company, "2025-04-01", "2025-10-01").spend
    return spend / len(ka.funnel.deals(company, "2025-04-01", "2025-10-01"))


@q6.misconception(
    zh="你算出来是 {answer:,.0f} 元，老客户也摊了一份。CAC 只除以这半年**新增**的客户，看 `customer_since` 落在哪几个月。",
    en="You got {answer:,.0f} yuan, sharing the spend out over old customers too. CAC divides by the customers **new** in these months: look at `customer_since`.",
)
def per_every_customer(company):
    spend = ka.funnel.acquisition_cost(company, "2025-04-01", "2025-10-01").spend
    return spend / (company.accounts["customer_since"] < "2025-10-01").sum()


@q6.misconception(
    zh="你算出来是 {answer:,.0f} 元，除的是签下的单数。老客户再签一单，是新客户吗？数客户，不数单子。",
    en="You got {answer:,.0f} yuan, dividing by signed deals. When an old customer signs again, is that a new customer? Count customers, not deals.",
)
def per_signed_deal(company):
    spend = ka.funnel.acquisition_cost(company, "2025-04-01", "2025-10-01").spend
    closed = company.opportunities[company.opportunities["status"] == "won"]["closed_on"]
    return spend / ((closed >= "2025-04-01") & (closed < "2025-10-01")).sum()


@q6.misconception(
    zh="你算出来是 {answer:,.0f} 元，费用和新客户不是同一段时间：钱是 1 到 6 月的，客户是 4 到 9 月的。题目说了按同期算，把两段日期对齐。",
    en="You got {answer:,.0f} yuan from two different periods: money of January to June, customers of April to September. The question says the same months for both. Line them up.",
)
def months_out_of_step(company):
    return ka.funnel.acquisition_cost(
        company, "2025-04-01", "2025-10-01", lag_months=3
    ).per_customer


@q6.misconception(
    zh="你算出来是 {answer:,.0f} 元，用的是今年 1 到 11 月的费用，新客户却只数了 4 到 9 月的。费用也按这半年截。",
    en="You got {answer:,.0f} yuan: spend of January to November, customers of April to September only. Cut the spend to the same months.",
)
def spend_of_whole_year(company):
    spend = ka.funnel.acquisition_cost(company, "2025-01-01", "2025-12-01").spend
    return spend / ka.funnel.acquisition_cost(company, "2025-04-01", "2025-10-01").customers


@q6.facts
def facts_of_q6(company):
    return {"customers": ka.funnel.acquisition_cost(company, "2025-04-01", "2025-10-01").customers}


q6.not_tried(
    zh="先看上面的费用表：钱分成哪两种用途？哪一种是为了拿新客户花的？",
    en="A first step: look at the costs above. Of the two purposes, which one wins new customers?",
)
q6.hints(
    zh=[
        "分子是花在拿新客户上的钱，分母是这半年新增的客户。两边用同一段日期。",
        "`ka.funnel.acquisition_cost(company, 开始, 结束)`：含开始那天，不含结束那天。9 月底之前要写成哪一天？",
        "它的结果有三个数，每个客户的成本用 `.per_customer` 取。",
    ],
    en=[
        "On top the money spent on winning new customers, below the customers won. The same months for both.",
        "In `ka.funnel.acquisition_cost(company, start, end)` the start is included, the end is not. Which date closes September?",
        "It returns three numbers; `.per_customer` is the cost of one customer.",
    ],
)
q6.unforeseen(
    zh="先数一数：`customer_since` 在 2025 年 4 月到 9 月之间的客户应当有 {customers} 家。",
    en="Count first: {customers} accounts have a `customer_since` from April to September 2025.",
)

# --- q7: tiers by weighted score and quota -------------------------------------------------------

q7 = assignment.task(
    "q7",
    answer="a_accounts",
    form=Items(),
    points=8,
    level="analyst",
    kind="choose",
    row_ids=("3-3", "3-6"),
)


@q7.reference
def top_eight_by_hand(company):
    orders, accounts = company.orders, company.accounts
    recent = orders[orders["ordered_on"] > company.as_of - pd.DateOffset(months=12)]
    table = accounts.set_index("account_id")[["potential", "depth"]]
    table = table.assign(contribution=recent.groupby("account_id")["gross_profit"].sum())
    table = table.dropna(subset="contribution")
    scaled = (table - table.min()) / (table.max() - table.min())
    score = 0.6 * scaled["contribution"] + 0.3 * scaled["potential"] + 0.1 * scaled["depth"]
    return score.nlargest(8).index.tolist()


@q7.also_right
def first_eight(company):
    weights = {"depth": 0.1, "potential": 0.3, "contribution": 0.6}
    return ka.tiers.score(ka.tiers.criteria(company), weights)["account_id"].head(8)


@q7.misconception(
    zh="你给了 {count_thirds} 家 A 类：客户被平均切成了三份。A 类要占用最多的人和费用，名额是 8 家。把名额写进 `quotas`。",
    en="You named {count_thirds} A accounts: the customers were cut into three equal parts. A accounts take the most people and money; there are 8 places. Put that into `quotas`.",
)
def equal_thirds(company):
    weights = {"contribution": 0.6, "potential": 0.3, "depth": 0.1}
    scores = ka.tiers.score(ka.tiers.criteria(company), weights)
    return scores["account_id"].head(len(scores) // 3)


@q7.misconception(
    zh="你选的 8 家（{answer}）是把元和分直接加出来的：潜力几百万，合作深度只有 0 到 10，深度等于没算。先把三项拉到同一把尺子上，`ka.tiers.score` 会做。",
    en="Your eight ({answer}) come from adding yuan and points as they stand: potential runs into millions, depth from 0 to 10, so depth counts for nothing. "
    "Bring all three to one scale first; `ka.tiers.score` does.",
)
def not_normalised(company):
    table = ka.tiers.criteria(company).set_index("account_id")
    score = 0.6 * table["contribution"] + 0.3 * table["potential"] + 0.1 * table["depth"]
    return score.nlargest(8).index


@q7.misconception(
    zh="你选的 8 家（{answer}）只按贡献排。潜力和合作深度呢？题目给了三项权重，三项都要用上。",
    en="Your eight ({answer}) are ranked by contribution alone. What about potential and depth? The question gives three weights; use all three.",
)
def contribution_alone(company):
    return ka.tiers.criteria(company).nlargest(8, "contribution")["account_id"]


@q7.misconception(
    zh="你选的 8 家（{answer}）是三项平分算的。老郭看重的程度可不一样：把他给的权重写进 `weights`。",
    en="Your eight ({answer}) come from three equal weights. Lao Guo does not care for all three alike: put his weights in.",
)
def equal_weights(company):
    weights = {"contribution": 1 / 3, "potential": 1 / 3, "depth": 1 / 3}
    return ka.tiers.score(ka.tiers.criteria(company), weights)["account_id"].head(8)


@q7.misconception(
    zh="你给的是分数最低的 8 家（{answer}）。A 类是分数最高的：检查一下排序的方向。",
    en="These are the eight lowest scores ({answer}). A accounts have the highest: look at the direction of the sort.",
)
def lowest_eight(company):
    weights = {"contribution": 0.6, "potential": 0.3, "depth": 0.1}
    return ka.tiers.score(ka.tiers.criteria(company), weights)["account_id"].tail(8)


@q7.facts
def facts_of_q7(company):
    customers = len(ka.tiers.criteria(company))
    return {"customers": customers, "count_thirds": customers // 3}


q7.not_tried(
    zh='先把老郭的权重写成字典：`weights = {{"contribution": 0.6, ...}}`，再看看 `ka.tiers` 里有哪些函数。',
    en='A first step: put Lao Guo\'s weights in a dict, `weights = {{"contribution": 0.6, ...}}`, and see which functions `ka.tiers` has.',
)
q7.hints(
    zh=[
        "分三步：取三项数据、按权重打分、按名额分层。`ka.tiers` 里正好三个函数。",
        "`ka.tiers.score(ka.tiers.criteria(company), weights)` 打分；`ka.tiers.assign(scores, quotas=(A 的名额, B 的名额))` 分层。",
        '分好层的表叫 `tiers` 的话，`tiers.loc[tiers["tier"] == "A", "account_id"]` 就是名单。',
    ],
    en=[
        "Three steps: collect the criteria, score them by weight, sort into tiers by quota. There are three functions in `ka.tiers`.",
        "Score with `ka.tiers.score(ka.tiers.criteria(company), weights)`, then `ka.tiers.assign(scores, quotas=(places for A, places for B))`.",
        'With the tiers in a table `tiers`, the list is `tiers.loc[tiers["tier"] == "A", "account_id"]`.',
    ],
)
q7.unforeseen(
    zh="先数一数：近 12 个月下过单的客户应当有 {customers} 家，A 类是其中的 8 家。",
    en="Count first: {customers} customers have ordered in the last 12 months. Eight of them are A accounts.",
)

# --- q8: cumulative contribution, with the account that crosses the line -------------------------

q8 = assignment.task(
    "q8",
    answer="core_accounts",
    form=Items(),
    points=7,
    level="analyst",
    kind="build",
    row_ids=("3-3",),
)


@q8.reference
def until_seventy(company):
    orders = company.orders
    this_year = orders[orders["ordered_on"] >= "2025-01-01"]
    profit = this_year.groupby("account_id")["gross_profit"].sum().to_dict()
    line = 0.7 * sum(profit.values())
    chosen, so_far = [], 0.0
    for account in sorted(profit, key=lambda account: -profit[account]):
        if so_far >= line:
            break
        chosen.append(account)
        so_far += profit[account]
    return chosen


@q8.also_right
def by_share_before(company):
    orders = company.orders.query("ordered_on >= '2025-01-01'")
    profit = orders.groupby("account_id")["gross_profit"].sum().sort_values(ascending=False)
    before = profit.cumsum().shift(fill_value=0) / profit.sum()
    return list(profit.index[before < 0.7])


@q8.misconception(
    zh="你的名单有 {below} 家，加起来还不到 70%：跨过线的那一家被挡在外面了。这一题的规则是跨线的那家也算，想想累计到**上一家**为止是多少。",
    en="Your list has {below} accounts and stops short of 70%: the one that crosses the line was left out. Here it counts in. "
    "Ask what the cumulative share was **before** each account.",
)
def crossing_left_out(company):
    orders = company.orders.query("ordered_on >= '2025-01-01'")
    profit = orders.groupby("account_id")["gross_profit"].sum().sort_values(ascending=False)
    return profit.index[profit.cumsum() / profit.sum() <= 0.7]


@q8.misconception(
    zh="你的名单有 {by_sales} 家，是按销售额排的。销售额大的客户，毛利不一定大。题目问的是毛利：换成 `gross_profit`。",
    en="Your list of {by_sales} accounts is ranked by sales. A customer who buys a lot need not earn you a lot. The question is about gross profit: use `gross_profit`.",
)
def by_sales(company):
    orders = company.orders.query("ordered_on >= '2025-01-01'")
    sales = orders.groupby("account_id")["amount"].sum().sort_values(ascending=False)
    return sales.index[sales.cumsum().shift(fill_value=0) / sales.sum() < 0.7]


@q8.misconception(
    zh="你取了 {by_number} 家，是客户数的 70%。题目说的 70% 是毛利的 70%：毛利要几家客户才凑得够？",
    en="You took {by_number} accounts, 70% of the customers. The question means 70% of the gross profit: how many customers does it take?",
)
def seventy_percent_of_customers(company):
    orders = company.orders.query("ordered_on >= '2025-01-01'")
    profit = orders.groupby("account_id")["gross_profit"].sum().sort_values(ascending=False)
    return profit.index[: -(-len(profit) * 7 // 10)]


@q8.misconception(
    zh="你的名单有 {by_all_years} 家，前两年的订单也算进来了。老郭要的是今年的：先按 `ordered_on` 只留 2025 年的订单。",
    en="Your list of {by_all_years} accounts counts the orders of earlier years too. Lao Guo wants this year's: keep the orders of 2025 first, by `ordered_on`.",
)
def all_three_years(company):
    profit = company.orders.groupby("account_id")["gross_profit"].sum()
    profit = profit.sort_values(ascending=False)
    return profit.index[profit.cumsum().shift(fill_value=0) / profit.sum() < 0.7]


@q8.misconception(
    zh="你的名单有 {from_below} 家，是从毛利最小的客户往上加的，所以加了很多家才到 70%。先从大到小排：`ascending=False`。",
    en="Your list has {from_below} accounts: it adds up from the smallest customer, so it takes many to reach 70%. Sort from large to small first: `ascending=False`.",
)
def smallest_first(company):
    orders = company.orders.query("ordered_on >= '2025-01-01'")
    profit = orders.groupby("account_id")["gross_profit"].sum().sort_values()
    return profit.index[profit.cumsum().shift(fill_value=0) / profit.sum() < 0.7]


@q8.facts
def facts_of_q8(company):
    orders = company.orders.query("ordered_on >= '2025-01-01'")
    by_account = orders.groupby("account_id")
    profit = by_account["gross_profit"].sum().sort_values(ascending=False)
    return {
        "customers": len(profit),
        "largest": f"{profit.iloc[0] / profit.sum():.1%}",
        "below": len(crossing_left_out(company)),
        "by_sales": len(by_sales(company)),
        "by_number": len(seventy_percent_of_customers(company)),
        "by_all_years": len(all_three_years(company)),
        "from_below": len(smallest_first(company)),
    }


q8.not_tried(
    zh='先算每家客户今年的毛利：`groupby("account_id")["gross_profit"].sum()`。',
    en='A first step: each customer\'s gross profit this year, with `groupby("account_id")["gross_profit"].sum()`.',
)
q8.hints(
    zh=[
        "四步：只留今年的订单、按客户加总毛利、从大到小排、累计。",
        "`cumsum()` 累计，再除以合计，就是累计占比。",
        "跨线的那家也要算：看的是轮到它**之前**的累计占比，`shift(fill_value=0)` 把累计往下错一行。",
    ],
    en=[
        "Four steps: keep this year's orders, add up gross profit by customer, sort from large to small, add up as you go.",
        "`cumsum()` adds up as you go; divided by the total it is the cumulative share.",
        "The account that crosses the line counts in: look at the share **before** its turn. `shift(fill_value=0)` moves the column down by one.",
    ],
)
q8.unforeseen(
    zh="先对两个数：今年下过单的客户应当有 {customers} 家，毛利最大的一家占 {largest}。",
    en="Check two numbers first: {customers} customers ordered this year, and the largest brings {largest} of the gross profit.",
)

# --- q9: the target by month ---------------------------------------------------------------------

q9 = assignment.task(
    "q9",
    answer="month_targets",
    form=Mapping(tolerance=0.01, relative=0, unit="yuan"),
    points=7,
    level="analyst",
    kind="choose",
    row_ids=("3-1", "3-2", "3-5"),
)


@q9.reference
def largest_remainders(company):
    targets, orders = company.targets, company.orders
    mine = targets[(targets["year"] == 2026) & (targets["rep_id"] == "R1")]
    total = int(mine["amount"].iloc[0])
    complete = orders[orders["ordered_on"].dt.year.isin([2023, 2024])]
    sales = complete.groupby(complete["ordered_on"].dt.month)["amount"].sum()
    exact = {month: total * amount / sales.sum() for month, amount in sales.items()}
    parts = {month: int(value) for month, value in exact.items()}
    by_remainder = sorted(exact, key=lambda month: parts[month] - exact[month])
    for month in by_remainder[: total - sum(parts.values())]:
        parts[month] += 1
    return parts


@q9.also_right
def split_by_sales(company):
    target = company.targets.query("year == 2026 and rep_id == 'R1'")["amount"].sum()
    orders = company.orders.query("ordered_on < '2025-01-01'")
    sales = orders.groupby(orders["ordered_on"].dt.month)["amount"].sum()
    return ka.targets.split(int(target), sales).to_dict()


@q9.misconception(
    zh="你算出来是 {answer}：全年平均分成了十二份。这门生意有旺季：过去两年，哪几个月卖得最多？用 `ka.targets.seasonality` 做权重。",
    en="You got {answer}: the year in twelve equal parts. This business has its seasons: which months sold most in the last two years? Use `ka.targets.seasonality` as weights.",
)
def equal_months(company):
    total = int(company.targets.query("year == 2026 and rep_id == 'R1'")["amount"].sum())
    return ka.targets.split(total, dict.fromkeys(range(1, 13), 1))


@q9.misconception(
    zh="你算出来是 {answer}。十二个月加起来比全年目标少了 {short} 元，零头被直接抹掉了。年底对账，这 {short} 元算谁的？`ka.targets.split` 会把零头分出去，一元不差。",
    en="You got {answer}. The twelve add up to {short} yuan less than the year: the fractions were cut off. Who answers for them in December? "
    "`ka.targets.split` hands them out, to the last yuan.",
)
def fractions_cut_off(company):
    total = int(company.targets.query("year == 2026 and rep_id == 'R1'")["amount"].sum())
    return (total * ka.targets.seasonality(company.orders, [2023, 2024], "month")).astype(int)


@q9.misconception(
    zh="你算出来是 {answer}，2025 年也算进了季节性。今年 12 月还没到，那个月会显得小。只用完整的年份。",
    en="You got {answer}, with 2025 in the seasonality. December has not happened yet, so it looks small. Use complete years only.",
)
def unfinished_year(company):
    total = int(company.targets.query("year == 2026 and rep_id == 'R1'")["amount"].sum())
    return ka.targets.split(
        total, ka.targets.seasonality(company.orders, [2023, 2024, 2025], "month")
    )


@q9.misconception(
    zh="你算出来是 {answer}，权重数的是订单张数。一张春节大单和一张补货小单一样重吗？权重用金额。",
    en="You got {answer}, with weights that count orders. Does a large New Year order weigh the same as a small refill? Weigh by amount.",
)
def by_number_of_orders(company):
    total = int(company.targets.query("year == 2026 and rep_id == 'R1'")["amount"].sum())
    orders = company.orders.query("ordered_on < '2025-01-01'")
    return ka.targets.split(total, orders["ordered_on"].dt.month.value_counts().sort_index())


@q9.misconception(
    zh="你分掉了 {team} 元，这是全队的目标。题目只问林悦的（`rep_id` 是 `R1`）：先把她那一行挑出来。",
    en="You shared out {team} yuan, the whole team's target. The question asks for Lin Yue's (`rep_id` is `R1`): take her row first.",
)
def whole_team(company):
    total = int(company.targets.query("year == 2026")["amount"].sum())
    return ka.targets.split(total, ka.targets.seasonality(company.orders, [2023, 2024], "month"))


@q9.misconception(
    zh="你分掉了 {this_year} 元，这是 2025 年的目标。林悦在排明年的计划：`year` 该是哪一年？",
    en="You shared out {this_year} yuan, the target of 2025. Lin Yue is planning next year: which `year` is that?",
)
def target_of_this_year(company):
    total = int(company.targets.query("year == 2025 and rep_id == 'R1'")["amount"].sum())
    return ka.targets.split(total, ka.targets.seasonality(company.orders, [2023, 2024], "month"))


@q9.facts
def facts_of_q9(company):
    total = int(company.targets.query("year == 2026 and rep_id == 'R1'")["amount"].sum())
    share = ka.targets.seasonality(company.orders, [2023, 2024], "month")
    return {
        "total": total,
        "short": total - int((total * share).astype(int).sum()),
        "team": int(whole_team(company).sum()),
        "this_year": int(target_of_this_year(company).sum()),
    }


q9.not_tried(
    zh="先算季节性：`ka.targets.seasonality(company.orders, [2023, 2024], by='month')`，十二个数加起来是 1。",
    en="A first step: the seasons, `ka.targets.seasonality(company.orders, [2023, 2024], by='month')`. The twelve shares add up to 1.",
)
q9.hints(
    zh=[
        "两件事：要分的总数是多少，按什么比例分。",
        "比例来自完整的两年：`ka.targets.seasonality(company.orders, [2023, 2024], by='month')`。",
        "`ka.targets.split(总数, 比例)` 分成整数元，加起来一定等于总数。",
    ],
    en=[
        "Two things: how much there is to share out, and by which shares.",
        "The shares come from the two complete years: `ka.targets.seasonality(company.orders, [2023, 2024], by='month')`.",
        "Use `ka.targets.split(total, shares)`: whole yuan that add up to the total.",
    ],
)
q9.unforeseen(
    zh="先看合计：十二个月加起来应当正好是 {total} 元，一元不多，一元不少；各月单独四舍五入，合计就会差几元。索引用 1 到 12。",
    en="Look at the sum first: the twelve months add up to {total} yuan exactly. Rounding each month by itself leaves the sum a few yuan off. The index is 1 to 12.",
)

# --- q10: signed by the same day -----------------------------------------------------------------

q10 = assignment.task(
    "q10",
    answer="signed_gap",
    form=Number(tolerance=0.5, unit="yuan"),
    points=8,
    level="analyst",
    kind="build",
    row_ids=("3-24",),
)


@q10.reference
def same_day_by_deals(company):
    this_year = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    last_year = ka.funnel.deals(company, "2024-01-01", "2024-12-01", as_of="2024-11-30")
    signed = [year.loc[year["status"] == "won", "amount"].sum() for year in (this_year, last_year)]
    return signed[0] - signed[1]


@q10.also_right
def same_day_by_query(company):
    won = company.opportunities.query("status == 'won'")
    now = won.query("created_on >= '2025-01-01' and closed_on <= '2025-11-30'")
    before = won.query("created_on >= '2024-01-01' and closed_on <= '2024-11-30'")
    return now["amount"].sum() - before["amount"].sum()


@q10.misconception(
    zh="你算出来是 {answer} 元。去年建的商机里，有 {later} 单是 2024 年 11 月 30 日**之后**才签的，也被算到了去年头上，今年却还没有这段时间。"
    "两年截到同一天：去年只留 `closed_on` 不晚于 2024-11-30 的。",
    en="You got {answer} yuan. Of last year's deals, {later} were signed **after** 30 November 2024 and still count for last year; this year has not had that time yet. "
    "Cut both years at the same day: keep last year's `closed_on` up to 2024-11-30.",
)
def last_year_not_cut(company):
    this_year = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    last_year = ka.funnel.deals(company, "2024-01-01", "2024-12-01")
    signed = [year.loc[year["status"] == "won", "amount"].sum() for year in (this_year, last_year)]
    return signed[0] - signed[1]


@q10.misconception(
    zh="你算出来是 {answer} 元，是拿今年 11 个月和去年一整年比的。去年 12 月签的单要拿掉：两年都截到 11 月 30 日。",
    en="You got {answer} yuan: eleven months of this year against all twelve of last year. Last December's signings have to go: cut both years at 30 November.",
)
def whole_last_year(company):
    won = company.opportunities.query("status == 'won'")
    now = won.query("created_on >= '2025-01-01' and closed_on <= '2025-11-30'")
    before = won.query("created_on >= '2024-01-01' and closed_on <= '2024-12-31'")
    return now["amount"].sum() - before["amount"].sum()


@q10.misconception(
    zh="你算出来是 {answer} 元，正负号反了。题目要的是今年减去年：少签了，结果就是负的。",
    en="You got {answer} yuan with the sign turned round. The question asks for this year minus last year: signing less gives a negative number.",
)
def sign_turned(company):
    won = company.opportunities.query("status == 'won'")
    now = won.query("created_on >= '2025-01-01' and closed_on <= '2025-11-30'")
    before = won.query("created_on >= '2024-01-01' and closed_on <= '2024-11-30'")
    return before["amount"].sum() - now["amount"].sum()


@q10.misconception(
    zh="你算出来是 {answer} 元，没签的商机金额也加进来了。在谈的和丢掉的都还不是业绩：`status` 只留 `won`。",
    en="You got {answer} yuan, with the amounts of deals that were not signed. What is open or lost is no result: keep the `status` `won` only.",
)
def all_amounts(company):
    this_year = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    last_year = ka.funnel.deals(company, "2024-01-01", "2024-12-01", as_of="2024-11-30")
    return this_year["amount"].sum() - last_year["amount"].sum()


@q10.misconception(
    zh="你算出来是 {answer} 元，只看了签约那天在哪一年，上一年建的商机也混了进来。题目只比**当年建立**的商机：再加一个 `created_on` 的条件。",
    en="You got {answer} yuan, looking at the day of signing only, so deals from the year before came in. The question compares deals **created in the same year**: "
    "add a condition on `created_on`.",
)
def by_signing_date(company):
    won = company.opportunities.query("status == 'won'")
    now = won.query("'2025-01-01' <= closed_on <= '2025-11-30'")
    before = won.query("'2024-01-01' <= closed_on <= '2024-11-30'")
    return now["amount"].sum() - before["amount"].sum()


@q10.facts
def facts_of_q10(company):
    won = company.opportunities.query(
        "status == 'won' and '2024-01-01' <= created_on <= '2024-11-30'"
    )
    return {
        "before": int((won["closed_on"] <= "2024-11-30").sum()),
        "later": int((won["closed_on"] > "2024-11-30").sum()),
    }


q10.not_tried(
    zh='先挑出签了的：`won = company.opportunities[company.opportunities["status"] == "won"]`，再看看它有哪些日期列。',
    en='A first step: `won = company.opportunities[company.opportunities["status"] == "won"]`. Which date columns does it have?',
)
q10.hints(
    zh=[
        "每一年有两个条件：哪天建立的，到哪天为止签了。",
        "去年的那一天是 2024-11-30：站在那天看，后来才签的单还不存在。",
        '一年写成一行：`won[(won["created_on"] >= "2025-01-01") & (won["closed_on"] <= "2025-11-30")]["amount"].sum()`，去年照样，再相减。',
    ],
    en=[
        "Each year takes two conditions: when the deal was created, and by which day it was signed.",
        "Last year's day is 2024-11-30: seen from that day, a deal signed later does not exist yet.",
        'One line a year: `won[(won["created_on"] >= "2025-01-01") & (won["closed_on"] <= "2025-11-30")]["amount"].sum()`. The same for last year, then subtract.',
    ],
)
q10.unforeseen(
    zh="先数一数：去年建立、到 2024 年 11 月 30 日已签约的商机应当有 {before} 单。",
    en="Count first: {before} deals were created last year and signed by 30 November 2024.",
)

# --- q11: the four levers of sales velocity ------------------------------------------------------

q11 = assignment.task(
    "q11",
    answer="extra_per_day",
    form=Mapping(tolerance=0.5, relative=0.0005, unit="yuan"),
    points=8,
    level="analyst",
    kind="choose",
    row_ids=("3-19",),
)


@q11.reference
def levers_by_hand(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    won = deals[deals["status"] == "won"]
    number = (deals["status"] == "open").sum()
    win_rate = len(won) / (deals["status"] != "open").sum()
    days = (won["delivery"] - won["contact"]).dt.days.mean()
    velocity = number * won["amount"].mean() * win_rate / days
    tenth = velocity * 0.1
    return {"number": tenth, "value": tenth, "win_rate": tenth, "cycle": velocity / 0.9 - velocity}


@q11.also_right
def levers_one_by_one(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    number = int((deals["status"] == "open").sum())
    value = deals.loc[deals["status"] == "won", "amount"].mean()
    rate = ka.funnel.win_rate(deals).rate
    days = ka.funnel.sales_cycle(deals).mean
    now = ka.funnel.velocity(number, value, rate, days)
    new = pd.Series(
        {
            "number": ka.funnel.velocity(number * 1.1, value, rate, days),
            "value": ka.funnel.velocity(number, value * 1.1, rate, days),
            "win_rate": ka.funnel.velocity(number, value, rate * 1.1, days),
            "cycle": ka.funnel.velocity(number, value, rate, days * 0.9),
        }
    )
    return (new - now).round(1)


@q11.misconception(
    zh="你算出来四项一样多，都是 {tenth} 元。周期在分母上，少一成不等于多一成。用 1 除以 0.9，看看是多少。",
    en="You got {tenth} yuan for all four. The cycle stands below the line, and a tenth less there is not a tenth more. Divide 1 by 0.9 and see.",
)
def all_levers_equal(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    tenth = 0.1 * ka.funnel.velocity(
        (deals["status"] == "open").sum(),
        deals.loc[deals["status"] == "won", "amount"].mean(),
        ka.funnel.win_rate(deals).rate,
        ka.funnel.sales_cycle(deals).mean,
    )
    return {"number": tenth, "value": tenth, "win_rate": tenth, "cycle": tenth}


@q11.misconception(
    zh="你的“周期”这一项是 {longer} 元，成了负的：周期被乘了 1.1，变长了。想快一成，周期应当乘多少？",
    en="You got {longer} yuan for the cycle, less than nothing: it was multiplied by 1.1 and became longer. To be a tenth faster, what should the days be multiplied by?",
)
def cycle_longer(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    velocity = ka.funnel.velocity(
        (deals["status"] == "open").sum(),
        deals.loc[deals["status"] == "won", "amount"].mean(),
        ka.funnel.win_rate(deals).rate,
        ka.funnel.sales_cycle(deals).mean,
    )
    tenth = velocity * 0.1
    return {"number": tenth, "value": tenth, "win_rate": tenth, "cycle": velocity / 1.1 - velocity}


@q11.misconception(
    zh="你算出来是 {answer}，这是改完以后的速度。题目问的是每天**多**签多少：每一项都减去现在的 `velocity_now`。",
    en="You got {answer}: the new velocities. The question asks how much **more** a day: take `velocity_now` away from each.",
)
def new_velocity_for_extra(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    velocity = ka.funnel.velocity(
        (deals["status"] == "open").sum(),
        deals.loc[deals["status"] == "won", "amount"].mean(),
        ka.funnel.win_rate(deals).rate,
        ka.funnel.sales_cycle(deals).mean,
    )
    more = velocity * 1.1
    return {"number": more, "value": more, "win_rate": more, "cycle": velocity / 0.9}


@q11.misconception(
    zh="你的赢单率加了 10 个**百分点**，从 {win_rate} 一下跳到 {win_rate_plus}。题目说的是提高一成，也就是乘 1.1。",
    en="You added 10 percentage **points** to the win rate, from {win_rate} to {win_rate_plus} at one go. The question means a tenth more: multiply by 1.1.",
)
def percentage_points(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    rate = ka.funnel.win_rate(deals).rate
    velocity = ka.funnel.velocity(
        (deals["status"] == "open").sum(),
        deals.loc[deals["status"] == "won", "amount"].mean(),
        rate,
        ka.funnel.sales_cycle(deals).mean,
    )
    tenth, points = velocity * 0.1, velocity * 0.1 / rate
    return {"number": tenth, "value": tenth, "win_rate": points, "cycle": velocity / 0.9 - velocity}


@q11.misconception(
    zh="你的“周期”这一项算出来是 {days_off} 元，减的是 10 **天**，不是减一成。四项都动一成，才好放在一起比：天数乘 0.9。",
    en="You got {days_off} yuan for the cycle, with 10 **days** taken off instead of a tenth. All four levers move by a tenth, or they cannot be compared: multiply the days by 0.9.",
)
def ten_days_off(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    days = ka.funnel.sales_cycle(deals).mean
    velocity = ka.funnel.velocity(
        (deals["status"] == "open").sum(),
        deals.loc[deals["status"] == "won", "amount"].mean(),
        ka.funnel.win_rate(deals).rate,
        days,
    )
    tenth = velocity * 0.1
    return {
        "number": tenth,
        "value": tenth,
        "win_rate": tenth,
        "cycle": velocity * days / (days - 10) - velocity,
    }


@q11.facts
def facts_of_q11(company):
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    rate = ka.funnel.win_rate(deals).rate
    velocity = ka.funnel.velocity(
        (deals["status"] == "open").sum(),
        deals.loc[deals["status"] == "won", "amount"].mean(),
        rate,
        ka.funnel.sales_cycle(deals).mean,
    )
    return {
        "velocity": f"{velocity:,.0f}",
        "tenth": f"{velocity * 0.1:,.0f}",
        "longer": f"{cycle_longer(company)['cycle']:,.0f}",
        "days_off": f"{ten_days_off(company)['cycle']:,.0f}",
        "win_rate": f"{rate:.1%}",
        "win_rate_plus": f"{rate + 0.1:.1%}",
    }


q11.not_tried(
    zh="先在新的一格里运行 `velocity_now`：现在每天签多少元？",
    en="A first step: run `velocity_now` in a cell of its own. How many yuan a day are signed now?",
)
q11.hints(
    zh=[
        "一次只动一项，别的三项照旧，用 `ka.funnel.velocity` 再算一遍，减去 `velocity_now`。",
        "前三项乘 1.1；周期要短一成，乘 0.9。",
        '第一项写好了是这样：`{{"number": ka.funnel.velocity(number * 1.1, value, win_rate, cycle) - velocity_now, ...}}`，后面三项照着写。',
    ],
    en=[
        "Move one lever, leave the other three, call `ka.funnel.velocity` again and take `velocity_now` away.",
        "Multiply the first three by 1.1; a cycle a tenth shorter is multiplied by 0.9.",
        'The first one reads `{{"number": ka.funnel.velocity(number * 1.1, value, win_rate, cycle) - velocity_now, ...}}`; write the other three like it.',
    ],
)
q11.unforeseen(
    zh="先看 `velocity_now`：应当是每天 {velocity} 元左右。四项的键是 `number`、`value`、`win_rate`、`cycle`。",
    en="Look at `velocity_now` first: it should be about {velocity} yuan a day. The four keys are `number`, `value`, `win_rate` and `cycle`.",
)
