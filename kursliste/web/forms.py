"""What every form of ours does: clean text, speak German, show broken rules at the field."""

import re
import unicodedata
from typing import Any, Final

from wtforms import Field, Form, HiddenField, ValidationError
from wtforms.meta import DefaultMeta

from kursliste.domain.errors import RuleViolationError
from kursliste.web import error_words
from kursliste.web.languages import gettext

LARGEST_DIGITS: Final = 9
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")


class BaseForm(Form):
    """Text is NFC, without blanks around it; what cannot be stored is named and never cut."""

    class Meta(DefaultMeta):
        locales = ("de",)

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:  # WTForms' types
            filters = [*unbound_field.kwargs.get("filters", []), cleaned]
            return unbound_field.bind(form=form, **{**options, "filters": filters})

    def validate(self, extra_validators: Any = None) -> bool:  # WTForms' type
        """Check every field, and refuse characters that no list can hold."""
        extra = {name: [*(extra_validators or {}).get(name, []), storable] for name in self._fields}
        return bool(super().validate(extra))

    def show(self, violation: RuleViolationError) -> None:
        """Put a broken domain rule where the person can mend it."""
        words = error_words.message(violation)
        if violation.field in self._fields:
            field = self._fields[violation.field]
            field.errors = [*field.errors, words]
        else:
            self.form_errors.append(words)


class VersionedForm(BaseForm):
    """Carries the version that the person saw, so that nobody decides about another state."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version, or 0 where it is missing or no number: no row ever has that one."""
        return number(str(self.version.data or "")) or 0


def number(text: str | None) -> int | None:
    """Return a whole number up to nine digits, or None for anything else."""
    if text and text.isascii() and text.isdigit() and len(text) <= LARGEST_DIGITS:
        return int(text)
    return None


def cleaned(value: Any) -> Any:  # a filter sees whatever the field holds
    """Return text in NFC with plain line ends and no blanks around it; other values untouched."""
    if isinstance(value, tuple):  # several words in one field
        return tuple(cleaned(word) for word in value)
    if not isinstance(value, str):
        return value
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()


def storable(_form: Form, field: Field) -> None:
    """Refuse control characters and broken Unicode, on both databases alike."""
    text = ", ".join(map(str, field.data)) if isinstance(field.data, tuple) else field.data
    if not isinstance(text, str):
        return
    found = CONTROL.search(text)
    if found:
        raise ValidationError(
            gettext(
                "Hier steht ein unsichtbares Steuerzeichen (Stelle %(place)s). Löschen Sie es "
                "oder tippen Sie den Text neu.",
                place=found.start() + 1,
            )
        )
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValidationError(
            gettext(
                "Das Zeichen an Stelle %(place)s ist beschädigt. Tippen Sie es neu.",
                place=error.start + 1,
            )
        ) from error
