"""Hostile files that are no archives: text lists, and what only says that it is a workbook."""

import io

from tests.intake.lists import HEAD, ROW
from tests.intake.zoo import NOT_EXCEL, PASSWORD, TITLE, animal

LIST = (";".join(HEAD) + "\r\n" + ";".join(map(str, ROW)) + "\r\n").encode()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
TEXT = "liste.csv"
NO_COLUMNS = "Die Textdatei lässt sich nicht in Spalten zerlegen."


@animal(PASSWORD)
def a_workbook_with_a_password() -> bytes:
    return OLE + "EncryptedPackage".encode("utf-16-le")


@animal("Das ist das alte Excel-Format .xls.")
def an_old_workbook() -> bytes:
    return OLE + "Workbook".encode("utf-16-le")


@animal("Das ist eine Webseite (HTML)")
def a_web_page_under_the_name_of_a_workbook() -> bytes:
    return b"\xef\xbb\xbf\r\n<!DOCTYPE html><html><table><tr><td>Kurs</td></tr></table></html>"


@animal(NOT_EXCEL)
def a_workbook_as_one_xml_file() -> bytes:
    return b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'


@animal(NOT_EXCEL)
def a_pdf_file() -> bytes:
    return b"%PDF-1.7\n" + bytes(500)


@animal(NOT_EXCEL)
def a_program() -> bytes:
    return b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 40


@animal("Die Datei ist leer.", file_name=TEXT)
def two_megabytes_of_zero_bytes() -> bytes:
    return bytes(2 << 20)


@animal("Die Datei ist größer als 2 MB.", file_name=TEXT)
def a_text_that_is_too_long() -> bytes:
    return LIST + b"x" * (2 << 20)


@animal(file_name=TEXT)
def a_list_with_zero_bytes() -> bytes:
    return LIST.replace(b"Lernhof", b"Lern\x00hof")


@animal(says="Die Datei heißt wie eine Excel-Datei")
def a_text_list_under_the_name_of_a_workbook() -> bytes:
    return LIST


@animal(file_name=TEXT)
def a_list_in_utf_16() -> bytes:
    return LIST.decode().encode("utf-16")


@animal(file_name=TEXT)
def a_list_in_utf_16_without_a_mark() -> bytes:
    return LIST.decode().encode("utf-16-le")


@animal(NO_COLUMNS, file_name=TEXT)
def a_field_of_a_million_letters() -> bytes:
    return LIST + b'"' + b"x" * 1_000_000 + b'"'


@animal(NO_COLUMNS, file_name=TEXT)
def a_quotation_mark_that_never_closes() -> bytes:
    return LIST + b'"' + LIST * 4000


@animal("Die Datei hat 1000001 Spalten.", file_name=TEXT)
def one_line_of_a_million_fields() -> bytes:
    return b";".join([b"x"] * 1_000_001)


@animal("Die Datei hat mehr als 120000 ausgefüllte Felder.", file_name=TEXT)
def four_hundred_thousand_fields() -> bytes:
    return LIST + (b"x;" * 200 + b"\n") * 1900


@animal("Die Datei hat mehr als 2000 Zeilen.", file_name=TEXT)
def half_a_million_lines() -> bytes:
    return LIST + b"x;\n" * 500_000


@animal(file_name=TEXT)
def half_a_million_empty_lines() -> bytes:
    return LIST + b"\n" * 500_000


@animal(file_name=TEXT)
def a_line_of_separators() -> bytes:
    return LIST + b";" * 200 + b"\n" + b" ; ; ;\n" * 100_000


@animal(titles=('=HYPERLINK("http://evil.example/")',), says="=HYPERLINK", file_name=TEXT)
def a_list_with_commands() -> bytes:
    out = io.StringIO()
    out.write(LIST.decode().replace(TITLE, '"=HYPERLINK(""http://evil.example/"")"'))
    return out.getvalue().encode()
