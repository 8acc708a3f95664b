"""Two people at one thing: the page with both versions, the same in every station."""

from collections.abc import Mapping

from flask import render_template, request
from flask.typing import ResponseReturnValue

from kursliste.domain.errors import ConflictError


def both_versions(
    conflict: ConflictError,
    versions: Mapping[str, object],
    *,
    action: str = "",
    reload_url: str = "",
) -> ResponseReturnValue:
    """Show both versions; what was typed stays in a form that can be sent on top of the stored.

    ``versions`` are the stored versions by the names of the fields that hold them; those that were
    sent are sent anew with it. ``action`` is where the form goes (default: here), ``reload_url``
    where the stored version is read (default: the same).
    """
    left_out = {"csrf_token", *versions}
    again = [
        (name, value) for name, value in request.form.items(multi=True) if name not in left_out
    ]
    again += [(name, str(number)) for name, number in versions.items() if name in request.form]
    target = action or request.path
    page = render_template(
        "errors/both_versions.html",
        conflicts=conflict.differences,
        action=target,
        again=again,
        reload_url=reload_url or target,
    )
    return page, 409
