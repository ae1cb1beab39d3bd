"""Chapter 4, communication and negotiation: the auto-graded tasks.

Where the worked solution calls ``ka_lib``, the reference below is plain arithmetic, and the other
way round: a slip in one of them does not pass unseen. Each function stands alone, because its
source becomes a submission of the simulated class.
"""

import pandas as pd

import ka_lib as ka
from ka_course.tasks import Assignment, Mapping, Number

assignment = Assignment("ch04")

# --- q1: what 60 days cost ------------------------------------------------------------------------

q1 = assignment.task(
    "q1",
    answer="credit_cost",
    form=Number(tolerance=1, unit="yuan"),
    points=6,
    level="core",
    kind="choose",
    row_ids=("4-22",),
)


@q1.reference
def money_tied_up(company):
    a = company.assumptions
    added = a["credit_days_offered"] - a["credit_days_now"]
    return a["yuguo_yearly_sales"] * a["credit_rate"] * added / 365


@q1.also_right
def one_term_less_the_other(company):
    a = company.assumptions
    sales, rate = a["yuguo_yearly_sales"], a["credit_rate"]
    longer = ka.negotiation.credit_cost(sales, a["credit_days_offered"], rate)
    return round(longer - ka.negotiation.credit_cost(sales, a["credit_days_now"], rate), 2)


@q1.misconception(
    zh="你算出来是 {answer:,.0f} 元，按新账期的全部天数算了。屿果现在就有 {now} 天账期，这一部分钱早就压着。这次**多**压的是几天？",
    en="You got CNY {answer:,.0f}, counting all the days of the new term. Yuguo already has {now}; that money is out today. "
    "How many days are **added**?",
)
def whole_new_term(company):
    a = company.assumptions
    return ka.negotiation.credit_cost(
        a["yuguo_yearly_sales"], a["credit_days_offered"], a["credit_rate"]
    )


@q1.misconception(
    zh="你算出来是 {answer:,.0f} 元，是全年金额乘年利率，好像每一笔货款都压一整年。每笔只多压几天，天数乘进去了吗？",
    en="You got CNY {answer:,.0f}: the year's sales times the yearly rate, as if every invoice were out for a whole year. "
    "Each is out a few days longer. Where are the days?",
)
def a_whole_year(company):
    a = company.assumptions
    return a["yuguo_yearly_sales"] * a["credit_rate"]


@q1.misconception(
    zh="你算出来是 {answer:,.0f} 元，一年按 360 天除的。有的贷款合同这么算；这门课按 365 天。换一个分母，再想想公司的借款合同怎么写。",
    en="You got CNY {answer:,.0f}, with a year of 360 days. Some loan contracts say so; this course takes 365. Change the divisor, "
    "and look up what your own contracts say.",
)
def bankers_year(company):
    a = company.assumptions
    added = a["credit_days_offered"] - a["credit_days_now"]
    return ka.negotiation.credit_cost(
        a["yuguo_yearly_sales"], added, a["credit_rate"], days_in_year=360
    )


@q1.misconception(
    zh="你算出来是 {answer:,.0f} 元，用的是折现率 `discount_rate`。折现率是把以后的钱换成今天的钱；压货款的资金，公司按哪个利率付息？",
    en="You got CNY {answer:,.0f}, using `discount_rate`. That one turns later money into today's; at which rate does the company "
    "pay for the money tied up in invoices?",
)
def discount_rate_for_credit_rate(company):
    a = company.assumptions
    added = a["credit_days_offered"] - a["credit_days_now"]
    return ka.negotiation.credit_cost(a["yuguo_yearly_sales"], added, a["discount_rate"])


@q1.facts
def facts_of_q1(company):
    a = company.assumptions
    added = a["credit_days_offered"] - a["credit_days_now"]
    return {"now": int(a["credit_days_now"]), "added": int(added)}


q1.not_tried(
    zh='先看两个数：`given["credit_days_now"]` 和 `given["credit_days_offered"]`，相差几天？',
    en='A first step: look at `given["credit_days_now"]` and `given["credit_days_offered"]`. How many days lie between?',
)
q1.hints(
    zh=[
        "多花的钱，来自多压的那几天。先把天数减出来。",
        "`ka.negotiation.credit_cost` 要三样：金额、多出来的天数、年利率，按这个次序。",
        '金额 `given["yuguo_yearly_sales"]`，利率 `given["credit_rate"]`，天数用新账期减旧账期。',
    ],
    en=[
        "The extra money comes from the extra days. Subtract first.",
        "`ka.negotiation.credit_cost` takes the amount, the days added and the yearly rate, in this order.",
        'The amount is `given["yuguo_yearly_sales"]`, the rate `given["credit_rate"]`, the days new term less old.',
    ],
)
q1.unforeseen(
    zh="先数一数：账期多出来的天数应当是 {added}。",
    en="Count first: the days added should be {added}.",
)

# --- q2: the zone ---------------------------------------------------------------------------------

q2 = assignment.task(
    "q2",
    answer="zone_width",
    form=Number(tolerance=0.05, unit="yuan"),
    points=7,
    level="core",
    kind="choose",
    row_ids=("4-16", "4-17"),
)


@q2.reference
def ceiling_less_floor(company):
    a = company.assumptions
    ours = a["seller_cost"] + a["seller_contribution_elsewhere"]
    hers = a["buyer_alternative_price"] + a["buyer_better_by"] + a["buyer_switching_cost"]
    return max(hers - ours, 0)


@q2.also_right
def width_of_the_zone(company):
    a = company.assumptions
    ours = ka.negotiation.seller_floor(a["seller_cost"], a["seller_contribution_elsewhere"])
    hers = ka.negotiation.buyer_ceiling(
        a["buyer_alternative_price"], a["buyer_better_by"], a["buyer_switching_cost"]
    )
    return ka.negotiation.zopa(ours, hers).width


@q2.misconception(
    zh="你算出来是 {answer:.1f} 元，底价只算了成本。这些产能不卖给屿果，卖给别人还能挣钱：少挣的那一块，要不要算进我们的底价？",
    en="You got CNY {answer:.1f}, with the cost alone as our floor. The same capacity would earn something elsewhere. "
    "Does what we give up there belong to the floor?",
)
def cost_as_floor(company):
    a = company.assumptions
    hers = ka.negotiation.buyer_ceiling(
        a["buyer_alternative_price"], a["buyer_better_by"], a["buyer_switching_cost"]
    )
    return ka.negotiation.zopa(a["seller_cost"], hers).width


@q2.misconception(
    zh="你算出来是 {answer:.1f} 元，她的底价只用了别家的价。我们比别家多值的、她换过去要花的，也是她愿意多付的理由。加上了吗？",
    en="You got CNY {answer:.1f}, with the other supplier's price as her ceiling. What we are worth beyond it, and what moving would "
    "cost her, are reasons to pay more. Are they in?",
)
def alternative_as_ceiling(company):
    a = company.assumptions
    ours = a["seller_cost"] + a["seller_contribution_elsewhere"]
    return a["buyer_alternative_price"] - ours


@q2.misconception(
    zh="你算出来是 {answer:.1f} 元，是开价减我们的底价。开价是锚，她不会因为我们开得高就多付。区间的上端是谁定的？",
    en="You got CNY {answer:.1f}: our opening less our floor. An opening is an anchor; she does not pay more because we open high. "
    "Who sets the upper end of the zone?",
)
def anchor_as_ceiling(company):
    a = company.assumptions
    return a["opening_price"] - a["seller_cost"] - a["seller_contribution_elsewhere"]


