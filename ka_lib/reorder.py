"""When to refill: from what a connected chiller sells to the day the next delivery is ordered.

Prevents the order that is placed when the stock runs out: by then the lead time has yet to begin.
"""

from __future__ import annotations

from typing import TypeAlias

import pandas as pd

from ka_lib.amounts import check_columns, check_not_negative
from ka_lib.errors import ParameterError
from ka_lib.frames import need, no_duplicates

Day: TypeAlias = str | pd.Timestamp

HALF = 0.5
COLUMNS = [
    *("account_id", "device_id", "days", "days_missing", "daily_mean", "daily_sd"),
    *("safety_stock", "reorder_point", "stock_on", "stock_units", "days_of_cover"),
    *("reorder_on", "reorder_state"),
]


def reorder_point(
    usage: pd.DataFrame,
    as_of: Day,
    lead_time_days: float,
    service_level: float = 0.95,
) -> pd.DataFrame:
    """Return each device's reorder point, its days of cover and the day to reorder.

    Parameters
    ----------
    usage : DataFrame
        One row a device and day: ``day``, ``account_id``, ``device_id``, ``units`` sold and
        ``stock_units`` left in the evening. A blank is a day on which the sensor was silent; a
        day without sales is a 0.
    as_of : date
        Days after it are not known yet. To learn from recent days only, give those.
    lead_time_days : float
        From order to refill.
    service_level : float
        The chance of no stock-out during a lead time, from 0.5 up to, not, 1. Default 0.95.

    Returns
    -------
    DataFrame
        One row a device, the first to be ordered on top: ``account_id``, ``device_id``, ``days``
        (with units: the base of mean and deviation) and ``days_missing`` (rows without),
        ``daily_mean``, ``daily_sd`` (sample, n - 1; missing on a single day), ``safety_stock`` =
        z * sd * sqrt(lead time), ``reorder_point`` = mean * lead time + safety stock,
        ``stock_on`` and ``stock_units`` (the last evening with a known stock), ``days_of_cover``
        (stock / mean; missing without sales), ``reorder_on`` (the whole day on which the stock is
        expected to be down to the reorder point, rounded down; ``stock_on`` when it already is)
        and ``reorder_state``: ``now`` (``reorder_on`` is not after ``as_of``), ``later`` or
        ``unknown``. Units are not rounded.

    Raises
    ------
    ParameterError
        The service level is not in its range, or the lead time is negative.
    TableError
        A column is missing, a device has a day twice, units are negative.

    Notes
    -----
    The textbook formula (Silver, Pyke & Thomas, *Inventory and Production Management in Supply
    Chains*, 4th ed., ch. 6; z is the normal quantile, ``scipy.stats.norm.ppf``). It supposes a
    lead time that never varies, days independent of each other and no trend: before a holiday,
    give it days like those to come.
    """
    check_not_negative(lead_time_days=lead_time_days)
    if not HALF <= service_level < 1:
        raise ParameterError("reorder.service_level", given=service_level)
    from scipy.stats import norm

    rows = need(usage, "usage", ["day", "account_id", "device_id"])
    measured = ["units", "stock_units"]
    need(usage.head(0), "usage", measured)  # they may be blank, but must be there
    rows = rows.join(usage[measured].reset_index(drop=True))
    rows["day"] = pd.to_datetime(rows["day"]).dt.normalize()
    no_duplicates(rows, "usage", ["device_id", "day"])
    check_columns(rows, "usage", measured)
    today = pd.Timestamp(as_of).normalize()
    known = rows[rows["day"] <= today].sort_values(["device_id", "day"])
    devices = known.groupby("device_id")
    table = devices["units"].agg(["count", "size", "mean", "std"]).astype("float64")
    table.columns = pd.Index(["days", "size", "daily_mean", "daily_sd"])
    table["account_id"] = devices["account_id"].last()
    table["days_missing"] = (table["size"] - table["days"]).astype("int64")
    table["days"] = table["days"].astype("int64")
    z = float(norm.ppf(service_level))
    table["safety_stock"] = z * table["daily_sd"] * lead_time_days**0.5
    table["reorder_point"] = table["daily_mean"] * lead_time_days + table["safety_stock"]
    evening = known.dropna(subset=["stock_units"]).groupby("device_id").last()
    table["stock_on"] = evening["day"].reindex(table.index)
    table["stock_units"] = evening["stock_units"].reindex(table.index).astype("float64")
    sold = table["daily_mean"].where(table["daily_mean"] > 0)
    table["days_of_cover"] = table["stock_units"] / sold
    left = ((table["stock_units"] - table["reorder_point"]) / sold).clip(lower=0)
    # 29.999999999 days are 30: what the arithmetic leaves behind must not cost a day.
    table["reorder_on"] = table["stock_on"] + pd.to_timedelta((left + 1e-9) // 1, unit="D")
    return _in_order(table.reset_index(), today)


def _in_order(table: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    state = pd.Series("unknown", index=table.index, dtype="str")
    state = state.mask(table["reorder_on"] > today, "later")
    state = state.mask(table["reorder_on"] <= today, "now")
    table["reorder_state"] = state
    return table.sort_values(["reorder_on", "device_id"], ignore_index=True)[COLUMNS]
