"""What the administration tells people about their accounts."""

from kursliste.web.mail_words import SIGNATURE


def address_changed(*, name: str, site: str) -> tuple[str, str]:
    """Tell the old and the new address that the account has another one now."""
    parts = [
        f"Guten Tag {name},",
        f"für Ihr Konto bei kursliste gilt jetzt eine andere E-Mail-Adresse ({site}).",
        "Anmelde-Links und Nachrichten gehen nur noch an die neue Adresse.",
        "Das war nicht abgesprochen? Dann sagen Sie es sofort Ihrer Koordination.",
        SIGNATURE,
    ]
    return "Ihre E-Mail-Adresse bei kursliste wurde geändert", "\n\n".join(parts) + "\n"
