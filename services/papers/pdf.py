"""A paper as PDF: its table runs over as many pages as it needs, each with head and number.

Chinese is set in a font that every PDF reader brings or finds by itself, so that none is shipped
(docs/decisions/0051-papers.md). Nothing in the bytes comes from the clock or from chance.
"""

import re
from collections.abc import Iterator
from functools import cache, partial
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, black
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from infra.clock import instant
from services.papers.paper import Paper

LATIN, CHINESE = "Helvetica", "STSong-Light"
WESTERN = re.compile(r"[\x20-\x7e\xa0-\xff–—‘’“”•…€·]+")
"""What the fonts that every reader has can show."""
UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
BEYOND = re.compile(r"[\U00010000-\U0010ffff]")
"""Characters that the font has no room for; 〓 stands for each, as in print."""
SIDE, TOP, BOTTOM, FOOT = 18 * mm, 16 * mm, 20 * mm, 12 * mm
INSET = 6
"""What the library keeps free within the margins."""
WIDTH = A4[0] - 2 * SIDE
GREY, PALE, RULE = Color(0.4, 0.4, 0.4), Color(0.94, 0.94, 0.94), Color(0.8, 0.8, 0.8)
STAMP = Color(0.8, 0.1, 0.1, alpha=0.18)
PADDING = 3


def drawn(paper: Paper) -> bytes:
    """Drawn twice, since the first page says already how many there are."""
    _register_chinese()
    pages, _ = _built(paper, 0)
    return _built(paper, pages)[1]


@cache
def _register_chinese() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))


def _built(paper: Paper, pages: int) -> tuple[int, bytes]:
    content = BytesIO()
    made = SimpleDocTemplate(
        content,
        pagesize=A4,
        leftMargin=SIDE - INSET,
        rightMargin=SIDE - INSET,
        topMargin=TOP,
        bottomMargin=BOTTOM,
        title=paper.footer,
        author=paper.sender,
        lang=paper.language,
        invariant=1,
    )
    each = partial(_page, paper, pages)
    made.build([*_story(paper)], onFirstPage=each, onLaterPages=each)
    return made.page, content.getvalue()


def _page(paper: Paper, pages: int, canvas: Canvas, made: Any) -> None:
    moment = instant(paper.made_at)
    canvas.setDateFormatter(lambda *_: f"D:{moment:%Y%m%d%H%M%S}+00'00'")
    canvas.saveState()
    canvas.setFillColor(GREY)
    _written(canvas, SIDE, FOOT, paper.footer, 8)
    page = paper.page.format(page=made.page, pages=pages)
    _written(canvas, A4[0] - SIDE, FOOT, page, 8, before=1.0)
    if paper.stamp is not None:
        canvas.translate(A4[0] / 2, A4[1] / 2)
        canvas.rotate(50)
        canvas.setFillColor(STAMP)
        _written(canvas, 0, -30, paper.stamp, 90, before=0.5)
    canvas.restoreState()


def _written(
    canvas: Canvas, x: float, y: float, text: str, size: float, before: float = 0.0
) -> None:
    """One line, of which that part stands before x."""
    runs = [*_runs(text)]
    x -= before * sum(pdfmetrics.stringWidth(part, font, size) for font, part in runs)
    for font, part in runs:
        canvas.setFont(font, size)
        canvas.drawString(x, y, part)
        x += pdfmetrics.stringWidth(part, font, size)


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """The text in parts of one font each."""
    text, at = BEYOND.sub("〓", UNSEEN.sub("", text)), 0
    for found in WESTERN.finditer(text):
        if at < found.start():
            yield CHINESE, text[at : found.start()]
        yield LATIN, found.group()
        at = found.end()
    if at < len(text):
        yield CHINESE, text[at:]


def _style(size: float, **more: Any) -> ParagraphStyle:
    return ParagraphStyle("", fontName=LATIN, fontSize=size, leading=size * 1.4, **more)


BODY, SMALL = _style(9), _style(8, textColor=GREY)
TITLE, SENDER = _style(18, spaceBefore=6 * mm, spaceAfter=3 * mm), _style(13)
FIGURES, LABEL = _style(9, alignment=TA_RIGHT), _style(9, textColor=GREY)


def _text(text: str, style: ParagraphStyle) -> Paragraph:
    """A paragraph that breaks between any two characters where it is Chinese."""
    runs = [*_runs(text)]
    parts = [(font, escape(part).replace("\n", "<br/>")) for font, part in runs]
    chinese = any(font == CHINESE and part.strip("\n") for font, part in runs)
    made = "".join(
        part if font == LATIN else f'<font name="{CHINESE}">{part}</font>' for font, part in parts
    )
    if chinese:
        style = ParagraphStyle("", parent=style, wordWrap="CJK")
    return Paragraph(made, style)


def _story(paper: Paper) -> Iterator[Flowable]:
    if paper.sender:
        yield _text(paper.sender, SENDER)
    yield from (_text(line, SMALL) for line in paper.letterhead)
    yield _text(paper.title, TITLE)
    yield _facts(paper)
    yield Spacer(0, 5 * mm)
    yield _lines(paper)
    yield Spacer(0, 2 * mm)
    yield _totals(paper)
    for note in paper.notes:
        yield Spacer(0, 5 * mm)
        yield _text(note.heading, LABEL)
        yield from (_text(text, BODY) for text in note.texts)


def _facts(paper: Paper) -> Table:
    cells = [(_text(label, LABEL), _text(value, BODY)) for label, value in paper.facts]
    cells += [(_text("", LABEL), _text("", BODY))] * (len(cells) % 2)
    rows = [[*cells[at], *cells[at + 1]] for at in range(0, len(cells), 2)]
    widths = [WIDTH * share for share in (0.14, 0.36, 0.14, 0.36)]
    return Table(
        rows,
        widths,
        style=TableStyle(
            [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
        ),
    )


def _lines(paper: Paper) -> Table:
    styles = [FIGURES if column.figures else BODY for column in paper.columns]
    heads = [_text(c.label, style) for c, style in zip(paper.columns, styles, strict=True)]
    rows = [[_cell(*one) for one in zip(row, styles, strict=True)] for row in paper.rows]
    figures = [number for number, column in enumerate(paper.columns) if column.figures]
    ruled: list[Any] = [
        ("BACKGROUND", (0, 0), (-1, 0), PALE),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, black),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, RULE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
        ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
        ("FONT", (0, 0), (-1, -1), LATIN, 9, 12.6),
        *(("ALIGN", (number, 0), (number, -1), "RIGHT") for number in figures),
    ]
    widths = [WIDTH * column.share for column in paper.columns]
    return Table([heads, *rows], widths, repeatRows=1, style=TableStyle(ruled))


def _cell(text: str, style: ParagraphStyle) -> Paragraph | str:
    """A short figure as it is: a paragraph for each takes ten times as long."""
    plain = style is FIGURES and WESTERN.fullmatch(text)
    return text if plain and len(text) <= 14 else _text(text, style)


def _totals(paper: Paper) -> Table:
    cells = [(_text(label, FIGURES), _text(value, FIGURES)) for label, value in paper.totals]
    ruled = [("RIGHTPADDING", (0, 0), (-1, -1), PADDING)]
    return Table(cells, [WIDTH * 0.8, WIDTH * 0.2], style=TableStyle(ruled))
