"""Pages of publishing."""

from flask import Blueprint

bp = Blueprint("publishing", __name__)
