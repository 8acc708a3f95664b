"""The districts and providers of the demo world: real towns, everything else invented."""

from dataclasses import dataclass
from typing import Final

from kursliste.domain.course import Wheelchair
from kursliste.domain.provider_list import APPROVALS


@dataclass(frozen=True)
class DemoDistrict:
    slug: str
    ags: str
    name: str
    state: str
    publisher: str
    contact: str


@dataclass(frozen=True)
class DemoVenue:
    """A further place where a provider teaches."""

    name: str
    street: str
    postcode: str
    town: str
    wheelchair: Wheelchair | None = None


@dataclass(frozen=True)
class DemoProvider:
    """A provider with its house and its voice; ``desk`` is another contact: name, telephone."""

    name: str
    kind: str
    street: str
    postcode: str
    town: str
    phone: str
    domain: str
    contact: str
    office_hours: str = "Mo, Mi, Do 9–12 Uhr, Di 13–17 Uhr"
    languages: tuple[str, ...] = ("Deutsch", "Englisch")
    branches: tuple[DemoVenue, ...] = ()
    desk: tuple[str, str] = ("", "")

    @property
    def email(self) -> str:
        return f"deutsch@{self.domain}"

    @property
    def approvals(self) -> tuple[str, ...] | None:
        """Clubs and volunteers have none."""
        return {"Volkshochschule": APPROVALS[:1], "privater Träger": APPROVALS}.get(self.kind)


DISTRICTS: Final = (
    DemoDistrict(
        "goerlitz",
        "14626",
        "Landkreis Görlitz",
        "SN",
        "Landratsamt Görlitz, Bildungskoordination (Demo)",
        "bildungskoordination@lra-goerlitz.example, Telefon 03581 000-600",
    ),
    DemoDistrict(
        "nordhausen",
        "16062",
        "Landkreis Nordhausen",
        "TH",
        "Landratsamt Nordhausen, Bildungskoordination (Demo)",
        "bildungskoordination@lra-nordhausen.example, Telefon 03631 000-700",
    ),
    DemoDistrict(
        "weimar",
        "16055",
        "Stadt Weimar",
        "TH",
        "Stadtverwaltung Weimar, Bildungskoordination (Demo)",
        "bildungskoordination@stadt-weimar.example, Telefon 03643 000-800",
    ),
)

