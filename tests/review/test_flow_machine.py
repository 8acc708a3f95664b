"""The life of a report, its questions and its round, by any sequence of actions.

The transition tables are the oracle: what they allow succeeds and leads to the state they name,
everything else is refused and changes nothing. One database is enough: what the engines do
differently is tested action by action.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kursliste.domain.errors import (
    ConflictError,
    NotPermittedError,
    RuleViolationError,
    TransitionRefusedError,
)
from kursliste.domain.question import QUESTION_TRANSITIONS, QuestionAction, QuestionStatus
from kursliste.domain.report import EDITABLE, TRANSITIONS, ReportAction, ReportStatus
from kursliste.domain.round import ROUND_TRANSITIONS, RoundAction, RoundStatus
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import Database, transaction
from kursliste.masterdata import round_actions
from kursliste.models import (
    ApprovedVersion,
    CourseList,
    JournalEntry,
    OutgoingMail,
    Question,
    Report,
    ReportedCourse,
    Round,
)
from kursliste.reporting import actions as reporting
from kursliste.reporting import editing, revision_actions
from kursliste.reporting.question_actions import Answer, answer_questions
from kursliste.review import actions as review
from tests.builders import (
    a_coordinator,
    a_course,
    a_district,
    a_list,
    a_provider,
    a_report,
    a_reporter,
    a_round,
)

pytestmark = pytest.mark.slow

REFUSALS = (ConflictError, NotPermittedError, RuleViolationError, TransitionRefusedError)
TABLES = (Round, Report, ReportedCourse, Question, ApprovedVersion, JournalEntry, OutgoingMail)
JOURNAL = TABLES.index(JournalEntry)
NEVER = -1
"""A version that no report and no row ever has."""
WAYS = (
    (),
    ("start",),
    ("start", "submit"),
    ("start", "submit", "ask"),
    ("start", "submit", "ask", "answer"),
    ("start", "submit", "approve"),
    ("start", "submit", "approve", "revise"),
    ("start", "submit", "approve", "revise", "submit", "ask"),
)


class Flow(RuleBasedStateMachine):
    """One provider's December report between its provider and its coordinator."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=self.template.parent))
        shutil.copy(self.template, self.folder / "kursliste.db")
        self.database = Database(f"sqlite:///{self.folder}/kursliste.db")
        with self.database.session() as session, transaction(session):
            self._set_the_scene(session)
        self.status, self.is_revision = ReportStatus.OPEN, False
        self.round_status = RoundStatus.OPEN
        self.questions: list[QuestionStatus] = []
        self.entries = 0
        self.lines = self._lines()

    def _set_the_scene(self, session: Session) -> None:
        district = a_district(session)
        course_list: CourseList = a_list(session, district)
        provider = a_provider(session, district)
        self.coordinator = a_coordinator(session, district).as_actor()
        self.reporter = a_reporter(session, provider).as_actor()
        december = a_round(session, course_list)
        november = a_round(session, course_list, december.month.previous())
        before = a_report(session, november, provider, ReportStatus.APPROVED)
        for title in ("Vormittags", "Abends"):
            a_course(session, before, title=title, seats_total=20)
        self.report_id = a_report(session, december, provider, ReportStatus.OPEN).id
        self.round_id = december.id

    def teardown(self) -> None:
        self.database.dispose()
        shutil.rmtree(self.folder)

    # ---- how anything is done

    @contextmanager
    def _acting(self) -> Iterator[tuple[Session, Report]]:
        with self.database.session() as session, transaction(session):
            yield session, session.get_one(Report, self.report_id)

    def _do(self, action: Callable[[Session, Report], object], *, allowed: bool) -> bool:
        """Do it, and see that it is refused without a trace unless it is allowed."""
        refusal: Exception | None = None
        try:
            with self._acting() as (session, report):
                action(session, report)
        except REFUSALS as refused:
            refusal = refused
        now = self._lines()
        assert (refusal is None) is allowed, f"allowed: {allowed}, refusal: {refusal!r}"
        assert allowed or now == self.lines, "refused, but something changed"
        self.lines = now
        return allowed

    def _move(
        self,
        move: ReportAction,
        action: Callable[[Session, Report], object],
        *,
        unless: bool = False,
    ) -> bool:
        """Do what moves the report; the table says whether and where to."""
        goal, told = TRANSITIONS.get((self.status, move)), len(self.lines[JOURNAL])
        if not self._do(action, allowed=goal is not None and not unless):
            return False
        assert goal is not None
        assert len(self.lines[JOURNAL]) > told, "nothing in the journal"
        self.status = goal
        return True

    def _lines(self) -> list[list[tuple[object, ...]]]:
        """Everything that the tables hold."""
        with self.database.session(readonly=True) as session:
            return [
                [tuple(row) for row in session.execute(select(kind.__table__).order_by("id"))]
                for kind in TABLES
            ]

    @property
    def is_closed(self) -> bool:
        return self.round_status is RoundStatus.CLOSED

    @initialize(way=st.sampled_from(WAYS))
    def go_some_way(self, way: tuple[str, ...]) -> None:
        """Begin somewhere on the usual way: chance alone seldom comes far."""
        steps: dict[str, Callable[[], None]] = {
            "start": self.start,
            "submit": lambda: self.submit(confirm_all=True),
            "ask": lambda: self.ask(about_course=True),
            "answer": lambda: self.answer(0),
            "approve": lambda: self.approve(is_stale=False),
            "revise": self.revise,
        }
        for step in way:
            steps[step]()

    # ---- what a provider does

    @rule()
    def start(self) -> None:
        self._move(
            ReportAction.START,
            lambda session, report: reporting.start_report(session, report, actor=self.reporter),
            unless=self.is_closed,
        )

    @rule()
    def confirm(self) -> None:
        self._do(
            lambda session, report: reporting.confirm_rest(session, report, actor=self.reporter),
            allowed=self.status in EDITABLE and not self.is_closed,
        )

    @rule(place=st.integers(0, 1), taken=st.integers(0, 20), is_stale=st.booleans())
    def change(self, place: int, taken: int, *, is_stale: bool) -> None:
        def action(session: Session, report: Report) -> None:
            if not report.courses:
                reporting.confirm_rest(session, report, actor=self.reporter)  # refused: not begun
            row = report.courses[place]
            is_moved = row.seats_taken != taken
            reporting.change_course(
                session,
                row,
                row.facts() | {"seats_taken": taken, "seats_free": 20 - taken},
                seen_version=NEVER if is_stale and is_moved else row.version,
                actor=self.reporter,
            )

        is_lost = is_stale and self._taken(place) != taken
        allowed = self.status in EDITABLE and not self.is_closed and not is_lost
        self._do(action, allowed=allowed)

    def _taken(self, place: int) -> int | None:
        with self.database.session(readonly=True) as session:
            rows = session.get_one(Report, self.report_id).courses
            return rows[place].seats_taken if rows else None

    @rule(confirm_all=st.booleans())
    def submit(self, *, confirm_all: bool) -> None:
        self._move(
            ReportAction.SUBMIT,
            lambda session, report: reporting.submit_report(
                session, report, actor=self.reporter, link="", confirm_all=confirm_all
            ),
            unless=self.is_closed or QuestionStatus.OPEN in self.questions,
        )

    @rule()
    def take_back(self) -> None:
        self._move(
            ReportAction.TAKE_BACK,
            lambda session, report: reporting.take_back_report(
                session, report, actor=self.reporter
            ),
            unless=self.is_closed,
        )

    @rule()
    def revise(self) -> None:
        if self._move(
            ReportAction.REVISE,
            lambda session, report: revision_actions.revise_report(
                session, report, actor=self.reporter
            ),
            unless=self.is_closed,
        ):
            self.is_revision = True

    @rule(by_coordinator=st.booleans())
    def discard(self, *, by_coordinator: bool) -> None:
        actor = self.coordinator if by_coordinator else self.reporter
        if self._move(
            ReportAction.DISCARD,
            lambda session, report: revision_actions.discard_revision(session, report, actor=actor),
            unless=not self.is_revision,
        ):
            self.is_revision = False
            is_open = QuestionStatus.OPEN
            self.questions = [
                QuestionStatus.CLOSED if state is is_open else state for state in self.questions
            ]

    # ---- questions

    @rule(about_course=st.booleans())
    def ask(self, *, about_course: bool) -> None:
        def action(session: Session, report: Report) -> None:
            rows = report.courses if about_course else ()
            review.ask_question(
                session,
                report,
                text="Stimmt das?",
                reported_course_id=rows[0].id if rows else None,
                attribute="seats_taken" if rows else None,
                actor=self.coordinator,
                link="",
            )

        goal = TRANSITIONS.get((self.status, ReportAction.ASK))
        if self._do(action, allowed=goal is not None or self.status is ReportStatus.ASKED):
            self.status = ReportStatus.ASKED
            self.questions.append(QuestionStatus.OPEN)

    @rule(place=st.integers(0, 5))
    def answer(self, place: int) -> None:
        self._settle(
            place,
            QuestionAction.ANSWER,
            lambda session, question: answer_questions(
                session, question.report, {question.id: Answer("Ja.")}, actor=self.reporter
            ),
        )

    @rule(place=st.integers(0, 5))
    def close_question(self, place: int) -> None:
        self._settle(
            place,
            QuestionAction.CLOSE,
            lambda session, question: review.close_question(
                session, question, actor=self.coordinator
            ),
        )

    def _settle(
        self, place: int, move: QuestionAction, action: Callable[[Session, Question], object]
    ) -> None:
        if not self.questions:
            return
        place %= len(self.questions)
        goal = QUESTION_TRANSITIONS.get((self.questions[place], move))
        if self._do(
            lambda session, report: action(session, report.questions[place]),
            allowed=goal is not None,
        ):
            assert goal is not None
            self.questions[place] = goal

    # ---- what a coordinator decides

    @rule(is_stale=st.booleans())
    def approve(self, *, is_stale: bool) -> None:
        if self._move(
            ReportAction.APPROVE,
            lambda session, report: review.approve_report(
                session,
                report,
                actor=self.coordinator,
                seen_version=NEVER if is_stale else report.version,
            ),
            unless=is_stale,
        ):
            self.is_revision = False

    @rule()
    def carry_over(self) -> None:
        """A report that nobody began is begun by it."""
        if self.status is ReportStatus.OPEN:
            goal = TRANSITIONS[ReportStatus.OPEN, ReportAction.START]
        else:
            goal = self.status
        if self._do(
            lambda session, report: review.carry_over_report(
                session, report, actor=self.coordinator, seen_version=report.version
            ),
            allowed=(goal, ReportAction.CARRY_OVER) in TRANSITIONS and not self.is_revision,
        ):
            self.status = TRANSITIONS[goal, ReportAction.CARRY_OVER]

    @rule()
    def reopen(self) -> None:
        self._move(
            ReportAction.REOPEN,
            lambda session, report: review.reopen_report(
                session, report, actor=self.coordinator, seen_version=report.version
            ),
        )

    @rule(is_meant=st.sampled_from([False, False, False, True]))
    def close_round(self, *, is_meant: bool) -> None:
        """Seldom: while it is closed, little can happen."""
        if not is_meant:
            return
        self._move_round(
            RoundAction.CLOSE,
            lambda session, report: round_actions.close_now(
                session, report.round, actor=self.coordinator
            ),
        )

    @rule()
    def reopen_round(self) -> None:
        self._move_round(
            RoundAction.REOPEN,
            lambda session, report: round_actions.reopen_round(
                session, report.round, actor=self.coordinator
            ),
        )

    def _move_round(self, move: RoundAction, action: Callable[[Session, Report], object]) -> None:
        goal = ROUND_TRANSITIONS.get((self.round_status, move))
        if self._do(action, allowed=goal is not None):
            assert goal is not None
            self.round_status = goal

    @rule(change_of_roles=st.sampled_from(["approve", "carry_over", "reopen", "ask", "close"]))
    def a_provider_never_decides(self, change_of_roles: str) -> None:
        """Whatever the state: what belongs to the coordinator is refused to the provider."""
        actor = self.reporter
        verbs: dict[str, Callable[[Session, Report], object]] = {
            "approve": lambda session, report: review.approve_report(
                session, report, actor=actor, seen_version=report.version
            ),
            "carry_over": lambda session, report: review.carry_over_report(
                session, report, actor=actor, seen_version=report.version
            ),
            "reopen": lambda session, report: review.reopen_report(
                session, report, actor=actor, seen_version=report.version
            ),
            "ask": lambda session, report: review.ask_question(
                session,
                report,
                text="?",
                reported_course_id=None,
                attribute=None,
                actor=actor,
                link="",
            ),
            "close": lambda session, report: round_actions.close_now(
                session, report.round, actor=actor
            ),
        }
        self._do(verbs[change_of_roles], allowed=False)

    # ---- what always holds

    @invariant()
    def the_database_says_what_the_tables_say(self) -> None:
        with self.database.session(readonly=True) as session:
            report = session.get_one(Report, self.report_id)
            assert report.status is self.status
            assert report.round.status is self.round_status
            assert [question.status for question in report.questions] == self.questions
            assert report.is_revision is self.is_revision
            assert (report.decided_at is not None) == (self.status is ReportStatus.APPROVED)
            if self.status in {ReportStatus.OPEN, ReportStatus.APPROVED}:
                assert report.approved_version is None
            entries = session.scalar(select(func.count(JournalEntry.id))) or 0
            assert entries >= self.entries
            self.entries = entries


