"""The cast: districts, lists, providers and persons, added by the actions that people use."""

from dataclasses import asdict, dataclass, field

from sqlalchemy.orm import Session

from kursliste.demo.places import DISTRICTS, PROVIDERS, DemoDistrict, DemoProvider
from kursliste.domain.licence import Licence
from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.domain.shipped_layouts import BY_TOWN, DETAILED, OVERVIEW
from kursliste.identity.demo_people import PEOPLE, DemoPerson
from kursliste.layouts import actions as layouts
from kursliste.masterdata import actions as masterdata
from kursliste.masterdata import house_actions
from kursliste.models.identity import User
from kursliste.models.masterdata import CourseList, District, Provider

SYSTEM = Actor.system("Demowelt")
LAYOUTS = {"goerlitz": BY_TOWN, "nordhausen": OVERVIEW, "weimar": DETAILED}
"""The shipped layout that follows a district's practice."""


@dataclass
class Stage:
    """One district of the demo world with everybody in it."""

    district: District
    course_list: CourseList
    houses: list[DemoProvider]
    providers: list[Provider] = field(default_factory=list)
    reporters: list[Actor] = field(default_factory=list)
    coordinator: Actor = SYSTEM


def build(session: Session) -> list[Stage]:
    """Add all districts with their providers and persons."""
    stages = [_stage(session, place) for place in DISTRICTS]
    for person in PEOPLE:
        if person.role in {Role.COUNSELLOR, Role.ADMINISTRATOR}:
            stage = next((s for s in stages if s.district.slug == person.district), None)
            district_id = None if stage is None else stage.district.id
            _person(session, person, Grant(person.role, district_id=district_id))
    return stages


def _stage(session: Session, place: DemoDistrict) -> Stage:
    district = masterdata.add_district(
        session,
        District(
            slug=place.slug,
            ags=place.ags,
            name=place.name,
            state=place.state,
            publisher=place.publisher,
            contact=place.contact,
        ),
        actor=SYSTEM,
    )
    course_list = masterdata.add_course_list(
        session,
        CourseList(
            district_id=district.id,
            slug="deutschkurse",
            title="Deutsch- und Integrationskurse",
            licence=Licence.DL_DE_BY,
        ),
        actor=SYSTEM,
    )
    stage = Stage(district, course_list, list(PROVIDERS[place.slug]))
    for person in PEOPLE:
        if person.role is Role.COORDINATOR and person.district == place.slug:
            grant = Grant(Role.COORDINATOR, district_id=district.id)
            stage.coordinator = _person(session, person, grant).as_actor()
    layouts.change_layout(
        session,
        course_list,
        LAYOUTS[place.slug],
        knows_gaps=False,
        seen_version=layouts.NOT_STORED,
        actor=stage.coordinator,
    )
    for number, house in enumerate(stage.houses, start=1):
        _add_house(session, stage, house, number)
    return stage


def _add_house(session: Session, stage: Stage, house: DemoProvider, number: int) -> None:
    provider = masterdata.add_provider(
        session,
        Provider(
            name=house.name,
            kind=house.kind,
            street=house.street,
            postcode=house.postcode,
            town=house.town,
            phone=house.phone,
            email=house.email,
            website=f"https://{house.domain}/",
            office_hours=house.office_hours,
            languages=house.languages,
            approvals=house.approvals,
            report_email=f"meldung@{house.domain}",
        ),
        district=stage.district,
        actor=stage.coordinator,
    )
    stage.providers.append(provider)
    _furnish(session, provider, house, stage.coordinator)
    grant = Grant(Role.PROVIDER, provider_id=provider.id)
    found = [
        person
        for person in PEOPLE
        if (person.district, person.provider) == (stage.district.slug, number)
    ]
    if found:
        user = _person(session, found[0], grant)
    else:
        user = masterdata.add_user(
            session,
            name=f"Meldestelle {house.town}",
            email=f"meldung@{house.domain}",
            grants=[grant],
            actor=SYSTEM,
        )
    stage.reporters.append(user.as_actor())


def _furnish(session: Session, provider: Provider, house: DemoProvider, actor: Actor) -> None:
    """Add what the house has besides its own address; that one comes with its courses."""
    for branch in house.branches:
        house_actions.add_venue(session, provider, asdict(branch), actor=actor)
    name, phone = house.desk
    if name:
        facts = {"name": name, "phone": phone, "email": house.email, "is_public": True}
        house_actions.add_contact(session, provider, facts, actor=actor)


def _person(session: Session, person: DemoPerson, grant: Grant) -> User:
    return masterdata.add_user(
        session,
        name=person.name,
        email=f"{person.slug}@kursliste.example",
        grants=[grant],
        actor=SYSTEM,
        demo_slug=person.slug,
    )
