"""Districts and their standing lists."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.administration.blueprint import bp
from kursliste.administration.forms import DistrictForm, NewDistrictForm
from kursliste.domain.district import LAENDER
from kursliste.domain.errors import ConflictError, RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.infrastructure.database import transaction
from kursliste.masterdata import actions, queries
from kursliste.models.masterdata import CourseList, District
from kursliste.web.access import requires
from kursliste.web.conflicts import both_versions
from kursliste.web.context import current_actor, db_session

FIRST_LIST = ("deutschkurse", "Deutsch- und Integrationskurse")


@bp.get("/kreise")
@requires(Permission.DISTRICT_EDIT)
def districts() -> ResponseReturnValue:
    """List every district with its lists."""
    found = queries.all_districts(db_session())
    return render_template("administration/districts.html", found=found, laender=LAENDER)


@bp.route("/kreise/neu", methods=["GET", "POST"])
@requires(Permission.DISTRICT_ADD)
def add_district() -> ResponseReturnValue:
    """Add a district with its first list."""
    session, actor = db_session(), current_actor()
    form = NewDistrictForm(request.form)
    if request.method == "POST" and form.validate():
        typed = {name: value for name, value in form.data.items() if name != "version"}
        try:
            with transaction(session):
                added = actions.add_district(session, District(**typed), actor=actor)
                slug, title = FIRST_LIST
                first = CourseList(district_id=added.id, slug=slug, title=title)
                actions.add_course_list(session, first, actor=actor)
        except RuleViolationError as violation:
            form.show(violation)
        else:
            flash(
                f"{added.name} ist angelegt, mit der Liste „{title}“. Laden Sie jetzt die "
                "Koordination unter „Personen“ ein.",
                "success",
            )
            return redirect(url_for("administration.district", district=added.slug))
    page = render_template("administration/district.html", form=form, district=None)
    return page, 422 if request.method == "POST" else 200


@bp.route("/kreise/<slug:district>", methods=["GET", "POST"])
@requires(Permission.DISTRICT_EDIT)
def district(district: str) -> ResponseReturnValue:
    """Change what a district is called and who publishes; its lists lead to their own pages."""
    session = db_session()
    found = queries.district_by_slug(session, district)
    version = found.version
    form = DistrictForm(request.form, obj=found)
    if request.method == "POST" and form.validate():
        typed = {name: str(form[name].data or "") for name in actions.CHANGEABLE}
        try:
            with transaction(session):
                actions.change_district(
                    session,
                    found,
                    typed,
                    seen_version=form.seen_version,
                    actor=current_actor(),
                )
        except ConflictError as conflict:
            return both_versions(conflict, {"version": version})
        except RuleViolationError as violation:
            form.show(violation)
        else:
            flash("Gespeichert. Es gilt ab der nächsten Ausgabe.", "success")
            return redirect(url_for("administration.districts"))
    page = render_template("administration/district.html", form=form, district=found)
    return page, 422 if request.method == "POST" else 200
