/** Hashes and checksums taken the fast way are those taken the plain way, however a content is cut. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hex } from "../../web/browser/crypto/bytes.ts";
import { crc32 as plainCrc } from "../../web/browser/crypto/crc32.ts";
import { machine } from "../../web/browser/crypto/machine.ts";
import { crc32, Meter } from "../../web/browser/crypto/meter.ts";

const CONTENT = Uint8Array.from({ length: 3_000_017 }, (_, i) => (i * 31 + (i >> 8) * 7) & 255);
const LENGTHS = [0, 1, 7, 8, 9, 55, 56, 63, 64, 65, 119, 120, 127, 128, 1000, 1 << 20, 3_000_017];

function measured(content: Uint8Array, step: number, isPlain: boolean): string {
  const meter = new Meter(isPlain);
  for (let at = 0; at < content.length; at += step) meter.update(content.subarray(at, at + step));
  return `${meter.size} ${meter.crc} ${hex(meter.digest())}`;
}

test("WebAssembly runs here", () => {
  assert.ok(machine() !== undefined);
});

for (const length of LENGTHS) {
  test(`${length} bytes give the hash that WebCrypto gives`, async () => {
    const content = CONTENT.slice(0, length);
    const digest = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", content)));
    const expected = `${length} ${plainCrc(content)} ${digest}`;
    for (const step of [length || 1, 1_000_003, 4096, 61]) {
      if (length / step > 20_000) continue;
      assert.equal(measured(content, step, false), expected, `in pieces of ${step}`);
    }
    assert.equal(measured(content, 4096, true), expected);
  });
}

test("a checksum goes on where it stopped", () => {
  for (const cut of [0, 1, 8, 100, 1 << 20, 2_999_999]) {
    const first = crc32(CONTENT.subarray(0, cut));
    assert.equal(crc32(CONTENT.subarray(cut), first), plainCrc(CONTENT));
  }
});
