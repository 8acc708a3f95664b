"""An uploaded file: read once, outside of any transaction, and then forgotten but for its name."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.permissions import Actor
from kursliste.domain.upload import PER_PERSON
from kursliste.infrastructure.counting import count_try
from kursliste.intake.sheet import read_sheets
from kursliste.intake.storing import storable
from kursliste.intake.tables import CodeTables
from kursliste.intake.understanding import Understanding, understand

LONGEST_NAME: Final = 200


@dataclass(frozen=True, kw_only=True)
class ReadList:
    """What a file says, with the file's cleaned name and its SHA-256 in hex."""

    file_name: str
    sha256: str
    understanding: Understanding


def count_upload(session: Session, *, actor: Actor) -> None:
    """Count a file that the actor sends, before it is read; callers commit what was counted.

    Raises RuleViolationError (TOO_MANY_TRIES) beyond the limit.
    """
    count_try(session, f"upload:{actor.user_id}", PER_PERSON)


def read_list(data: bytes, file_name: str, *, tables: CodeTables, month: Month) -> ReadList:
    """Return what a file says as the list of ``month``; raise FileRefusedError with the reason."""
    name = clean_file_name(file_name)
    understanding = understand(read_sheets(data, name), tables=tables, month=month)
    return ReadList(
        file_name=name, sha256=hashlib.sha256(data).hexdigest(), understanding=understanding
    )


def clean_file_name(name: str) -> str:
    """Return the last part of a file's name without signs that nobody sees; only to be shown."""
    last = re.split(r"[/\\]", storable(unicodedata.normalize("NFC", name)))[-1]
    shown = "".join(sign for sign in last if sign.isprintable()).strip()
    return shown[-LONGEST_NAME:] or "Liste"
