"""How long each lecture takes from top to bottom, for the ``seconds`` in its header.

Run: uv run python benchmarks/lectures.py
Prints the longer of both editions, kernel start included, and that rounded up to five seconds.
"""

import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]


def seconds(path: Path) -> float:
    """Return what running a notebook takes."""
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": folder}})
        started = time.perf_counter()
        client.execute()
        return time.perf_counter() - started


def main() -> None:
    """Print a line a chapter."""
    for path in sorted((ROOT / "course" / "zh").glob("ch*.ipynb")):
        both = [seconds(path), seconds(ROOT / "course" / "en" / path.name)]
        print(f"{path.stem}: {max(both):.1f} s, so about {-(-max(both) // 5) * 5:.0f}")


if __name__ == "__main__":
    main()
