"""What publishing sends to coordinators."""

from kursliste.models.publication import PublicationOrder
from kursliste.web.labels import shown


def publication_missed(order: PublicationOrder, why: str, *, link: str) -> tuple[str, str]:
    """Return subject and body of the mail that a month was not published at its time, and why."""
    asked = order.round
    month, name = shown(asked.month), asked.district.name
    body = [
        "Guten Tag,",
        "",
        f"die Kursliste für {month} ({name}) ist nicht zum gesetzten Termin erschienen:",
        "",
        why,
        "",
        "Der Termin ist damit gelöscht. Hier können Sie veröffentlichen oder einen neuen setzen:",
        link,
    ]
    return f"Nicht veröffentlicht: {month} – {name}", "\n".join(body) + "\n"
