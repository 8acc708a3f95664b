"""Districts and their lists: add, rename, look up."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.administration.blueprint import bp
from kursliste.administration.code_forms import DistrictForm, ListForm, NewDistrictForm
from kursliste.administration.code_plans import district_plan, new_district_plan
from kursliste.administration.confirming import Asked, confirmed
from kursliste.domain.errors import RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.domain.round import Rhythm
from kursliste.infrastructure.database import transaction
from kursliste.masterdata import actions as masterdata
from kursliste.masterdata.district_actions import change_district
from kursliste.masterdata.list_page import lists_of
from kursliste.masterdata.queries import all_districts, district_by_slug
from kursliste.models.masterdata import CourseList, District
from kursliste.web.access import requires
from kursliste.web.code_words import LANDS
from kursliste.web.context import current_actor, db_session


@bp.get("/kreise")
@requires(Permission.DISTRICT_EDIT)
def districts() -> ResponseReturnValue:
    """Show all districts."""
    return render_template(
        "administration/districts.html", found=all_districts(db_session()), lands=LANDS
    )


@bp.route("/kreise/neu", methods=["GET", "POST"])
@requires(Permission.DISTRICT_ADD)
def add_district() -> ResponseReturnValue:
    """Add a district with its first list."""
    session, actor = db_session(), current_actor()
    form = NewDistrictForm(request.form)

    def save() -> str:
        added = masterdata.set_up_district(session, _typed(form), actor=actor)
        return f"{added.name} ist angelegt. Vergeben Sie unter „Personen“ die Aufgabe Koordination."

    asked = Asked(
        form=form,
        plan=lambda: new_district_plan(session, _typed(form)),
        save=save,
        then=url_for("administration.districts"),
        trail=_trail(),
    )
    return confirmed(asked, "administration/district_new.html")


def _typed(form: NewDistrictForm) -> District:
    facts = form.facts
    return District(
        slug=form.slug.data or "",
        ags=form.ags.data or "",
        name=facts.name,
        state=facts.state,
        publisher=facts.publisher,
        contact=facts.contact,
    )


@bp.route("/kreise/<slug:district>", methods=["GET", "POST"])
@requires(Permission.DISTRICT_EDIT)
def district(district: str) -> ResponseReturnValue:
    """Show a district with its lists; change what is said of it."""
    session, actor = db_session(), current_actor()
    found = district_by_slug(session, district)
    form = DistrictForm(request.form, obj=found)

    def save() -> str:
        change_district(session, found, form.facts, seen_version=form.seen_version, actor=actor)
        return f"Die Angaben zu {found.name} sind gespeichert."

    asked = Asked(
        form=form,
        plan=lambda: district_plan(found, form.facts),
        save=save,
        then=_here(district),
        thing=found,
        trail=_trail(),
    )
    return confirmed(asked, "administration/district.html", lists=lists_of(session, found))


@bp.route("/kreise/<slug:district>/listen/neu", methods=["GET", "POST"])
@requires(Permission.COURSE_LIST_ADD)
def add_list(district: str) -> ResponseReturnValue:
    """Add a further list to a district."""
    session = db_session()
    found = district_by_slug(session, district)
    form = ListForm(request.form)
    if request.method == "POST" and form.validate():
        new = CourseList(
            district_id=found.id,
            slug=form.slug.data or "",
            title=form.title.data or "",
            rhythm=Rhythm(form.rhythm.data),
        )
        try:
            with transaction(session):
                masterdata.add_course_list(session, new, actor=current_actor())
        except RuleViolationError as violation:
            form.show(violation)
        else:
            flash(f"Die Liste „{new.title}“ ist angelegt.", "success")
            return redirect(_here(district))
    page = render_template(
        "administration/list_new.html", form=form, district=found, way=_trail(found)
    )
    return page, 422 if request.method == "POST" else 200


def _here(slug: str) -> str:
    return url_for("administration.district", district=slug)


def _trail(found: District | None = None) -> Sequence[tuple[str, str]]:
    way = [("Kreise", url_for("administration.districts"))]
    return way if found is None else [*way, (found.name, _here(found.slug))]
