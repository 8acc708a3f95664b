"""One row in every table that has rules of its own, so that a test can break one rule at a time."""

from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.course import ConfirmedHow
from kursliste.domain.edition import Phase
from kursliste.domain.hint import HintReason
from kursliste.domain.layout import STANDARD
from kursliste.domain.permissions import Grant, Role
from kursliste.domain.reminders import ReminderStep
from kursliste.domain.retention import Kind
from kursliste.domain.site import SiteTextKey
from kursliste.infrastructure import clock
from kursliste.models import (
    Announcement,
    ApprovedCourse,
    ApprovedVersion,
    Correction,
    CourseHandover,
    CourseNote,
    DistrictOutline,
    Edition,
    EditionEntry,
    EditionErasure,
    EditionFile,
    EditionWithdrawal,
    FormerName,
    InterimUpdate,
    KnownApart,
    ListLayout,
    LogoImage,
    Mailing,
    MailingRules,
    MailText,
    OutgoingMail,
    PaperCode,
    ProviderNote,
    PublicationOrder,
    Question,
    ReaderHint,
    ReaderMail,
    RememberedDevice,
    Reminder,
    RetentionRun,
    ReviewRules,
    SavedSearch,
    SecondFactor,
    SignInLink,
    SiteText,
    Statement,
    Subscription,
    UserIdentity,
    UserSession,
    Venue,
)
from tests.builders import (
    a_course,
    a_district,
    a_list,
    a_provider,
    a_report,
    a_round,
    a_user,
)


