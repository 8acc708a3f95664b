"""The manifest of an edition: what was published, provable to the byte."""

import hashlib
import json
from collections.abc import Mapping


def build(files: Mapping[str, bytes]) -> bytes:
    """Return ``manifest.json``: name, size in bytes and SHA-256 of each file, sorted by name."""
    entries = [
        {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in sorted(files.items())
    ]
    return (json.dumps({"files": entries}, ensure_ascii=False, indent=2) + "\n").encode()
