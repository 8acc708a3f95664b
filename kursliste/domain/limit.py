"""How often something may be done in a time; what is limited stands with its matter."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Limit:
    """At most ``most`` times in a window of ``window``; windows begin at fixed instants."""

    most: int
    window: timedelta

    @property
    def minutes(self) -> int:
        """Return the length of the window in minutes, for messages."""
        return int(self.window.total_seconds() // 60)
