"""The pages of the administration; each group of pages is a module of its own."""

from flask import Blueprint

bp = Blueprint("administration", __name__, url_prefix="/verwaltung")
