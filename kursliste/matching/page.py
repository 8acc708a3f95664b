"""The courses of an area, judged for one situation and put into words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy.orm import Session

from kursliste.catalogue import known
from kursliste.catalogue.finding import EVERYWHERE, Area, FoundCourse, find
from kursliste.catalogue.search import Search
from kursliste.catalogue.search_page import Result, results_of
from kursliste.domain.course import FIELD
from kursliste.domain.matching import (
    Ask,
    Fit,
    Judged,
    Paper,
    Reached,
    Reason,
    Situation,
    judged,
    starts_at_once,
)
from kursliste.infrastructure.places import point_of_postcode
from kursliste.models.masterdata import District
from kursliste.web.languages import N_, fact_word
from kursliste.web.languages import gettext as _
from kursliste.web.paper_words import paper_words

MOST_LOOKED_AT: Final = 500
MOST_SHOWN: Final = 5
SHUT_RANK: Final = 2
USUAL_KM: Final = 40.0
"""How far somebody goes who says where they live and not how far."""

REASONS: Final[Mapping[Reason, str]] = {
    Reason.PAPER: N_("Dafür brauchen Sie ein anderes Papier."),
    Reason.NO_PLACE: N_("Zurzeit ist kein Platz frei. Fragen Sie nach der Warteliste."),
    Reason.ALREADY_RUNS: N_("Der Kurs läuft schon. Ein Einstieg ist nicht vorgesehen."),
    Reason.LEVEL: N_("Das Niveau passt nicht genau. Fragen Sie nach einem Einstufungstest."),
    Reason.FAR: N_("Der Weg ist weiter, als Sie wollten."),
    Reason.TIME: N_("Die Uhrzeit ist eine andere, als Sie wollten."),
    Reason.CHILDCARE: N_("Es gibt keine Kinderbetreuung."),
    Reason.COSTS: N_("Der Kurs kostet etwas."),
    Reason.NOT_ONLY_WOMEN: N_("Der Kurs ist nicht nur für Frauen."),
    Reason.STEPS: N_("Der Ort ist nicht barrierefrei."),
    Reason.NOT_CONFIRMED: N_("Die Angaben sind in diesem Monat nicht bestätigt."),
}
ASKS: Final[Mapping[Ask, str]] = {
    Ask.CHILDCARE: N_("Fragen Sie, ob es Kinderbetreuung gibt."),
    Ask.SEATS: N_("Fragen Sie, ob ein Platz frei ist."),
    Ask.TIME: N_("Fragen Sie nach den Uhrzeiten."),
    Ask.WHEELCHAIR: N_("Fragen Sie, ob der Ort barrierefrei ist."),
    Ask.PAPER: N_("Fragen Sie, welches Papier Sie brauchen."),
}


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A course with what speaks against it and what to ask."""

    result: Result
    judged: Judged

    @property
    def reasons(self) -> list[str]:
        """What does not fit quite, in words."""
        return [_(REASONS[reason]) for reason in self.judged.reasons]

    @property
    def asks(self) -> list[str]:
        """What to ask by telephone, in words."""
        return [_(ASKS[ask]) for ask in self.judged.asks]


@dataclass(frozen=True, kw_only=True)
class MatchPage:
    """``meanwhile`` are offers to go to at once, ``advice`` is what else to do until then."""

    fitting: Sequence[Proposal]
    nearly: Sequence[Proposal]
    meanwhile: Sequence[Proposal]
    advice: Sequence[str]
    looked_at: int


def match_page(
    session: Session, situation: Situation, districts: Sequence[District], postcode: str
) -> MatchPage:
    """Return what there is for a situation; the situation itself is kept nowhere."""
    centre = point_of_postcode(session, postcode) if postcode else None
    if centre is not None and situation.max_km is None:
        situation = replace(situation, max_km=USUAL_KM)
    search = Search(sort="entfernung" if centre else "beginn", usual_sort="beginn", centre=centre)
    area = Area(frozenset(one.id for one in districts)) if districts else EVERYWHERE
    found = find(session, search, area=area, per_page=MOST_LOOKED_AT)
    results = results_of(found)
    proposals = [Proposal(result=one, judged=_judged(situation, one.found)) for one in results]
    fitting = [one for one in proposals if one.judged.fit is Fit.FITS]
    nearly = [one for one in proposals if one.judged.fit is Fit.NEARLY]
    nearly.sort(key=lambda one: len(one.judged.reasons))  # stable: the nearest stay in front
    shown = fitting[:MOST_SHOWN]
    meanwhile = [
        one
        for one in (*fitting, *nearly)
        if one not in shown and starts_at_once(_facts(one.result.found))
    ]
    return MatchPage(
        fitting=shown,
        nearly=[one for one in nearly if one not in meanwhile][:MOST_SHOWN],
        meanwhile=meanwhile[:MOST_SHOWN],
        advice=_advice(situation, nearly),
        looked_at=found.count,
    )


def _judged(situation: Situation, one: FoundCourse) -> Judged:
    facts = _facts(one)
    has_place = one.told is None or bool(one.told.seats_free)
    return judged(
        situation,
        facts,
        kilometres=one.kilometres,
        has_place=has_place and facts.get("seats_free") != 0,
        shut=one.rank >= SHUT_RANK,
    )


def _facts(one: FoundCourse) -> dict[str, object]:
    """Return the facts that the layout of the edition tells; internal ones are not read."""
    entry, told = one.entry, one.head.told
    facts: dict[str, object] = {
        name: getattr(entry, name) for name in READ if name in told or name not in FIELD
    }
    if one.told is not None:
        facts |= {"seats_free": one.told.seats_free, "status": one.told.status}
    return facts


READ: Final = (
    "course_type",
    "level_from_sort",
    "level_to_sort",
    "status",
    "late_entry",
    "start_kind",
    "admission",
    "audience",
    "delivery",
    "time_of_day",
    "time_from",
    "time_until",
    "childcare",
    "wheelchair",
    "price_eur",
    "seats_free",
    "is_confirmed",
)


def _advice(situation: Situation, nearly: Sequence[Proposal]) -> list[str]:
    found = []
    if situation.reached in {None, Reached.UNKNOWN}:
        found.append(
            _(
                "Machen Sie einen Einstufungstest. Er zeigt, welcher Kurs zu Ihnen passt. Fragen "
                "Sie bei der Volkshochschule oder beim Kursträger."
            )
        )
    if any(Reason.PAPER in one.judged.reasons for one in nearly):
        wanted = {
            word
            for one in nearly
            if Reason.PAPER in one.judged.reasons
            for word in one.result.found.entry.admission or ()
        }
        found += [
            f"{fact_word('admission', paper)}: {paper_words(paper)}"
            for paper in Paper
            if paper in wanted
        ]
    found.append(_("Lassen Sie sich beraten: in der Migrationsberatung oder beim Jobcenter."))
    return found


def chosen_districts(session: Session, slugs: Sequence[str]) -> list[District]:
    """Return the districts that were chosen; strangers are left out."""
    return [one for one in known.known_districts(session) if one.slug in slugs]
