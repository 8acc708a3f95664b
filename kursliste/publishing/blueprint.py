"""The blueprint of the station; its pages stand in ``routes.py`` and the ``…_routes.py``."""

from flask import Blueprint

bp = Blueprint("publishing", __name__)
