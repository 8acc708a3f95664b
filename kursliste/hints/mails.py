"""The one mail a day about hints to a course."""

from kursliste.models.hint import ReaderHint
from kursliste.web.hint_words import HINT_REASON
from kursliste.web.mail_words import on_one_line


def hint_given(hint: ReaderHint, *, district: str, link: str) -> tuple[str, str]:
    """Return subject and body; readers are told nothing about, because nothing is known."""
    body = [
        "Guten Tag,",
        "",
        f"jemand hat gemeldet, dass bei einem Kurs der Kursliste ({district}) etwas nicht stimmt:",
        "",
        f"Kurs: {on_one_line(hint.title)}",
        f"Hinweis: {HINT_REASON[hint.reason]}",
        *([f"Dazu: {on_one_line(hint.comment)}"] if hint.comment else []),
        "",
        "Die veröffentlichte Liste ist nicht geändert. Sehen Sie nach, und sagen Sie hier,",
        "wenn es erledigt ist. Freie Plätze und Status können Träger dort auch gleich ändern:",
        link,
        "",
        "Kommen heute weitere Hinweise zu diesem Kurs, schreiben wir nicht noch einmal.",
        "",
        "Freundliche Grüße",
        "kursliste",
    ]
    return f"Hinweis zu „{on_one_line(hint.title)}“ – {district}", "\n".join(body) + "\n"
