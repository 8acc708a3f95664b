"""The words that a district puts into its reminders: their length, and what they may leave open."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from kursliste.domain import texts
from kursliste.domain.errors import Rule, RuleViolationError

LONGEST_TEXT: Final = 1000


class Placeholder(StrEnum):
    """What stands in braces in a text and is filled in for each mail."""

    MONTH = "monat"
    DUE_ON = "meldeschluss"
    PROVIDER = "traeger"

    @property
    def written(self) -> str:
        """The placeholder as people type it."""
        return f"{{{self}}}"


IN_BRACES: Final = re.compile(r"\{([^{}]*)\}")
AROUND: Final = 15
"""Characters of a text that a message shows beside a brace."""


def checked_text(text: str) -> str:
    """Return ``text`` without blanks around it.

    Raises RuleViolationError if nothing is left, if it is too long, and for anything in braces
    that is no placeholder.
    """
    text = texts.checked_text(text, field="text", longest=LONGEST_TEXT, missing=Rule.VALUE_MISSING)
    known = [placeholder.written for placeholder in Placeholder]
    for found in IN_BRACES.finditer(text):
        if found[0] not in known:
            raise RuleViolationError(
                Rule.PLACEHOLDER_UNKNOWN, field="text", value=found[0], known=known
            )
    alone = re.search(r"[{}]", IN_BRACES.sub(lambda found: "." * len(found[0]), text))
    if alone:
        near = text[max(0, alone.start() - AROUND) : alone.end() + AROUND]
        raise RuleViolationError(
            Rule.BRACE_ALONE, field="text", value=" ".join(near.split()), known=known
        )
    return text


def filled(text: str, values: Mapping[Placeholder, str]) -> str:
    """Return ``text`` with its placeholders filled in, once: a value is never read again."""
    known = {str(placeholder): value for placeholder, value in values.items()}
    return IN_BRACES.sub(lambda found: known.get(found[1], found[0]), text)