PROVIDERS: Final[dict[str, tuple[DemoProvider, ...]]] = {
    "goerlitz": (
        DemoProvider(
            "Volkshochschule Lausitzblick",
            "Volkshochschule",
            "Lernbogen 1",
            "02826",
            "Görlitz",
            "03581 000-110",
            "vhs-lausitzblick.example",
            "Anmeldung Deutschkurse",
            languages=("Deutsch", "Polnisch", "Englisch", "Ukrainisch"),
            branches=(
                DemoVenue("Haus der Silben", "Silbenplatz 4", "02763", "Zittau", Wheelchair.YES),
                DemoVenue("", "Vokabelstraße 17", "02708", "Löbau"),
            ),
            desk=("Beratung Integrationskurse", "03581 000-115"),
        ),
        DemoProvider(
            "Bildungswerk Mandaublick gGmbH",
            "privater Träger",
            "Silbenweg 11",
            "02763",
            "Zittau",
            "03583 000-20",
            "bw-mandaublick.example",
            "Kursbüro Zittau",
            languages=("Deutsch", "Tschechisch", "Arabisch"),
            branches=(DemoVenue("Lernladen Markt", "Am Komma 2", "02763", "Zittau"),),
            desk=("Prüfungsbüro", "03583 000-24"),
        ),
        DemoProvider(
            "Lernort Seerose e. V.",
            "Verein",
            "Wortwinkel 8",
            "02708",
            "Löbau",
            "03585 000-61",
            "lernort-seerose.example",
            "Büro Lernort",
        ),
        DemoProvider(
            "Sprachschule Heideblick GmbH",
            "privater Träger",
            "Vokalring 5",
            "02943",
            "Weißwasser",
            "03576 000-45",
            "heideblick.example",
            "Sekretariat",
        ),
        DemoProvider(
            "Kreisverband Brückenbogen e. V.",
            "Wohlfahrtsverband",
            "Am Satzende 3",
            "02906",
            "Niesky",
            "03588 000-90",
            "brueckenbogen.example",
            "Migrationsberatung",
            languages=("Deutsch", "Arabisch", "Persisch"),
        ),
        DemoProvider(
            "Begegnungscafé Zeitform",
            "Ehrenamt",
            "Plauderplatz 2",
            "02826",
            "Görlitz",
            "03581 000-270",
            "cafe-zeitform.example",
            "Team Begegnungscafé",
            office_hours="Do 15–18 Uhr",
        ),
    ),
    "nordhausen": (
        DemoProvider(
            "Lernverein Zorgeufer e. V.",
            "Verein",
            "Fibelstraße 60",
            "99734",
            "Nordhausen",
            "03631 000-30",
            "lernverein-zorgeufer.example",
            "Kursverwaltung",
            branches=(
                DemoVenue("Lernraum Altstadt", "Satzgasse 9", "99734", "Nordhausen", Wheelchair.NO),
                DemoVenue(
                    "Begegnungsstätte", "Am Absatz 1", "99752", "Bleicherode", Wheelchair.YES
                ),
            ),
            desk=("Beratung und Einstufung", "03631 000-33"),
        ),
        DemoProvider(
            "Kreisvolkshochschule Rolandsbogen",
            "Volkshochschule",
            "Grammatikgasse 4",
            "99734",
            "Nordhausen",
            "03631 000-140",
            "kvhs-rolandsbogen.example",
            "Fachbereich Deutsch",
            languages=("Deutsch", "Russisch", "Ukrainisch"),
        ),
        DemoProvider(
            "Bildungshof Goldene Aue GmbH",
            "privater Träger",
            "Am Wortfeld 12",
            "99765",
            "Heringen",
            "036333 000-15",
            "bildungshof-aue.example",
            "Teilnehmerbüro",
        ),
        DemoProvider(
            "Nachbarschaftshaus Kelle e. V.",
            "Ehrenamt",
            "Lesestraße 7",
            "99755",
            "Ellrich",
            "036332 000-8",
            "nachbarschaftshaus-kelle.example",
            "Ehrenamtskoordination",
            office_hours="Mi 14–17 Uhr",
        ),
    ),
    "weimar": (
        DemoProvider(
            "Volkshochschule Asbachblick",
            "Volkshochschule",
            "Adverbgasse 2",
            "99423",
            "Weimar",
            "03643 000-120",
            "vhs-asbachblick.example",
            "Fachbereich Deutsch als Fremdsprache",
            languages=("Deutsch", "Englisch", "Spanisch"),
            branches=(
                DemoVenue(
                    "Lernhaus am Bogen", "Präpositionsweg 6", "99425", "Weimar", Wheelchair.YES
                ),
                DemoVenue("Familienzentrum", "Reimstraße 30", "99427", "Weimar", Wheelchair.PARTLY),
            ),
            desk=("Beratung Deutschkurse", "03643 000-125"),
        ),
        DemoProvider(
            "Sprachwerk Parkhöhe gGmbH",
            "privater Träger",
            "Konjunktivweg 14",
            "99425",
            "Weimar",
            "03643 000-230",
            "sprachwerk-parkhoehe.example",
            "Kursbüro",
        ),
        DemoProvider(
            "Berufsförderung Ettersberg GmbH",
            "privater Träger",
            "Partizipstraße 21",
            "99427",
            "Weimar",
            "03643 000-340",
            "bf-ettersberg.example",
            "Aufnahme Berufssprachkurse",
        ),
        DemoProvider(
            "Freundeskreis Sprachtandem e. V.",
            "Ehrenamt",
            "Dialogplatz 5",
            "99423",
            "Weimar",
            "03643 000-55",
            "sprachtandem.example",
            "Vermittlung",
            office_hours="Di 16–18 Uhr",
        ),
    ),
}
