"""What the operator of an instance writes themselves: legal texts and announcements."""

from enum import StrEnum
from typing import Final

LONGEST_SITE_TEXT: Final = 20_000
"""Characters of an imprint, a privacy text, or an accessibility statement."""

LONGEST_ANNOUNCEMENT: Final = 300


class SiteTextKey(StrEnum):
    """The pages that need words of the operator (§ 5 DDG, Art. 13 DSGVO, § 12b BGG)."""

    IMPRINT = "imprint"
    PRIVACY = "privacy"
    ACCESSIBILITY = "accessibility"
