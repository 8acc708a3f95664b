"""The CSV of an edition."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from kursliste.domain.columns import COLUMNS, PUBLIC_COLUMNS
from kursliste.publishing.formats import csv_file
from tests.publishing.edition_sample import WORDS, a_head, a_row, varied_rows


def read(content):
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_a_row_reads_as_people_in_germany_write_it():
    headings, values = read(csv_file.build(a_head(), [a_row()], WORDS))
    assert headings == [column.heading for column in PUBLIC_COLUMNS]
    filled = {name: value for name, value in zip(headings, values, strict=True) if value}
    assert filled == {
        "Kursart": "Allgemeiner Integrationskurs",
        "Titel": "Integrationskurs am Vormittag",
        "Niveau von": "A1",
        "Niveau bis": "B1",
        "Beginn": "02.11.2026",
        "Ende": "30.06.2027",
        "Tage": "Mo, Di, Mi",
        "Zeit von": "08:30",
        "Zeit bis": "12:45",
        "Straße": "Langenstraße 23",
        "PLZ": "02826",
        "Ort": "Görlitz",
        "frei": "4",
        "Plätze gesamt": "20",
        "Status": "Anmeldung möglich",
        "Zugang": "Berechtigungsschein, Verpflichtung",
        "Träger": "VHS Görlitz",
        "Telefon": "+49 3581 420980",
        "bestätigt am": "25.11.2026",
        "Gruppe": "Integrationskurse",
        "Kursnummer": "26H-401",
        "Modul": "3",
        "Kosten": "120,50",
        "Link": "https://www.vhs-goerlitz.example/kurs?id=1&x=2",
        "bestätigt wie": "Web",
        "Kurs-ID": "k7f3a2b9c1d4",
    }


def test_the_bytes_are_what_a_german_excel_opens():
    content = csv_file.build(a_head(), [a_row(title='Kurs "A1"; Görlitz')], WORDS)
    assert content.startswith(b'\xef\xbb\xbf"Kursart";"Titel";')
    assert content.count(b"\r\n") == content.count(b"\n") == 2
    assert '"Kurs ""A1""; Görlitz"'.encode() in content


def test_unknown_stays_empty_and_zero_stays_zero():
    row = a_row(seats_free=0, seats_total=None, price_eur=Decimal(0), confirmed_on=None)
    headings, values = read(csv_file.build(a_head(), [row], WORDS))
    told = dict(zip(headings, values, strict=True))
    assert [told[name] for name in ("frei", "Plätze gesamt", "Kosten", "bestätigt am")] == [
        "0",
        "",
        "0,00",
        "nicht bestätigt",
    ]


GUARDED = [
    ('=HYPERLINK("http://x";"y")', '\'=HYPERLINK("http://x";"y")'),
    ("+49 3581 420980", "+49 3581 420980"),
    ("+493581420980", "'+493581420980"),
    ("+49-3581-420980", "'+49-3581-420980"),
    ("+49 3581 420980 +1", "'+49 3581 420980 +1"),
    ("-1", "'-1"),
    ("@SUM(1)", "'@SUM(1)"),
    ("\t=1", "'\t=1"),
    ("＝1+1", "'＝1+1"),
    ("'=1", "''=1"),
    ("'s Kurscafé", "'s Kurscafé"),
    ("03581 420980", "03581 420980"),
    ("a=b", "a=b"),
    ("", ""),
]


@pytest.mark.asvs("1.2.10")
@pytest.mark.parametrize(("text", "safe"), GUARDED)
def test_the_guard_can_be_taken_away_again(text, safe):
    assert csv_file.guarded(text) == safe
    assert csv_file.unguarded(safe) == text


def test_hostile_text_stays_text():
    row = a_row(title="=1+1", public_note="a\x0bb", town="<&>\u00a0😀", venue_name="x" * 300)
    headings, values = read(csv_file.build(a_head(), [row], WORDS))
    told = dict(zip(headings, values, strict=True))
    assert [told[name] for name in ("Titel", "Bemerkung", "Ort", "Kursort")] == [
        "'=1+1",
        "a\nb",
        "<&>\u00a0😀",
        "x" * 300,
    ]


def test_a_lone_surrogate_is_refused():
    with pytest.raises(ValueError, match="surrogates"):
        csv_file.build(a_head(), [a_row(title="\ud800")], WORDS)


@pytest.mark.asvs("8.2.3", "15.3.1")
def test_internal_values_stay_inside():
    secrets = {
        column.attribute: f"geheim-{column.attribute}" for column in COLUMNS if column.internal
    }
    row = a_row(**secrets | {"visibility": "öffentlich"})
    public = csv_file.build(a_head(), [row], WORDS)
    inside = csv_file.build(a_head(), [row], WORDS, internal=True)
    assert (public.count(b"geheim"), inside.count(b"geheim")) == (0, len(secrets) - 1)


def test_rows_for_professionals_do_not_reach_the_public():
    rows = [a_row(), a_row(visibility="nur Fachkräfte"), a_row(visibility="nur intern")]
    assert len(read(csv_file.build(a_head(), rows, WORDS))) == 2
    assert len(read(csv_file.build(a_head(), rows, WORDS, internal=True))) == 4


def test_equal_rows_give_equal_bytes():
    first, second = (csv_file.build(a_head(), varied_rows(40), WORDS) for _ in range(2))
    assert first == second
    assert date(2026, 11, 20).strftime("%d.%m.%Y").encode() in first