@q2.misconception(
    zh="你算出来是 {answer:.1f} 元，减反了：我们的底价减她的底价。区间从低到高，宽度不会是负数。谁在上面？",
    en="You got CNY {answer:.1f}, the wrong way round: our floor less her ceiling. The zone runs from low to high and is never "
    "negative. Which of the two is on top?",
)
def wrong_way_round(company):
    a = company.assumptions
    ours = a["seller_cost"] + a["seller_contribution_elsewhere"]
    hers = a["buyer_alternative_price"] + a["buyer_better_by"] + a["buyer_switching_cost"]
    return ours - hers


@q2.facts
def facts_of_q2(company):
    a = company.assumptions
    return {"floor": f"{a['seller_cost'] + a['seller_contribution_elsewhere']:.1f}"}


q2.not_tried(
    zh="先运行 `ka.negotiation.zopa(floor, ceiling)`，看它给出哪几个数。",
    en="A first step: run `ka.negotiation.zopa(floor, ceiling)` and see what it returns.",
)
q2.hints(
    zh=[
        "两头各是谁的底价？低的一头是我们，高的一头是她。",
        "上一格已经把 `floor` 和 `ceiling` 算好了。",
        "`ka.negotiation.zopa(...)` 的结果后面加 `.width`。",
    ],
    en=[
        "Whose reservation price stands at which end? Ours is the low one, hers the high one.",
        "The cell above has worked out `floor` and `ceiling`.",
        "Put `.width` behind `ka.negotiation.zopa(...)`.",
    ],
)
q2.unforeseen(
    zh="先核一核：我们的底价应当是 {floor} 元。",
    en="Check first: our floor should be CNY {floor}.",
)

# --- q3: package against price cut ----------------------------------------------------------------

q3 = assignment.task(
    "q3",
    answer="saved",
    form=Number(tolerance=1, unit="yuan"),
    points=8,
    level="core",
    kind="choose",
    row_ids=("4-18", "4-22"),
)


@q3.reference
def cut_less_package(company):
    a = company.assumptions
    sales = a["yuguo_yearly_sales"]
    added = a["credit_days_offered"] - a["credit_days_now"]
    credit = ka.negotiation.credit_cost(sales, added, a["credit_rate"])
    support = a["support_hours"] * a["support_hour_cost"]
    training = a["training_days"] * a["training_day_cost"]
    return a["price_cut"] * sales - credit - support - training


@q3.also_right
def as_one_sum(company):
    a = company.assumptions
    days = a["credit_days_offered"] - a["credit_days_now"]
    per_yuan = a["price_cut"] - a["credit_rate"] * days / 365
    service = (
        a["support_hours"] * a["support_hour_cost"] + a["training_days"] * a["training_day_cost"]
    )
    return round(per_yuan * a["yuguo_yearly_sales"] - service, 2)


@q3.misconception(
    zh="你算出来是 {answer:,.0f} 元，这是方案本身的花费。题目问的是比降价**省**多少：降价要花多少？两个数怎么放在一起？",
    en="You got CNY {answer:,.0f}: what the package costs. The question is how much it **saves** against the cut. What does the cut "
    "cost, and how do the two go together?",
)
def the_package_itself(company):
    a = company.assumptions
    added = a["credit_days_offered"] - a["credit_days_now"]
    credit = a["yuguo_yearly_sales"] * a["credit_rate"] * added / 365
    support = a["support_hours"] * a["support_hour_cost"]
    return credit + support + a["training_days"] * a["training_day_cost"]


@q3.misconception(
    zh="你算出来是 {answer:,.0f} 元，只减了账期的钱。答应她的还有两样，一样按小时、一样按天：都减掉了吗？",
    en="You got CNY {answer:,.0f}, having taken off the payment days only. Two more things are promised, one by the hour and one by "
    "the day. Are they in?",
)
def credit_only(company):
    a = company.assumptions
    added = a["credit_days_offered"] - a["credit_days_now"]
    credit = a["yuguo_yearly_sales"] * a["credit_rate"] * added / 365
    return a["price_cut"] * a["yuguo_yearly_sales"] - credit


@q3.misconception(
    zh="你算出来是 {answer:,.0f} 元，正负反了：这样写说的是方案比降价**贵**多少。省下来的钱，谁减谁？",
    en="You got CNY {answer:,.0f}, the other way round: that would say by how much the package is **dearer**. Which is taken from which?",
)
def other_way_round(company):
    a = company.assumptions
    added = a["credit_days_offered"] - a["credit_days_now"]
    credit = a["yuguo_yearly_sales"] * a["credit_rate"] * added / 365
    support = a["support_hours"] * a["support_hour_cost"]
    training = a["training_days"] * a["training_day_cost"]
    return credit + support + training - a["price_cut"] * a["yuguo_yearly_sales"]


@q3.misconception(
    zh="你算出来是 {answer:,.0f} 元，账期按整年算了，一下子多出好多钱。货款只多压 {added} 天：天数在公式的哪里？",
    en="You got CNY {answer:,.0f}; the payment days were counted as a whole year, and cost far too much. The money is out {added} days "
    "longer. Where do the days go in the formula?",
)
def credit_for_a_year(company):
    a = company.assumptions
    support = a["support_hours"] * a["support_hour_cost"]
    training = a["training_days"] * a["training_day_cost"]
    credit = a["yuguo_yearly_sales"] * a["credit_rate"]
    return a["price_cut"] * a["yuguo_yearly_sales"] - credit - support - training


@q3.misconception(
    zh="你算出来是 {answer:,.0f} 元，降价那一边用毛利乘了 `price_cut`。客户要的是**进价**降，进价算的是哪一个数？",
    en="You got CNY {answer:,.0f}, taking the cut off the gross profit. She wants the **buying prices** lower: which figure is that a share of?",
)
def cut_of_the_profit(company):
    a = company.assumptions
    added = a["credit_days_offered"] - a["credit_days_now"]
    credit = a["yuguo_yearly_sales"] * a["credit_rate"] * added / 365
    support = a["support_hours"] * a["support_hour_cost"]
    training = a["training_days"] * a["training_day_cost"]
    cut = a["price_cut"] * a["yuguo_yearly_sales"] * a["yuguo_margin"]
    return cut - credit - support - training


@q3.misconception(
    zh="你算出来是 {answer:,.0f} 元，这是降价本身的花费。另一条路也要花钱：账期、支持、培训一共多少？从这里减掉。",
    en="You got CNY {answer:,.0f}: what the cut alone costs. The other way costs money too: days, support and training. Take it off.",
)
def the_cut_alone(company):
    return company.assumptions["price_cut"] * company.assumptions["yuguo_yearly_sales"]


@q3.facts
def facts_of_q3(company):
    a = company.assumptions
    added = a["credit_days_offered"] - a["credit_days_now"]
    service = (
        a["support_hours"] * a["support_hour_cost"] + a["training_days"] * a["training_day_cost"]
    )
    return {"added": int(added), "service": f"{service:,.0f}"}


q3.not_tried(
    zh='先把降价的钱算出来：`given["price_cut"] * sales`。再一样一样减。',
    en='A first step: what the price cut costs, `given["price_cut"] * sales`. Then take the others off, one by one.',
)
q3.hints(
    zh=[
        "一边是降价的花费，一边是三样东西的花费：省多少，是前者减后者。",
        "支持按小时、培训按天：数量乘单价。账期就是第 1 题的算法。",
        '`given["price_cut"] * sales - 账期 - 支持 - 培训`，后面三个换成你的算式。',
    ],
    en=[
        "On one side the cut, on the other three things. What is saved is the first less the second.",
        "Support goes by the hour, training by the day: quantity times price. The payment days are question 1.",
        '`given["price_cut"] * sales - credit - support - training`, with your own terms for the last three.',
    ],
)
q3.unforeseen(
    zh="先核一核：支持和培训加起来应当是 {service} 元。",
    en="Check first: support and training together should be CNY {service}.",
)

