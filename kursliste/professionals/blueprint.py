"""The pages for professionals; each group of pages is a module of its own."""

from typing import Final

from flask import Blueprint

bp: Final = Blueprint("professionals", __name__)
