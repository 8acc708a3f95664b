"""What is held about a person, as a file: one's own under /konto, anybody's under /verwaltung."""

import json
from typing import Any, Final

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from kursliste.administration import disclosure_actions, queries
from kursliste.administration.blueprint import bp
from kursliste.domain.permissions import Permission
from kursliste.identity.queries import own_account
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.web.access import requires
from kursliste.web.context import current_actor, db_session

own: Final = Blueprint("disclosure", __name__)


@own.post("/konto/auskunft")
@requires(Permission.ACCOUNT_USE)
def own_data() -> ResponseReturnValue:
    """Give me what is held about me."""
    session, actor = db_session(), current_actor()
    with transaction(session):
        told = disclosure_actions.disclose_own(session, own_account(session, actor), actor=actor)
    return _file(told)


@bp.post("/personen/<key:user_id>/auskunft")
@requires(Permission.USER_MANAGE)
def data_of(user_id: int) -> ResponseReturnValue:
    """Give an administrator what is held about a person."""
    session, actor = db_session(), current_actor()
    with transaction(session):
        found = queries.person(session, actor, user_id)
        told = disclosure_actions.disclose_person(session, found, actor=actor)
    return _file(told)


def _file(told: dict[str, Any]) -> Response:
    response = Response(json.dumps(told, ensure_ascii=False, indent=1), mimetype="application/json")
    name = f"auskunft-{clock.today()}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
