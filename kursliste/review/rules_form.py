"""The shape of the rules by which a district reviews: boxes for notices and for fields."""

from collections.abc import Sequence
from typing import Any, Final

from wtforms import BooleanField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.widgets import CheckboxInput, ListWidget

from kursliste.domain.course import OWN_FIELDS, Section
from kursliste.domain.plausibility import Notice, Severity, severity_of
from kursliste.review.rules import EffectiveRules
from kursliste.web.forms import VersionedForm
from kursliste.web.labels import SECTION
from kursliste.web.notice_words import NOTICE_NAMES, example_of

SECTIONS: Final = tuple(section for section in Section if section is not Section.NONE)


class RulesForm(VersionedForm):
    """A ticked notice is shown, a ticked field is trivial; the boxes are added below."""

    @classmethod
    def of(cls, rules: EffectiveRules, version: int) -> "RulesForm":
        """Return the form of what holds."""
        ticked: dict[str, Any] = {_box(kind): kind not in rules.ignored for kind in Notice}
        for section in SECTIONS:
            ticked[_group(section)] = [n for n in _names(section) if n in rules.trivial]
        return cls(data={**ticked, "version": version})

    @property
    def rules(self) -> EffectiveRules:
        """What was ticked; the form must be valid."""
        ticked = [self[_group(section)].data or () for section in SECTIONS]
        return EffectiveRules(
            trivial=frozenset(name for names in ticked for name in names),
            ignored=frozenset(kind for kind in Notice if not self[_box(kind)].data),
        )

    @property
    def to_ask(self) -> Sequence[Any]:  # bound WTForms fields
        """The boxes of notices about which a coordinator asks."""
        return [self[_box(kind)] for kind in Notice if severity_of(kind) is Severity.ASK]

    @property
    def to_look_at(self) -> Sequence[Any]:  # as above
        """The boxes of notices that deserve a look."""
        return [self[_box(kind)] for kind in Notice if severity_of(kind) is Severity.LOOK]

    @property
    def trivial(self) -> Sequence[Any]:  # as above
        """The groups of fields."""
        return [self[_group(section)] for section in SECTIONS]


def _box(kind: Notice) -> str:
    return f"show_{kind}"


def _group(section: Section) -> str:
    return f"trivial_{section}"


def _names(section: Section) -> Sequence[str]:
    return [field.attribute for field in OWN_FIELDS if field.section is section]


def _fields(section: Section) -> Any:  # an unbound WTForms field
    return SelectMultipleField(
        SECTION[section],
        choices=[
            SelectChoice(field.attribute, field.heading)
            for field in OWN_FIELDS
            if field.section is section
        ],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


for _kind in Notice:
    setattr(
        RulesForm,
        _box(_kind),
        BooleanField(NOTICE_NAMES[_kind], description=f"Beispiel: {example_of(_kind)}"),
    )
for _section in SECTIONS:
    setattr(RulesForm, _group(_section), _fields(_section))
