"""What people get by mail when somebody lets them report for a provider."""

from kursliste.domain.permissions import Actor
from kursliste.models.identity import User
from kursliste.models.masterdata import Provider
from kursliste.web.mail_words import SIGNATURE


def how_to_sign_in(user: User, link: str) -> str:
    """Tell somebody with a new account how they get in; ``link`` is the sign-in page."""
    return (
        f"So melden Sie sich an: Öffnen Sie {link} und geben Sie Ihre E-Mail-Adresse ein: "
        f"{user.email}. Sie bekommen dann einen Link, der Sie anmeldet. Ein Passwort brauchen Sie "
        "nicht."
    )


def invitation(user: User, provider: Provider, *, actor: Actor, link: str) -> tuple[str, str]:
    """Tell somebody who invited them, what they will do, and how they get in.

    ``link`` is the address of the sign-in page: nothing in this mail lets anybody in.
    """
    task = (
        "Das ist Ihre Aufgabe: Einmal im Monat schreiben wir Ihnen. Dann sehen Sie nach, ob die "
        "Kurse noch stimmen, ändern, was neu ist, und schicken die Meldung ab. Das dauert wenige "
        "Minuten. Ihre Koordination prüft die Meldung und veröffentlicht die Kursliste."
    )
    parts = [
        f"Guten Tag {user.name},",
        f"{actor.name} hat Sie eingeladen, die Deutschkurse von {provider.name} zu melden.",
        task,
        how_to_sign_in(user, link),
        f"Melden Sie die Kurse nicht? Dann sagen Sie es {actor.name} oder Ihrer Koordination.",
        SIGNATURE,
    ]
    return f"Sie melden jetzt für {provider.name}", "\n\n".join(parts) + "\n"
