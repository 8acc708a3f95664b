"""Pages whose every text is in brackets: what is not, nobody could translate."""

import re

MARK = re.compile(r"⟦[^⟦⟧]*⟧")


class Marked:
    """A catalogue whose every text is in brackets: what is not, did not ask for a translation."""

    def gettext(self, text):
        return f"⟦{text}⟧"

    def pgettext(self, _context, text):
        return f"⟦{text}⟧"

    def ngettext(self, one, many, num):
        return f"⟦{one if num == 1 else many}⟧"


ATTRIBUTES = ("aria-label", "title", "placeholder", "alt", "data-label")
NAMES = {
    *("kursliste", "excel", "pdf", "csv", "json", "december", "feed", "haus", "atom", "www"),
    *("landkreis", "goerlitz", "görlitz", "landratsamt", "bildungskoordination", "karla", "kreis"),
    *("bildung", "example", "volkshochschule", "neißebogen", "weißeritz", "langenstraße"),
    *("anmeldung", "deutschkurse", "deutsch", "vhs", "integrationskurse", "und", "ics", "mail"),
    *("integration", "nirgends"),
    *("dcat", "bsk", "eok", "mia", "bamf", "abh", "dtz", "dtb", "lid", "openapi"),
}
"""What nobody translates: names of people, places, houses, files, and of the scene's list."""


def words(root):
    """Words of three letters and more that a page says to a reader of its own language."""

    def walk(element):
        if element.tag in {"script", "style", "title"}:
            return
        speaks = element.get("lang")
        if speaks is not None and element.tag != "html":
            return
        yield from (element.get(name) or "" for name in ATTRIBUTES)
        yield element.text or ""
        for child in element:
            yield from walk(child)
            yield child.tail or ""

    text = " ".join(walk(root))
    while MARK.search(text):
        text = MARK.sub(" ", text)
    return {word.lower() for word in re.findall(r"[^\W\d_]{3,}", text)}
