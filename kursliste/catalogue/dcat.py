"""The record of a district's list for data portals, after DCAT-AP.de 3.0.

The words of the controlled vocabularies are addresses; the tests hold the record against the list
of what the profile demands.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from kursliste.catalogue.current_files import is_of
from kursliste.catalogue.graph import Iri, Node, Text
from kursliste.domain.licence import WITH_NAME, Licence, licence_of
from kursliste.domain.round import Rhythm
from kursliste.models.edition import Edition, EditionFile
from kursliste.web.labels import shown
from kursliste.web.links import absolute

EU: Final = "http://publications.europa.eu/resource/authority"
LICENCES: Final[Mapping[Licence, str]] = {
    Licence.NONE: "http://dcat-ap.de/def/licenses/other-closed",
    Licence.DL_DE_BY: "http://dcat-ap.de/def/licenses/dl-by-de/2.0",
    Licence.DL_DE_ZERO: "http://dcat-ap.de/def/licenses/dl-zero-de/2.0",
    Licence.CC_BY: "http://dcat-ap.de/def/licenses/cc-by/4.0",
    Licence.CC_ZERO: "http://dcat-ap.de/def/licenses/cc-zero",
}
"""Without a licence nobody may use the data: a portal has to say so."""

FREQUENCIES: Final[Mapping[Rhythm, str]] = {
    Rhythm.MONTHLY: f"{EU}/frequency/MONTHLY",
    Rhythm.QUARTERLY: f"{EU}/frequency/QUARTERLY",
    Rhythm.HALF_YEARLY: f"{EU}/frequency/ANNUAL_2",
}
MEDIA: Final[Mapping[str, str]] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "json": "application/json",
    "pdf": "application/pdf",
}
KEYWORDS: Final = ("Deutschkurs", "Integrationskurs", "Berufssprachkurs", "Sprachkurs", "Migration")
MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
GEOCODING: Final = "http://dcat-ap.de/def/politicalGeocoding"


def dataset(edition: Edition, rhythm: Rhythm) -> Node:
    """Return the record of the list whose current edition is ``edition``."""
    slug = edition.district_slug
    page = absolute("catalogue.current", district=slug)
    place = Iri(f"{GEOCODING}/districtKey/{edition.district_ags}")
    last_day = edition.month.last_day()
    return Node(
        "dcat:Dataset",
        [
            ("dct:title", Text(_title(edition))),
            ("dct:description", Text(_description(edition))),
            ("dct:identifier", Text(f"{page}#datensatz", "xsd:string")),
            ("dct:publisher", _publisher(edition)),
            ("dcat:contactPoint", _contact(edition, page)),
            ("dcat:landingPage", Iri(page)),
            ("dct:modified", _instant(edition.published_at)),
            ("owl:versionInfo", Text(edition.name, "xsd:string")),
            ("dct:language", Iri(f"{EU}/language/DEU")),
            ("dct:accessRights", Iri(f"{EU}/access-right/PUBLIC")),
            ("dct:accrualPeriodicity", Iri(FREQUENCIES[rhythm])),
            ("dcatap:availability", Iri(f"{EU}/planned-availability/STABLE")),
            ("dcat:theme", Iri(f"{EU}/data-theme/EDUC")),
            ("dcat:theme", Iri(f"{EU}/data-theme/SOCI")),
            *(("dcat:keyword", Text(word)) for word in KEYWORDS),
            ("dcatde:politicalGeocodingLevelURI", Iri(f"{GEOCODING}/Level/administrativeDistrict")),
            ("dcatde:politicalGeocodingURI", place),
            ("dct:spatial", place),
            ("dct:temporal", _period(edition.month.first_day().isoformat(), last_day.isoformat())),
            *(("dcat:distribution", _distribution(file, edition)) for file in _files(edition)),
        ],
        address=f"{page}#datensatz",
    )


def _title(edition: Edition) -> str:
    if edition.district_name in edition.list_title:
        return edition.list_title
    return f"{edition.list_title} – {edition.district_name}"


def _description(edition: Edition) -> str:
    return (
        f"Deutschkurse ({edition.district_name}), wie die Träger sie gemeldet haben, mit Niveau, "
        "Beginn, Zeiten, Kursort und freien Plätzen. Ausgabe "
        f"{shown(edition.month)} ({edition.name}); jede neue Ausgabe ersetzt die Dateien. "
        "Bei jedem Kurs steht, wann die Angaben zuletzt bestätigt wurden."
    )


def _publisher(edition: Edition) -> Node:
    kind = Iri("http://purl.org/adms/publishertype/LocalAuthority")
    name = edition.publisher or edition.district_name
    return Node("foaf:Agent", [("foaf:name", Text(name)), ("dct:type", kind)])


def _contact(edition: Edition, page: str) -> Node:
    """A contact has a mail address or a page; the text of the list may hold a telephone as well."""
    mail = MAIL.search(edition.contact)
    told: list[tuple[str, Iri | Text | Node]] = [
        ("vcard:fn", Text(edition.publisher or edition.district_name)),
        ("vcard:hasURL", Iri(page)),
    ]
    if mail:
        told.append(("vcard:hasEmail", Iri(f"mailto:{mail[0]}")))
    return Node("vcard:Organization", told)


def _period(first: str, last: str) -> Node:
    return Node(
        "dct:PeriodOfTime",
        [("dcat:startDate", Text(first, "xsd:date")), ("dcat:endDate", Text(last, "xsd:date"))],
    )


def _files(edition: Edition) -> list[EditionFile]:
    return [
        f for f in edition.files if not f.is_internal and is_of(f, "list") and f.format in MEDIA
    ]


def _distribution(file: EditionFile, edition: Edition) -> Node:
    slug, kind = edition.district_slug, file.format
    address = absolute("catalogue.current_file", district=slug, ext=kind)
    licence = licence_of(edition.licence)
    told: list[tuple[str, Iri | Text | Node]] = [
        ("dct:title", Text(f"{_title(edition)} ({kind.upper()})")),
        ("dcat:accessURL", Iri(address)),
        ("dcat:downloadURL", Iri(address)),
        ("dct:license", Iri(LICENCES[licence])),
        ("dct:format", Iri(f"{EU}/file-type/{kind.upper()}")),
        ("dcat:mediaType", Iri(f"https://www.iana.org/assignments/media-types/{MEDIA[kind]}")),
        ("dct:modified", _instant(edition.published_at)),
        ("dcatap:availability", Iri(f"{EU}/planned-availability/STABLE")),
        ("adms:status", Iri("http://purl.org/adms/status/Completed")),
        ("dcat:byteSize", Text(str(file.size), "xsd:nonNegativeInteger")),
        ("spdx:checksum", _checksum(file.sha256)),
    ]
    if licence in WITH_NAME:
        name = edition.publisher or edition.district_name
        told.append(("dcatde:licenseAttributionByText", Text(name)))
    return Node("dcat:Distribution", told, address=f"{address}#datei")


def _checksum(sha256: str) -> Node:
    return Node(
        "spdx:Checksum",
        [
            ("spdx:algorithm", Iri("http://spdx.org/rdf/terms#checksumAlgorithm_sha256")),
            ("spdx:checksumValue", Text(sha256, "xsd:hexBinary")),
        ],
    )


def _instant(moment: datetime) -> Text:
    whole = moment - timedelta(microseconds=moment.microsecond)
    return Text(whole.isoformat(), "xsd:dateTime")
