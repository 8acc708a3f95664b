"""What all mails share: the line under them, and how others' words stand in them."""

from typing import Final

from kursliste.web.languages import N_

SIGNATURE: Final = N_("kursliste – diese E-Mail wurde automatisch geschickt.")
"""German as it stands; mails to readers translate it."""


def on_one_line(text: str) -> str:
    """Return what others wrote on its own line: it must not look like ours."""
    return " ".join(text.split())