# --- q4: total cost of ownership ------------------------------------------------------------------

q4 = assignment.task(
    "q4",
    answer="dearer_by",
    form=Number(tolerance=1, unit="yuan"),
    points=9,
    level="core",
    kind="choose",
    row_ids=("4-12",),
)


@q4.reference
def present_values(company):
    a = company.assumptions
    years = int(a["tco_years"])
    found = {}
    for row in company.offers.itertuples():
        a_year = row.unit_price * row.units_per_year + row.yearly_cost
        a_year += row.lot_units / 2 * row.unit_price * a["carrying_rate"]
        value = row.upfront - row.residual / (1 + a["discount_rate"]) ** years
        for year in range(1, years + 1):
            value += a_year / (1 + a["discount_rate"]) ** year
        found[row.unit_price] = value
    return found[min(found)] - min(found.values())


@q4.also_right
def from_the_sorted_table(company):
    a = company.assumptions
    table = ka.negotiation.tco(
        company.offers,
        int(a["tco_years"]),
        discount_rate=a["discount_rate"],
        carrying_rate=a["carrying_rate"],
    )
    cheapest = table.sort_values("unit_price")["discounted"].iloc[0]
    return cheapest - table["discounted"].min()


@q4.misconception(
    zh="你算出来是 {answer:,.0f} 元，用的是没折现的合计 `nominal`。五年后退的钱、以后付的钱，都不等于今天的钱。哪一列折过现？",
    en="You got CNY {answer:,.0f}, from the plain sums in `nominal`. Money paid or returned in five years is not today's money. "
    "Which column has been discounted?",
)
def plain_sums(company):
    a = company.assumptions
    table = ka.negotiation.tco(
        company.offers, int(a["tco_years"]), carrying_rate=a["carrying_rate"]
    )
    lowest = table.loc[table["unit_price"].idxmin(), "nominal"]
    return lowest - table["nominal"].min()


@q4.misconception(
    zh="你算出来是 {answer:,.0f} 元，库存占用没有算（`carrying_rate` 是 0）。批量大的那一家，一批货压在屿果仓库里的钱去哪儿了？",
    en="You got CNY {answer:,.0f} without the cost of holding stock (`carrying_rate` is 0). Where is the money that large lots tie up "
    "in Yuguo's store room?",
)
def stock_forgotten(company):
    a = company.assumptions
    table = ka.negotiation.tco(
        company.offers, int(a["tco_years"]), discount_rate=a["discount_rate"]
    )
    lowest = table.loc[table["unit_price"].idxmin(), "discounted"]
    return lowest - table["discounted"].min()


@q4.misconception(
    zh="你算出来是 {answer:,.0f} 元，只比了货款。单价低的那家运费、报损、库存更贵，总账才是客户真正付的。用 `discounted` 那一列。",
    en="You got CNY {answer:,.0f}, comparing the purchases only. The low price comes with dearer freight, waste and stock; the customer "
    "pays the total. Use the column `discounted`.",
)
def purchases_only(company):
    offers = company.offers
    purchases = offers["unit_price"] * offers["units_per_year"] * company.assumptions["tco_years"]
    return purchases.min() - purchases.max()


@q4.misconception(
    zh="你算出来是 {answer:,.0f} 元，只算了一年。报价是按 {years} 年比的：年数改过来，退回的钱也要等到最后一年。",
    en="You got CNY {answer:,.0f} for one year. The offers are compared over {years} years: change the number; what is given back comes "
    "at the end of the last.",
)
def one_year_only(company):
    a = company.assumptions
    table = ka.negotiation.tco(
        company.offers, 1, discount_rate=a["discount_rate"], carrying_rate=a["carrying_rate"]
    )
    lowest = table.loc[table["unit_price"].idxmin(), "discounted"]
    return lowest - table["discounted"].min()


@q4.misconception(
    zh="你算出来是 {answer:,.0f} 元，这是单价最低那份报价的总账本身。题目问它比总账最低的**贵多少**：再减一个数，减谁？",
    en="You got CNY {answer:,.0f}: the total of the offer with the lowest price. The question is by how much it is **dearer** than the "
    "cheapest total. What has to be taken off?",
)
def the_total_itself(company):
    a = company.assumptions
    table = ka.negotiation.tco(
        company.offers,
        int(a["tco_years"]),
        discount_rate=a["discount_rate"],
        carrying_rate=a["carrying_rate"],
    )
    return table.loc[table["unit_price"].idxmin(), "discounted"]


@q4.misconception(
    zh="你算出来是 {answer:,.0f} 元，减反了。题目问单价最低的那份**贵**多少：贵的减便宜的，谁在前面？",
    en="You got CNY {answer:,.0f}, the wrong way round. The question is by how much the lowest price is **dearer**: which of the two comes first?",
)
def dearer_the_wrong_way_round(company):
    a = company.assumptions
    table = ka.negotiation.tco(
        company.offers,
        int(a["tco_years"]),
        discount_rate=a["discount_rate"],
        carrying_rate=a["carrying_rate"],
    )
    return table["discounted"].min() - table.loc[table["unit_price"].idxmin(), "discounted"]


@q4.facts
def facts_of_q4(company):
    a = company.assumptions
    table = ka.negotiation.tco(
        company.offers,
        int(a["tco_years"]),
        discount_rate=a["discount_rate"],
        carrying_rate=a["carrying_rate"],
    )
    return {"years": int(a["tco_years"]), "lowest": f"{table['discounted'].min():,.0f}"}


q4.not_tried(
    zh="先看上面那张表：`unit_price` 最小的是哪一行？`discounted` 最小的又是哪一行？",
    en="A first step: look at the table above. Which row has the smallest `unit_price`, and which the smallest `discounted`?",
)
q4.hints(
    zh=[
        "两行：单价最低的，和总账（现值）最低的。要的是两个总账之差。",
        "表按 `discounted` 从小到大排好了，第一行就是总账最低的。",
        '单价最低那一行的总账：`cost.loc[cost["unit_price"].idxmin(), "discounted"]`，再减去 `cost["discounted"].min()`。',
    ],
    en=[
        "Two rows: the lowest price, and the lowest total in present value. You want the difference of their totals.",
        "The table is sorted by `discounted`: the first row has the lowest total.",
        'Total of the row with the lowest price: `cost.loc[cost["unit_price"].idxmin(), "discounted"]`; from it take `cost["discounted"].min()`.',
    ],
)
q4.unforeseen(
    zh="先核一核：总账（现值）最低的那份报价应当是 {lowest} 元。",
    en="Check first: the lowest total in present value should be CNY {lowest}.",
)

# --- q5: which objection is it? -------------------------------------------------------------------

q5 = assignment.task(
    "q5",
    answer="counts",
    form=Mapping(tolerance=0),
    points=10,
    level="analyst",
    kind="build",
    row_ids=("4-12", "4-13", "4-14", "4-15"),
)


