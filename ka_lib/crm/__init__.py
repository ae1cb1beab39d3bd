"""CRM exports in, ka_lib's tables out: `read_export`."""

from ka_lib.crm.importer import read_export
from ka_lib.crm.result import Import

__all__ = ["Import", "read_export"]
