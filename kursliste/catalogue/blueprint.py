"""The pages for everybody; each group of pages is a module of its own."""

from typing import Final

from flask import Blueprint

from kursliste.catalogue.options import word_of

bp = Blueprint("catalogue", __name__)
ONE_DISTRICT: Final = "/kurslisten/<slug:district>"
A_WHILE: Final = "public, max-age=300"
FOR_EVER: Final = "public, max-age=31536000, immutable"


bp.add_app_template_global(word_of, "option_word")