@q5.reference
def first_kind_found(company):
    cues = {
        "trust": "上次 保证 没合作过 靠得住 断货 last·time guarantee never·worked rely·on ran·out",
        "timing": "明年 再说 等 next·year later wait",
        "product": "口味 规格 包装 保质期 功能 taste pack·size packaging shelf·life function",
        "price": "贵 价 便宜 折扣 预算 expensive price cheap discount budget",
    }
    found = dict.fromkeys(cues, 0)
    for sentence in company.objections["sentence"]:
        for kind, words in cues.items():
            if any(word.replace("·", " ") in sentence for word in words.split()):
                found[kind] += 1
                break
    return found


@q5.also_right
def labelled_from_the_back(company):
    cues = {
        "price": "贵|价|便宜|折扣|预算|expensive|price|cheap|discount|budget",
        "product": "口味|规格|包装|保质期|功能|taste|pack size|packaging|shelf life|function",
        "timing": "明年|再说|等|next year|later|wait",
        "trust": "上次|保证|没合作过|靠得住|断货|last time|guarantee|never worked|rely on|ran out",
    }
    notes = company.objections.copy()
    notes["kind"] = ""
    for kind, words in cues.items():
        notes.loc[notes["sentence"].str.contains(words), "kind"] = kind
    return notes["kind"].value_counts()


@q5.misconception(
    zh="你先找了“价”字（{answer}）。“再便宜也没用”“明年的预算没批”里也有价格字眼，说的却是别的。题目的次序是从 `trust` 开始：改一下先后。",
    en='You looked for price words first ({answer}). "Cheap does not help" and "next year\'s budget" have them too and mean something '
    "else. The question starts from `trust`: change the order.",
)
def price_first(company):
    cues = {
        "price": "贵|价|便宜|折扣|预算|expensive|price|cheap|discount|budget",
        "product": "口味|规格|包装|保质期|功能|taste|pack size|packaging|shelf life|function",
        "timing": "明年|再说|等|next year|later|wait",
        "trust": "上次|保证|没合作过|靠得住|断货|last time|guarantee|never worked|rely on|ran out",
    }
    left = company.objections["sentence"]
    found = {}
    for kind, words in cues.items():
        hit = left.str.contains(words)
        found[kind] = int(hit.sum())
        left = left[~hit]
    return found


@q5.misconception(
    zh="四种加起来比 {noted} 句还多（{answer}）：有的句子被数了两次。先找到哪一种就算哪一种，数过的句子怎么拿掉？",
    en="The four add up to more than {noted} ({answer}): some sentences count twice. The first kind found is the one. "
    "How do you take out a sentence that has been counted?",
)
def counted_in_every_kind(company):
    cues = {
        "trust": "上次|保证|没合作过|靠得住|断货|last time|guarantee|never worked|rely on|ran out",
        "timing": "明年|再说|等|next year|later|wait",
        "product": "口味|规格|包装|保质期|功能|taste|pack size|packaging|shelf life|function",
        "price": "贵|价|便宜|折扣|预算|expensive|price|cheap|discount|budget",
    }
    sentences = company.objections["sentence"]
    return {kind: int(sentences.str.contains(words).sum()) for kind, words in cues.items()}


@q5.misconception(
    zh="四种加起来不到 {noted} 句（{answer}）：带两种线索的句子全被扔掉了。它们也是异议，按次序归到先找到的那一种。",
    en="The four add up to fewer than {noted} ({answer}): sentences with words of two kinds were thrown out. They are objections too; "
    "each goes to the kind that is found first.",
)
def mixed_sentences_thrown_out(company):
    cues = {
        "trust": "上次|保证|没合作过|靠得住|断货|last time|guarantee|never worked|rely on|ran out",
        "timing": "明年|再说|等|next year|later|wait",
        "product": "口味|规格|包装|保质期|功能|taste|pack size|packaging|shelf life|function",
        "price": "贵|价|便宜|折扣|预算|expensive|price|cheap|discount|budget",
    }
    sentences = company.objections["sentence"]
    hits = {kind: sentences.str.contains(words) for kind, words in cues.items()}
    only_one = sum(hit.astype(int) for hit in hits.values()) == 1
    return {kind: int((hit & only_one).sum()) for kind, hit in hits.items()}


@q5.facts
def facts_of_q5(company):
    return {"noted": len(company.objections)}


q5.not_tried(
    zh='先数一种：`company.objections["sentence"].str.contains("|".join(cues["trust"])).sum()`。',
    en='A first step: count one kind, `company.objections["sentence"].str.contains("|".join(cues["trust"])).sum()`.',
)
q5.hints(
    zh=[
        "一句话可能带两种线索。数过一次的，后面不能再数。",
        "从全部句子开始，每数完一种，只留下没数到的：`left = left[~hit]`（`~` 是“不是”）。",
        "次序照题目：trust、timing、product、price；`hit = left.str.contains(线索词)`，`hit.sum()` 就是这一种的句数。",
    ],
    en=[
        "A sentence may hold words of two kinds. Once counted, it must not count again.",
        'Start with all sentences; after each kind keep those not yet counted: `left = left[~hit]` (`~` is "not").',
        "Keep the order trust, timing, product, price. `hit = left.str.contains(words)`; `hit.sum()` is the number of that kind.",
    ],
)
q5.unforeseen(
    zh="先数一数：四种加起来应当是 {noted} 句，一句不多，一句不少。",
    en="Count first: the four should add up to {noted}, no more and no less.",
)

# --- q6: when there is no zone --------------------------------------------------------------------

q6 = assignment.task(
    "q6",
    answer="widths",
    form=Mapping(tolerance=0.05, unit="yuan"),
    points=8,
    level="analyst",
    kind="choose",
    row_ids=("4-16", "4-17"),
)


@q6.reference
def three_widths(company):
    a = company.assumptions
    ours = a["seller_cost"] + a["seller_contribution_elsewhere"]
    other = a["buyer_alternative_price"]
    hers = {
        "now": other + a["buyer_better_by"] + a["buyer_switching_cost"],
        "easy_switch": other + a["buyer_better_by"],
        "cheap_plant": other * 0.8,
    }
    return {name: max(most - ours, 0.0) for name, most in hers.items()}


@q6.also_right
def widths_in_a_series(company):
    a = company.assumptions
    ours = ka.negotiation.seller_floor(a["seller_cost"], a["seller_contribution_elsewhere"])
    other = a["buyer_alternative_price"]
    hers = pd.Series(
        {
            "now": ka.negotiation.buyer_ceiling(
                other, a["buyer_better_by"], a["buyer_switching_cost"]
            ),
            "easy_switch": ka.negotiation.buyer_ceiling(other, a["buyer_better_by"]),
            "cheap_plant": ka.negotiation.buyer_ceiling(0.8 * other),
        }
    )
    return (hers - ours).clip(lower=0)


@q6.misconception(
    zh="有一个区间是负的（{answer}）。我们的底价高过她的底价，就没有区间，宽度写 0：没有“负的余地”。",
    en="One of your zones is negative ({answer}). When our floor is above her ceiling there is no zone, and its width is 0: "
    "there is no such thing as negative room.",
)
def negative_width(company):
    a = company.assumptions
    ours = a["seller_cost"] + a["seller_contribution_elsewhere"]
    other = a["buyer_alternative_price"]
    hers = {
        "now": other + a["buyer_better_by"] + a["buyer_switching_cost"],
        "easy_switch": other + a["buyer_better_by"],
        "cheap_plant": other * 0.8,
    }
    return {name: most - ours for name, most in hers.items()}


