"""Cut the web fonts down to the scripts that pages speak: ``python scripts/fonts.py FOLDER``.

FOLDER holds the woff2 files of KERN UX (npm, see ``static/vendor/README.md``). The result is
committed, so nobody needs this to run or test; it asks for ``fonttools[woff]``, in any environment.
"""

import sys
from pathlib import Path
from typing import Final

from fontTools import subset

OUT: Final = Path(__file__).resolve().parent.parent / "static/vendor/kern/fira-sans"
CUTS: Final = ("Regular", "SemiBold", "Italic")
LATIN: Final = (
    "U+0000-024F,U+0259,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+1E9E,U+2000-206F,U+20AC,U+2116,U+2122,"
    "U+2190-2193,U+2212,U+2215,U+FEFF,U+FFFD"
)
CYRILLIC: Final = "U+0301,U+0400-045F,U+0490-0491,U+04B0-04B1,U+04D8-04D9"
SCRIPTS: Final = {"latin": LATIN, "cyrillic": CYRILLIC}
FEATURES: Final = "kern,liga,mark,mkmk,ccmp,locl,tnum,lnum"


def main(folder: Path) -> None:
    """Write each cut once for each script, and say how big it is."""
    for cut in CUTS:
        for script, signs in SCRIPTS.items():
            target = OUT / f"FiraSans-{cut}-{script}.woff2"
            subset.main(
                [
                    str(folder / f"FiraSans-{cut}.woff2"),
                    f"--unicodes={signs}",
                    f"--layout-features={FEATURES}",
                    "--flavor=woff2",
                    "--no-hinting",
                    "--desubroutinize",
                    f"--output-file={target}",
                ]
            )
            print(f"{target.name}: {target.stat().st_size / 1000:.1f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
