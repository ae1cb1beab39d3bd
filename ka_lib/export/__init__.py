"""Results to take along: a workbook to send on, tables for Tableau and Power BI, a phone calendar.

No file is replaced unless asked to, and none is left half written.
"""

from ka_lib.export.phone import calendar
from ka_lib.export.star import star_schema
from ka_lib.export.workbook import excel

__all__ = ["calendar", "excel", "star_schema"]
