"""Write what the program is made of as CycloneDX JSON: ``make sbom``; standard library only.

Everything comes from the lock file, so it is what an installation takes, with the same hashes.
"""

import json
import re
import sys
import tomllib
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
LOCK: Final = ROOT / "requirements" / "run.txt"
PINNED: Final = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")
HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")
SHIPPED: Final = ("htmx", "kern", "leaflet", "markercluster")
"""Libraries for the browser; static/vendor/README.md names version and licence of each."""


def components(lock: str) -> list[dict[str, Any]]:
    """Return one component for each pinned package, with the hashes that are accepted."""
    found: dict[str, dict[str, Any]] = {}
    name = ""
    for line in lock.splitlines():
        pinned = PINNED.match(line)
        if pinned:
            name, version = pinned.group(1).lower(), pinned.group(2)
            purl = f"pkg:pypi/{name}@{version}"
            found[name] = {
                "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
                "hashes": [],
            }  # fmt: skip
        for sha256 in HASH.findall(line):
            found[name]["hashes"].append({"alg": "SHA-256", "content": sha256})
    return [found[one] for one in sorted(found)]


def bill(lock: str, made_at: datetime) -> dict[str, Any]:
    """Return the whole bill of materials; the same lock file gives the same serial number."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    root = f"pkg:generic/{project['name']}@{project['version']}"
    parts = components(lock)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, root + lock)}",
        "version": 1,
        "metadata": {
            "timestamp": f"{made_at:%Y-%m-%dT%H:%M:%SZ}",
            "component": {
                "type": "application", "bom-ref": root, "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
            },
        },
        "components": parts
        + [{"type": "library", "bom-ref": f"shipped:{name}", "name": name} for name in SHIPPED],
        "dependencies": [{"ref": root, "dependsOn": [part["bom-ref"] for part in parts]}],
    }  # fmt: skip


if __name__ == "__main__":
    text = json.dumps(bill(LOCK.read_text(encoding="utf-8"), datetime.now(UTC)), indent=1)
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "var" / "sbom.cdx.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text + "\n", encoding="utf-8")
    print(f"{target}: {text.count('purl')} packages")
