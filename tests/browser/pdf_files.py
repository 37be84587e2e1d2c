"""PDF files made by hand: good ones, and what somebody might put into a bid instead."""

from collections.abc import Sequence

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
SONG = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/GBK-EUC-H/DescendantFonts"
    b"[<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
    b"/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[0 -200 1000 900]"
    b"/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 80>>>>]>>"
)
"""A Chinese font that is not embedded, as many a bid has."""
SCRIPT = (
    b"/OpenAction<</S/JavaScript/JS(app.alert\\('canary'\\);"
    b"app.launchURL\\('https://canary.example/'\\);)>>"
    b"/AA<</WC<</S/URI/URI(https://canary.example/close)>>>>"
)
LINK = (
    b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 595 842]/Border[0 0 0]"
    b"/A<</S/URI/URI(https://canary.example/link)>>>>]"
)
ENCRYPTED = (
    b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<" + b"ab" * 32 + b">/U<" + b"cd" * 32 + b">>>"
    b"/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]"
)


def text(words: str, font: bytes = FONT) -> bytes:
    """Return what draws a line of words in the middle of a page."""
    encoded = words.encode("gbk" if font is SONG else "ascii").hex().encode()
    return b"BT /F 36 Tf 60 420 Td <" + encoded + b"> Tj ET"


def pdf(
    pages: Sequence[str],
    *,
    font: bytes = FONT,
    catalog: bytes = b"",
    page: bytes = b"",
    trailer: bytes = b"",
    padding: int = 0,
) -> bytes:
    """Return a PDF of some pages.

    Args:
        pages: the line on each.
        font: it is written in.
        catalog: more in the catalogue.
        page: more in each page.
        trailer: more in the trailer.
        padding: bytes in a stream that no page shows, after the first page.
    """
    content = b"%PDF-1.7\n"
    places: dict[int, int] = {}

    def add(number: int, body: bytes) -> None:
        nonlocal content
        places[number] = len(content)
        content = content + b"%d 0 obj" % number + body + b"endobj\n"

    numbers = [5 + 2 * at for at in range(len(pages))]
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    add(1, b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>")
    add(2, b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(pages), kids))
    add(3, font)
    parts = [content]
    at = len(content)
    bulk = _stream(b"\0" * padding)
    for number, words in zip(numbers, pages, strict=True):
        head = (
            b"%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
            b"/Resources<</Font<</F 3 0 R>>>>%b>>endobj\n" % (number, number + 1, page)
        )
        body = b"%d 0 obj" % (number + 1) + _stream(text(words, font)) + b"endobj\n"
        places[number], places[number + 1] = at, at + len(head)
        parts += [head, body]
        at += len(head) + len(body)
        if padding and number == numbers[0]:
            places[4] = at
            parts.append(b"4 0 obj" + bulk + b"endobj\n")
            at += len(parts[-1])
    return b"".join(parts) + _tail(places, at, trailer)


def _stream(content: bytes) -> bytes:
    return b"<</Length %d>>stream\n" % len(content) + content + b"\nendstream "


def _tail(places: dict[int, int], at: int, trailer: bytes) -> bytes:
    size = max(places) + 1
    rows = [b"0000000000 65535 f \n"]
    rows += [
        b"%010d 00000 n \n" % places[number] if number in places else rows[0]
        for number in range(1, size)
    ]
    table = b"xref\n0 %d\n" % size + b"".join(rows)
    told = b"trailer<</Size %d/Root 1 0 R" % size + trailer + b">>\n"
    return table + told + b"startxref\n%d\n%%%%EOF\n" % at
