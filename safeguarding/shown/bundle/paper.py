"""
A plain page on paper: headings, lists, tables and charts, every value as words; no script, nothing from elsewhere.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape

from safeguarding.shown.blocks import PNG

LOOK = """
body{font:11pt/1.45 Georgia,serif;color:#111;max-width:60em;margin:2em auto;padding:0 1em}
h1,h2,h3{font-family:Arial,sans-serif;line-height:1.2;break-after:avoid}
h2{margin-top:1.6em;border-top:1px solid #888;padding-top:.5em}
table{border-collapse:collapse;width:100%}
th,td{border:1px solid #888;padding:.3em .5em;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{overflow-wrap:break-word}
tr{break-inside:avoid}
p:has(>img){break-inside:avoid;break-before:avoid}
code,pre{font:9pt/1.4 monospace;overflow-wrap:anywhere;white-space:pre-wrap}
@media print{body{margin:0;max-width:none}a{color:inherit;text-decoration:none}}
"""


def paper(title: str, *parts: str, points: int = 11) -> str:
    """A whole page: its title, and parts that are HTML already. `points` is the size of its type on paper."""
    return (
        f'<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{LOOK.replace('11pt', f'{points}pt')}</style></head>\n<body><main><h1>{escape(title)}</h1>\n"
        + "\n".join(parts)
        + "\n"
        "</main></body></html>\n"
    )


def heading(words: str, level: int = 2) -> str:
    """A heading."""
    return f"<h{level}>{escape(words)}</h{level}>"


def words(*said: str) -> str:
    """A paragraph for each."""
    return "".join(f"<p>{escape(one)}</p>" for one in said)


def listed(said: Iterable[str]) -> str:
    """A list of sentences; nothing where there is none."""
    items = "".join(f"<li>{escape(one)}</li>" for one in said)
    return f"<ul>{items}</ul>" if items else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]], nothing: str = "None.") -> str:
    """A table; a sentence where it has no row."""
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    top = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>" if body else words(nothing)


def free(lines: int) -> str:
    """Room in a cell to write by hand; a word processor makes it by itself."""
    return "<br>" * (lines + 1)


def form_table(head: Sequence[str], shares: Sequence[int], rows: Iterable[Sequence[str]]) -> str:
    """A table to write in: of each column its share of the width in hundredths; the cells are HTML already."""
    top = "".join(
        f'<th scope="col" style="width:{share}%">{escape(name)}</th>' for name, share in zip(head, shares, strict=True)
    )
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def picture(png: bytes, said: str) -> str:
    """A picture that stands in the page itself, with the words that say the same."""
    kept = b64encode(png).decode()
    return f'<p><img src="{PNG}{kept}" alt="{escape(said)}" width="100%"></p>'


def command(line: str) -> str:
    """What is typed."""
    return f"<pre>{escape(line)}</pre>"
