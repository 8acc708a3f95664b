"""What an administrator types."""

from collections.abc import Iterable, Sequence

from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from kursliste.domain.errors import RuleViolationError
from kursliste.domain.permissions import Grant, Role
from kursliste.domain.site import LONGEST_ANNOUNCEMENT
from kursliste.infrastructure.mailbox import checked_address
from kursliste.models.masterdata import District, Provider
from kursliste.web.forms import BaseForm, VersionedForm
from kursliste.web.labels import ROLE


class PersonForm(BaseForm):
    """Who somebody is."""

    name = StringField(
        "Vor- und Nachname",
        [InputRequired("Geben Sie den Namen ein."), Length(max=120)],
    )
    email = StringField(
        "E-Mail-Adresse", [InputRequired("Geben Sie die Adresse ein."), Length(max=254)]
    )

    def validate_email(self, field: StringField) -> None:
        """Refuse what is not exactly one address."""
        try:
            checked_address(field.data or "")
        except RuleViolationError as error:
            raise ValidationError(
                "Das ist keine E-Mail-Adresse. Sie hat die Form name@beispiel.de."
            ) from error


class RoleForm(BaseForm):
    """A role, and for which district or provider."""

    role = SelectField("Aufgabe", [InputRequired("Wählen Sie eine Aufgabe.")])

    def offer(self, districts: Iterable[District], providers: Iterable[Provider]) -> None:
        """Offer every role that can be given."""
        self.role.choices = [("", "Bitte wählen"), (Role.ADMINISTRATOR.value, "Verwaltung")]
        self.role.choices += [
            (f"{role.value}:{district.id}", f"{ROLE[role]} {district.name}")
            for district in districts
            for role in (Role.COORDINATOR, Role.COUNSELLOR)
        ]
        self.role.choices += [
            (f"{Role.PROVIDER.value}:{provider.id}", f"Träger {_named(provider)}")
            for provider in providers
        ]

    @property
    def grant(self) -> Grant:
        """Return what was chosen; only for a form that was validated."""
        role, _, key = str(self.role.data).partition(":")
        if role == Role.ADMINISTRATOR:
            return Grant(Role.ADMINISTRATOR)
        if role == Role.PROVIDER:
            return Grant(Role.PROVIDER, provider_id=int(key))
        return Grant(Role(role), district_id=int(key))


class NewPersonForm(PersonForm, RoleForm):
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
        [InputRequired("Schreiben Sie, was angekündigt wird."), Length(max=LONGEST_ANNOUNCEMENT)],
        description=f"Höchstens {LONGEST_ANNOUNCEMENT} Zeichen, zum Beispiel: Am 3. Dezember ist "
        "die Kursliste von 18 bis 20 Uhr nicht erreichbar.",
        render_kw={"rows": 3},
    )
    starts_on = DateField("Ab", [InputRequired("Geben Sie den ersten Tag an.")])
    ends_on = DateField("Bis", [InputRequired("Geben Sie den letzten Tag an.")])
    is_for_all = BooleanField("Auch für Leserinnen und Leser, die nicht angemeldet sind")


def _named(provider: Provider) -> str:
    places: Sequence[str] = [district.name for district in provider.districts]
    return f"{provider.name} ({', '.join(places)})" if places else provider.name
