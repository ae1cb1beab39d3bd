"""Make the course's fonts: Noto Sans SC cut down to what sales people write. Run by hand.

    python -m ka_course.make_fonts PACKAGE.tgz

``PACKAGE.tgz`` is the npm package ``@expo-google-fonts/noto-sans-sc`` (made with 0.4.3). The whole
fonts take 10 MB each; GB2312, Latin and symbols take 2. Needs fonttools (a development dependency).
"""

from __future__ import annotations

import sys
import tarfile
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "ka_lib" / "font_files"
FONTS = {
    "package/400Regular/NotoSansSC_400Regular.ttf": "NotoSansSC-Regular.ttf",
    "package/700Bold/NotoSansSC_700Bold.ttf": "NotoSansSC-Bold.ttf",
}
LICENCE = "package/LICENSE_FONT"
RANGES = (
    (0x0020, 0x024F),  # Latin with its accents
    (0x0370, 0x03FF),  # Greek
    (0x2000, 0x22FF),  # punctuation, currencies, arrows, mathematics
    (0x2460, 0x27BF),  # circled numbers, boxes, shapes, dingbats
    (0x3000, 0x303F),  # Chinese punctuation
    (0xFF00, 0xFFEF),  # full-width forms
)
# Met in the names of people and firms, younger than GB2312.
NAMES = "喆堃昇玥珺璟翀赟晞烜瑄湉祎禛珩玚瑀頔龑淼犇羴骉焱垚鑫晟旻昉煊煜珏琨琰琮瑾璠璇甯芃苡莜莙菡葳蓁镕锜锟闫骁鸢堉彧忞怡惢愔懿昊暐曈桦梽棪槿橦泓泩洺浠淏湜溦滢瀞玙珅珣"


def characters() -> set[int]:
    """Return the code points to keep: GB2312, Latin, symbols, and names outside GB2312."""
    kept = {code for first, last in RANGES for code in range(first, last + 1)}
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            kept.update(map(ord, bytes((high, low)).decode("gb2312", errors="ignore")))
    return kept | set(map(ord, NAMES))


def make(package: Path, folder: Path = FOLDER) -> None:
    """Write the two subsets and their licence.

    Parameters
    ----------
    package : Path
        The npm package as downloaded (``.tgz``).
    folder : Path
        Where the fonts go.
    """
    from fontTools import subset

    folder.mkdir(exist_ok=True)
    unicodes = ",".join(f"{code:X}" for code in sorted(characters()))
    with tarfile.open(package) as archive, tempfile.TemporaryDirectory() as scratch:
        for member, name in FONTS.items():
            archive.extract(member, scratch, filter="data")
            subset.main(
                [
                    str(Path(scratch) / member),
                    f"--output-file={folder / name}",
                    f"--unicodes={unicodes}",
                    "--layout-features=",
                    "--no-hinting",
                    "--notdef-outline",
                    "--no-recalc-timestamp",
                ]
            )
        licence = archive.extractfile(LICENCE)
        if licence is not None:
            (folder / "OFL.txt").write_bytes(licence.read())


if __name__ == "__main__":
    make(Path(sys.argv[1]))
