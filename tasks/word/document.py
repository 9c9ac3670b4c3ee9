"""
One of our own pages as a Word file: real headings, lists and tables, so that people can go on writing in it.

Words stay words: nothing that anybody typed is read as a field, a link or a macro. The same page and the same moment
are the same file.
"""

from __future__ import annotations

import io
import zipfile
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

from docx import Document
from docx.document import Document as Made
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Length, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from safeguarding.dates.london import say_moment
from safeguarding.shown.blocks import BREAK, Block, blocks_of, title_of

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
"""The media type of a Word file."""
FONT, LANGUAGE = "Arial", "en-GB"
WIDE = Cm(16)
"""How wide a picture is: what a page of A4 has between its margins."""
LARGER = {"Normal": 0, "Heading 1": 7, "Heading 2": 3, "Heading 3": 1}
"""By how many points each style is larger than the words."""
KEPT = ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3", "List Bullet", "List Number", "Table Grid", "Footer")
"""The styles that somebody who goes on writing may want; of the template's others only what these rest on stays."""
BESIDE = ("thumbnail", "stylesWithEffects", "customXml")
"""How the kinds of parts end that the template brings and our files do not need: its picture of a page among them."""
DARK = RGBColor(0x1F, 0x3A, 0x5F)
"""The colour of headings: dark enough to be read by everybody."""
ROWS_WITH_A_PICTURE = 8
"""How many of a table's last rows stay on the page of the picture that is drawn of it."""
LETTER, AROUND = Cm(0.24), Cm(0.45)
"""How wide a letter of a table is at most, nearly always; and what a cell has beside its words."""
DAY_OF_EACH_FILE = (1980, 1, 1, 0, 0, 0)
"""When each part of a Word file was made, as its zip has it: the same each time."""


def word_file(page: str, author: str, foot: str, now: datetime, points: int = 11) -> bytes:
    """
    A page, as `paper` makes it, as a Word file (.docx): A4, its heads repeated on each page, numbered at the foot.

    `author` is the partnership; `foot` stands at the foot of each page before the moment (London) and the number;
    `points` is the size of its type.
    """
    blocks = blocks_of(page)
    made = Document()
    _lightened(made)
    _set_up(made, title_of(blocks), author, now)
    for name, larger in LARGER.items():
        font = cast(ParagraphStyle, made.styles[name]).font
        font.size = Pt(points + larger)
        if larger:
            font.color.rgb = DARK
    for block in blocks:
        _SET[block["kind"]](made, block)
    for head in made.element.body.xpath(".//w:tbl/w:tr[1]"):  # The first row stands on each page that a table reaches.
        head.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    _numbered(made.sections[0].footer.paragraphs[0], f"{foot} · made on {say_moment(now)} · page ")
    there = io.BytesIO()
    made.save(there)
    return _the_same_each_time(there.getvalue())


def _lightened(made: Made) -> None:
    """The template without its picture, without what is in it twice, and without the styles that nobody here uses."""
    for there in (made.part.package.rels, made.part.rels):
        for name in [name for name, one in there.items() if one.reltype.endswith(BESIDE)]:
            there.pop(name)
    styles = made.styles.element
    every = {one.styleId: one for one in styles.style_lst}
    left = [one.styleId for one in every.values() if one.name_val.casefold() in {name.casefold() for name in KEPT}]
    left += [name for name, one in every.items() if one.get(qn("w:default"))]
    kept = set[str]()
    while left:
        kept.add(name := left.pop())
        rests_on = every[name].xpath("./w:basedOn/@w:val | ./w:link/@w:val | ./w:next/@w:val")
        left += [str(one) for one in rests_on if one in every and one not in kept]
    for name in every.keys() - kept:
        styles.remove(every[name])


def _set_up(made: Made, title: str, author: str, now: datetime) -> None:
    about, moment = made.core_properties, now.astimezone(UTC).replace(tzinfo=None)
    about.title, about.author, about.language = title, author, LANGUAGE
    about.created = about.modified = moment
    about.last_modified_by, about.comments = author, ""
    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.5)
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3"):
        style = cast(ParagraphStyle, made.styles[name])
        style.font.name = FONT
        _spoken(style)