@q6.misconception(
    zh="你的 `now` 和 `easy_switch` 一样宽（{answer}）：她的底价只写了代工厂的价。我们多值的、她换过去要花的，现在的前提里各有一个数，加了吗？",
    en="Your `now` and `easy_switch` are equally wide ({answer}): her ceiling is the plant's price alone. What we are worth beyond it and "
    "what moving costs her are both given today. Are they in?",
)
def price_alone(company):
    a = company.assumptions
    ours = a["seller_cost"] + a["seller_contribution_elsewhere"]
    other = a["buyer_alternative_price"]
    hers = {"now": other, "easy_switch": other, "cheap_plant": other * 0.8}
    return {name: max(most - ours, 0.0) for name, most in hers.items()}


@q6.misconception(
    zh="三个区间都宽了同样一块（{answer}）：我们的底价只算了成本。产能卖给别人能挣的钱，加进 `floor` 了吗？",
    en="All three are wider by the same amount ({answer}): our floor holds the cost alone. Is what the capacity earns elsewhere in it?",
)
def floor_is_cost(company):
    a = company.assumptions
    other = a["buyer_alternative_price"]
    hers = {
        "now": other + a["buyer_better_by"] + a["buyer_switching_cost"],
        "easy_switch": other + a["buyer_better_by"],
        "cheap_plant": other * 0.8,
    }
    return {name: max(most - a["seller_cost"], 0.0) for name, most in hers.items()}


@q6.misconception(
    zh="`cheap_plant` 那一项是空的（{answer}）。没有区间的时候 `zopa` 的 `width` 是空值；题目说没有区间写 0，先看 `kind` 再决定写什么。",
    en="Your `cheap_plant` is missing ({answer}). Without a zone the `width` of `zopa` is a missing value; the question wants 0 there. "
    "Look at `kind` first, then decide what to write.",
)
def left_missing(company):
    a = company.assumptions
    ours = a["seller_cost"] + a["seller_contribution_elsewhere"]
    other = a["buyer_alternative_price"]
    hers = {
        "now": other + a["buyer_better_by"] + a["buyer_switching_cost"],
        "easy_switch": other + a["buyer_better_by"],
        "cheap_plant": other * 0.8,
    }
    return {name: ka.negotiation.zopa(ours, most).width for name, most in hers.items()}


@q6.facts
def facts_of_q6(company):
    a = company.assumptions
    ours = a["seller_cost"] + a["seller_contribution_elsewhere"]
    return {"floor": f"{ours:.1f}", "cheap": f"{a['buyer_alternative_price'] * 0.8:.1f}"}


q6.not_tried(
    zh="先写出三种情形下她的底价，再和我们的底价 {floor} 元比。",
    en="A first step: write down her ceiling in the three situations, then compare with our floor of CNY {floor}.",
)
q6.hints(
    zh=[
        "我们的底价三种情形都一样，变的只是她的底价。",
        "`ka.negotiation.zopa(...)` 在没有区间的时候，`kind` 是 `none`，`width` 是空的，要自己写 0。",
        "`cheap_plant` 里她的底价，是代工厂的价乘 0.8，别的都不加。",
    ],
    en=[
        "Our floor is the same in all three; only her ceiling changes.",
        "Without a zone, `ka.negotiation.zopa(...)` has the `kind` `none` and an empty `width`: write the 0 yourself.",
        "In `cheap_plant` her ceiling is the plant's price times 0.8, with nothing added.",
    ],
)
q6.unforeseen(
    zh="先核一核：`cheap_plant` 里她的底价应当是 {cheap} 元，我们的底价是 {floor} 元。",
    en="Check first: in `cheap_plant` her ceiling should be CNY {cheap}, our floor CNY {floor}.",
)

# --- q7: concession plan --------------------------------------------------------------------------

q7 = assignment.task(
    "q7",
    answer="prices",
    form=Mapping(tolerance=0.02, unit="yuan"),
    points=8,
    level="analyst",
    kind="build",
    row_ids=("4-9", "4-17", "4-18"),
)


@q7.reference
def step_by_step(company):
    a = company.assumptions
    low = a["seller_cost"] + a["seller_contribution_elsewhere"]
    high = a["buyer_alternative_price"] + a["buyer_better_by"] + a["buyer_switching_cost"]
    rounds, ratio = int(a["concession_rounds"]), a["concession_ratio"]
    distance = a["opening_price"] - (low + high) / 2
    step = distance * (1 - ratio) / (1 - ratio**rounds)
    price, prices = a["opening_price"], {}
    for turn in range(1, rounds + 1):
        price -= step
        prices[turn] = price
        step *= ratio
    return prices


@q7.also_right
def from_the_plan(company):
    a = company.assumptions
    low = ka.negotiation.seller_floor(a["seller_cost"], a["seller_contribution_elsewhere"])
    high = ka.negotiation.buyer_ceiling(
        a["buyer_alternative_price"], a["buyer_better_by"], a["buyer_switching_cost"]
    )
    steps = ka.negotiation.decreasing_steps(
        a["opening_price"] - (low + high) / 2, int(a["concession_rounds"]), a["concession_ratio"]
    )
    left = pd.Series(steps, index=range(1, len(steps) + 1)).cumsum()
    return a["opening_price"] - left


@q7.misconception(
    zh="你每一步让得一样多（{answer}）。一样大的步子没有尽头，她会一直等。每一步应当是上一步的几倍？",
    en="Your steps are all alike ({answer}). Even steps have no end in sight, and she will go on waiting. "
    "What fraction of the step before should each one be?",
)
def even_steps(company):
    a = company.assumptions
    low = a["seller_cost"] + a["seller_contribution_elsewhere"]
    high = a["buyer_alternative_price"] + a["buyer_better_by"] + a["buyer_switching_cost"]
    rounds = int(a["concession_rounds"])
    step = (a["opening_price"] - (low + high) / 2) / rounds
    return {turn: a["opening_price"] - turn * step for turn in range(1, rounds + 1)}


@q7.misconception(
    zh="你一路让到了我们的底价（{answer}）。底价是“再低就走”的线，不是要去的地方：题目的终点是哪里？",
    en="You came down all the way to our floor ({answer}). The floor is where we leave, not where we want to go. "
    "Which end does the question set?",
)
def down_to_the_floor(company):
    a = company.assumptions
    low = a["seller_cost"] + a["seller_contribution_elsewhere"]
    steps = ka.negotiation.decreasing_steps(
        a["opening_price"] - low, int(a["concession_rounds"]), a["concession_ratio"]
    )
    left = pd.Series(steps, index=range(1, len(steps) + 1)).cumsum()
    return a["opening_price"] - left


@q7.misconception(
    zh="你从价目表的价开始让（{answer}）。那一段我们从没报过，算不上让步：从开价 `opening_price` 开始。",
    en="You started from the list price ({answer}). We never quoted that, so it is no concession: start from `opening_price`.",
)
def from_the_list_price(company):
    a = company.assumptions
    low = a["seller_cost"] + a["seller_contribution_elsewhere"]
    high = a["buyer_alternative_price"] + a["buyer_better_by"] + a["buyer_switching_cost"]
    steps = ka.negotiation.decreasing_steps(
        a["list_price"] - (low + high) / 2, int(a["concession_rounds"]), a["concession_ratio"]
    )
    left = pd.Series(steps, index=range(1, len(steps) + 1)).cumsum()
    return a["list_price"] - left


