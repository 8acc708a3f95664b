"""The districts and providers of the demo world: real towns, everything else invented."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class DemoDistrict:
    slug: str
    ags: str
    name: str
    state: str
    publisher: str
    contact: str


@dataclass(frozen=True)
class DemoProvider:
    """A provider with its house, its voice and the shape of its courses."""

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

    @property
    def email(self) -> str:
        return f"deutsch@{self.domain}"


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
