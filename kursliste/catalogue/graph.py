"""A small graph of linked data, written as JSON-LD or as RDF/XML; both tell the same.

Data portals harvest RDF/XML or JSON-LD. A record is a tree of a few dozen statements, so it needs
no library at run time; the tests read both forms with one and compare.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree import ElementTree as ET

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
XML: Final = "http://www.w3.org/XML/1998/namespace"
PREFIXES: Final = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": XSD,
}


@dataclass(frozen=True)
class Iri:
    """A thing that is known by its address."""

    address: str


@dataclass(frozen=True)
class Text:
    """A text, in German where ``language`` does not say otherwise; of a ``kind`` like xsd:date."""

    words: str
    kind: str = ""

    @property
    def plain(self) -> str:
        """The words without signs that XML cannot hold."""
        return "".join(sign if sign.isprintable() else " " for sign in self.words)


@dataclass(frozen=True)
class Node:
    """A thing with what is said about it; without ``address`` it has no name of its own."""

    type: str
    told: Sequence[tuple[str, "Iri | Text | Node"]]
    address: str = ""
    language: str = field(default="de", kw_only=True)


def as_json_ld(node: Node) -> bytes:
    """Return the graph of ``node`` as JSON-LD that carries its context."""
    data = {"@context": PREFIXES, **_json(node)}
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def _json(node: Node) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": node.type}
    if node.address:
        found["@id"] = node.address
    for name, value in node.told:
        found.setdefault(name, []).append(_json_value(value, node))
    return found


def _json_value(value: Iri | Text | Node, of: Node) -> dict[str, Any]:
    if isinstance(value, Node):
        return _json(value)
    if isinstance(value, Iri):
        return {"@id": value.address}
    if value.kind:
        return {"@value": value.plain, "@type": value.kind}
    return {"@value": value.plain, "@language": of.language}


def as_rdf_xml(node: Node) -> bytes:
    """Return the graph of ``node`` as RDF/XML."""
    for prefix, namespace in (*PREFIXES.items(), ("rdf", RDF)):
        ET.register_namespace(prefix, namespace)
    root = ET.Element(f"{{{RDF}}}RDF")
    _add(root, node)
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def _add(above: ET.Element, node: Node) -> None:
    element = ET.SubElement(above, _qualified(node.type))
    if node.address:
        element.set(f"{{{RDF}}}about", node.address)
    for name, value in node.told:
        said = ET.SubElement(element, _qualified(name))
        if isinstance(value, Node):
            _add(said, value)
        elif isinstance(value, Iri):
            said.set(f"{{{RDF}}}resource", value.address)
        else:
            said.text = value.plain
            if value.kind:
                said.set(f"{{{RDF}}}datatype", _whole(value.kind))
            else:
                said.set(f"{{{XML}}}lang", node.language)


def _qualified(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{PREFIXES[prefix]}}}{local}"


def _whole(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local
