"""Every table, so that naming ``kursliste.models`` maps them all."""

from kursliste.models.approved import ApprovedCourse, ApprovedVersion
from kursliste.models.base import Base
from kursliste.models.codes import Alias, CourseType, Level, StatusWords
from kursliste.models.correction import Correction
from kursliste.models.course_note import CourseNote
from kursliste.models.current import (
    CourseProfile,
    CurrentCourse,
    CurrentWord,
    DistrictNeighbour,
    DistrictOutline,
    Place,
    SearchWord,
)
from kursliste.models.edition import (
    Edition,
    EditionEntry,
    EditionErasure,
    EditionFile,
    EditionWithdrawal,
)
from kursliste.models.handover import CourseHandover
from kursliste.models.hint import ReaderHint
from kursliste.models.identity import (
    Membership,
    PaperCode,
    RateCounter,
    RememberedDevice,
    SecondFactor,
    SignInLink,
    User,
    UserIdentity,
    UserSession,
)
from kursliste.models.intake import ListUpload
from kursliste.models.interim import InterimUpdate
from kursliste.models.journal import JournalEntry
from kursliste.models.layout import ListLayout, LogoImage
from kursliste.models.mail_text import MailText
from kursliste.models.masterdata import (
    Contact,
    CourseList,
    District,
    FormerName,
    KnownApart,
    Provider,
    ProviderDistrict,
    Venue,
)
from kursliste.models.outbox import MailStatus, OutgoingMail
from kursliste.models.publication import PublicationOrder
from kursliste.models.question import Question
from kursliste.models.reminder import Reminder
from kursliste.models.report import Course, Report, ReportedCourse, Round
from kursliste.models.retention import RetentionRun
from kursliste.models.review import ProviderNote, ReviewRules
from kursliste.models.saved_search import KnownCourse, SavedSearch
from kursliste.models.site import Announcement, SiteText
from kursliste.models.statement import Statement
from kursliste.models.subscription import Mailing, MailingRules, ReaderMail, Subscription

__all__ = [
    "Alias",
    "Announcement",
    "ApprovedCourse",
    "ApprovedVersion",
    "Base",
    "Contact",
    "Correction",
    "Course",
    "CourseHandover",
    "CourseList",
    "CourseNote",
    "CourseProfile",
    "CourseType",
    "CurrentCourse",
    "CurrentWord",
    "District",
    "DistrictNeighbour",
    "DistrictOutline",
    "Edition",
    "EditionEntry",
    "EditionErasure",
    "EditionFile",
    "EditionWithdrawal",
    "FormerName",
    "InterimUpdate",
    "JournalEntry",
    "KnownApart",
    "KnownCourse",
    "Level",
    "ListLayout",
    "ListUpload",
    "LogoImage",
    "MailStatus",
    "MailText",
    "Mailing",
    "MailingRules",
    "Membership",
    "OutgoingMail",
    "PaperCode",
    "Place",
    "Provider",
    "ProviderDistrict",
    "ProviderNote",
    "PublicationOrder",
    "Question",
    "RateCounter",
    "ReaderHint",
    "ReaderMail",
    "RememberedDevice",
    "Reminder",
    "Report",
    "ReportedCourse",
    "RetentionRun",
    "ReviewRules",
    "Round",
    "SavedSearch",
    "SearchWord",
    "SecondFactor",
    "SignInLink",
    "SiteText",
    "Statement",
    "StatusWords",
    "Subscription",
    "User",
    "UserIdentity",
    "UserSession",
    "Venue",
]
