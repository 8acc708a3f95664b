"""A guess at the device behind a sign-in, so that people recognise their own."""

from typing import Final

BROWSERS: Final = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS: Final = (
    ("iPhone", "auf dem iPhone"),
    ("iPad", "auf dem iPad"),
    ("Android", "auf Android"),
    ("Windows", "auf Windows"),
    ("Macintosh", "auf dem Mac"),
    ("CrOS", "auf Chrome OS"),
    ("Linux", "auf Linux"),
)
"""Sign in the User-Agent and its words; the first that fits counts, so the order matters."""


def device_of(user_agent: str) -> str:
    """Return browser and system in words, for example 'Firefox auf Windows'."""
    browser = next((words for sign, words in BROWSERS if sign in user_agent), "Unbekannter Browser")
    system = next((words for sign, words in SYSTEMS if sign in user_agent), "")
    return f"{browser} {system}".strip()