def _spoken(style: ParagraphStyle) -> None:
    """A style in the font named, not that of a theme; and its language, for the spelling and for a screen reader."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), LANGUAGE)
    style.element.get_or_add_rPr().append(language)


def _plain(words: str) -> str:
    """Words without the places to break that paper needs."""
    return words.replace(BREAK, "")


def _heading(made: Made, block: Block) -> None:
    made.add_heading(_plain(block["words"]), level=int(block["level"]))


def _paragraph(made: Made, block: Block) -> None:
    made.add_paragraph(_plain(block["words"]))


def _typed(made: Made, block: Block) -> None:
    made.add_paragraph().add_run(_plain(block["words"])).font.name = "Courier New"


def _list(made: Made, block: Block) -> None:
    bullet = made.styles["List Bullet"].style_id  # Looked up once: by its name it costs each of a thousand items 4 ms.
    for item in block["items"]:
        said = made.add_paragraph().add_run(_plain(item))
        style = OxmlElement("w:pStyle")
        style.set(qn("w:val"), bullet)
        said.element.getparent().get_or_add_pPr().insert(0, style)


def _table(made: Made, block: Block) -> None:
    rows: Sequence[Sequence[str]] = [block["head"], *block["rows"]]
    table = made.add_table(rows=len(rows), cols=len(block["head"]), style="Table Grid")
    table.autofit = False
    shares = block["widths"]
    wide = [Emu(WIDE * one // sum(shares)) for one in shares] if block["shared"] else _widths(rows, shares)
    for column, width in zip(table.columns, wide, strict=True):
        column.width = width
    for number, row in enumerate(rows):
        for at, (cell, words, width) in enumerate(zip(table.rows[number].cells, row, wide, strict=True)):
            cell.width = width  # A word processor reads that of each cell, not of the column.
            said = cell.paragraphs[0].add_run(_plain(words))
            said.bold = number == 0
            for _ in range(block["room"][number][at] - 1):  # Room to write in by hand, as the page has it.
                cell.add_paragraph()
    made.add_paragraph()


def _widths(rows: Sequence[Sequence[str]], shares: Sequence[int]) -> list[Length]:
    """How wide each column is: enough for its longest word, and of what is left its share."""
    words = [
        [piece for cell in column for word in cell.split() for piece in word.split(BREAK)]
        for column in zip(*rows, strict=True)
    ]
    least = [LETTER * max(map(len, column), default=0) + AROUND for column in words]
    left = WIDE - sum(least)
    if left < 0:
        return [Emu(WIDE * share // sum(shares)) for share in shares]
    return [Emu(low + left * share // sum(shares)) for low, share in zip(least, shares, strict=True)]


def _picture(made: Made, block: Block) -> None:
    _keep_with_next(made)
    made.add_picture(io.BytesIO(b64decode(block["png"])), width=WIDE)
    (*_, drawn) = made.element.body.xpath(".//wp:docPr")
    drawn.set("descr", _plain(block["words"]))


def _keep_with_next(made: Made) -> None:
    """What stands last stays on the page of what comes next: of a table its rows, as far as a page may hold both."""
    (*_, before) = made.element.body.xpath("./w:p | ./w:tbl")
    said = [before]
    if before.tag == qn("w:p") and not before.xpath(".//w:t") and (table := before.getprevious()) is not None:
        said += table.xpath(f"./w:tr[position() > last() - {ROWS_WITH_A_PICTURE}]//w:p")
    for one in said:
        if one.tag == qn("w:p"):
            one.get_or_add_pPr().get_or_add_keepNext()


_SET: Mapping[str, Callable[[Made, Block], None]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "typed": _typed,
    "list": _list,
    "table": _table,
    "picture": _picture,
}


def _numbered(foot: Paragraph, words: str) -> None:
    """The foot of each page, with the number of the page as the word processor counts it."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    foot.add_run(words).element.addnext(field)


def _the_same_each_time(file: bytes) -> bytes:
    """The file with no moment of its making in its zip."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as was, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name in was.namelist():
            zipped.writestr(zipfile.ZipInfo(name, DAY_OF_EACH_FILE), was.read(name), zipfile.ZIP_DEFLATED)
    return made.getvalue()
