"""The pages of the review; each group of pages is a module of its own."""

from typing import Final

from flask import Blueprint

bp = Blueprint("review", __name__)
ONE_REPORT: Final = "/pruefung/<slug:district>/<month:month>/<key:report_id>"
"""The address of one report; its actions stand below it."""
