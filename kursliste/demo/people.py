"""The persons of the demo world, by the names that INTERFACE.md promises."""

from dataclasses import dataclass
from typing import Final

from kursliste.domain.permissions import Role


@dataclass(frozen=True)
class DemoPerson:
    """One button on the sign-in page; ``provider`` is the place in the district's list."""

    slug: str
    name: str
    role: Role
    district: str = ""
    provider: int = 0


PEOPLE: Final = (
    DemoPerson("traeger-goerlitz-1", "Hanna Haselnuss", Role.PROVIDER, "goerlitz", 1),
    DemoPerson("traeger-goerlitz-2", "Benno Bachstelz", Role.PROVIDER, "goerlitz", 2),
    DemoPerson("traeger-nordhausen-1", "Dora Distelfink", Role.PROVIDER, "nordhausen", 1),
    DemoPerson("traeger-weimar-1", "Marta Morgenrot", Role.PROVIDER, "weimar", 1),
    DemoPerson("koordination-goerlitz", "Katrin Kiebitz", Role.COORDINATOR, "goerlitz"),
    DemoPerson("koordination-nordhausen", "Konrad Kranich", Role.COORDINATOR, "nordhausen"),
    DemoPerson("koordination-weimar", "Karla Kleiber", Role.COORDINATOR, "weimar"),
    DemoPerson("beratung-goerlitz", "Berta Buchfink", Role.COUNSELLOR, "goerlitz"),
    DemoPerson("beratung-weimar", "Bruno Bussard", Role.COUNSELLOR, "weimar"),
    DemoPerson("admin", "Anna Amsel", Role.ADMINISTRATOR),
)
