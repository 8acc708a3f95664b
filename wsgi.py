"""Entry point for any WSGI server; nothing else."""

from kursliste.app import create_app
from kursliste.settings import Settings

app = create_app(Settings.from_environment())