@q7.misconception(
    zh="你每次让掉“剩下那一段”的一部分（{answer}），最后到不了中点。步子要先合起来正好等于整段：第一步该多大？",
    en="You gave a part of what was left each time ({answer}), and never reach the middle. The steps must add up to the whole way: "
    "how large is the first?",
)
def part_of_what_is_left(company):
    a = company.assumptions
    low = a["seller_cost"] + a["seller_contribution_elsewhere"]
    high = a["buyer_alternative_price"] + a["buyer_better_by"] + a["buyer_switching_cost"]
    middle, price, prices = (low + high) / 2, a["opening_price"], {}
    for turn in range(1, int(a["concession_rounds"]) + 1):
        price -= (price - middle) * a["concession_ratio"]
        prices[turn] = price
    return prices


@q7.misconception(
    zh="你的步子一步比一步大（{answer}）。对方看到的是“越等越多”。把次序倒过来：第一步最大。",
    en='Your steps grow ({answer}). What the other side sees is "wait, there is more". Turn them round: the first is the largest.',
)
def growing_steps(company):
    a = company.assumptions
    low = a["seller_cost"] + a["seller_contribution_elsewhere"]
    high = a["buyer_alternative_price"] + a["buyer_better_by"] + a["buyer_switching_cost"]
    steps = ka.negotiation.decreasing_steps(
        a["opening_price"] - (low + high) / 2, int(a["concession_rounds"]), a["concession_ratio"]
    )[::-1]
    left = pd.Series(steps, index=range(1, len(steps) + 1)).cumsum()
    return a["opening_price"] - left


@q7.misconception(
    zh="你把第 0 行，也就是开价，也放进来了（{answer}）。开价不是让步：题目要第 1 步以后的价格，怎么去掉第 0 行？",
    en="You kept row 0, the opening, among the prices ({answer}). An opening is no concession: the question starts after step 1. "
    "How do you drop row 0?",
)
def opening_included(company):
    a = company.assumptions
    low = a["seller_cost"] + a["seller_contribution_elsewhere"]
    high = a["buyer_alternative_price"] + a["buyer_better_by"] + a["buyer_switching_cost"]
    steps = ka.negotiation.decreasing_steps(
        a["opening_price"] - (low + high) / 2, int(a["concession_rounds"]), a["concession_ratio"]
    )
    plan = ka.negotiation.concession_plan(a["opening_price"], steps, a["seller_cost"])
    return plan.set_index("round")["price"]


@q7.facts
def facts_of_q7(company):
    a = company.assumptions
    low = a["seller_cost"] + a["seller_contribution_elsewhere"]
    high = a["buyer_alternative_price"] + a["buyer_better_by"] + a["buyer_switching_cost"]
    return {"middle": f"{(low + high) / 2:.2f}", "rounds": int(a["concession_rounds"])}


q7.not_tried(
    zh="先算中点：两边底价相加除以 2。再看从开价到中点一共要让多少。",
    en="A first step: the middle, both reservation prices added and halved. Then: how far is it from the opening to the middle?",
)
q7.hints(
    zh=[
        "终点不是底价，是两边底价的中点；起点是开价。",
        "`ka.negotiation.decreasing_steps(总共要让的, 步数, 倍数)` 给出每一步让多少。",
        "每一步以后的价格 = 开价 − 到这一步为止让掉的总和；`ka.negotiation.concession_plan` 的 `price` 列就是它，第 0 行是开价。",
    ],
    en=[
        "The end is not the floor but the middle of both; the start is the opening.",
        "`ka.negotiation.decreasing_steps(the whole way, rounds, ratio)` gives the size of each step.",
        "The price after a step is the opening less all steps so far: the column `price` of `ka.negotiation.concession_plan`, whose row 0 is the opening.",
    ],
)
q7.unforeseen(
    zh="先核一核：第 {rounds} 步以后的价格应当正好是中点 {middle} 元。",
    en="Check first: the price after step {rounds} should be exactly the middle, CNY {middle}.",
)

# --- q8: volume that makes up for a cut -----------------------------------------------------------

q8 = assignment.task(
    "q8",
    answer="extra_volume",
    form=Number(tolerance=0.0005, fraction=True),
    points=7,
    level="analyst",
    kind="build",
    row_ids=("4-12", "4-17"),
)


@q8.reference
def from_the_library(company):
    a = company.assumptions
    return ka.negotiation.breakeven_volume(a["price_cut"], a["yuguo_margin"])


@q8.also_right
def profit_before_over_profit_after(company):
    a = company.assumptions
    return round(a["yuguo_margin"] / (a["yuguo_margin"] - a["price_cut"]) - 1, 4)


@q8.misconception(
    zh="你算出来是 {answer}，用降价除以原来的毛利率。降了价以后，多卖的每一箱也只挣 {left} 了：分母该用哪一个？",
    en="You got {answer}, the cut over the old margin. After the cut, the extra cases earn only {left} as well. Which one belongs "
    "below the line?",
)
def over_the_old_margin(company):
    a = company.assumptions
    return a["price_cut"] / a["yuguo_margin"]


@q8.misconception(
    zh="你算出来是 {answer}，这只把**销售额**补了回来。货也是要成本的：要补回来的是毛利额，再把毛利率放进公式。",
    en="You got {answer}: that brings back the **sales**. Goods cost money too: it is the gross profit that must come back. "
    "Put the margin into the formula.",
)
def sales_brought_back(company):
    cut = company.assumptions["price_cut"]
    return cut / (1 - cut)


@q8.misconception(
    zh="你算出来是 {answer}，把加价率当成了毛利率。`yuguo_margin` 已经是毛利率（除以售价），不用再换。",
    en="You got {answer}, taking a markup for a margin. `yuguo_margin` is the margin already (on the price); do not convert it.",
)
def markup_for_margin(company):
    a = company.assumptions
    markup = a["yuguo_margin"] / (1 - a["yuguo_margin"])
    return a["price_cut"] / (markup - a["price_cut"])


@q8.misconception(
    zh="你填的是 {answer}，这是降价的幅度。降 3% 多卖 3%，挣的钱一样多吗？拿一箱 100 元、成本 76 元试一试。",
    en="You gave {answer}: the cut itself. Does 3% off with 3% more cases earn the same? Try it with a case of CNY 100 that costs 76.",
)
def the_cut_itself(company):
    return company.assumptions["price_cut"]


@q8.facts
def facts_of_q8(company):
    a = company.assumptions
    return {
        "margin": f"{a['yuguo_margin']:.4f}",
        "left": f"{a['yuguo_margin'] - a['price_cut']:.4f}",
    }


q8.not_tried(
    zh="拿 100 元的销售额想：现在挣几元毛利？降了价，同样的货卖多少、挣几元？",
    en="Think of CNY 100 of sales: what is the gross profit now? After the cut, what do the same goods bring and earn?",
)
q8.hints(
    zh=[
        "毛利额 = 数量 × 每箱毛利。每箱毛利降了，数量要怎么变，乘起来才不变？",
        "现在每 1 元售价挣 {margin}，降价后（按原价算）挣 {left}。",
        "要多卖的 = 降价 ÷（毛利率 − 降价）。",
    ],
    en=[
        "Gross profit is quantity times profit a case. When the profit a case falls, how must the quantity change for the product to stay?",
        "Each yuan of the old price earns {margin} now, and {left} after the cut.",
        "Extra volume = cut ÷ (margin − cut).",
    ],
)
q8.unforeseen(
    zh="先核一核：降价以后，按原价算，每 1 元还剩毛利 {left}。",
    en="Check first: after the cut, each yuan of the old price keeps a gross profit of {left}.",
)

# --- q9: promotion ROI ----------------------------------------------------------------------------

