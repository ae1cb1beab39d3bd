"""A small assignment of three tasks, for the tests of everything that reads task definitions."""

from ka_course.tasks import Assignment, Frame, Number

assignment = Assignment("ch99")

q1 = assignment.task(
    "q1", answer="win_rate", form=Number(tolerance=0.0005, fraction=True), points=5, level="core"
)


@q1.reference
def reference(company):
    deals = company.opportunities
    return (deals["status"] == "won").sum() / deals["status"].isin(["won", "lost"]).sum()


@q1.misconception(
    zh="你算出来是 {answer:.2f}，分母里有还没结果的商机（{still_open} 个）。",
    en="You got {answer:.2f}: the base holds {still_open} deals that are still open.",
)
def open_in_base(company):
    return (company.opportunities["status"] == "won").mean()


@q1.also_right
def by_counting(company):
    counts = company.opportunities["status"].value_counts()
    return counts["won"] / (counts["won"] + counts["lost"])


@q1.facts
def facts(company):
    return {"still_open": (company.opportunities["status"] == "open").sum()}


q1.not_tried(zh="先数一数赢单有几个。", en="Count the won deals first.")
q1.hints(zh=["分母是谁？", "没结果的商机不算。"], en=["What is the base?", "Open deals stay out."])
q1.unforeseen(
    zh="没结果的商机应当有 {still_open} 个。", en="{still_open} deals should still be open."
)

q2 = assignment.task(
    "q2",
    answer="by_stage",
    form=Frame(key=("stage",), values=("count",)),
    points=10,
    level="analyst",
    kind="build",
)


@q2.reference
def counted(company):
    return company.opportunities.groupby("stage").size().reset_index(name="count")


@q2.misconception(zh="你只数了还开着的商机。", en="You counted open deals only.")
def open_only(company):
    deals = company.opportunities
    deals = deals[deals["status"] == "open"]
    return deals.groupby("stage").size().reset_index(name="count")


@q2.also_right
def as_series(company):
    import pandas as pd

    return pd.Series(company.opportunities["stage"].value_counts())


q2.not_tried(zh="先看看有哪些阶段。", en="Look at the stages first.")
q2.hints(zh=["分组。"], en=["Group the deals."])
q2.unforeseen(zh="你交的是{answer}。", en="You handed in {answer}.")
