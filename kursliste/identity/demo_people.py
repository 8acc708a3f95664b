"""The buttons of the demo: who can be tried out with one click (INTERFACE.md, the demo world)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kursliste.domain.permissions import Role


@dataclass(frozen=True)
class DemoPerson:
    """One person of the demo world; ``slug`` is ``User.demo_slug``, ``label`` is on the button.

    ``provider`` is the place in the district's list of providers, from 1; 0 for everybody else.
    """

    slug: str
    name: str
    role: Role
    label: str
    district: str = ""
    provider: int = 0


PEOPLE: Final = (
    DemoPerson(
        "traeger-goerlitz-1",
        "Hanna Haselnuss",
        Role.PROVIDER,
        "Volkshochschule Lausitzblick (Görlitz)",
        "goerlitz",
        1,
    ),
    DemoPerson(
        "traeger-goerlitz-2",
        "Benno Bachstelz",
        Role.PROVIDER,
        "Bildungswerk Mandaublick gGmbH (Görlitz)",
        "goerlitz",
        2,
    ),
    DemoPerson(
        "traeger-nordhausen-1",
        "Dora Distelfink",
        Role.PROVIDER,
        "Lernverein Zorgeufer e. V. (Nordhausen)",
        "nordhausen",
        1,
    ),
    DemoPerson(
        "traeger-weimar-1",
        "Marta Morgenrot",
        Role.PROVIDER,
        "Volkshochschule Asbachblick (Weimar)",
        "weimar",
        1,
    ),
    DemoPerson(
        "koordination-goerlitz", "Katrin Kiebitz", Role.COORDINATOR, "Landkreis Görlitz", "goerlitz"
    ),
    DemoPerson(
        "koordination-nordhausen",
        "Konrad Kranich",
        Role.COORDINATOR,
        "Landkreis Nordhausen",
        "nordhausen",
    ),
    DemoPerson("koordination-weimar", "Karla Kleiber", Role.COORDINATOR, "Stadt Weimar", "weimar"),
    DemoPerson(
        "beratung-goerlitz", "Berta Buchfink", Role.COUNSELLOR, "Landkreis Görlitz", "goerlitz"
    ),
    DemoPerson("beratung-weimar", "Bruno Bussard", Role.COUNSELLOR, "Stadt Weimar", "weimar"),
    DemoPerson("admin", "Anna Amsel", Role.ADMINISTRATOR, "ganze Anwendung"),
)
SLUGS: Final = frozenset(person.slug for person in PEOPLE)
WHAT_THEY_DO: Final[Mapping[Role, str]] = MappingProxyType(
    {
        Role.PROVIDER: "Kurse bestätigen, ändern und einreichen",
        Role.COORDINATOR: "Meldungen prüfen und die Kursliste veröffentlichen",
        Role.COUNSELLOR: "Kurse suchen, die interne Liste lesen, Suchen speichern",
        Role.ADMINISTRATOR: "alles sehen",
    }
)


def buttons_by_role(there: Collection[str]) -> list[tuple[Role, list[DemoPerson]]]:
    """Return the buttons of the persons in ``there``, grouped by role, without empty groups."""
    groups = [
        (role, [b for b in PEOPLE if b.role is role and b.slug in there]) for role in WHAT_THEY_DO
    ]
    return [(role, buttons) for role, buttons in groups if buttons]
