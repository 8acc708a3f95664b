"""Facts that people put into the remarks: exams, prices, childcare, groups, deadlines."""

import re
from decimal import Decimal
from typing import Final

from kursliste.domain.calendar import Month
from kursliste.domain.course import Childcare, CourseStatus, PlacementTest, YesNo
from kursliste.intake.values.dates import DAY, days_in
from kursliste.intake.values.reading import (
    Reading,
    ask,
    clauses,
    dashed,
    found,
    is_formula,
    is_nothing,
    line,
    plain,
)

AMOUNT: Final = re.compile(
    r"(?<![\d.,])(\d{1,2}(?:\.\d{3})+|\d{1,5})(?:,(\d{2}|-+|–+))?\s*(?:€|EUR\b|Euro\b)", re.I
)
PER_UNIT: Final = re.compile(r"(?:/|pro|je)\s*(?:UE|Std|Stunde|Monat|Modul|Termin)", re.I)
FREE: Final = re.compile(r"kostenfrei|kostenlos|gebührenfrei|entgeltfrei|ohne kosten", re.I)
EXAM: Final = re.compile(
    r"\b(DTZ|LiD|EBT|DTB(?:[- ][ABC][12])?|telc(?: [^\d,;()]*?[ABC][12](?:[·/-][ABC][12])?)?|"
    r"Goethe(?:[- ][ABC][12])?|ÖSD|TestDaF|DSH|Einbürgerungstest|Leben in Deutschland)\b"
)
EXAM_NAMES: Final = {"Einbürgerungstest": "EBT", "Leben in Deutschland": "LiD"}
DEADLINE: Final = re.compile(
    r"(?:anmeldung\s+(?:nur\s+)?bis|anmeldeschluss:?|anmelden\s+bis)\s*(?:zum\s+)?", re.I
)
AT_LEAST: Final = re.compile(
    r"(?:start\w*\s+)?ab\s+(\d{1,2})\s*(?:TN|Anmeldungen|Teilnehm\w*|Pers\w*)", re.I
)
BREAK: Final = re.compile(r"(?:nicht in den|außer(?: in den)?|keine?)\s+(?:schul)?ferien", re.I)
AUDIENCES: Final = (
    (re.compile(r"(?:für|^)\s*Frauen\b|frauen(?:sprach|integrations)?kurs|„Frauen|Frauen-", re.I),
     "Frauen"),
    (re.compile(r"für (?:Berufstätige|Beschäftigte)", re.I), "Beschäftigte"),
    (re.compile(r"(?<!% )für Auszubildende|für Azubis", re.I), "Auszubildende"),
    (re.compile(r"für Eltern|elternkurs|eltern-?integrationskurs", re.I), "Eltern"),
    (re.compile(r"für Jugendliche|jugendkurs", re.I), "Jugendliche"),
    (re.compile(r"Asylverfahren|Asylbewerb", re.I), "Asylbewerbende"),
    (re.compile(r"\bUkrain", re.I), "Geflüchtete aus der Ukraine"),
    (re.compile(r"für Gehörlose|gebärden", re.I), "Gehörlose"),
)  # fmt: skip
ADMISSIONS: Final = (
    (re.compile(r"berechtigungsschein", re.I), "Berechtigungsschein"),
    (re.compile(r"verpflichtung", re.I), "Verpflichtung"),
    (re.compile(r"zulassung", re.I), "Zulassung BAMF"),
    (re.compile(r"teilnahmeberechtigung|berechtigung BSK", re.I), "Teilnahmeberechtigung BSK"),
    (re.compile(r"zuweisung|landesprogramm", re.I), "Zuweisung Land"),
    (re.compile(r"selbstzahl", re.I), "Selbstzahler"),
    (re.compile(r"ohne voraussetzung|\boffen\b|für alle", re.I), "ohne Voraussetzung"),
)


def read_remark(value: object, month: Month) -> Reading:
    """Return the remark itself and every fact that it states; the whole text stays readable."""
    if is_nothing(value):
        return Reading()
    text = plain(value)
    reading = found(public_note=line(value))
    if is_formula(value):
        return reading
    if re.search(r"nächster? Termin|weiterer? Termin|Folgetermin", text, re.I):
        reading += ask(
            "public_note",
            line(value),
            "Der Hinweis nennt einen zweiten Termin: Ist das ein eigener Eintrag?",
        )
    for part in clauses(text):
        reading += exam_with_day(part, month) + deadline(part, month) + status_word(part)
    return reading + people_and_money(line(value))


