"""docs/security.md tells the limits and lifetimes that the code keeps."""

from pathlib import Path

from kursliste.api import schemas
from kursliste.catalogue import shortlist_routes
from kursliste.domain import hint, saved_search, second_factor, sign_in, subscription, upload
from kursliste.infrastructure import (
    carriers,
    database,
    document_child,
    documents,
    openid,
    pictures,
    shelf_bucket,
)
from kursliste.intake import archive, cells, sheet, workbook_child, workbook_xml
from kursliste.settings import SHORTEST_SECRET
from kursliste.web import page_cache, security

DOCUMENT = Path(__file__).parents[2] / "docs" / "security.md"
MB = 1 << 20


def minutes(limit):
    return f"{limit.most} in {limit.minutes} minutes"


def hourly(limit):
    assert limit.minutes == 60
    return f"{limit.most} an hour"


def test_the_numbers_are_those_of_the_code():
    text = DOCUMENT.read_text(encoding="utf-8")
    stays, idle = sign_in.STAFF_STAYS.seconds // 3600, sign_in.STAFF_IDLE.seconds // 60
    days, device = sign_in.PROVIDER_STAYS.days, second_factor.DEVICE_HOLDS.days
    half = second_factor.HALF_HOLDS.seconds // 60
    rows = {
        f"| ask for a mail | address | {minutes(sign_in.LINKS_PER_ADDRESS)};",
        f"| ask for a mail | network | {minutes(sign_in.LINKS_PER_NETWORK)} |",
        f"| type a code from the mail | mail | {sign_in.MOST_CODE_TRIES}, then",
        f"| type a code from the mail | network | {minutes(sign_in.CODES_PER_NETWORK)} |",
        f"| person, behind the first step | {minutes(second_factor.TRIES)} |",
        f"from paper | network | {minutes(second_factor.TRIES_PER_NETWORK)} |",
        f"Link and code hold {sign_in.LINK_HOLDS.seconds // 60} minutes",
        f"| provider | {days} days | {days} days |",
        f"| everybody else | {idle} minutes | {stays} hours |",
        f"| between the two steps | {half} minutes | {half} minutes |",
        f"(asks for the app) | {device} days | {device} days |",
        f"| body of a request | {security.LARGEST_BODY // MB} MB, and",
        f"a form without files {security.LARGEST_FORM // MB} MB |",
        f"(.xlsx, .csv) | {cells.MAX_BYTES // MB} MB, {archive.MAX_PARTS} parts,",
        f"{archive.MAX_UNPACKED // MB} MB unpacked, {archive.MAX_RATIO} times its size,",
        f"{cells.MAX_ROWS} rows a sheet, {workbook_child.MAX_SHEETS} sheets,",
        f"{workbook_child.MAX_ALL_ROWS} visible rows, {workbook_child.MAX_CELLS} cells and",
        f"{workbook_child.MAX_LETTERS} letters in all, {workbook_xml.MAX_WORK} elements and",
        f"attributes; read by a process with {workbook_child.MEMORY // MB} MB",
        f"MB and {workbook_child.SECONDS} seconds |",
        f"| files sent | {hourly(upload.PER_PERSON)} and person |",
        f"{pictures.LARGEST_FILE // 1024} kB, {pictures.LONGEST_SIDE} pixels a side",
        f"| hints about a course | {hourly(hint.PER_NETWORK)} and network |",
        f"| orders of mail | {hourly(subscription.REQUESTS_PER_ADDRESS)} and address,",
        f"{hourly(subscription.REQUESTS_PER_NETWORK)} and network,",
        f"{subscription.MOST_OF_ONE_ADDRESS} of one address |",
        f"| {saved_search.MOST_SEARCHES} a person, {saved_search.MOST_COURSES} courses each |",
        f"| handouts as PDF | {shortlist_routes.handouts._most} an hour and network |",
        f"| a page of the API | {schemas.MOST_PER_PAGE} courses |",
        f"{workbook_child.SECONDS} seconds of work, {sheet.SECONDS} on the clock",
        f"{document_child.MEMORY >> 30} GB, {documents.SECONDS} seconds on the clock",
        f"SQLite: writers queue up for {database.BUSY_TIMEOUT_MS // 1000} seconds",
        f"{page_cache.MOST_BYTES // MB} MB a process",
        f"| {carriers.SMTP_TIMEOUT_S} seconds an answer, {carriers.TAKING_S} for the mail itself;",
        "tried again after 1, 5, 15 minutes … 24 hours",
        f"{shelf_bucket.CONNECT_S} seconds to connect, {shelf_bucket.READ_S} to read",
        f"| {openid.WAIT_S} seconds, {openid.LARGEST // 1000} kB, no redirect",
        f"{SHORTEST_SECRET} at least",
        f"({sign_in.CODE_DIGITS} digits)",
        f"({second_factor.PAPER_LENGTH} of {len(second_factor.PAPER_ALPHABET)} signs, 59 bits)",
    }
    assert {row for row in rows if row not in text} == set()
