"""The opening's assignment: a number to change, a comma to mend, a blank to fill.

The references add up rows; the worked solutions call ``ka_lib``. Each function stands alone,
because its source becomes a submission of the simulated class.
"""

import ka_lib as ka
from ka_course.tasks import Assignment, Number

assignment = Assignment("ch00")

# --- q1: change 0.20 to 0.10 ---------------------------------------------------------------------

q1 = assignment.task(
    "q1", answer="top_tenth", form=Number(tolerance=0.0005, fraction=True), points=25
)


@q1.reference
def tenth_by_sums(company):
    orders = company.orders[company.orders["ordered_on"] > "2024-11-30"]
    sales = orders.groupby("account_id")["amount"].sum().sort_values(ascending=False)
    tenth = -(-len(sales) // 10)  # rounded up
    return sales.iloc[:tenth].sum() / sales.sum()


@q1.also_right
def rounded_to_four(company):
    orders = company.orders[company.orders["ordered_on"] > "2024-11-30"]
    return round(ka.concentration.top_share(ka.concentration.pareto(orders), 0.1).share, 4)


@q1.misconception(
    zh="这是 0.20 的结果，等于还没动笔。把上面那格里的 `0.20` 改成 `0.10`，按 Shift+Enter 运行，再回来运行这一格。",
    en="This is the result for 0.20, so the question is not started yet. In the cell above change `0.20` to `0.10`, press Shift+Enter, "
    "then run this cell again.",
)
def still_a_fifth(company):
    orders = company.orders[company.orders["ordered_on"] > "2024-11-30"]
    return ka.concentration.top_share(ka.concentration.pareto(orders), 0.2).share


@q1.misconception(
    zh="你算出来是 {answer}，量的是最大的 1%（0.01）。一成是百分之十，写成小数是几？",
    en="You got {answer}: that is the largest 1% (0.01). A tenth is ten percent; how is that written as a decimal?",
)
def one_percent(company):
    orders = company.orders[company.orders["ordered_on"] > "2024-11-30"]
    return ka.concentration.top_share(ka.concentration.pareto(orders), 0.01).share


@q1.misconception(
    zh="你填的是 {answer}，这是金额，单位元。要的是占比：这一行末尾应当还是 `.share`。",
    en="You gave {answer}: an amount in yuan. A share is wanted, so the line still has to end in `.share`.",
)
def yuan_for_share(company):
    orders = company.orders[company.orders["ordered_on"] > "2024-11-30"]
    return ka.concentration.top_share(ka.concentration.pareto(orders), 0.1).value


@q1.misconception(
    zh="你算出来是 {answer}，这是**其余**客户带来的。最大的一成带来多少？只改 `0.20` 这一个数，别的都不用动。",
    en="You got {answer}: what all the **other** customers bring. How much does the largest tenth bring? Change the 0.20 and nothing else.",
)
def the_rest(company):
    orders = company.orders[company.orders["ordered_on"] > "2024-11-30"]
    return 1 - ka.concentration.top_share(ka.concentration.pareto(orders), 0.1).share


@q1.facts
def facts_of_q1(company):
    orders = company.orders[company.orders["ordered_on"] > "2024-11-30"]
    customers = int(orders["account_id"].nunique())
    return {"customers": customers, "tenth": -(-customers // 10)}


q1.not_tried(
    zh="先运行上面那一格（点进去，按 Shift+Enter），再回来运行这一格。",
    en="First run the cell above: click into it, press Shift+Enter. Then run this one.",
)
q1.hints(
    zh=[
        "要改的只有括号里的那个数。",
        "一成就是 10%，写成小数，两位。",
        "改完先运行上面那格，再运行 `check`。",
    ],
    en=[
        "Only the number in the brackets has to change.",
        "A tenth is 10%; write it as a decimal.",
        "After the change run the cell above first, then the `check`.",
    ],
)
q1.unforeseen(
    zh="近 12 个月下过单的客户有 {customers} 家，一成不足一家进一，是 {tenth} 家。按 Ctrl+Z 退回原样，只改 `0.20` 这个数。",
    en="{customers} customers ordered in the last 12 months; a tenth of them, a part counting as one, is {tenth}. "
    "Go back with Ctrl+Z and change the 0.20 only.",
)

# --- q2: mend the full-width comma ---------------------------------------------------------------

q2 = assignment.task("q2", answer="wanan_net", form=Number(tolerance=0.5, unit="yuan"), points=25)


@q2.reference
def what_stays_of_wanan(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    row = pnl[pnl["account_id"] == "A001"].iloc[0]
    costs = ["cost_of_goods", "logistics", "promoters", "capital"]
    return row["net_sales"] - sum(row[name] for name in costs)


@q2.also_right
def whole_yuan(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    return round(pnl.set_index("account_id").loc["A001", "net_contribution"])


@q2.misconception(
    zh="你取到的是 {answer}，这是销售总额，还没扣钱。列名应当是 `net_contribution`：除了那个符号，别的都不用改。",
    en="You got {answer}: gross sales, before anything is taken off. The column is `net_contribution`; only the sign had to change.",
)
def gross_for_net(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    return pnl.set_index("account_id").loc["A001", "gross_sales"]


@q2.misconception(
    zh="你取到的是 {answer}，这是净销售额，货、运费、促销员和账期还没扣。列名应当是 `net_contribution`。",
    en="You got {answer}: net sales, with goods, freight, promoters and credit still to come off. The column is `net_contribution`.",
)
def net_sales_for_contribution(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    return pnl.set_index("account_id").loc["A001", "net_sales"]


@q2.misconception(
    zh="你取到的是 {answer}，这是 0 到 1 之间的净贡献率。这一题要多少元，列名应当是 `net_contribution`。",
    en="You got {answer}: the rate, between 0 and 1. This question wants yuan, from the column `net_contribution`.",
)
def rate_for_yuan(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    return pnl.set_index("account_id").loc["A001", "contribution_rate"]


@q2.misconception(
    zh="你取到的是 {answer}，这是全公司所有客户加起来的。只要万桉一家：`A001` 那一行。",
    en="You got {answer}: all customers together. Only Wan'an is wanted, the row `A001`.",
)
def everybody(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    return pnl["net_contribution"].sum()


@q2.facts
def facts_of_q2(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    return {"sold": f"{pnl.set_index('account_id').loc['A001', 'gross_sales']:,.0f}"}


q2.not_tried(
    zh="先运行上面那一格，读橙色条里的解释：第几个字符、是什么符号。只换那一个符号，再运行一次，然后回到这里。",
    en="Run the cell above first and read the explanation beside the orange line: which character, which sign. Replace that sign, run it again, then come back here.",
)
q2.hints(
    zh=[
        "解释里写着第几个字符。从左往右找一个比别人“胖”一点的符号。",
        '是 `"A001"` 后面的逗号，它是中文的。',
        "切到英文输入法，删掉它，在原处打一个英文逗号，别只删不补。",
    ],
    en=[
        "The explanation says which character. Look for a sign that is wider than its neighbours.",
        'It is the comma after `"A001"`: a full-width one.',
        "Switch the keyboard to English, delete it, and type a plain comma in its place. Do not leave it out.",
    ],
)
q2.unforeseen(
    zh="万桉的销售总额是 {sold} 元，净贡献应当只有它的一小部分。看看编号是不是 `A001`，列名是不是 `net_contribution`。",
    en="Wan'an's gross sales are {sold} yuan; the net contribution is a small part of that. Is the number `A001`, and the column `net_contribution`?",
)

# --- q3: fill one blank --------------------------------------------------------------------------

q3 = assignment.task(
    "q3", answer="yuguo_rate", form=Number(tolerance=0.0005, fraction=True), points=30
)


@q3.reference
def net_over_gross(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    row = pnl[pnl["account_id"] == "A004"].iloc[0]
    return row["net_contribution"] / row["gross_sales"]


@q3.also_right
def by_position(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    return pnl[pnl["account_id"] == "A004"]["contribution_rate"].iloc[0].round(4)


@q3.misconception(
    zh="你取到的是 {answer}，这还是万桉的。屿果的编号是 `A004`。",
    en="You got {answer}: that is still Wan'an. Yuguo is number `A004`.",
)
def still_wanan(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    return pnl.set_index("account_id").loc["A001", "contribution_rate"]


@q3.misconception(
    zh="你取到的是 {answer}，这是屿果一年剩下的元数。题目问每 1 元剩多少：换成净贡献**率**那一列。",
    en="You got {answer}: the yuan that Yuguo leaves in a year. The question is how much of each yuan: take the column with the **rate**.",
)
def yuan_for_rate(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    return pnl.set_index("account_id").loc["A004", "net_contribution"]


@q3.misconception(
    zh="你算出来是 {answer}，除的是净销售额。净贡献率的分母是打折以前的**销售总额**，`contribution_rate` 那一列已经除好了。",
    en="You got {answer}: divided by net sales. The base of the rate is **gross** sales, before discounts; the column `contribution_rate` has done that division.",
)
def over_net_sales(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01").set_index("account_id")
    return pnl.loc["A004", "net_contribution"] / pnl.loc["A004", "net_sales"]


@q3.misconception(
    zh="你取到的是 {answer}，这是 `A003` 九穗生鲜的。屿果的编号是 `A004`。",
    en="You got {answer}: that is `A003`, Jiusui Fresh. Yuguo is number `A004`.",
)
def another_customer(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")
    return pnl.set_index("account_id").loc["A003", "contribution_rate"]


@q3.facts
def facts_of_q3(company):
    pnl = ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01").set_index("account_id")
    return {"sold": f"{pnl.loc['A004', 'gross_sales']:,.0f}"}


q3.not_tried(
    zh="把上面那格的 `...` 换掉：复制第 2 题修好的那句等号右边的部分，粘贴过来，再改编号和列名。",
    en="Replace the `...` in the cell above: copy what stands right of the equals sign in question 2, paste it, then change number and column.",
)
q3.hints(
    zh=[
        "等号左边的 `yuguo_rate` 不要动，只换右边的 `...`。",
        '照这个样子写：`pnl.loc["编号", "列名"]`，引号、逗号都用英文的。',
        "编号和列名，题目里都写着，原样抄进引号里。",
    ],
    en=[
        "Leave `yuguo_rate` on the left as it is; only the `...` on the right goes.",
        'It looks like this: `pnl.loc["number", "column"]`.',
        "Number and column both stand in the question; put them between the quotes as they are.",
    ],
)
q3.unforeseen(
    zh="屿果的销售总额是 {sold} 元，取到 `A004` 这一行没有？列名是 `contribution_rate`。",
    en="Yuguo's gross sales are {sold} yuan. Did you take the row `A004`? The column is `contribution_rate`.",
)
