"""Figures for monitoring: right, three statements, and nobody else's business."""

import dataclasses
import re
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from kursliste.infrastructure import clock, mailbox
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.settings import Settings, SettingsError
from tests.publishing.scene import Statements, a_scene

ELSEWHERE = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
TOKEN = "token-for-monitoring-0123"


def figures(client, **options) -> dict[str, float]:
    text = client.flask.get("/metrics", **options).text
    return {
        ":".join((sample.name, *sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_they_tell_how_the_instance_does(client, session, settings, database, frozen_clock):
    empty = figures(client)
    assert empty["kursliste_oldest_mail_seconds"] == 0
    assert empty["kursliste_newest_edition_timestamp_seconds"] == 0
    scene = a_scene(session, Shelf(settings.shelf))
    scene.course(title="Eins")
    scene.publish()
    mailbox.enqueue(session, to="rita@example.org", subject="Guten Tag", body="…")
    with transaction(session):
        pass
    frozen_clock.forward(hours=2)
    with Statements(database) as statements:
        found = figures(client)
    assert statements.questions == 3
    assert found["kursliste_mails:queued"] == 1
    assert found["kursliste_oldest_mail_seconds"] == timedelta(hours=2).total_seconds()
    assert found["kursliste_reports:approved"] == 1
    assert (found["kursliste_current_courses"], found["kursliste_editions"]) == (1, 1)
    assert found["kursliste_shelf_writable"] == 1
    published = clock.now().timestamp() - 7200
    assert found["kursliste_newest_edition_timestamp_seconds"] == pytest.approx(published)
    assert re.search(r"@|\brita|Eins", client.flask.get("/metrics").text) is None


@pytest.mark.asvs("4.1.3", "13.4.5")
def test_others_need_the_token(client, settings, monkeypatch):
    assert client.flask.get("/metrics", **ELSEWHERE).status_code == 404
    behind = {"headers": {"X-Forwarded-For": "127.0.0.1"}}
    assert client.flask.get("/metrics", **behind).status_code == 404
    extensions = client.flask.application.extensions
    changed = dataclasses.replace(settings, metrics_token=TOKEN)
    monkeypatch.setitem(extensions, "settings", changed)
    for header, status in (("", 404), ("Bearer wrong", 404), (f"Bearer {TOKEN}", 200)):
        answer = client.flask.get("/metrics", headers={"Authorization": header}, **ELSEWHERE)
        assert answer.status_code == status


def test_a_short_token_stops_the_start():
    with pytest.raises(SettingsError, match="METRICS_TOKEN"):
        Settings.from_environment({"KURSLISTE_DEMO": "1", "KURSLISTE_METRICS_TOKEN": "kurz"})
