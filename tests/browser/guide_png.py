"""A screenshot as a small PNG: 256 colours at most, none further from the true one than needed."""

import base64
import struct
import zlib

from playwright.sync_api import Page

_REDUCE = """
async (coded) => {
  const bytes = Uint8Array.from(atob(coded), (one) => one.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes]));
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height).getContext("2d");
  canvas.drawImage(bitmap, 0, 0);
  const { data } = canvas.getImageData(0, 0, width, height);
  const counts = new Map();
  for (let at = 0; at < data.length; at += 4) {
    const colour = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const seen = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([colour]) => colour);
  const far = (a, b) => Math.max(
    Math.abs((a >> 16) - (b >> 16)),
    Math.abs(((a >> 8) & 255) - ((b >> 8) & 255)),
    Math.abs((a & 255) - (b & 255)),
  );
  let kept = [];
  let index = new Map();
  for (let apart = 0; ; apart += 3) {
    kept = [];
    index = new Map();
    for (const colour of seen) {
      let near = kept.findIndex((one) => far(one, colour) <= apart);
      if (near < 0) near = kept.push(colour) - 1;
      if (kept.length > 256) break;
      index.set(colour, near);
    }
    if (kept.length <= 256) break;
  }
  let indices = "";
  for (let at = 0; at < data.length; at += 4) {
    const colour = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
    indices += String.fromCharCode(index.get(colour));
  }
  return { width, height, kept, indices: btoa(indices) };
}
"""


def reduced(page: Page, png: bytes) -> bytes:
    """Return a picture with a palette.

    Args:
        page: an empty one, which does the counting.
        png: as the browser gave it.
    """
    told = page.evaluate(_REDUCE, base64.b64encode(png).decode())
    width, height = told["width"], told["height"]
    pixels = base64.b64decode(told["indices"])
    rows = b"".join(b"\0" + pixels[at * width : (at + 1) * width] for at in range(height))
    palette = b"".join(colour.to_bytes(3) for colour in told["kept"])
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
