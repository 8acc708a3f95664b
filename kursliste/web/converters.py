"""Converters of addresses: a bad month is a 404, a good one arrives as a Month."""

from typing import Any

from flask import Flask
from werkzeug.routing import BaseConverter, IntegerConverter, UnicodeConverter, ValidationError

from kursliste.domain.calendar import Month

LARGEST_KEY = 2_147_483_647
"""Keys are 32-bit on PostgreSQL; a larger number in an address is simply not there."""


class MonthConverter(BaseConverter):
    """``/<month:month>`` reads ``2026-12``."""

    regex = r"[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> Month:
        try:
            return Month.parse(value)
        except ValueError as error:
            raise ValidationError from error

    def to_url(self, value: Any) -> str:  # whatever url_for is given
        return str(value)


class KeyConverter(IntegerConverter):
    """``/<key:id>``: the key of a row."""

    def __init__(self, url_map: Any) -> None:  # werkzeug's Map
        super().__init__(url_map, min=1, max=LARGEST_KEY)


class SlugConverter(UnicodeConverter):
    """``/<slug:district>``: small letters, digits and hyphens."""

    regex = r"[a-z0-9][a-z0-9-]{0,59}"
    part_isolating = True

    def __init__(self, url_map: Any) -> None:  # werkzeug's Map
        BaseConverter.__init__(self, url_map)


def init_app(app: Flask) -> None:
    """Make the converters known; call before blueprints are registered."""
    app.url_map.converters |= {
        "month": MonthConverter,
        "key": KeyConverter,
        "slug": SlugConverter,
    }
