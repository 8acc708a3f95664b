"""Entry point for any WSGI server; nothing else."""

from kursliste.app import from_environment

app = from_environment()
