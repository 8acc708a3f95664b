"""People to ask: name, telephone, mail and address on the web, often all in one cell."""

import re
from typing import Final

from kursliste.intake.values.reading import (
    Reading,
    ask,
    found,
    is_nothing,
    line,
    plain,
    unread,
)

MAIL: Final = re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
MAIL_EXACT: Final = re.compile(r"[A-Za-z0-9ÄÖÜäöüß][\w.+%-]*@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
PHONE: Final = re.compile(
    r"(?<![\w/])(?:\+\d{1,3}|\(?0\d)[\d\s/()\-–.]{4,}\d(?!\w)(?:\s*(?:App\.?|DW|-)\s*\d+)?"
)
FAX: Final = re.compile(r"\bfax:?\s*[+\d(][\d\s/()\-–.+]*", re.IGNORECASE)
CALL: Final = re.compile(r"\b(?:tel(?:efon)?|mobil|fon|e-?mail|mail|handy)\b\.?:?", re.IGNORECASE)
LINK: Final = re.compile(r"(?:https?://|\bwww\.)[^\s,;]+", re.IGNORECASE)
PERSON: Final = re.compile(r"^(?:frau|fr\.|herrn?|hr\.|fam\.|familie|dr\.)\s", re.IGNORECASE)
STREET_OR_TOWN: Final = re.compile(r"\d{4,5}\s+\w|\b\w+(?:str\.|straße|weg|platz|gasse)\s+\d")
MAX_LINK: Final = 500
FEWEST_DIGITS: Final = 5
MOST_DIGITS: Final = 17


def read_contact(value: object) -> Reading:
    """Return name, telephone, mail and link from one cell; a fax number is left out."""
    if is_nothing(value):
        return Reading()
    text = FAX.sub("", plain(value))
    mail = MAIL.search(text)
    link = LINK.search(text)
    for match in (mail, link):
        text = text.replace(match[0], " ") if match else text
    phones = [phone[0].strip() for phone in PHONE.finditer(text)]
    for phone in phones:
        text = text.replace(phone, " ")
    reading = found(
        contact_email=mail[0] if mail else None,
        contact_phone=phones[0] if phones else None,
        link=with_scheme(link[0]) if link else None,
        contact_name=name_in(CALL.sub(" ", text)),
    )
    rest = [part for part in lines_of(CALL.sub(" ", text)) if part != name_in(CALL.sub(" ", text))]
    if rest:
        why = f"Nicht übernommen: {'; '.join(rest)}."
        reading += ask("contact_name", line(value), why)
    if len(phones) > 1:
        reading += ask("contact_phone", value, "Mehrere Telefonnummern; die erste gilt.")
    return reading


def is_name_part(text: str) -> bool:
    """Return whether a line may belong to the name of a provider: no person, number, address."""
    other = (MAIL, LINK, PHONE, CALL, PERSON, STREET_OR_TOWN)
    return not any(pattern.search(text) for pattern in other)


def with_scheme(address: str) -> str:
    """Return an address on the web with https:// where the writer left it out."""
    return f"https://{address}" if address.lower().startswith("www.") else address


def lines_of(text: str) -> list[str]:
    """Return the lines that still say something."""
    parts = (re.sub(r"\s+", " ", part).strip(" ,;:/-") for part in text.split("\n"))
    return [part for part in parts if part]


def name_in(text: str) -> str:
    """Return the name: the line that begins like a person, else the first line."""
    lines = lines_of(text)
    return next((part for part in lines if PERSON.search(part)), lines[0] if lines else "")


def read_phone(value: object) -> Reading:
    """Return a telephone number as text, as written."""
    if is_nothing(value):
        return Reading()
    text = line(value)
    reading = Reading()
    if isinstance(value, int | float):
        text = f"0{int(value)}"
        reading = ask("contact_phone", value, f"Hier steht eine Zahl: als {text} gelesen.")
    digits = sum(letter.isdigit() for letter in text)
    if not FEWEST_DIGITS <= digits <= MOST_DIGITS or re.search(r"[a-z=]{4,}", text):
        return unread("contact_phone", value, "Das ist keine Telefonnummer.")
    return found(contact_phone=CALL.sub("", text).strip()) + reading


def read_mail(value: object) -> Reading:
    """Return one mail address."""
    if is_nothing(value):
        return Reading()
    text = line(value)
    if not MAIL_EXACT.fullmatch(text):
        return unread("contact_email", value, "Das ist keine gültige E-Mail-Adresse.")
    return found(contact_email=text)


def read_link(value: object) -> Reading:
    """Return an address on the web; only http and https are taken."""
    if is_nothing(value):
        return Reading()
    text = line(value)
    if not LINK.fullmatch(text) or len(text) > MAX_LINK:
        return unread("link", value, "Ein Link beginnt mit http:// oder https://.")
    return found(link=with_scheme(text))
