"""How a list looks, in German words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kursliste.domain.layout import Grouping, Layout
from kursliste.domain.layout_rules import Essential, Gap
from kursliste.domain.page_columns import PageColumn, ShownColumn
from kursliste.web.languages import N_
from kursliste.web.languages import gettext as _

GROUPING: Final[Mapping[Grouping, str]] = MappingProxyType(
    {
        Grouping.COURSE_GROUP: "nach Kursgruppe",
        Grouping.TOWN: "nach Ort",
        Grouping.PROVIDER: "nach Träger",
        Grouping.LEVEL: "nach Niveau",
        Grouping.NONE: "ohne Gruppen",
    }
)

PAGE_COLUMN: Final[Mapping[PageColumn, str]] = MappingProxyType(
    {
        PageColumn.COURSE: N_("Kurs"),
        PageColumn.LEVEL: N_("Niveau"),
        PageColumn.DATES: N_("Beginn – Ende"),
        PageColumn.TIMES: N_("Tage, Zeiten"),
        PageColumn.UNITS: N_("UE"),
        PageColumn.PLACE: N_("Kursort"),
        PageColumn.SEATS: N_("Plätze"),
        PageColumn.STATUS: N_("Status"),
        PageColumn.ACCESS: N_("Zugang, Besonderes"),
        PageColumn.PROVIDER: N_("Träger, Kontakt"),
    }
)

ESSENTIAL: Final[Mapping[Essential, str]] = MappingProxyType(
    {
        Essential.COURSE: "was für ein Kurs es ist (Titel oder Kursart)",
        Essential.PROVIDER: "wer den Kurs anbietet (Träger)",
        Essential.CONTACT: "wo man anrufen oder schreiben kann (Telefon oder E-Mail)",
        Essential.CONFIRMED: "wie alt die Angaben sind (bestätigt am)",
    }
)


def heading_of(shown: ShownColumn) -> str:
    """Return the heading of a column of the page."""
    return shown.heading or _(PAGE_COLUMN[shown.column])


def gap_words(gap: Gap) -> str:
    """Return what readers miss, and where."""
    where = "im Ausdruck von Excel" if gap.on_paper_only else "in der ganzen Liste"
    return f"{ESSENTIAL[gap.essential]}: fehlt {where}"


def differences(before: Layout, after: Layout) -> dict[str, tuple[str, str]]:
    """Return the parts of a layout that differ, as (before, after) in words."""
    old, new = _parts(before), _parts(after)
    return {name: (old[name], new[name]) for name in old if old[name] != new[name]}


def _parts(layout: Layout) -> dict[str, str]:
    chosen = [one.column for one in layout.chosen]
    return {
        "Name des Layouts": layout.name,
        "gedruckte Spalten": ", ".join(one.heading for one in chosen if one.printed),
        "weitere Spalten": ", ".join(one.heading for one in chosen if not one.printed),
        "nur für Fachkräfte": ", ".join(
            one.column.heading for one in layout.chosen if one.for_professionals
        ),
        "Gruppen": GROUPING[layout.grouping],
        "Text über der Liste": layout.header,
        "Text unter der Liste": layout.footer,
        "Logo": "" if layout.logo is None else f"{layout.logo.text} ({layout.logo.sha256[:12]})",
    }
