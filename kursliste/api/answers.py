"""Published things as the API tells them: plain values, made for ``json.dumps``."""

from collections.abc import Mapping
from typing import Any

from kursliste.catalogue.finding import FoundCourse
from kursliste.catalogue.known import Head
from kursliste.domain.columns import PUBLIC_COLUMNS
from kursliste.models.edition import Edition
from kursliste.publishing.formats.json_file import json_value
from kursliste.web.links import absolute

Answer = dict[str, Any]  # what json.dumps takes


def course(one: FoundCourse) -> Answer:
    """Return a course; what the layout of its edition keeps for professionals is null."""
    entry, told = one.entry, one.head.told
    facts = {
        column.attribute: json_value(getattr(entry, column.attribute))
        if column.attribute in told
        else None
        for column in PUBLIC_COLUMNS
    }
    return facts | {
        "course_id": entry.course_id,
        "edition": edition_ref(one.head),
        "interim": _interim(one),
        "distance_km": None if one.kilometres is None else round(one.kilometres, 1),
        "page": absolute("catalogue.course", course_id=entry.course_id),
    }


def _interim(one: FoundCourse) -> Answer | None:
    if one.told is None:
        return None
    return {
        "told_on": one.told.on,
        "seats_free": one.told.seats_free,
        "status": None if one.told.status is None else str(one.told.status),
    }


def edition_ref(head: Head) -> Answer:
    """Return which edition something is from."""
    return {"district": head.slug, "month": str(head.month), "number": head.number}


def edition(found: Edition) -> Answer:
    """Return an edition that stands, with its public files."""
    values: Mapping[str, Any] = {
        "district": found.district_slug,
        "month": found.month,
        "number": found.number,
    }
    return {
        "district": found.district_slug,
        "month": str(found.month),
        "number": found.number,
        "published_at": found.published_at.replace(microsecond=0),
        "replaces": found.replaces,
        "reason": found.reason or None,
        "licence": found.licence or None,
        "page": absolute("catalogue.edition", **values),
        "files": [
            {
                "name": file.name,
                "format": file.format,
                "size": file.size,
                "sha256": file.sha256,
                "url": absolute("catalogue.file", name=file.name, **values),
            }
            for file in found.files
            if not file.is_internal
        ],
    }
