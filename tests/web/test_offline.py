"""What a phone asks for when it puts the pages on its start screen."""

from dataclasses import replace


def test_the_manifest_names_icons_that_exist(client):
    manifest = client.visit("/manifest.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    assert (manifest.json["start_url"], manifest.json["scope"]) == ("/", "/")
    for icon in manifest.json["icons"]:
        answer = client.visit(icon["src"])
        assert (answer.status_code, answer.mimetype) == (200, "image/png")
    for shortcut in manifest.json["shortcuts"]:
        assert client.visit(shortcut["url"]).status_code == 200


def test_browsers_ask_for_the_worker_each_time(client):
    worker = client.flask.get("/sw.js", buffered=True)
    assert worker.mimetype == "text/javascript"
    assert worker.headers["Cache-Control"] == "no-cache"
    assert "navigate" in worker.text


def test_a_worker_that_is_switched_off_removes_itself(client, settings, monkeypatch):
    monkeypatch.setitem(
        client.flask.application.extensions, "settings", replace(settings, offline=False)
    )
    text = client.flask.get("/sw.js", buffered=True).text
    assert ("unregister" in text, "navigate" in text) == (True, False)
    assert client.visit("/offline").status_code == 404
    shortcuts = client.visit("/manifest.webmanifest").json["shortcuts"]
    assert [one["name"] for one in shortcuts] == ["Kurse suchen"]


def test_the_page_without_a_network_speaks_all_languages(client):
    client.get("/offline?sprache=ar")
    assert 'dir="rtl"' in client.page.html
    client.get("/offline")
    assert client.page.heading() == "Gespeicherte Listen"
