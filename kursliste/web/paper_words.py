"""What each paper for a course is, and who gives it: one plain sentence each.

From IntV §§ 4 to 7, AufenthG § 44 and 44a, and DeuFöV § 4 (DOMAIN.md, section 2): these things
change, so every sentence says where to ask, and none says that somebody may not.
"""

from collections.abc import Mapping
from typing import Final

from kursliste.web.languages import N_
from kursliste.web.languages import gettext as _

PAPERS: Final[Mapping[str, str]] = {
    "Berechtigungsschein": N_(
        "Der Berechtigungsschein ist die Erlaubnis für einen Integrationskurs. Sie bekommen ihn "
        "von der Ausländerbehörde oder vom BAMF."
    ),
    "Verpflichtung": N_(
        "Die Verpflichtung ist ein Brief vom Jobcenter oder von der Ausländerbehörde. Darin steht, "
        "dass Sie einen Integrationskurs besuchen sollen."
    ),
    "Zulassung BAMF": N_(
        "Die Zulassung ist ein Brief vom BAMF. Sie stellen dafür einen Antrag. Der Kursträger "
        "hilft Ihnen dabei."
    ),
    "Teilnahmeberechtigung BSK": N_(
        "Die Teilnahmeberechtigung ist die Erlaubnis für einen Berufssprachkurs. Sie bekommen sie "
        "vom Jobcenter, von der Agentur für Arbeit oder vom BAMF. Sie gilt drei Monate."
    ),
    "Zuweisung Land": N_(
        "Das Land bezahlt diesen Kurs. Ob Sie teilnehmen können, sagt Ihnen der Kursträger."
    ),
    "Selbstzahler": N_("Sie bezahlen den Kurs selbst und brauchen kein Papier einer Behörde."),
    "ohne Voraussetzung": N_("Sie brauchen kein Papier. Melden Sie sich einfach beim Kursträger."),
}


def paper_words(admission: str) -> str:
    """Return the sentence about a paper; empty for one that a district added itself."""
    text = PAPERS.get(admission)
    return _(text) if text else ""
