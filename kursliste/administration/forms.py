"""What an administrator types."""

from collections.abc import Iterable

from wtforms import BooleanField, DateField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from kursliste.domain.permissions import Grant, Role
from kursliste.domain.site import LONGEST_ANNOUNCEMENT
from kursliste.masterdata.forms import InvitationForm
from kursliste.models.masterdata import District
from kursliste.web.forms import BaseForm, VersionedForm
from kursliste.web.labels import ROLE


class RoleForm(BaseForm):
    """A role, and for which district; who reports is invited on the page of the provider."""

    role = SelectField("Aufgabe", [InputRequired("Wählen Sie eine Aufgabe.")])

    def offer(self, districts: Iterable[District]) -> None:
        """Offer every role that can be given here."""
        self.role.choices = [("", "Bitte wählen"), (Role.ADMINISTRATOR.value, "Verwaltung")]
        self.role.choices += [
            (f"{role.value}:{district.id}", f"{ROLE[role]} {district.name}")
            for district in districts
            for role in (Role.COORDINATOR, Role.COUNSELLOR)
        ]

    @property
    def grant(self) -> Grant:
        """Return what was chosen; only for a form that was validated."""
        role, _, key = str(self.role.data).partition(":")
        if role == Role.ADMINISTRATOR:
            return Grant(Role.ADMINISTRATOR)
        return Grant(Role(role), district_id=int(key))


class NewPersonForm(InvitationForm, RoleForm):
    """A new account with its first role."""


class SiteTextForm(VersionedForm):
    """What the operator writes for a page."""

    body = TextAreaField(
        "Text",
        description="Eine Leerzeile trennt Absätze. ## am Zeilenanfang macht eine Überschrift, - "
        "einen Listenpunkt, [Wort](https://…) einen Link.",
        render_kw={"rows": 18},
    )


class AnnouncementForm(BaseForm):
    """A sentence above the pages."""

    text = TextAreaField(
        "Text",
        [InputRequired("Schreiben Sie, was angekündigt wird.")],
        description=f"Höchstens {LONGEST_ANNOUNCEMENT} Zeichen, zum Beispiel: Am 3. Dezember ist "
        "die Kursliste von 18 bis 20 Uhr nicht erreichbar.",
        render_kw={"rows": 3},
    )
    starts_on = DateField("Ab", [InputRequired("Geben Sie den ersten Tag an.")])
    ends_on = DateField("Bis", [InputRequired("Geben Sie den letzten Tag an.")])
    is_for_all = BooleanField("Auch für Leserinnen und Leser, die nicht angemeldet sind")
