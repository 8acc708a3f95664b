"""Ten people sit in front of a counsellor: each gets the right course, on paper, in their language.

By keyboard alone, on a telephone's width, and within four steps (a link, a button, a sent form).
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pikepdf
import pytest

from kursliste.web.languages import LANGUAGES
from tests.browser.pages import NARROW, SCROLLS, WIDE, Person
from tests.browser.site import running

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
MOST_STEPS = 4
BEST = 3


@dataclass(frozen=True, kw_only=True)
class Story:
    """Who comes, what they answer or what is typed into search, and the course that is right."""

    who: str
    language: str
    course: str
    answers: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    words: str = ""


BY_QUESTIONS = (
    Story(
        who="Frau aus Afghanistan, Alpha, zwei Kinder, Niesky, nur vormittags",
        language="fa",
        answers={
            "reached": "no_reading",
            "plz": "02906",
            "umkreis": "50",
            "times": ["vormittags"],
            "childcare": "1",
            "women": "1",
        },
        course="MiA-Kurs: Migrantinnen einfach stark im Alltag",
    ),
    Story(
        who="Mann aus Syrien, vom Jobcenter verpflichtet, Weimar, arbeitet vormittags",
        language="ar",
        answers={
            "reached": "nothing",
            "papers": ["Verpflichtung"],
            "plz": "99423",
            "times": ["nachmittags"],
        },
        course="Allgemeiner Integrationskurs Nachmittag",
    ),
    Story(
        who="Rentnerin aus Kasachstan, A2, Görlitz, ohne Papier, ohne Geld",
        language="ru",
        answers={"reached": "a2", "papers": ["keins"], "plz": "02826", "umkreis": "5", "free": "1"},
        course="Sprachcafé am Donnerstag",
    ),
    Story(
        who="Pflegekraft aus Indien, B1, wartet auf die Anerkennung, Heringen",
        language="en",
        answers={"reached": "b1", "papers": ["Teilnahmeberechtigung BSK"], "plz": "99765"},
        course="Berufssprachkurs Anerkennung Pflege",
    ),
    Story(
        who="Frau aus der Türkei, A2, sucht Arbeit, Weißwasser, nachmittags",
        language="tr",
        answers={
            "reached": "a2",
            "papers": ["Teilnahmeberechtigung BSK"],
            "plz": "02943",
            "umkreis": "10",
            "times": ["nachmittags"],
        },
        course="Job-BSK Produktion und Logistik",
    ),
    Story(
        who="Mann aus Kamerun, fängt an, Zuweisung des Landes, Zittau, ohne Auto",
        language="fr",
        answers={
            "reached": "nothing",
            "papers": ["Zuweisung Land"],
            "plz": "02763",
            "umkreis": "5",
        },
        course="Deutsch sofort A1",
    ),
    Story(
        who="Frau aus Eritrea, kann nicht lesen, ein Kind, Weimar, ohne Papier",
        language="de-leicht",
        answers={
            "reached": "no_reading",
            "papers": ["keins"],
            "kreis": "weimar",
            "childcare": "1",
            "women": "1",
        },
        course="Frauen lernen Deutsch",
    ),
)
BY_WORDS = (
    Story(
        who="Lehrerin aus Charkiw, B1, arbeitet tagsüber, Weimar",
        language="uk",
        words="bsk abends weimar",
        course="Berufssprachkurs B2 am Abend",
    ),
    Story(
        who="Arbeiter aus Rumänien, B1, nur am Wochenende, Görlitz",
        language="ro",
        words="b2 samstag goerlitz",
        course="Deutsch B2.1 am Samstag",
    ),
    Story(
        who="Ingenieur aus dem Iran, liest eine andere Schrift, Weimar",
        language="de",
        words="zweitschrift weimar",
        course="Integrationskurs für Zweitschriftlernende",
    ),
)


@pytest.fixture
def newcomer(chromium, site) -> Iterator[Person]:
    """Somebody with a telephone's width and only a keyboard."""
    person = Person(chromium, site.base_url, None)
    person.page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # two numbers
    yield person
    person.context.close()
    assert person.complaints == []


def names(story: Story) -> str:
    return f"{story.language}: {story.who}"


@pytest.mark.parametrize("story", BY_QUESTIONS, ids=names)
def test_who_answers_the_questions_gets_the_course_and_the_paper(newcomer, story):
    newcomer.go(f"/?sprache={story.language}")
    keys = Keyboard(newcomer)
    keys.follow("a[href*='/kurs-finden']")
    keys.answer(story.answers)
    keys.send()
    assert story.course in fitting(newcomer)[:BEST]
    keys.follow(f".proposal:has(:text-is('{story.course}')) a[href*='/handzettel']")
    holds_the_handout(newcomer, story)
    assert keys.steps <= MOST_STEPS


@pytest.mark.parametrize("story", BY_WORDS, ids=names)
def test_who_types_words_gets_the_course_and_the_paper(newcomer, story):
    newcomer.go(f"/?sprache={story.language}")
    keys = Keyboard(newcomer)
    keys.reach("#q")
    newcomer.page.keyboard.type(story.words)
    keys.send()
    first = newcomer.page.locator(".result h2, .result h3").first.inner_text()
    assert first.startswith(story.course)
    keys.follow(f".result__title a:has-text('{story.course}')")
    keys.follow("a[href*='/handzettel']")
    holds_the_handout(newcomer, story)
    assert keys.steps <= MOST_STEPS


def fitting(person: Person) -> list[str]:
    """The titles under the first heading: what fits."""
    group = person.page.locator("main h2 + .results").first
    return [title.strip() for title in group.locator(".result__title a").all_inner_texts()]


