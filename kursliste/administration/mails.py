"""What the administration tells people about their accounts."""

from kursliste.domain.permissions import Role
from kursliste.domain.second_factor import STAFF
from kursliste.masterdata.mails import how_to_sign_in
from kursliste.models.identity import User
from kursliste.web.labels import ROLE
from kursliste.web.mail_words import SIGNATURE


def account_opened(user: User, role: Role, *, link: str, by: str) -> tuple[str, str]:
    """Tell somebody that they have an account and how they get in.

    ``link`` is the address of the sign-in page: nothing in this mail lets anybody in.
    """
    app = (
        "Bei der ersten Anmeldung richten Sie eine App auf Ihrem Telefon ein. Sie brauchen dafür "
        "zwei Minuten."
    )
    parts = [
        f"Guten Tag {user.name},",
        f"{by} hat für Sie ein Konto bei kursliste angelegt. Ihre Aufgabe: {ROLE[role]}.",
        how_to_sign_in(user, link),
        *([app] if role in STAFF else []),
        f"Haben Sie damit nichts zu tun? Dann sagen Sie es {by}.",
        SIGNATURE,
    ]
    return "Ihr Konto bei kursliste", "\n\n".join(parts) + "\n"


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
