"""What one test leaves behind, the next one does not see; numbers start again, too."""

import pytest
from sqlalchemy import func, insert, select

from kursliste.infrastructure.database import transaction
from kursliste.models import Base

DISTRICT = Base.metadata.tables["district"]
GOERLITZ = {
    "ags": "14626",
    "slug": "goerlitz",
    "name": "Landkreis Görlitz",
    "state": "SN",
    "publisher": "",
    "contact": "",
}


@pytest.mark.parametrize("run", [1, 2])
def test_each_test_begins_with_what_the_migrations_left(session, run):
    assert session.execute(select(func.count()).select_from(DISTRICT)).scalar_one() == 0
    with transaction(session):
        done = session.execute(insert(DISTRICT).values(GOERLITZ))
    assert done.inserted_primary_key == (1,)