def _run(template: Path, examples: int, steps: int) -> None:
    class Here(Flow):
        pass

    Here.template = template
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=(Phase.generate,),  # the steps are printed; making them fewer takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )


def _take_any_version(patch: pytest.MonkeyPatch) -> None:
    """Whoever approves an old page does not hear of it."""
    patch.setattr(review, "_lock", lambda session, report, *_: review._refresh(session, report))


def _leave_questions_open(patch: pytest.MonkeyPatch) -> None:
    """The change is thrown away, the questions about it stay."""
    patch.setattr(revision_actions, "_settle_questions", lambda *_: None)


def _forget_that_rounds_close(patch: pytest.MonkeyPatch) -> None:
    """A provider goes on writing into a closed round."""
    patch.setattr(editing, "check_round_open", lambda _: None)


def _keep_no_journal(patch: pytest.MonkeyPatch) -> None:
    """What a provider does leaves no trace."""
    patch.setattr(editing, "record", lambda *_, **__: None)


FAULTS = (_take_any_version, _leave_questions_open, _forget_that_rounds_close, _keep_no_journal)


@pytest.mark.asvs("2.3.1", "16.5.3")
def test_any_way_through_the_flow(sqlite_template):
    assert clock.today().year == 2026
    _run(sqlite_template, examples=25, steps=20)


@pytest.mark.nightly
@pytest.mark.timeout(7200)
def test_very_many_ways_through_the_flow(sqlite_template):
    _run(sqlite_template, examples=2_000, steps=50)


@pytest.mark.nightly
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__.strip("_"))
def test_a_fault_in_the_flow_is_found(sqlite_template, monkeypatch, fault):
    """The control: with a fault in it, the same walk fails."""
    fault(monkeypatch)
    with pytest.raises((AssertionError, ExceptionGroup)):
        _run(sqlite_template, examples=200, steps=50)