def holds_the_handout(person: Person, story: Story) -> None:
    """The page is the handout of the one course, as page and as paper in the language."""
    language = LANGUAGES[story.language]
    page = person.page
    root = page.locator("html")
    assert (root.get_attribute("lang"), root.get_attribute("dir") or "ltr") == (
        language.tag,
        language.direction,
    )
    assert page.locator("section.handout-course h2").all_inner_texts() == [story.course]
    assert page.evaluate(SCROLLS) == 0
    title = page.locator("section.handout-course h2")
    assert title.get_attribute("lang") == (None if story.language == "de" else "de")
    address = page.locator("a[href*='/handzettel.pdf']").get_attribute("href")
    answer = page.context.request.get(f"{person.base_url}{address}")
    with pikepdf.open(io.BytesIO(answer.body())) as paper:
        assert len(paper.pages) == 1
        assert str(paper.Root.Lang).split("-")[0] == language.tag.split("-")[0]


class Keyboard:
    """Goes over a page with Tab, arrows, Space and Enter alone; counts the pages that follow."""

    def __init__(self, person: Person) -> None:
        self.person, self.page, self.steps = person, person.page, 0

    def reach(self, selector: str, *, limit: int = 200) -> None:
        """Press Tab until the focus is on what the selector names."""
        target = self.page.locator(selector).first.element_handle(timeout=5_000)
        for _step in range(limit):
            if self.page.evaluate("one => document.activeElement === one", target):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {selector}")

    def follow(self, selector: str) -> None:
        """Reach a link and press Enter."""
        self.reach(selector)
        self._go()

    def send(self) -> None:
        """Send the form from where the focus is."""
        self._go()

    def _go(self) -> None:
        self.steps += 1
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def answer(self, answers: Mapping[str, str | Sequence[str]]) -> None:
        """Fill in the form as it comes; the focus ends on the button."""
        for name, value in answers.items():
            if name == "reached":
                self._choose(name, str(value))
            elif name in {"kreis", "umkreis"}:
                self.reach(f"select[name={name}]")
                self._turn(f"select[name={name}]", str(value))
            elif name == "plz":
                self.reach("#plz")
                self.page.keyboard.type(str(value))
            else:
                for one in [value] if isinstance(value, str) else value:
                    self.reach(f"input[name={name}][value='{one}'], input[type=checkbox]#{name}")
                    self.page.keyboard.press("Space")
        self.reach("main form button[type=submit]")

    def _choose(self, name: str, value: str) -> None:
        """Walk a group of radio buttons with the arrows."""
        self.reach(f"input[name={name}]")
        self.page.keyboard.press("Space")
        for _step in range(10):
            if self.page.locator(f"input[name={name}]:checked").get_attribute("value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no answer {value}")

    def _turn(self, selector: str, value: str) -> None:
        """Go down a closed list of choices."""
        for _step in range(10):
            if self.page.locator(selector).input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no choice {value}")


LANGUAGES_THAT_LOOK_DIFFERENT = ("de", "ar", "ru")
SHIFT = """() => new Promise(done => {
  const seen = [];
  new PerformanceObserver(list => seen.push(...list.getEntries().map(one => one.value)))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(seen.reduce((sum, one) => sum + one, 0)), 300);
})"""
CALM = 0.01
"""Far below the 0.1 that web.dev calls good: nothing jumps while somebody reads."""


def addresses(person: Person, language: str) -> list[str]:
    """What a newcomer reads, in one language."""
    person.go(f"/suche?kreis=goerlitz&sprache={language}")
    course = person.page.locator(".result").first.get_attribute("data-course")
    return [
        f"/?sprache={language}",
        f"/kurslisten/goerlitz?sprache={language}",
        f"/suche?q=gibtesnicht&sprache={language}",
        f"/kurse/{course}?sprache={language}",
        f"/kurse/{course}/stimmt-nicht-mehr?sprache={language}",
        f"/merkliste?kurs={course}&sprache={language}",
        f"/handzettel?kurs={course}&sprache={language}",
        f"/kurs-finden?sprache={language}",
        "/api",
    ]


@pytest.mark.parametrize("language", LANGUAGES_THAT_LOOK_DIFFERENT)
def test_the_pages_are_fit_for_everybody(somebody, language):
    anybody = somebody()
    for address in addresses(anybody, language):
        anybody.go(address)


@pytest.mark.parametrize("language", LANGUAGES_THAT_LOOK_DIFFERENT)
def test_nothing_jumps_while_somebody_reads(newcomer, language):
    jumping = {}
    paths = addresses(newcomer, language)
    for size in (NARROW, WIDE):
        newcomer.page.set_viewport_size(size)
        for address in paths:
            newcomer.go(address)
            jumping[address, size["width"]] = newcomer.page.evaluate(SHIFT)
    assert {address: sum_ for address, sum_ in jumping.items() if sum_ > CALM} == {}


HEAVIEST_KB = 150
"""The first page that a phone loads, with style, scripts and fonts."""


def test_the_first_page_is_light(chromium, tmp_path, demo_world):
    """Counted on the wire, packed as a browser asks for it, with the page cache as shipped."""
    url = f"sqlite:///{tmp_path}/kursliste.db"
    with running(url, tmp_path, template=demo_world, page_cache=5) as site:
        for address in ("/kurslisten/goerlitz?sprache=de", "/suche?sprache=uk"):
            assert 20 < kilobytes(Person(chromium, site.base_url, None), address) < HEAVIEST_KB


def kilobytes(person: Person, address: str) -> float:
    """What a browser that was never here before loads until it rests."""
    wire = person.context.new_cdp_session(person.page)
    loaded: list[float] = []
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda told: loaded.append(told["encodedDataLength"]))
    person.go(address)
    person.page.wait_for_load_state("networkidle")
    person.context.close()
    return sum(loaded) / 1000