q9 = assignment.task(
    "q9",
    answer="returns",
    form=Mapping(tolerance=0.002),
    points=9,
    level="analyst",
    kind="choose",
    row_ids=("4-20",),
)


@q9.reference
def by_hand(company):
    week = pd.Timedelta(days=7)
    sales = company.sellout.merge(company.stores[["store_id", "account_id"]])
    sales = sales[sales["account_id"] == "A004"]
    lines = company.order_lines.merge(company.orders[["order_id", "account_id", "ordered_on"]])
    lines = lines[(lines["account_id"] == "A004") & (lines["ordered_on"] >= "2024-12-01")]
    found = {}
    for row in company.promotions.query("account_id == 'A004'").itertuples():
        own = sales[sales["product_id"] == row.product_id].groupby("week")["units"].sum()
        before = own[(own.index >= row.starts_on - 8 * week) & (own.index < row.starts_on)].mean()
        during = own[(own.index >= row.starts_on) & (own.index < row.ends_on)]
        after = own[(own.index >= row.ends_on) & (own.index < row.ends_on + 4 * week)]
        net = during.sum() + after.sum() - before * (len(during) + len(after))
        bought = lines[lines["product_id"] == row.product_id]
        profit = bought["gross_profit"].sum() / bought["quantity"].sum()
        profit /= company.assumptions["units_per_case"]
        found[row.promotion_id] = net * profit / (during.sum() * row.discount_per_unit + row.fees)
    return found


@q9.also_right
def with_the_library(company):
    sales = company.sellout.merge(company.stores[["store_id", "account_id"]])
    sales = sales[sales["account_id"] == "A004"]
    lines = company.order_lines.merge(company.orders[["order_id", "account_id", "ordered_on"]])
    lines = lines[(lines["account_id"] == "A004") & (lines["ordered_on"] >= "2024-12-01")]
    sums = lines.groupby("product_id")[["gross_profit", "quantity"]].sum()
    per_unit = sums["gross_profit"] / sums["quantity"] / company.assumptions["units_per_case"]
    found = pd.Series(dtype="float64")
    for row in company.promotions.query("account_id == 'A004'").itertuples():
        own = sales[sales["product_id"] == row.product_id]
        effect = ka.promotion.uplift(own, row.starts_on, row.ends_on)
        spent = ka.promotion.cost(effect.sold, row.discount_per_unit, row.fees)
        found[row.promotion_id] = effect.net * per_unit[row.product_id] / spent
    return found


@q9.misconception(
    zh="你没减活动后的回落（{answer}）。顾客囤了货，后面几周买得少：那几周的缺口也是这场促销带来的。净增量用 `net`，不用 `gross`。",
    en="You left the weeks after out ({answer}). Shoppers stocked up and bought less later; that gap belongs to the promotion. "
    "Take `net`, not `gross`.",
)
def dip_forgotten(company):
    sales = company.sellout.merge(company.stores[["store_id", "account_id"]])
    sales = sales[sales["account_id"] == "A004"]
    lines = company.order_lines.merge(company.orders[["order_id", "account_id", "ordered_on"]])
    lines = lines[(lines["account_id"] == "A004") & (lines["ordered_on"] >= "2024-12-01")]
    sums = lines.groupby("product_id")[["gross_profit", "quantity"]].sum()
    per_unit = sums["gross_profit"] / sums["quantity"] / company.assumptions["units_per_case"]
    found = {}
    for row in company.promotions.query("account_id == 'A004'").itertuples():
        own = sales[sales["product_id"] == row.product_id]
        effect = ka.promotion.uplift(own, row.starts_on, row.ends_on)
        spent = ka.promotion.cost(effect.sold, row.discount_per_unit, row.fees)
        found[row.promotion_id] = effect.gross * per_unit[row.product_id] / spent
    return found


@q9.misconception(
    zh="你只给多卖的那些件算了让利（{answer}）。活动期间**每一件**都便宜卖了，本来就会买的人也省了钱：花费用 `sold`。",
    en="You counted the discount on the extra units only ({answer}). In those weeks **every** unit got it, also those that would have "
    "sold anyway. Use `sold` for the cost.",
)
def discount_on_extra_units(company):
    sales = company.sellout.merge(company.stores[["store_id", "account_id"]])
    sales = sales[sales["account_id"] == "A004"]
    lines = company.order_lines.merge(company.orders[["order_id", "account_id", "ordered_on"]])
    lines = lines[(lines["account_id"] == "A004") & (lines["ordered_on"] >= "2024-12-01")]
    sums = lines.groupby("product_id")[["gross_profit", "quantity"]].sum()
    per_unit = sums["gross_profit"] / sums["quantity"] / company.assumptions["units_per_case"]
    found = {}
    for row in company.promotions.query("account_id == 'A004'").itertuples():
        own = sales[sales["product_id"] == row.product_id]
        effect = ka.promotion.uplift(own, row.starts_on, row.ends_on)
        spent = effect.gross * row.discount_per_unit + row.fees
        found[row.promotion_id] = effect.net * per_unit[row.product_id] / spent
    return found


@q9.misconception(
    zh="你算的是**净**回报（{answer}）：已经减掉了花费。题目要的是毛利 ÷ 花费，`of` 用默认的就行。报告里写哪一种，要说清楚。",
    en="You worked out the **net** return ({answer}), with the cost already taken off. The question wants profit ÷ cost: leave `of` as it "
    "is. And in a report, say which one you mean.",
)
def net_return(company):
    sales = company.sellout.merge(company.stores[["store_id", "account_id"]])
    sales = sales[sales["account_id"] == "A004"]
    lines = company.order_lines.merge(company.orders[["order_id", "account_id", "ordered_on"]])
    lines = lines[(lines["account_id"] == "A004") & (lines["ordered_on"] >= "2024-12-01")]
    sums = lines.groupby("product_id")[["gross_profit", "quantity"]].sum()
    per_unit = sums["gross_profit"] / sums["quantity"] / company.assumptions["units_per_case"]
    found = {}
    for row in company.promotions.query("account_id == 'A004'").itertuples():
        own = sales[sales["product_id"] == row.product_id]
        effect = ka.promotion.uplift(own, row.starts_on, row.ends_on)
        spent = ka.promotion.cost(effect.sold, row.discount_per_unit, row.fees)
        profit = per_unit[row.product_id]
        found[row.promotion_id] = ka.promotion.roi(effect.net, profit, spent, of="net").roi
    return found


@q9.misconception(
    zh="每件毛利用了价目表的价减成本（{answer}）。屿果不按价目表进货，折扣早就给了：它实际每件挣多少，在 `profit_per_unit` 里。",
    en="You took list price less cost as the profit of a unit ({answer}). Yuguo does not pay list; the discount is long given. "
    "What a unit really earns there stands in `profit_per_unit`.",
)
def margin_at_list_price(company):
    sales = company.sellout.merge(company.stores[["store_id", "account_id"]])
    sales = sales[sales["account_id"] == "A004"]
    products = company.products.set_index("product_id")
    per_unit = products["list_price"] - products["unit_cost"]
    per_unit /= company.assumptions["units_per_case"]
    found = {}
    for row in company.promotions.query("account_id == 'A004'").itertuples():
        own = sales[sales["product_id"] == row.product_id]
        effect = ka.promotion.uplift(own, row.starts_on, row.ends_on)
        spent = ka.promotion.cost(effect.sold, row.discount_per_unit, row.fees)
        found[row.promotion_id] = effect.net * per_unit[row.product_id] / spent
    return found


