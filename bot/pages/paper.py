"""One page of paper as a PDF file: a heading, lines of a label and a value, and a QR code; no font is carried along.

Written after ISO 32000-1, 9.7.5.2: a composite font that names the character collection Adobe-GB1 and is embedded nowhere is
drawn by the reader's own Chinese font (every common reader has one), so the file stays below 10 KB and needs no library.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

WIDTH: Final = 595  # A4, in points
HEIGHT: Final = 842
LEFT: Final = 64
VALUE: Final = 170  # where values begin
LINE: Final = 30
SIDE: Final = 150  # of the QR code
MOST: Final = 31  # full characters of a value in one line
_FONT: Final = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[4 0 R]>>",
    (
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 5>>"
        b"/FontDescriptor 5 0 R/DW 1000/W[1 95 500]>>"
    ),
    (
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120"
        b"/CapHeight 880/StemV 93>>"
    ),
)


def write_paper(
    title: str, lines: Sequence[tuple[str, str]], code: Sequence[Sequence[int]], notes: Sequence[str]
) -> bytes:
    """The file. code: the rows of the QR code, 1 where it is dark. notes: small sentences below it."""
    y = HEIGHT - 90
    drawn = [_say(LEFT, y, 22, title)]
    y -= 50
    for label, value in lines:
        rows = _folded(value)
        drawn += [_say(LEFT, y, 12, label)]
        for each, words in enumerate(rows, start=1):
            drawn.append(_say(VALUE, y, 12, words))
            y -= LINE if each == len(rows) else LINE - 10
    top, unit = y - 10, SIDE / max(1, len(code))
    for across, row in enumerate(code):
        drawn += [
            f"{LEFT + column * unit:.2f} {top - (across + 1) * unit:.2f} {unit:.2f} {unit:.2f} re"
            for column, dark in enumerate(row)
            if dark
        ]
    drawn.append("f")
    y = int(top - SIDE - 30)
    for note in notes:
        for words in _folded(note, 3 * MOST):
            drawn.append(_say(LEFT, y, 9, words))
            y -= 16
    return _file(title, "\n".join(drawn).encode("ascii"))


def is_common(words: str) -> bool:
    """Whether every reader's own font has these characters (GBK); of rarer ones some draw nothing."""
    try:
        words.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def _folded(words: str, most: int = 2 * MOST) -> list[str]:
    """A sentence in lines of so many halves of a full character; a word, and what a dot (·) adds, goes to the next line whole."""
    rows, wide = [""], 0
    for mark in words:
        size = 1 if mark.isascii() else 2
        if wide + size > most:
            head, space, tail = (rows[-1] + mark).rpartition(" ")
            if head.endswith("\u00b7"):
                head, tail = head[:-1].rstrip(), f"\u00b7 {tail}"
            is_word = bool(space) and len(head) > len(rows[-1]) // 2
            rows[-1:] = [head, tail] if is_word else [rows[-1], mark]
            wide = sum(1 if each.isascii() else 2 for each in rows[-1])
            continue
        rows[-1] += mark
        wide += size
    return rows


def _say(x: float, y: float, size: int, words: str) -> str:
    return f"BT /F1 {size} Tf {x} {y} Td <{words.encode('utf-16-be', 'replace').hex()}> Tj ET"


def _file(title: str, content: bytes) -> bytes:
    name = b"<feff" + title.encode("utf-16-be", "replace").hex().encode() + b">"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R/ViewerPreferences<</DisplayDocTitle true>>>>",
        b"<</Type/Pages/Kids[6 0 R]/Count 1>>",
        *_FONT,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Resources<</Font<</F1 3 0 R>>>>/Contents 7 0 R>>"
        % (WIDTH, HEIGHT),
        b"<</Length %d>>stream\n%b\nendstream" % (len(content), content),
        b"<</Title%b>>" % name,
    )
    out, places = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        len(objects),
        start,
    )
    return bytes(out)
