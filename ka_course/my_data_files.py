"""The learner's folder of exports: what lies there, and where an upload goes."""

from __future__ import annotations

from pathlib import Path

from ka_lib.crm.files import SUFFIXES

FOLDER = "my-data"
REPORTS = "reports"


def choices(folder: Path) -> list[str]:
    """Return what can be chosen: each spreadsheet, and ``"."`` for all of them together."""
    if not folder.is_dir():
        return []
    names = sorted(
        path.name
        for path in folder.iterdir()
        if path.is_file()
        and path.suffix.lower() in SUFFIXES
        and not path.name.startswith((".", "~$"))
    )
    return ([".", *names]) if len(names) > 1 else names


def save(folder: Path, name: str, content: bytes) -> str:
    """Keep an uploaded file and return its name; another file of that name stays as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = Path(name.replace("\\", "/")).name or "export.csv"
    target = folder / plain
    turn = 2
    while target.exists() and target.read_bytes() != content:
        target = folder / f"{Path(plain).stem}-{turn}{Path(plain).suffix}"
        turn += 1
    if not target.exists():
        target.write_bytes(content)
    return target.name
