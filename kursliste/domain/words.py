"""Text taken apart for searching: one rule for what is stored and for what is typed."""

import re
import unicodedata
from typing import Final

from kursliste.domain.edition import folded

WORD: Final = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")
"""Letters and digits; a point inside keeps A1.2 together."""

PLAIN: Final = str.maketrans("äöüßáàâéèêëíîïóôúûçñčšžśłńřůě", "aousaaaeeeeiiioouucncszslnrue")
LONGEST_WORD: Final = 40


def words_of(text: str) -> frozenset[str]:
    """Return the words that a text is found by: spelled with ae and with a, whole and in parts."""
    found = set()
    lowered = text.casefold()
    for form in (folded(lowered), lowered.translate(PLAIN)):
        for word in WORD.findall(form):
            found.add(word[:LONGEST_WORD])
            found.update(part[:LONGEST_WORD] for part in word.split("."))
    return frozenset(found)


def sought_words(text: str) -> list[str]:
    """Return what somebody typed, word by word in their order, without repeating any."""
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in WORD.findall(folded(text))))


def compared(text: str) -> str:
    """Return ``text`` for comparing words: small letters and digits only, hyphenation undone."""
    plain = unicodedata.normalize("NFKC", text).replace("\u00ad", "").casefold()
    return re.sub(r"[^\w]|_", "", plain)