def people_and_money(text: str) -> Reading:
    """Return groups, admission, childcare, price, funder, tests and pauses named in a text."""
    at_least = AT_LEAST.search(text)
    pause = BREAK.search(text)
    return (
        read_price_words(text)
        + waiting_words(text)
        + childcare_words(text)
        + test_words(text)
        + funder_words(text)
        + found(
            seats_min=int(at_least[1]) if at_least else None,
            breaks_note=pause[0] if pause else None,
            audience=audiences_in(text) or None,
            admission=tuple(
                word for word in admissions_in(text) if word in {"Selbstzahler", "Zuweisung Land"}
            )
            or None,
        )
    )


def waiting_words(text: str) -> Reading:
    """Return a waiting list that a text names, and how many stand on it."""
    match = re.search(r"(keine )?warteliste:?\s*(\d{1,3})?", text, re.I)
    if match is None or match[1]:
        return Reading()
    count = int(match[2]) if match[2] else None
    return found(waiting_list=YesNo.YES.value, waiting_count=count)


def exam_with_day(text: str, month: Month) -> Reading:
    """Return an exam that a remark names together with its day."""
    exam = EXAM.search(text)
    days, _ = days_in(dashed(text[exam.end() :]), month) if exam else ([], [])
    return found(exams=(exam_name(exam[1]),), exam_on=days[0]) if exam and days else Reading()


def exam_name(word: str) -> str:
    """Return an exam in the words of the field table."""
    return EXAM_NAMES.get(word, word)


def read_exam(value: object, month: Month) -> Reading:
    """Return exams and their day from a column for exams."""
    if is_nothing(value):
        return Reading()
    text = line(value)
    if hasattr(value, "strftime"):
        return found(exam_on=days_in(f"{value:%d.%m.%Y}", month)[0][0])
    days, wrong = days_in(dashed(text), month)
    names = tuple(dict.fromkeys(exam_name(name) for name in EXAM.findall(text)))
    if not names and re.search(r"keine", text, re.I):
        names = ("keine",)
    if not names and not days:
        names = (DAY.sub("", text).strip(),)
    reading = found(exams=names or None, exam_on=days[0] if days else None)
    return reading + (
        ask("exam_on", text, f"Den {wrong[0]} gibt es nicht.") if wrong else Reading()
    )


def deadline(text: str, month: Month) -> Reading:
    """Return until when one may register."""
    match = DEADLINE.search(text)
    if match is None:
        return Reading()
    days, wrong = days_in(dashed(text[match.end() :]), month)
    if wrong and not days:
        return ask("register_by", wrong[0], f"Den {wrong[0]} gibt es nicht.")
    return found(register_by=days[0] if days else None)


def status_word(text: str) -> Reading:
    """Return that a course is full, if the remark begins with it."""
    if re.match(r"(?:kurs\s+)?(?:abgesagt|fällt aus|entfällt|findet nicht statt)\b", text, re.I):
        return found(status=CourseStatus.CANCELLED.value)
    if not re.match(r"(?:voll|ausgebucht)\b", text, re.I):
        return Reading()
    reading = found(status=CourseStatus.FULL.value, seats_free=0)
    if re.search(r"\bbitte\b", text, re.I):
        reading += ask("public_note", text, "Der Satz richtet sich an die Beratung: öffentlich?")
    return reading


def read_price(value: object) -> Reading:
    """Return the price of a price column: a number of euros, or words."""
    if is_nothing(value):
        return Reading()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return found(price_eur=Decimal(str(value)).quantize(Decimal("0.01")))
    text = line(value)
    reading = read_price_words(text)
    bare = re.fullmatch(r"(\d+)(?:,(\d{2}))?", text)
    if bare:
        return found(price_eur=Decimal(f"{bare[1]}.{bare[2] or '00'}"))
    return reading if reading.values else found(price_note=text)


