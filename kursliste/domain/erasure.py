"""Taking a person's name out of what was published (SECURITY.md, rule 36).

What is to go is told as plain texts: a name as it stands there, a telephone number, an address.
Each is found whatever its case and its blanks, but only as whole words: "Anna" is not in "Hanna".
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kursliste.domain.course import FIELD
from kursliste.domain.edition import folded
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.texts import checked_text

REMOVED: Final = "entfernt"
"""What stands in the place of a name."""

SHORTEST: Final = 3
LONGEST: Final = 200
MOST: Final = 10

REACHED_BY: Final = frozenset(
    {"contact_phone", "contact_email", "link", "phone", "email", "website"}
)
"""Values that lead to somebody: in their place stands nothing, a word would be a broken link."""


@dataclass(frozen=True)
class Wanted:
    """The texts that are to go, as given."""

    texts: tuple[str, ...]

    def is_in(self, text: str) -> bool:
        """Return whether one of the texts stands in ``text``, also as the search has folded it."""
        return any(found.search(text) for found in (*self._patterns(), *self._folded()))

    def cleaned(self, attribute: str, value: Any) -> Any:  # whatever a row or its JSON holds
        """Return a value of ``attribute`` without the texts; the same object if none is in it."""
        if type(value) is str:
            return self._text(attribute, value)
        if isinstance(value, Mapping):
            new = {name: self.cleaned(str(name), item) for name, item in value.items()}
            return new if new != value else value
        if isinstance(value, list | tuple):
            is_field = len(value) == 3 and type(value[0]) is str and value[0] in FIELD  # noqa: PLR2004
            about = value[0] if is_field else attribute
            items = type(value)(self.cleaned(about, item) for item in value)
            return items if items != value else value
        return value

    def _text(self, attribute: str, text: str) -> str | None:
        if attribute == "search_text":
            for pattern in self._folded():
                text = pattern.sub("", text)
            return text
        new = text
        for pattern in self._patterns():
            new = pattern.sub(REMOVED, new)
        if new == text:
            return text
        if attribute in REACHED_BY:
            return None if attribute in FIELD else ""
        return new

    def _patterns(self) -> list[re.Pattern[str]]:
        return [_pattern(text) for text in self.texts]

    def _folded(self) -> list[re.Pattern[str]]:
        return [_pattern(folded(text)) for text in self.texts]


def _pattern(text: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in text.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def wanted_from(lines: str) -> Wanted:
    """Return what is to go, one text a line; raise RuleViolationError for what names too little.

    The longest come first, so that "Vera Volkshoch" does not leave "Vera" behind.
    """
    texts = dict.fromkeys(" ".join(line.split()) for line in lines.splitlines() if line.strip())
    if not texts:
        raise RuleViolationError(Rule.ERASURE_EMPTY, field="texts")
    if len(texts) > MOST:
        raise RuleViolationError(Rule.VALUE_OUT_OF_RANGE, field="texts", low=1, high=MOST)
    for text in texts:
        if not SHORTEST <= len(text) <= LONGEST:
            raise RuleViolationError(Rule.ERASURE_TOO_SHORT, field="texts", value=text[:LONGEST])
    return Wanted(tuple(sorted(texts, key=len, reverse=True)))


def check_reason(reason: str, wanted: Wanted, *, longest: int) -> str:
    """Return the reason; refuse none, one that is too long, and one that names the person."""
    why = checked_text(reason, field="reason", longest=longest, missing=Rule.ERASURE_REASON_MISSING)
    if wanted.is_in(why):
        raise RuleViolationError(Rule.ERASURE_REASON_NAMES, field="reason")
    return why


def beside(facts: Iterable[Mapping[str, object]], wanted: Wanted) -> list[str]:
    """Return telephone numbers and addresses that stand beside a name that is to go."""
    found: dict[str, None] = {}
    for row in facts:
        name = row.get("contact_name") or row.get("name")
        if isinstance(name, str) and wanted.is_in(name):
            for key in ("contact_phone", "contact_email", "phone", "email"):
                value = row.get(key)
                if isinstance(value, str) and value and not wanted.is_in(value):
                    found.setdefault(value)
    return list(found)