def a_row_everywhere(session: Session) -> None:
    """Write the rows and flush; every table is left with rows that keep all rules."""
    district = a_district(session)
    course_list = a_list(session, district)
    provider = a_provider(session, district)
    merged = a_provider(session, name="Früher", is_active=False, merged_into_id=provider.id)
    user = a_user(
        session, Grant(Role.PROVIDER, provider_id=provider.id), demo_slug="traeger-goerlitz-1"
    )
    report = a_report(session, a_round(session, course_list), provider)
    row = a_course(session, report)
    now = clock.now()
    edition = Edition(
        course_list_id=course_list.id,
        district_id=district.id,
        month=Month(2026, 12),
        number=1,
        published_at=now,
        responsible="Koordination",
        district_ags=district.ags,
        district_slug=district.slug,
        district_name=district.name,
        list_slug=course_list.slug,
        list_title=course_list.title,
        publisher="Landratsamt",
        silent_providers=[],
        providers=[],
        changes=[],
        words={},
        rows_sha256="0" * 64,
    )
    session.add(edition)
    approved = ApprovedVersion(
        report_id=report.id, is_nil=False, decided_at=now, decided_by_id=user.id, kept_at=now
    )
    approved.courses = [
        ApprovedCourse(course_id=row.course_id, position=1, course_type="IK-ALLG", title="Kurs")
    ]
    session.add(approved)
    session.flush()
    _readers(session, edition)
    session.add_all(
        [
            EditionEntry(
                edition_id=edition.id,
                position=1,
                course_id=row.course_id,
                provider_id=provider.id,
                provider=provider.name,
                course_group="Integrationskurse",
                course_type="IK-ALLG",
                course_type_label="Integrationskurs",
                title="Kurs",
                phase=Phase.RUNNING,
                is_confirmed=False,
                search_text="",
            ),
            PublicationOrder(
                round_id=report.round_id,
                due_at=now,
                ordered_at=now,
                ordered_by_name="Karla",
                seen_number=0,
            ),
            EditionWithdrawal(
                edition_id=edition.id, withdrawn_at=now, withdrawn_by="Karla", reason="Zu früh"
            ),
            EditionErasure(
                edition_id=edition.id,
                erased_at=now,
                erased_by="Karla",
                reason="Antrag",
                columns=["contact_name"],
                rows_sha256="0" * 64,
            ),
            EditionFile(edition_id=edition.id, name="a.csv", format="csv", size=1, sha256="0" * 64),
            InterimUpdate(
                course_id=row.course_id,
                district_id=district.id,
                provider_id=provider.id,
                seats_free=3,
                given_at=now,
                given_by="Rita",
            ),
            ReaderHint(
                course_id=row.course_id,
                district_id=district.id,
                provider_id=provider.id,
                title="Kurs",
                reason=HintReason.FULL,
                given_at=now,
            ),
            Correction(
                report_id=report.id,
                reported_course_id=row.id,
                attribute="title",
                old_value="Kurs",
                new_value="Kurs am Abend",
                made_at=now,
                made_by_id=user.id,
            ),
            UserIdentity(user_id=user.id, issuer="i", subject="s", linked_at=now),
            SavedSearch(
                user_id=user.id,
                name="Zittau",
                arguments={"ort": ["Zittau"]},
                saved_at=now,
                checked_at=now,
            ),
            CourseNote(
                course_id=row.course_id,
                district_id=district.id,
                text="Nimmt auch später auf.",
                written_at=now,
                written_by="Berta",
            ),
            ProviderNote(
                provider_id=provider.id,
                district_id=district.id,
                text="Ruft lieber an.",
                written_at=now,
                written_by="Karla",
            ),
            KnownApart(one_id=provider.id, other_id=merged.id, told_at=now, told_by="Karla"),
            FormerName(provider_id=provider.id, name="VHS Neisse"),
            CourseHandover(
                course_id=row.course_id,
                from_provider_id=merged.id,
                to_provider_id=provider.id,
                month=Month(2026, 12),
                handed_at=now,
                handed_by="Karla",
            ),
            LogoImage(sha256="a" * 64, media_type="image/png", width=1, height=1, content=b"1"),
            ListLayout(course_list_id=course_list.id, stored=STANDARD.stored()),
            RetentionRun(kind=Kind.MAIL, ran_at=now, removed=0),
            ReviewRules(district_id=district.id, trivial_fields=("seats_free",)),
            MailText(district_id=district.id, step=ReminderStep.OPENING, text="Guten Tag"),
            Question(report_id=report.id, text="?", asked_at=now),
            Reminder(
                address="a@example.org",
                report_id=report.id,
                step=ReminderStep.OPENING,
                queued_at=now,
            ),
            Statement(
                report_id=report.id,
                told_by="Rita",
                how=ConfirmedHow.MAIL,
                told_on=now.date(),
                taken_at=now,
                taken_by_id=user.id,
            ),
            Venue(provider_id=provider.id, name="Haus", street="Weg 1", postcode="0", town="Ort"),
            UserSession(
                token_hash="a" * 64, user_id=user.id, created_at=now, seen_at=now, ends_at=now
            ),
            DistrictOutline(
                ags=district.ags,
                shape=[[[[14, 50], [15, 50], [15, 51], [14, 50]]]],
                south=50,
                west=14,
                north=51,
                east=15,
                loaded_year=2026,
                sha256="a" * 64,
            ),
            SiteText(key=SiteTextKey.IMPRINT, body="Wir", changed_at=now),
            Announcement(text="Wartung", starts_on=now.date(), ends_on=now.date()),
            SecondFactor(user_id=user.id, sealed_secret="s", begun_at=now, confirmed_at=now),
            PaperCode(user_id=user.id, code_hash="p" * 64),
            RememberedDevice(
                user_id=user.id, token_hash="d" * 64, created_at=now, ends_at=now, device="Firefox"
            ),
            SignInLink(
                user_id=user.id,
                token_hash="a" * 64,
                code_hash="a",
                bind_hash="a",
                created_at=now,
                ends_at=now,
            ),
            OutgoingMail(
                dedupe_key="once",
                to_address="a@example.org",
                subject="",
                body="",
                queued_at=now,
                due_at=now,
            ),
        ]
    )
    session.flush()


def _readers(session: Session, edition: Edition) -> None:
    """A subscription to the edition's list, and a mail that is to be written to it."""
    now = clock.now()
    reader = Subscription(
        course_list_id=edition.course_list_id,
        district_id=edition.district_id,
        email="a@example.org",
        filters={},
        filter_key="a" * 64,
        requested_at=now,
    )
    mailing = Mailing(edition_id=edition.id, sends=True, asked_at=now)
    session.add_all([reader, mailing, MailingRules(course_list_id=edition.course_list_id)])
    session.flush()
    session.add(
        ReaderMail(
            subscription_id=reader.id, mailing_id=mailing.id, key_hash="a" * 64, queued_at=now
        )
    )