@q9.misconception(
    zh="把活动期卖的全算成促销带来的了（{answer}）。不做活动，这几周本来也会卖一些：先减掉基线。",
    en="You credited the promotion with everything sold in its weeks ({answer}). Part of that would have been sold anyway: take the "
    "baseline off first.",
)
def all_sales_as_uplift(company):
    sales = company.sellout.merge(company.stores[["store_id", "account_id"]])
    sales = sales[sales["account_id"] == "A004"]
    lines = company.order_lines.merge(company.orders[["order_id", "account_id", "ordered_on"]])
    lines = lines[(lines["account_id"] == "A004") & (lines["ordered_on"] >= "2024-12-01")]
    sums = lines.groupby("product_id")[["gross_profit", "quantity"]].sum()
    per_unit = sums["gross_profit"] / sums["quantity"] / company.assumptions["units_per_case"]
    found = {}
    for row in company.promotions.query("account_id == 'A004'").itertuples():
        own = sales[sales["product_id"] == row.product_id]
        effect = ka.promotion.uplift(own, row.starts_on, row.ends_on)
        spent = ka.promotion.cost(effect.sold, row.discount_per_unit, row.fees)
        found[row.promotion_id] = effect.sold * per_unit[row.product_id] / spent
    return found


@q9.facts
def facts_of_q9(company):
    sales = company.sellout.merge(company.stores[["store_id", "account_id"]])
    sales = sales[sales["account_id"] == "A004"]
    first = company.promotions.query("account_id == 'A004'").iloc[0]
    own = sales[sales["product_id"] == first["product_id"]]
    effect = ka.promotion.uplift(own, first["starts_on"], first["ends_on"])
    return {"first": first["promotion_id"], "sold": f"{effect.sold:,.0f}"}


q9.not_tried(
    zh="先做一场：从 `own` 里挑出这个产品的行，交给 `ka.promotion.uplift`，看它给出哪几个数。",
    en="A first step: take one promotion. Pick the product's rows out of `own`, give them to `ka.promotion.uplift`, and see what comes back.",
)
q9.hints(
    zh=[
        "三步：净增量（`uplift`），花费（`cost`），回报（`roi`）。两场各做一遍。",
        "`for promotion in promotions.itertuples():` 一场一场走；`promotion.product_id`、`promotion.starts_on` 取这一场的列。",
        "回报用 `effect.net`，花费用 `effect.sold`，每件毛利用 `profit_per_unit[promotion.product_id]`。",
    ],
    en=[
        "Three steps: net uplift (`uplift`), cost (`cost`), return (`roi`). Once for each promotion.",
        "`for promotion in promotions.itertuples():` goes through them; `promotion.product_id` and `promotion.starts_on` are its columns.",
        "`effect.net` earns, `effect.sold` costs, and a unit earns `profit_per_unit[promotion.product_id]`.",
    ],
)
q9.unforeseen(
    zh="先数一数：{first} 那一场，活动期一共卖了 {sold} 件（`effect.sold`）。",
    en="Count first: in {first}, {sold} units were sold during the promotion (`effect.sold`).",
)

# --- q10: what we still owe -----------------------------------------------------------------------

q10 = assignment.task(
    "q10",
    answer="old_debts",
    form=Number(tolerance=1, unit="yuan"),
    points=8,
    level="analyst",
    kind="choose",
    row_ids=("4-3",),
)


@q10.reference
def fee_by_fee(company):
    settled = company.claims[company.claims["settled_on"] <= company.as_of]
    paid = settled.groupby("fee_id")["amount"].sum()
    known = company.accruals[company.accruals["accrued_on"] <= company.as_of]
    left = (known["amount"] - known["fee_id"].map(paid).fillna(0)).clip(lower=0)
    days = (company.as_of - known["accrued_on"]).dt.days
    return left[days > 90].sum()


@q10.also_right
def from_the_table(company):
    fees = ka.promotion.claims(company.accruals, company.claims, company.as_of)
    return float(fees.query("days_open > 90")["open"].sum())


@q10.misconception(
    zh="你算出来是 {answer:,.0f} 元，没核销完的全算上了，连上个月刚计提的也在。题目只问超过 90 天的：用哪一列筛？",
    en="You got CNY {answer:,.0f}: everything unsettled, last month's fees as well. Only those older than 90 days are asked for. "
    "Which column filters them?",
)
def all_that_is_open(company):
    fees = ka.promotion.claims(company.accruals, company.claims, company.as_of)
    return fees["open"].sum()


@q10.misconception(
    zh="你算出来是 {answer:,.0f} 元，加的是当初计提的全额。有几笔已经付了一部分：还欠的是哪一列？",
    en="You got CNY {answer:,.0f}, adding what was accrued at first. Some of these fees have been settled in part: which column holds "
    "what is left?",
)
def accrued_in_full(company):
    fees = ka.promotion.claims(company.accruals, company.claims, company.as_of)
    return fees.loc[fees["days_open"] > 90, "accrued"].sum()


@q10.misconception(
    zh="你算出来是 {answer:,.0f} 元，只算了一分没付的。付了一半的也还欠着客户，一样会被问起：把部分核销的也算进来。",
    en="You got CNY {answer:,.0f}, counting only fees of which nothing was paid. Those paid in part are still owed, and the customer "
    "will ask. Include the partly settled ones.",
)
def untouched_only(company):
    fees = ka.promotion.claims(company.accruals, company.claims, company.as_of)
    return fees.loc[(fees["days_open"] > 90) & (fees["claim_state"] == "open"), "open"].sum()


@q10.misconception(
    zh="你算出来是 {answer:,.0f} 元，是计提总额减核销总额。有的费用核多了，有的没计提就核了，会把别家的欠账抵掉。一笔一笔算，再加起来。",
    en="You got CNY {answer:,.0f}: total accrued less total settled. Fees paid beyond their accrual, or never accrued, hide what others "
    "are owed. Work fee by fee, then add up.",
)
def totals_subtracted(company):
    settled = company.claims[company.claims["settled_on"] <= company.as_of]
    return company.accruals["amount"].sum() - settled["amount"].sum()


@q10.misconception(
    zh="你填的是 {answer:,.0f}，这是笔数。题目要的是还欠的金额：筛好以后把 `open` 加起来。",
    en="You gave {answer:,.0f}: how many fees there are. The question asks for the money still owed: after filtering, add up `open`.",
)
def how_many(company):
    fees = ka.promotion.claims(company.accruals, company.claims, company.as_of)
    return int((fees["days_open"] > 90).sum())


@q10.facts
def facts_of_q10(company):
    fees = ka.promotion.claims(company.accruals, company.claims, company.as_of)
    return {"fees": int((fees["days_open"] > 90).sum())}


q10.not_tried(
    zh="先看上面的 `fees`：`open` 是还欠多少，`days_open` 是欠了几天。",
    en="A first step: look at `fees` above. `open` is what is still owed, `days_open` for how many days.",
)
q10.hints(
    zh=[
        "先筛行，再加一列。筛的是天数，加的是还欠的钱。",
        '条件写在方括号里：`fees[fees["days_open"] > 90]`。',
        '`fees.loc[条件, "open"].sum()`。',
    ],
    en=[
        "Filter the rows, then add one column. Filter on days, add what is still owed.",
        'A condition goes into square brackets: `fees[fees["days_open"] > 90]`.',
        '`fees.loc[condition, "open"].sum()`.',
    ],
)
q10.unforeseen(
    zh="先数一数：超过 90 天还没核销完的费用应当有 {fees} 笔。",
    en="Count first: {fees} fees older than 90 days are not fully settled.",
)
