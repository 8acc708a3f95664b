"""What all mails share: the line under them, and how others' words stand in them."""

from typing import Final

SIGNATURE: Final = "kursliste – diese E-Mail wurde automatisch geschickt."


def on_one_line(text: str) -> str:
    """Return what others wrote on its own line: it must not look like ours."""
    return " ".join(text.split())
