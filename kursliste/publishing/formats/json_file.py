"""The JSON of an edition, for programs: codes not labels, ISO dates, unknown is null."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, time
from decimal import Decimal
from typing import Final

from kursliste.domain.edition import Change, EditionHead, Row
from kursliste.domain.news import NewsItem, news_of
from kursliste.publishing.formats.text import changes_for, clean, columns_for, rows_for

SCHEMA: Final = "kursliste.edition/1"


def json_value(value: object) -> object:
    """Return a value of a row as JSON knows it: dates ``YYYY-MM-DD``, times ``HH:MM``, euro as
    a number, several words as a list; unknown (None or an empty text) as null.
    """
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (tuple, list)):
        return [clean(str(word)) for word in value]
    return clean(value) if isinstance(value, str) else value


def _change(change: Change) -> Mapping[str, object]:
    fields = {
        field.attribute: [json_value(field.old), json_value(field.new)] for field in change.fields
    }
    return {"kind": change.kind.value, "course_id": change.course_id, "fields": fields}


def _news(items: Iterable[NewsItem]) -> list[Mapping[str, object]]:
    """Return one part of the news; fields stand where a course changed."""
    return [
        {
            "course_id": item.course_id,
            "fields": {f.attribute: [json_value(f.old), json_value(f.new)] for f in item.fields},
        }
        for item in items
    ]


def build(
    head: EditionHead,
    rows: Sequence[Row],
    changes: Iterable[Change],
    corrected: Iterable[Change] | None = None,
    *,
    internal: bool = False,
) -> bytes:
    """Return the JSON file of an edition in the form that INTERFACE.md promises, keys sorted.

    ``changes`` are those since last month, ``corrected`` those since the replaced edition. What an
    edition is too old to know (``corrected``, ``left_out`` are None) has no key.
    """
    attributes = [column.attribute for column in columns_for(internal=internal)]
    seen = rows_for(rows, internal=internal)
    told = changes_for(changes, internal=internal)
    edition: dict[str, object] = {
        "schema": SCHEMA,
        "district": {"ags": head.ags, "slug": head.slug, "name": clean(head.district)},
        "list": head.list_slug,
        "month": str(head.month),
        "number": head.number,
        "published_at": head.published_at.astimezone(UTC).isoformat(timespec="seconds"),
        "replaces": head.replaces,
        "reason": clean(head.reason) or None,
        "licence": clean(head.licence) or None,
        "silent_providers": [clean(name) for name in head.silent_providers],
        "courses": [{name: json_value(row.get(name)) for name in attributes} for row in seen],
        "changes": [_change(change) for change in told],
        "news": {kind.value: _news(items) for kind, items in news_of(told, seen).items.items()},
    }
    if head.left_out is not None:
        edition["left_out"] = head.left_out
    if head.erased_on is not None:
        edition["erased_on"] = head.erased_on.isoformat()
    if corrected is not None:
        edition["corrected"] = [_change(c) for c in changes_for(corrected, internal=internal)]
    text = json.dumps(
        edition, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    return (text + "\n").encode()
