"""Text that a person types: something is said, and it is short enough to be kept."""

from kursliste.domain.errors import Rule, RuleViolationError


def checked_text(text: str, *, field: str, longest: int, missing: Rule) -> str:
    """Return ``text`` without blanks around it.

    Raises RuleViolationError: ``missing`` if nothing is left, TEXT_TOO_LONG for more than
    ``longest`` characters; both name ``field``.
    """
    said = text.strip()
    if not said:
        raise RuleViolationError(missing, field=field)
    check_length(said, longest, field=field)
    return said


def check_length(text: str, longest: int, *, field: str) -> None:
    """Raise RuleViolationError (TEXT_TOO_LONG) for more than ``longest`` characters."""
    if len(text) > longest:
        raise RuleViolationError(Rule.TEXT_TOO_LONG, field=field, count=len(text), length=longest)
