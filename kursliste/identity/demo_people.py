"""The buttons of the demo: who can be tried out with one click (INTERFACE.md, the demo world)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kursliste.domain.permissions import Role


@dataclass(frozen=True)
class DemoButton:
    """One person of the demo world; ``slug`` is ``User.demo_slug``."""

    slug: str
    role: Role
    label: str


BUTTONS: Final = (
    DemoButton("traeger-goerlitz-1", Role.PROVIDER, "Volkshochschule Neißebogen (Görlitz)"),
    DemoButton("traeger-goerlitz-2", Role.PROVIDER, "Bildungswerk Neißetal gGmbH (Görlitz)"),
    DemoButton("traeger-nordhausen-1", Role.PROVIDER, "Lernwerk Südharz e. V. (Nordhausen)"),
    DemoButton("traeger-weimar-1", Role.PROVIDER, "Volkshochschule Ilmbogen (Weimar)"),
    DemoButton("koordination-goerlitz", Role.COORDINATOR, "Landkreis Görlitz"),
    DemoButton("koordination-nordhausen", Role.COORDINATOR, "Landkreis Nordhausen"),
    DemoButton("koordination-weimar", Role.COORDINATOR, "Stadt Weimar"),
    DemoButton("beratung-goerlitz", Role.COUNSELLOR, "Landkreis Görlitz"),
    DemoButton("beratung-weimar", Role.COUNSELLOR, "Stadt Weimar"),
    DemoButton("admin", Role.ADMINISTRATOR, "ganze Anwendung"),
)
SLUGS: Final = frozenset(button.slug for button in BUTTONS)
WHAT_THEY_DO: Final[Mapping[Role, str]] = MappingProxyType(
    {
        Role.PROVIDER: "Kurse bestätigen, ändern und einreichen",
        Role.COORDINATOR: "Meldungen prüfen und die Kursliste veröffentlichen",
        Role.COUNSELLOR: "Kurse suchen",
        Role.ADMINISTRATOR: "alles sehen",
    }
)


def buttons_by_role(there: Collection[str]) -> list[tuple[Role, list[DemoButton]]]:
    """Return the buttons of the persons in ``there``, grouped by role, without empty groups."""
    groups = [
        (role, [b for b in BUTTONS if b.role is role and b.slug in there]) for role in WHAT_THEY_DO
    ]
    return [(role, buttons) for role, buttons in groups if buttons]
