"""The addresses in mails to readers: written without a request; a test compares with the routes."""

from dataclasses import dataclass
from urllib.parse import urlencode

from kursliste.domain.subscription import Filters
from kursliste.models.edition import Edition
from kursliste.web.languages import GERMAN, PARAMETER, current_language


@dataclass(frozen=True)
class Links:
    """Full addresses below the one under which people reach the application.

    Pages that speak all languages open in the one of the mail.
    """

    base_url: str

    def subscription(self, key: str) -> str:
        """Return the page on which a reader confirms, changes or ends."""
        return _spoken(f"{self.base_url}/abo/{key}")

    def one_click(self, key: str) -> str:
        """Return what ends a subscription by one POST of a mail program (RFC 8058)."""
        return f"{self.base_url}/abo/{key}/abbestellen"

    def course_list(self, edition: Edition, filters: Filters) -> str:
        """Return the district's list with the reader's filter."""
        query = f"?{urlencode(filters, doseq=True)}" if filters else ""
        return _spoken(f"{self.base_url}/kurslisten/{edition.district_slug}{query}")

    def edition(self, edition: Edition) -> str:
        """Return the page of one edition."""
        place = f"{edition.district_slug}/{edition.month}/{edition.number}"
        return f"{self.base_url}/kurslisten/{place}"

    def file(self, edition: Edition, name: str) -> str:
        """Return a published file."""
        return f"{self.edition(edition)}/{name}"


def _spoken(address: str) -> str:
    code = current_language().code
    if code == GERMAN:
        return address
    return f"{address}{'&' if '?' in address else '?'}{PARAMETER}={code}"
