"""What an import understood, as tables without a customer's data: columns, counts, reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_course.speech import text
from ka_lib.labels import label
from ka_lib.language import text as ka_text
from ka_lib.review.sections import system_name
from ka_lib.review.table import Table

if TYPE_CHECKING:
    from ka_lib.crm import Import

EXAMPLES = 5  # row numbers of rows set aside, for each reason


def understood(imported: Import) -> str:
    """Return the account of an import as HTML.

    Names of columns, numbers of rows and reasons only: a panel is no place for customer data.
    """
    rows = text(
        "my_data.understood",
        deals=f"{len(imported.company.opportunities):,}",
        day=f"{imported.company.as_of:%Y-%m-%d}",
        currency=imported.company.currency,
        system=system_name(imported.system).strip(),
    )
    key = "with_history" if imported.company.has("stage_history") else "without_history"
    parts = [f"<p>{rows}</p>", f"<p>{text(f'my_data.{key}')}</p>", _mapped(imported).html()]
    if len(imported.unmapped):
        columns = {"file": "text", "column": "text", "reason": "text"}
        parts.append(Table(imported.unmapped, columns, text("my_data.unmapped")).html())
    if len(imported.set_aside):
        parts.append(_set_aside(imported).html())
    return f'<div style="line-height: 1.5">{"".join(parts)}</div>'


def _mapped(imported: Import) -> Table:
    used = imported.mapped[imported.mapped["table"].isin(imported.company.tables)]
    shown = pd.DataFrame(
        {
            "file": used["file"],
            "column": used["column"],
            "field": [
                text("my_data.field", table=label("table", table), field=label("column", field))
                for table, field in zip(used["table"], used["field"], strict=True)
            ],
        }
    )
    columns = {"file": "text", "column": "text", "field": "text"}
    return Table(shown, columns, text("my_data.mapped"))


def _set_aside(imported: Import) -> Table:
    rows = []
    for (file, _), group in imported.set_aside.groupby(["file", "cause"], sort=False):
        numbers = ka_text("review.comma").join(map(str, group["row"].head(EXAMPLES)))
        more = " …" if len(group) > EXAMPLES else ""
        rows.append((file, group["reason"].iloc[0], len(group), numbers + more))
    frame = pd.DataFrame(rows, columns=["file", "reason", "rows", "which"])
    columns = {"file": "text", "reason": "text", "rows": "count", "which": "text"}
    return Table(frame, columns, ka_text("review.set_aside"))
