"""The operator's words: legal texts and announcements."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.administration import actions, queries
from kursliste.administration.blueprint import bp
from kursliste.administration.forms import AnnouncementForm, SiteTextForm
from kursliste.domain.errors import ConflictError, NotFoundError, RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.domain.site import SiteTextKey
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.web.access import requires
from kursliste.web.conflicts import both_versions
from kursliste.web.context import current_actor, db_session
from kursliste.web.operator_words import forget_announcements


@dataclass(frozen=True)
class Page:
    """A page that needs words of the operator; ``needed`` says which, and which law asks."""

    key: SiteTextKey
    title: str
    endpoint: str
    needed: str


PAGES: Final = {
    "impressum": Page(
        SiteTextKey.IMPRINT,
        "Impressum",
        "pages.imprint",
        "Name und Anschrift der Behörde, wer sie vertritt, E-Mail-Adresse und Telefonnummer. Das "
        "verlangt § 5 DDG.",
    ),
    "datenschutz": Page(
        SiteTextKey.PRIVACY,
        "Datenschutz",
        "pages.privacy",
        "Verantwortliche Stelle, Datenschutzbeauftragte oder -beauftragter mit Adresse, "
        "Rechtsgrundlagen und die zuständige Aufsichtsbehörde. Das verlangt Art. 13 DSGVO.",
    ),
    "barrierefreiheit": Page(
        SiteTextKey.ACCESSIBILITY,
        "Barrierefreiheit",
        "pages.accessibility",
        "Datum der Erklärung, wer außer unseren Programmen geprüft hat, Kontakt für Hinweise und "
        "die Durchsetzungs- oder Schlichtungsstelle Ihres Landes mit Link.",
    ),
}
"""By the part of the address that names the text."""


@bp.route("/texte/<slug:name>", methods=["GET", "POST"])
@requires(Permission.SITE_EDIT)
def site_text(name: str) -> ResponseReturnValue:
    """Write what the operator has to say on a page."""
    if name not in PAGES:
        raise NotFoundError(f"text {name}")
    page, session = PAGES[name], db_session()
    known = queries.site_texts(session).get(page.key)
    version = known.version if known else 0
    form = SiteTextForm(request.form, body=known.body if known else "", version=version)
    if request.method == "POST" and form.validate():
        seen = 0 if form.version.data == "0" else form.seen_version or -1
        try:
            with transaction(session):
                actions.write_site_text(
                    session,
                    page.key,
                    form.body.data or "",
                    seen_version=seen,
                    actor=current_actor(),
                )
        except ConflictError as conflict:
            return both_versions(conflict, {"version": version})
        except RuleViolationError as violation:
            form.show(violation)
        else:
            flash(f"Gespeichert. So steht es jetzt unter „{page.title}“.", "success")
            return redirect(url_for(page.endpoint))
    return render_template(
        "administration/site_text.html",
        form=form,
        page=page,
        name=name,
    ), 422 if request.method == "POST" else 200


@bp.route("/ankuendigungen", methods=["GET", "POST"])
@requires(Permission.SITE_EDIT)
def announcements() -> ResponseReturnValue:
    """Show the announcements and add one."""
    session, today = db_session(), clock.today()
    form = AnnouncementForm(request.form, starts_on=today, ends_on=today + timedelta(days=7))
    if request.method == "POST" and form.validate():
        try:
            with transaction(session):
                actions.add_announcement(
                    session,
                    text=form.text.data or "",
                    is_for_all=bool(form.is_for_all.data),
                    days=(form.starts_on.data or today, form.ends_on.data or today),
                    actor=current_actor(),
                )
        except RuleViolationError as violation:
            form.show(violation)
        else:
            forget_announcements()
            flash("Die Ankündigung steht in wenigen Sekunden über den Seiten.", "success")
            return redirect(url_for("administration.announcements"))
    return render_template(
        "administration/announcements.html",
        form=form,
        found=queries.announcements(session),
        today=today,
    ), 422 if request.method == "POST" else 200


@bp.post("/ankuendigungen/<key:announcement_id>/entfernen")
@requires(Permission.SITE_EDIT)
def remove_announcement(announcement_id: int) -> ResponseReturnValue:
    """Take an announcement down."""
    session = db_session()
    found = queries.announcement(session, announcement_id)
    with transaction(session):
        actions.remove_announcement(session, found, actor=current_actor())
    forget_announcements()
    flash("Die Ankündigung ist entfernt.", "success")
    return redirect(url_for("administration.announcements"))
