"""The pages of the master data; each group of pages is a module of its own."""

from flask import Blueprint

bp = Blueprint("masterdata", __name__, url_prefix="/stammdaten")
