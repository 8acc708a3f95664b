"""A profile is what courses have in common; its text brings it back."""

from kursliste.domain.level_fit import Sought
from kursliste.domain.profile import Profile, profile_from

MORNING = Profile(
    values=("Integrationskurse", "IK-ALPHA", "vormittags", None),
    admission=("Verpflichtung", "offen"),
    level_from=0,
    level_to=20,
    flags=("frei",),
)


def test_a_profile_comes_back_from_its_text():
    assert profile_from(MORNING.text) == MORNING


def test_it_is_counted_for_every_value_it_has():
    assert set(MORNING.pairs_of()) == {
        ("gruppe", "Integrationskurse"),
        ("art", "IK-ALPHA"),
        ("tageszeit", "vormittags"),
        ("zugang", "Verpflichtung"),
        ("zugang", "offen"),
        ("frei", "1"),
    }
    assert MORNING.pairs_of("art") == [("art", "IK-ALPHA")]
    assert (MORNING.has("form", "online"), MORNING.has("zugang", "offen")) == (False, True)


def test_it_passes_levels_on_its_way():
    assert MORNING.passes(Sought(place=10, whole=10, highest=10))
    assert not MORNING.passes(Sought(place=30, whole=30, highest=30))
