"""A counsellor orders the list, hears of the next one, and leaves; in a real browser."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
READER = "migrationsberatung@example.org"
KEY = re.compile(r"/abo/[\w-]{43}")


def newest(site):
    return site.mails(READER)[-1]


def own_page(mail):
    """The address of the reader's own page that the mail names."""
    found = KEY.search(mail.get_content())
    assert found is not None
    return found[0]


def test_a_reader_orders_confirms_hears_and_leaves(somebody, fresh_site):
    reader, desk = somebody(fresh_site), somebody(fresh_site)
    reader.go("/kurslisten/goerlitz?tageszeit=vormittags")
    reader.follow("Neue Ausgaben per E-Mail")
    assert "Tageszeit: vormittags" in reader.text()
    reader.fill("E-Mail-Adresse", READER)
    reader.page.get_by_label("Auch schreiben").check()
    reader.press("Per E-Mail bestellen")
    reader.go(own_page(newest(fresh_site)))
    reader.press("Ja, Abo bestätigen")
    assert "Ihr Abo ist bestätigt." in reader.text()

    desk.sign_in("koordination-goerlitz")
    desk.follow("Veröffentlichen")
    desk.follow("E-Mail ansehen, bevor sie verschickt wird")
    assert re.search(r"gehen \d E-Mails an \d Abos", desk.text())
    desk.page.go_back()
    desk.press("Ausgabe ")
    mail = newest(fresh_site)
    assert str(mail["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    assert "Ihr Filter: Tageszeit: vormittags" in mail.get_content()
    desk.go("/veroeffentlichung/goerlitz/verteiler")
    assert "fertig am" in desk.text()

    reader.go(own_page(mail))
    reader.follow("Abbestellen")
    reader.press("Abbestellen")
    assert "Ihre Adresse ist gelöscht." in reader.text()
    assert fresh_site.mails(READER)[-1]["Message-ID"] == mail["Message-ID"]