def read_price_words(text: str) -> Reading:
    """Return a price in a text; more than one amount is kept as a note."""
    for part in clauses(text):
        amounts = [amount_of(match) for match in AMOUNT.finditer(part)]
        if amounts and PER_UNIT.search(part):
            return found(price_note=part)
        if amounts:
            note = part if len(amounts) > 1 else None
            return found(price_eur=amounts[0], price_note=note)
    return found(price_eur=Decimal(0)) if FREE.search(text) else Reading()


def amount_of(match: re.Match[str]) -> Decimal:
    """Return euros with two places."""
    cents = match[2] if match[2] and match[2].isdigit() else "00"
    return Decimal(f"{match[1].replace('.', '')}.{cents}")


def childcare_words(text: str) -> Reading:
    """Return childcare named in words; what only sounds like it is asked about."""
    match = re.search(r"(ohne |keine )?kinderbetreuung", text, re.I)
    if match:
        asked = re.search(r"kinderbetreuung\s+(?:nur\s+)?(?:auf|nach) (?:an|nach)frage", text, re.I)
        answer = Childcare.NO if match[1] else Childcare.ON_REQUEST if asked else Childcare.YES
        reading = found(childcare=answer.value)
        if re.search(r"organisiert|geplant|bedarf", text, re.I):
            reading += ask("childcare", text, "Kinderbetreuung: ja oder auf Anfrage?")
        return reading
    if re.search(r"\bkinder\b|spielecke", text, re.I):
        return ask("childcare", text, "Ist das eine Kinderbetreuung?")
    return Reading()


def test_words(text: str) -> Reading:
    """Return whether a placement test is needed."""
    match = re.search(r"einstuf\w*", text, re.I)
    if match is None:
        return Reading()
    if re.search(r"vereinb", text, re.I):
        return found(placement_test=PlacementTest.BY_APPOINTMENT.value)
    reading = found(placement_test=PlacementTest.NEEDED.value)
    if "test" not in match[0].lower():
        reading += ask("placement_test", text, "Einstufung genannt: als nötig gelesen.")
    return reading


def funder_words(text: str) -> Reading:
    """Return who pays for the course, if the remark says so."""
    match = re.search(
        r"gefördert (?:vom|von der|von|durch) (?:die |den |das )?([^,;.()]+)", text, re.I
    )
    if match:
        return found(funder=match[1].strip())
    short = re.search(r"\b([A-ZÄÖÜ]{2,6})-gefördert|^(SAB|ESF|BAMF|TVV)$", text)
    return found(funder=(short[1] or short[2])) if short else Reading()


def audiences_in(text: str) -> tuple[str, ...]:
    """Return for whom a course is, in the words of the field table."""
    return tuple(word for pattern, word in AUDIENCES if pattern.search(text))


def admissions_in(text: str) -> tuple[str, ...]:
    """Return which papers are needed, in the words of the field table."""
    return tuple(word for pattern, word in ADMISSIONS if pattern.search(text))


def read_admission(value: object) -> Reading:
    """Return papers, and whatever else stands under Zugang: groups, a price of nothing."""
    if is_nothing(value):
        return Reading()
    text = line(value)
    words = admissions_in(text)
    audience = audiences_in(text)
    reading = found(admission=words or None, audience=audience or None) + read_price_words(text)
    if re.search(r"landesprogramm", text, re.I):
        reading += ask("admission", value, "Landesprogramm: als Zuweisung des Landes gelesen.")
    if not words and audience:
        reading += ask(
            "audience", value, "Unter Zugang stehen Personengruppen: als Zielgruppe gelesen."
        )
    if not reading.values:
        reading += ask("admission", value, "Diese Voraussetzung ist nicht bekannt.")
    return reading


def read_audience(value: object) -> Reading:
    """Return the groups of a column for them; unknown ones stay in their own words."""
    if is_nothing(value):
        return Reading()
    text = line(value)
    words: list[str] = []
    for part in re.split(r"[,;/]|\bund\b", text):
        words.extend(audiences_in(f"für {part.strip()}") or (part.strip(),))
    return found(audience=tuple(dict.fromkeys(word for word in words if word)))


__all__ = ["read_admission", "read_audience", "read_exam", "read_price", "read_remark"]
