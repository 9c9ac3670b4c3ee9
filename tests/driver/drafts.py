"""Drafts for the tests of the anonymisation aid: a Word file with something planted in each part of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<w:{{0}} xmlns:w="{W}" xmlns:wp="d" xmlns:mc="m">{{1}}</w:{{0}}>'
)
TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def run(words: str, properties: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def paragraph(*runs: str) -> str:
    """A paragraph of runs; words that are none are made one."""
    return "<w:p>" + "".join(one if one.startswith("<") else run(one) for one in runs) + "</w:p>"


def part(name: str, *paragraphs: str) -> str:
    """A part of the file, by the name of its outermost element."""
    return HEAD.format(name, "".join(paragraphs))


def zipped_as_word(parts: Mapping[str, str], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The file of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packed) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def word_file(*paragraphs: str, **parts: str) -> bytes:
    """A Word file of these paragraphs, and of other parts by their names, `__` for a slash and `_dot_` for a dot."""
    body = part("document", "<w:body>", *paragraphs, "</w:body>")
    others = {name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()}
    return zipped_as_word({"word/document.xml": body, **others})


DRAWN = "<w:r><w:lastRenderedPageBreak/></w:r>"
BY_HAND = '<w:r><w:br w:type="page"/></w:r>'


def leaking() -> bytes:
    """A draft whose text is clean and whose file is not: something in every part of it."""
    author = 'w:author="Ottoline Quist" w:initials="OQ"'
    body = part(
        "document",
        "<w:body>",
        paragraph("The review found that records were shared late."),
        paragraph(
            "Child A was seen ",
            f'<w:del w:id="1" {author}><w:r><w:delText>on 3 March 2025 by Bartholomew</w:delText></w:r></w:del>',
            f'<w:ins w:id="2" {author}>{run("later")}</w:ins>',
            DRAWN,
            " and was aged 7.",
        ),
        paragraph("Seen by ", run("Wilhelmina Thrupp", "<w:vanish/>"), "the nurse."),
        "<w:tbl><w:tr><w:tc>" + paragraph("Lived at 24 Marsh Lane") + "</w:tc></w:tr></w:tbl>",
        paragraph('<w:r><w:drawing><wp:docPr id="1" name="x" descr="The house in Ormskirk"/></w:drawing></w:r>'),
        paragraph('<w:r><w:instrText> HYPERLINK "mailto:zebedee@surgery.example.org" </w:instrText></w:r>'),
        "</w:body>",
    )
    said = {
        "word/header1.xml": part("hdr", paragraph("Draft of CSPR-2026-099")),
        "word/footer1.xml": part("ftr", paragraph("Telephone 01632 960123")),
        "word/footnotes.xml": part(
            "footnotes", f'<w:footnote w:id="1">{paragraph("See [2024] EWFC 123")}</w:footnote>'
        ),
        "word/comments.xml": part(
            "comments", f'<w:comment w:id="1" {author}>{paragraph("Is this Peregrine again?")}</w:comment>'
        ),
        "word/_rels/document.xml.rels": (
            '<Relationships xmlns="r"><Relationship Id="1" TargetMode="External" '
            'Target="https://news.example.com/boy-7-dies"/></Relationships>'
        ),
        "docProps/core.xml": (
            '<c:coreProperties xmlns:c="c" xmlns:dc="dc"><dc:creator>Ottoline Quist</dc:creator>'
            "<dc:title>Report on Barnaby</dc:title></c:coreProperties>"
        ),
        "docProps/app.xml": '<Properties xmlns="a"><Company>Wetherby Council</Company><Pages>2</Pages></Properties>',
        "word/media/image1.png": "not looked at",
    }
    return zipped_as_word({"word/document.xml": body, **said})


LEAKS = {
    "": ("aged 7", "24 Marsh Lane"),
    "words that were deleted and are still in the file": ("3 March 2025", "Bartholomew"),
    "hidden text": ("Wilhelmina Thrupp",),
    "words behind a picture, which a screen reader reads": ("Ormskirk",),
    "field codes": ("zebedee@surgery.example.org",),
    "header": ("CSPR-2026-099",),
    "footer": ("01632 960123",),
    "footnotes": ("[2024] EWFC 123",),
    "remarks": ("Peregrine",),
    "where its links lead": ("https://news.example.com/boy-7-dies",),
    "properties of the file": ("Ottoline Quist", "Wetherby Council", "Barnaby"),
    "who changed or remarked on it": ("Ottoline Quist", "OQ"),
}
"""What stands in which part of it."""

OF_SYSTEMS = """
1. Introduction

This report was commissioned by the Safeguarding Partnership under section 16F of the Children Act 2004 and follows
Working Together to Safeguard Children. It looks at how agencies worked together to protect Child A. The Independent
Reviewer met practitioners and their managers, and read the records of each agency. The purpose of the review is to
learn, and not to blame.

2. Methodology

The review used a systems approach. A panel of senior managers from Children's Social Care, the Police, Education,
Housing and the Integrated Care Board met and oversaw the work. Practitioners took part in a learning event and told
the reviewer what had helped and what had stood in their way. The family were invited to contribute; their views are
woven through the report.

3. Findings

Finding 1. Information was held in several systems that do not speak to each other. Practitioners did not know what
they did not know. Where information was shared, it was shared by telephone and seldom written down. The Multi-
Agency Safeguarding Hub had no agreed way of recording why a threshold decision was made, and managers relied on the
memory of their teams.

Finding 2. Professional curiosity was hard to keep up when workloads were high. Supervision was offered, but it
dealt with tasks and not with thinking. The Panel heard that the use of the escalation procedure was seen as a
criticism of colleagues. Good practice was also seen: the Health Visitor challenged a decision and was heard, and
the School kept careful records.

Finding 3. Neglect was understood as a string of incidents and not as a pattern. The Graded Care Profile was known
about and little used. Practitioners told the reviewer that training had been offered but that they could not be
released to go. Chronologies were made for court and not for thinking, and nobody had a view of the whole.

4. Good practice

Where one agency kept in touch with the family by visits that were planned and by visits that were not, trust grew.
Managers who joined visits gained a better view of what the work asked of their teams. The use of a shared
chronology in one locality shows what can be done at little cost, and the Partnership may wish to build on it.

5. Recommendations

Recommendation 1. The Partnership should agree one way of recording threshold decisions, and audit its use within a
year.

Recommendation 2. Each agency should assure the Partnership that supervision leaves time for reflection, and should
say how it knows.

Recommendation 3. The Integrated Care Board should review how General Practice is told of children who are not
brought to appointments. The Department for Education and the national Panel may wish to consider the learning from
this review.

6. Conclusion

The system worked as it was built to work. It is the view of the Panel that change is possible, and that
practitioners want it. The Partnership will publish its response beside this report, and will say after twelve
months what has changed for children.
"""
"""Two pages that are about systems and point at nobody."""
