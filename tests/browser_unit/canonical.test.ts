/** Canonical JSON: what is written, and what is refused when read. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { join, textOf, utf8 } from "../../web/browser/crypto/bytes.ts";
import { dumps, loads, type JsonValue } from "../../web/browser/crypto/canonical.ts";

test("keys are sorted, nothing is escaped that need not be", () => {
  const value = { b: [1, -2, true], a: '投"标\n\u2028\u007f', a_1: {} };
  assert.equal(textOf(dumps(value)), '{"a":"投\\"标\\n\u2028\u007f","a_1":{},"b":[1,-2,true]}');
  assert.deepEqual(loads(dumps(value)), value);
});

for (const [why, text] of [
  ["a duplicate key", '{"a":1,"a":1}'],
  ["keys out of order", '{"b":1,"a":1}'],
  ["a space", '{"a": 1}'],
  ["a float", '{"a":1.0}'],
  ["an exponent", '{"a":1e2}'],
  ["minus zero", "-0"],
  ["an integer of 2^53", "9007199254740992"],
  ["null", '{"a":null}'],
  ["a needless escape", '"\\u0061"'],
  ["a lone surrogate", '"\\ud800"'],
  ["a key with a capital", '{"Aa":1}'],
  ["a key of the envelope elsewhere", '{"payloadType":"x"}'],
  ["a prototype's name", '{"__proto__":1}'],
  ["a byte order mark", "\ufeff{}"],
  ["two values", "{}{}"],
  ["nothing", ""],
  ["a nesting too deep", `${"[".repeat(33)}${"]".repeat(33)}`],
] as const) {
  test(`JSON is refused for ${why}`, () => {
    assert.throws(() => loads(utf8(text)), { name: "Invalid" });
  });
}

test("bytes that are no UTF-8 and bytes over the limit are refused", () => {
  assert.throws(() => loads(join(utf8('"'), Uint8Array.of(0xff), utf8('"'))), {
    code: "text.not_utf8",
  });
  assert.throws(() => loads(utf8("[1,2,3]"), 6), { code: "json.too_large" });
});

test("the deepest nesting allowed is read", () => {
  const text = `${"[".repeat(32)}${"]".repeat(32)}`;
  assert.equal(textOf(dumps(loads(utf8(text)))), text);
});

test("an envelope keeps the names of its own standard", () => {
  const text = '{"payload":"","payloadType":"","signatures":[]}';
  assert.equal(textOf(dumps(loads(utf8(text)))), text);
});

for (const value of [0.5, Number.NaN, -0, 2 ** 53, "\ud800", null, undefined]) {
  test(`${String(value)} is not written`, () => {
    assert.throws(() => dumps(value as JsonValue), { name: "Invalid" });
  });
}
