"""Products, orders and their lines: who bought what, when, at which price.

Each customer has a pace, a range and a margin of its own; the story bends its curve: the stock-out
at Jiusui and the way back, the loading at Hexi, the price war, customers that fade and leave.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

START, AS_OF = date(2023, 1, 1), date(2025, 11, 30)
MONTH = 30.4
A_YEAR = 365.25
DRAW = 334  # which draw of orders; chosen so that the practice company tells the course's story
LEVEL = 83_000  # yuan a month of a customer of size 1, in the middle of 2024
GROWTH = 1.289  # a year, of a customer that goes on as it is
NEW_SHARE = 0.3  # of its later level that a new customer starts with, and what it can reach
RAMP_DAYS = 300
LOST_EACH_YEAR = {2023: 3, 2024: 3, 2025: 2}
FADING = 5
FIGHTING = 8
PRICE_WAR = date(2025, 7, 1)
JOINT_PLAN, STOCK_OUT = date(2024, 6, 1), (date(2024, 1, 10), date(2024, 3, 1))
LOADING = date(2024, 12, 1)
STORY_PACES = {"A001": 4.2, "A002": 1.7, "A003": 2.2, "A004": 1.4, "A005": 2.0}  # orders a month
EAST = ("CN-SH", "CN-JS", "CN-ZJ", "CN-AH")

# id, names, category, list price of a case, cost as a share of it, kg, kg CO2e, first sold
PRODUCTS: tuple[tuple[Any, ...], ...] = (
    ("P01", "鲜食便当", "Fresh lunch box", "fresh", 186, 0.60, 6.0, 9.6, "2021-03-01"),
    ("P02", "海苔饭团", "Seaweed rice ball", "fresh", 138, 0.58, 4.5, 6.3, "2021-03-01"),
    ("P03", "早餐三明治", "Breakfast sandwich", "fresh", 152, 0.59, 4.0, 7.2, "2022-05-01"),
    ("P04", "桶装拉面", "Cup ramen", "noodles", 96, 0.62, 5.2, 5.7, "2018-01-01"),
    ("P05", "葱油拌面", "Scallion noodles", "noodles", 112, 0.60, 6.4, 6.0, "2019-06-01"),
    ("P06", "米饼脆片", "Rice crisps", "snacks", 104, 0.59, 3.2, 3.8, "2018-01-01"),
    ("P07", "混合坚果", "Mixed nuts", "snacks", 268, 0.63, 5.0, 8.5, "2020-09-01"),
    ("P08", "冷泡茶", "Cold-brew tea", "drinks", 78, 0.60, 9.6, 4.1, "2019-04-01"),
    ("P09", "燕麦奶", "Oat milk", "drinks", 118, 0.61, 10.4, 5.2, "2023-04-01"),
    ("P10", "早餐麦片", "Breakfast cereal", "breakfast", 164, 0.59, 4.8, 4.6, "2020-03-01"),
    ("P11", "年货礼盒", "New Year gift box", "gifts", 298, 0.57, 6.6, 8.9, "2019-11-01"),
    ("P12", "中秋礼盒", "Mid-Autumn gift box", "gifts", 276, 0.57, 5.8, 8.1, "2019-07-01"),
)
GIFT_MONTHS = {"P11": (1, 12), "P12": (8, 9)}
# What a kind of shop sells most of; 1 where nothing is said.
TASTES: Mapping[str, Mapping[str, float]] = {
    "convenience": {"fresh": 3.0, "drinks": 1.6, "gifts": 0.3},
    "fresh": {"fresh": 4.0, "breakfast": 1.4, "noodles": 0.5},
    "club": {"snacks": 2.0, "gifts": 1.8, "breakfast": 1.5},
    "snacks": {"snacks": 3.5, "fresh": 0.1, "drinks": 1.3},
    "hypermarket": {"noodles": 1.6, "gifts": 1.3, "drinks": 1.3},
    "supermarket": {"noodles": 1.3, "snacks": 1.2},
}


def tables(
    seed: int, accounts: Sequence[Mapping[str, Any]], seasons: Sequence[float]
) -> dict[str, list[dict[str, Any]]]:
    """Make ``products``, ``orders`` and ``order_lines``.

    Parameters
    ----------
    seed : int
        The company's.
    accounts : sequence of mapping
        With ``customer_since``, ``size``, ``volume``, ``margin``, ``existing``, ``segment``,
        ``region`` and both names.
    seasons : sequence of float
        Twelve, January first: 1 is an average month.

    Returns
    -------
    dict of str to list of dict
        Rows by table.
    """
    rng = Random(f"{seed} orders {DRAW}")  # noqa: S311 - a story, not a secret
    customers = [account for account in accounts if account["customer_since"] is not None]
    ends, fading, fighting = _fates(rng, customers)
    orders: list[dict[str, Any]] = []
    for account in customers:
        name = account["account_id"]
        own = Random(f"{seed} orders {DRAW} {name}")  # noqa: S311
        shop = _Shop(own, account, seasons, fades=name in fading, fights=name in fighting)
        orders += shop.orders(ends.get(name, AS_OF))
    orders.sort(key=lambda order: (order["ordered_on"], order["account_id"], -order["amount"]))
    lines = []
    for number, order in enumerate(orders, start=1):
        order["order_id"] = f"S{number:05d}"
        lines += [{"order_id": order["order_id"], **line} for line in order.pop("lines")]
    return {"products": _products(), "orders": orders, "order_lines": lines}


def _products() -> list[dict[str, Any]]:
    return [
        {
            "product_id": key,
            "product_name_zh": zh,
            "product_name_en": en,
            "category": category,
            "list_price": price,
            "unit_cost": round(price * cost, 2),
            "case_kg": kg,
            "co2_kg": co2,
            "launched_on": launched,
        }
        for key, zh, en, category, price, cost, kg, co2, launched in PRODUCTS
    ]


def _fates(
    rng: Random, customers: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, date], set[str], set[str]]:
    """Return who leaves on which day, who fades this autumn, and who is in the price war."""
    tail = [
        one["account_id"]
        for one in customers
        if one["size"] < 1.6 and one["existing"] and one["account_id"] > "A005"  # noqa: PLR2004
    ]
    rng.shuffle(tail)
    ends = {}
    for year, number in LOST_EACH_YEAR.items():
        # Each leaves within the 12 months to the end of November, the year that reviews compare.
        first = max(START, date(year - 1, 12, 1)) + timedelta(days=60)
        for _ in range(number):
            ends[tail.pop()] = first + timedelta(days=rng.randint(0, 240))
    middle = [one for one in customers if 0.8 < one["size"] < 4 and one["account_id"] > "A005"]  # noqa: PLR2004
    staying = [one["account_id"] for one in middle if one["account_id"] not in ends]
    old = [
        one["account_id"]
        for one in middle
        if one["account_id"] in staying and one["customer_since"] < "2024-06-01"
    ]
    fading = set(rng.sample(old, min(FADING, len(old))))
    east = [
        one["account_id"]
        for one in middle
        if one["region"] in EAST
        and one["account_id"] in staying
        and one["account_id"] not in fading
    ]
    return ends, fading, {"A005", *rng.sample(east, min(FIGHTING - 1, len(east)))}


class _Shop:
    """One customer's way of buying."""

    def __init__(
        self,
        rng: Random,
        account: Mapping[str, Any],
        seasons: Sequence[float],
        *,
        fades: bool,
        fights: bool,
    ) -> None:
        self.rng, self.account, self.seasons = rng, account, seasons
        # What is in an order is drawn apart from when it comes and how large it is.
        self.picks = Random(rng.random())  # noqa: S311
        self.fades, self.fights = fades, fights
        self.name = account["account_id"]
        self.since = date.fromisoformat(account["customer_since"])
        size = account["size"]
        self.own = rng.lognormvariate(0, 0.15)
        pace = rng.gammavariate(3.0, 0.36) * size**0.25
        self.gap = MONTH / STORY_PACES.get(self.name, min(max(pace, 0.3), 2.4))
        # Large accounts order by plan; a small shop orders when somebody thinks of it.
        steady = self.name in STORY_PACES
        self.gap_noise = 0.05 if steady else 0.35 if size > 1 else 0.75
        self.amount_noise = 0.03 if steady else 0.2
        self.ramps = self.since >= START
        self.level = LEVEL * size**1.15 * account["volume"] * self.own
        self.range = self._range()

    def _range(self) -> dict[str, float]:
        """Return which products it carries, and how much of each."""
        rng, tastes = self.picks, TASTES[self.account["segment"]]
        weights = {key: tastes.get(row[0], 1.0) for key, *row in ((p[0], p[3]) for p in PRODUCTS)}
        most = 10 if self.account["size"] > 1.6 else 7  # noqa: PLR2004
        count = rng.randint(3, most)
        if self.name in STORY_PACES:
            count = max(count, 7)
        keys = {key: rng.random() ** (1 / weight) for key, weight in weights.items()}
        chosen = sorted(keys, key=lambda key: -keys[key])[:count]
        return {key: weights[key] * rng.uniform(0.4, 1.6) for key in sorted(chosen)}

    def orders(self, end: date) -> list[dict[str, Any]]:
        """Return its orders and returns up to a day."""
        rng, rows = self.rng, []
        day = max(self.since, START) + timedelta(days=round(rng.uniform(0, self.gap)))
        if self.ramps:
            day = self.since + timedelta(days=rng.randint(1, 12))
        while day <= end:
            noise = self.gap_noise
            gap = max(1, round(self.gap * rng.lognormvariate(-(noise**2) / 2, noise)))
            wanted = self._monthly(day) * gap / MONTH * rng.lognormvariate(0, self.amount_noise)
            order = self._order(day, wanted)
            rows.append(order)
            returned = self._returned(order)
            if returned is not None:
                rows.append(returned)
            day += timedelta(days=gap)
        return rows

    def _monthly(self, day: date) -> float:
        """Return what it buys a month, in yuan, around a day."""
        years = (day - date(2024, 7, 1)).days / A_YEAR
        level = self.level * self.seasons[day.month - 1]
        if self.name == "A003":
            return level * self._jiusui(day)
        level *= GROWTH**years
        if self.ramps:
            age = (day - self.since).days / RAMP_DAYS
            level *= NEW_SHARE * (0.5 + 0.5 * min(age, 1.0))
        if self.name == "A005" and day >= LOADING:
            level *= {0: 1.9, 1: 0.5, 2: 0.5}.get((day.year - 2024) * 12 + day.month - 12, 1.0)
        if self.fades and day >= date(2025, 7, 1):
            level *= max(0.28, 0.8 - (day - date(2025, 7, 1)).days / 210)
        if self.fights and day >= PRICE_WAR:
            level *= 0.96
        return level

    def _jiusui(self, day: date) -> float:
        """Return Jiusui's own curve: short of goods, angry, then 45% up in 18 months."""
        if day < STOCK_OUT[0]:
            return 1.0
        if day < STOCK_OUT[1]:
            return 0.5
        if day < JOINT_PLAN:
            return 0.86
        return float(0.86 * 1.45 ** ((day - JOINT_PLAN).days / (18 * MONTH)))

    def _order(self, day: date, wanted: float) -> dict[str, Any]:
        rng = self.picks
        margin = self.account["margin"] * rng.uniform(0.95, 1.05)
        if self.fights and day >= PRICE_WAR:
            margin -= 0.04
        offered = {
            key: weight * (4.0 if key in GIFT_MONTHS else 1.0)
            for key, weight in self.range.items()
            if day.month in GIFT_MONTHS.get(key, range(1, 13))
            and date.fromisoformat(_LAUNCHED[key]) <= day
        } or {"P04": 1.0}
        most = min(len(offered), 5)
        keys = {key: rng.random() ** (1 / weight) for key, weight in offered.items()}
        chosen = sorted(sorted(keys, key=lambda key: -keys[key])[: rng.randint(min(2, most), most)])
        total = sum(offered[key] for key in chosen)
        cost = sum(offered[key] * _COST[key] for key in chosen) / total
        kept = min(cost / (1 - margin), 0.98)  # of the list price, after the discount
        lines = []
        for key in chosen:
            cases = max(1, round(wanted * offered[key] / total / (_PRICE[key] * kept)))
            amount = round(cases * _PRICE[key] * kept)
            profit = amount - round(cases * _PRICE[key] * _COST[key])
            lines.append(
                {"product_id": key, "quantity": cases, "amount": amount, "gross_profit": profit}
            )
        return self._sums(day, lines, self._typed())

    def _returned(self, order: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return what comes back of an order, if anything: scrapped, so the whole sale is lost."""
        rng = self.picks
        day = order["ordered_on"] + timedelta(days=rng.randint(9, 35))
        if rng.random() > (0.12 if self.name == "A001" else 0.045) or day > AS_OF:
            return None
        line = rng.choice(order["lines"])
        cases = max(1, round(line["quantity"] * rng.uniform(0.05, 0.25)))
        amount = round(line["amount"] * cases / line["quantity"])
        back = {
            "product_id": line["product_id"],
            "quantity": -cases,
            "amount": -amount,
            "gross_profit": -amount,
        }
        return self._sums(day, [back], order["bill_to_zh"], order["bill_to_en"])

    def _sums(self, day: date, lines: list[dict[str, Any]], *names: Any) -> dict[str, Any]:
        zh, en = names if len(names) > 1 else names[0]
        return {
            "order_id": "",
            "account_id": self.name,
            "ordered_on": day,
            "amount": sum(line["amount"] for line in lines),
            "gross_profit": sum(line["gross_profit"] for line in lines),
            "list_amount": sum(line["quantity"] * _PRICE[line["product_id"]] for line in lines),
            "bill_to_zh": zh,
            "bill_to_en": en,
            "lines": lines,
        }

    def _typed(self) -> tuple[str, str]:
        """Return the customer's name as the order desk typed it: nearly always the right one."""
        zh, en = self.account["account_name_zh"], self.account["account_name_en"]
        slips = (
            (f"{zh} ", f"{en} "),
            (f"{zh}（上海）", f"{en} (Shanghai)"),
            (f"{zh}有限公司", f"{en} Co., Ltd."),
            (f" {zh}", en.upper()),
        )
        share = 0.18 if self.account["size"] > 1.6 else 0.06  # noqa: PLR2004
        return self.picks.choice(slips) if self.picks.random() < share else (zh, en)


_PRICE = {row[0]: row[4] for row in PRODUCTS}
_COST = {row[0]: row[5] for row in PRODUCTS}
_LAUNCHED = {row[0]: row[8] for row in PRODUCTS}
