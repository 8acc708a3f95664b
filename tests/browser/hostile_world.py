"""The demo world after somebody hostile typed into every field, and what its pages do about it."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Browser, Dialog, Error
from sqlalchemy import String, Table, select, update
from sqlalchemy.orm import Session

from kursliste.domain.edition import is_for_public
from kursliste.domain.errors import RuleViolationError
from kursliste.domain.hint import HintReason
from kursliste.domain.mail_text import checked_text
from kursliste.domain.permissions import Actor
from kursliste.domain.reminders import ReminderStep
from kursliste.hints.actions import give_hint
from kursliste.infrastructure.database import Database, transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.layouts import actions as layouts
from kursliste.models import Report, Round, User
from kursliste.models.base import Base
from kursliste.models.edition import Edition
from kursliste.models.masterdata import CourseList, District
from kursliste.publishing import actions as publishing
from kursliste.publishing.queries import list_layout_or_none
from kursliste.reporting import text_actions as reminders
from tests.browser.hostile_words import PRODUCT, TEXTS, fitting
from tests.browser.pages import Person
from tests.builders import a_course

TYPED: Final = {
    "app_user": ("name",),
    "district": ("name", "publisher", "contact"),
    "provider": ("name", "short_name", "kind", "street", "town", "phone", "office_hours"),
    "contact": ("name", "phone"),
    "course_list": ("title",),
    "venue": ("name", "street", "town"),
    "journal_entry": ("actor_name",),
    "question": ("text", "old_value", "new_value", "answer"),
    "interim_update": ("given_by",),
    "course_type": ("label", "short", "units_note", "funder"),
    "level": ("label",),
    "course_status": ("label", "short", "explanation"),
    "reported_course": (),
    "approved_course": (),
}
"""The columns that hold what people typed; () is every text of a course."""
NOT_FREE: Final = {"postcode", "link", "contact_email", "source_row"}
LINKS: Final = ('https://a.example/"onmouseover="x__()', "https://a.example/'><img src=x>")


def columns_of(table: Table) -> list[str]:
    """The columns of a table in which anything may stand."""
    return list(TYPED[table.name]) or [
        column.name
        for column in table.columns
        if type(column.type) is String and not column.foreign_keys and column.name not in NOT_FREE
    ]


def length_of(table: Table, name: str) -> int:
    """How many characters a column holds; a text without a bound holds any payload."""
    kind = table.c[name].type
    return (isinstance(kind, String) and kind.length) or 1_000


def poison(folder: Path) -> None:
    """Put hostile words into every field of the world in ``folder``, and publish them."""
    database = Database(f"sqlite:///{folder}/kursliste.db")
    with database.session() as session, transaction(session):
        _add_courses(session)
        for name in TYPED:
            _poison_table(session, Base.metadata.tables[name])
        session.expire_all()
        for course_list in session.scalars(select(CourseList).order_by(CourseList.id)):
            _publish(session, Shelf(folder / "exports"), course_list)
        for district in session.scalars(select(District).order_by(District.id)):
            _say_otherwise(session, district)
        _give_hints(session)
    database.dispose()


def _add_courses(session: Session) -> None:
    """Add as many courses to one published list as there are payloads."""
    first = session.scalars(select(CourseList).order_by(CourseList.id).limit(1)).one()
    newest = _newest(session, first)
    report = session.scalars(
        select(Report)
        .join(Round)
        .where(Round.course_list_id == newest.course_list_id, Round.month == newest.month)
        .order_by(Report.id)
        .limit(1)
    ).one()
    facts = report.courses[0].facts()
    for _payload in TEXTS:
        a_course(session, report, **facts)


def _poison_table(session: Session, table: Table) -> None:
    (key,) = table.primary_key.columns
    rows = session.execute(select(table).order_by(key)).mappings().all()
    for number, row in enumerate(rows, start=1):
        values: dict[str, Any] = {}
        for place, name in enumerate(columns_of(table)):
            if row[name] is not None or table.name.endswith("_course"):
                pool = fitting(length_of(table, name))
                values[name] = pool[(row.get("id", number) + 11 * place) % len(pool)]
        if table.name.endswith("_course"):
            values["link"] = LINKS[row["id"] % 2]
        if values:
            session.execute(update(table).where(key == row[key.name]).values(values))


def _newest(session: Session, course_list: CourseList) -> Edition:
    return session.scalars(
        select(Edition)
        .where(Edition.course_list_id == course_list.id)
        .order_by(Edition.month.desc(), Edition.number.desc())
        .limit(1)
    ).one()


def _coordinator(session: Session, slug: str) -> Actor:
    person = select(User).where(User.demo_slug == f"koordination-{slug}")
    return session.scalars(person).one().as_actor()


def _say_otherwise(session: Session, district: District) -> None:
    """Give each reminder of a district hostile words; what is refused cannot be stored."""
    actor, steps = _coordinator(session, district.slug), list(ReminderStep)
    for place, step in enumerate(steps):
        words = " ".join(text for text in TEXTS[place :: len(steps)] if can_be_said(text))
        reminders.change_text(session, district, step, words, seen_version=0, actor=actor)


def can_be_said(text: str) -> bool:
    """Whether the application stores this in the words of a reminder."""
    try:
        checked_text(text)
    except RuleViolationError:
        return False
    return True


def _give_hints(session: Session) -> None:
    """Say each payload about a published course, as a reader can who opens its page."""
    first = session.scalars(select(CourseList).order_by(CourseList.id).limit(1)).one()
    entries = [one for one in _newest(session, first).entries if is_for_public(one.row())]
    for number, text in enumerate(TEXTS):
        give_hint(
            session,
            entries[number % len(entries)].course_id,
            reason=HintReason.OTHER,
            comment=text,
            address=f"10.{number}.1.1",
            link="https://kurse.example/hinweise",
            actor=Actor.anonymous(),
        )


def _publish(session: Session, shelf: Shelf, course_list: CourseList) -> None:
    """Give the list a layout with hostile words, and correct its newest edition."""
    newest = _newest(session, course_list)
    actor = _coordinator(session, newest.district_slug)
    before = list_layout_or_none(session, course_list)
    assert before is not None
    pool = iter(TEXTS[course_list.id * 10 :] + TEXTS)
    short = iter(fitting(40)[course_list.id * 10 :] + fitting(40))
    chosen = tuple(replace(one, heading=next(short)) for one in before.layout.chosen)
    layout = replace(
        before.layout,
        name="Böse",
        chosen=chosen,
        header=" ".join(TEXTS)[:500],
        footer=" ".join(reversed(TEXTS))[:500],
    )
    layouts.change_layout(
        session, course_list, layout, knows_gaps=True, seen_version=before.version, actor=actor
    )
    publishing.publish_edition(
        session,
        shelf,
        course_list=course_list,
        month=newest.month,
        seen_number=newest.number,
        reason=next(pool),
        actor=actor,
    )


# ---- what the pages do

SCAN: Final = """product => {
  const faults = [];
  const say = (what, node) => faults.push(what + ": " + node.outerHTML.slice(0, 160));
  const own = address => {
    try { return /^(https?|mailto|tel):$/.test(new URL(address, location).protocol) }
    catch { return false }
  };
  for (const node of document.querySelectorAll("*")) {
    for (const attribute of node.attributes) {
      if (/^on/i.test(attribute.name)) say("handler", node);
      if (/^(href|src|action|formaction|data|xlink:href|ping|srcdoc|poster)$/i.test(attribute.name)
          && attribute.value && !/^data:image/.test(attribute.value)
          && (attribute.name === "srcdoc" || !own(attribute.value))) say("scheme", node);
      if (attribute.name === "style" && /evil|x__/.test(attribute.value)) say("style", node);
    }
    const name = node.localName;
    if ((name === "base" && node.href !== document.URL && node.hasAttribute("href"))
        || /^(object|embed|style|math|template|frame|applet|x__|noembed|xmp)$/.test(name)
        || (name === "script" && !node.getAttribute("src") && node.type !== "application/ld+json")
        || (name === "script" && node.src && new URL(node.src).host !== location.host)
        || (name === "iframe" && new URL(node.src, location).host !== location.host)
        || (name === "meta" && /refresh/i.test(node.httpEquiv))
        || (name === "form" && new URL(node.action, location).host !== location.host))
      say("element", node);
    if (name === "script" && node.type === "application/ld+json") {
      try { JSON.parse(node.textContent) } catch (error) { say("json " + error, node) }
    }
  }
  if (document.documentElement && document.documentElement.innerHTML.includes(product))
    faults.push("a template language worked");
  return faults;
}"""
CANARY: Final = """
window.x__fired = 0; window.x__ = () => { window.x__fired += 1; };
document.addEventListener("securitypolicyviolation", () => { window.x__fired += 1; });
"""
FILL: Final = """texts => {
  const open = "input[type=text], input[type=search], input:not([type]), input[type=email], "
    + "input[type=url], input[type=tel], textarea";
  const forms = [...document.querySelectorAll("main form")].filter(form =>
    form.method === "post" && form.querySelector(open));
  if (forms.length === 0) return false;
  const form = forms[0];
  [...form.querySelectorAll(open)].forEach((field, number) => {
    field.removeAttribute("maxlength");
    field.value = texts[number % texts.length];
  });
  form.noValidate = true;
  return true;
}"""
SEND: Final = """() => {
  const form = [...document.querySelectorAll("main form")].find(form => form.noValidate);
  form.requestSubmit(form.querySelector("button:not([type=button])"));
}"""
FILES: Final = re.compile(r"\.(xlsx|csv|pdf|json|ics|atom|xml|ttl|docx|txt|png|svg)$|/logo/")
NOT_GONE_TO: Final = re.compile(r"abmelden|vorschau/")


class Watched(Person):
    """A person who complains about whatever ran, wanted to run, or was no mere text."""

    def __init__(self, chromium: Browser, base_url: str) -> None:
        super().__init__(chromium, base_url, None)
        self.context.add_init_script(CANARY)
        self.page.on("dialog", self._asked)
        self.kinds: set[str] = set()
        self.visited: list[str] = []

    def _asked(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def look(self) -> None:
        """Complain about the page as it stands, with the address of the page."""
        try:
            if self.page.evaluate("window.x__fired"):
                self.complaints.append("something ran")
            self.complaints += self.page.evaluate(SCAN, PRODUCT)
        except Error as error:
            self.complaints.append(f"the page went away: {error.message}")
        self.complaints = [
            text if text.startswith("[") else f"[{self.page.url}] {text}"
            for text in self.complaints
        ]

    def see(self, address: str) -> None:
        """Open a page and look at it."""
        self.page.goto(address, wait_until="load")
        self.look()

    def wander(self, start: str, *, leaving_out: str, most: int = 200) -> None:
        """Follow links until every kind of page behind ``start`` was seen."""
        waiting = [start]
        while waiting and len(self.visited) < most:
            address = waiting.pop(0)
            kind = kind_of(address)
            if kind in self.kinds or re.search(leaving_out, address):
                continue
            self.kinds.add(kind)
            self.visited.append(address)
            self.see(address)
            waiting += self.links()

    def tell_all(self, turn: int) -> int:
        """Type hostile words into the first form of every page that was seen, and send it."""
        sent = 0
        for number, address in enumerate(self.visited):
            self.see(address)
            place = (turn + 7 * number) % len(TEXTS)
            if self.page.evaluate(FILL, [*TEXTS[place:], *TEXTS[:place]]):
                with self.page.expect_navigation(wait_until="load"):
                    self.page.evaluate(SEND)
                self.look()
                sent += 1
        return sent

    def links(self) -> list[str]:
        """Our own pages that this page leads to."""
        found = self.page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.href)")
        return [
            address.partition("#")[0]
            for address in found
            if address.startswith(f"{self.base_url}/")
            and not FILES.search(urlsplit(address).path)
            and not NOT_GONE_TO.search(address)
        ]


def kind_of(address: str) -> str:
    """What is the same for pages of one kind: the path without keys, the names of parameters."""
    parts = urlsplit(address)
    path = re.sub(r"goerlitz|nordhausen|weimar", "<kreis>", parts.path)
    path = re.sub(r"\b\d[\d-]*\b|/kurse/[a-z0-9]{12}|/a\d+", "<n>", path)
    return f"{path}?{'&'.join(sorted({name for name, _ in parse_qsl(parts.query)}))}"
