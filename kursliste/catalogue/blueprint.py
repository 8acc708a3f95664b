"""The pages for everybody; each group of pages is a module of its own."""

from typing import Final

from flask import Blueprint

bp = Blueprint("catalogue", __name__)
ONE_DISTRICT: Final = "/kurslisten/<slug:district>"
A_WHILE: Final = "public, max-age=300"
