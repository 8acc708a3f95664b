"""How often a person may send a file: reading one takes a process of its own for seconds."""

from datetime import timedelta
from typing import Final

from kursliste.domain.limit import Limit

PER_PERSON: Final = Limit(60, timedelta(hours=1))
