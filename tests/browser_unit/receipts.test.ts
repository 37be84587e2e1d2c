/**
 * Notes and receipts: the published example, a receipt made here, and each way one can be wrong.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { base64, hex, textOf } from "../../web/browser/crypto/bytes.ts";
import { dumps } from "../../web/browser/crypto/canonical.ts";
import { H } from "../../web/browser/crypto/hashing.ts";
import {
  checkNote,
  parseCheckpoint,
  parseNote,
  parseVkey,
} from "../../web/browser/crypto/notes.ts";
import { checkReceipt } from "../../web/browser/crypto/receipts.ts";
import { SECONDS, entry, keyOf, lineOf, log, receipt, salt, vkeyOf, witness } from "./log.ts";

const EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const EXAMPLE = `This is an example message.

\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;

test("the published note verifies under its published key, and no other text does", () => {
  checkNote(parseNote(EXAMPLE), parseVkey(EXAMPLE_KEY));
  const other = parseNote(EXAMPLE.replace("example message", "Example message"));
  assert.throws(() => checkNote(other, parseVkey(EXAMPLE_KEY)), { code: "note.signature" });
});

for (const [why, text] of [
  ["an id of another key", EXAMPLE_KEY.replace("530d903a", "530d903b")],
  ["another name", EXAMPLE_KEY.replace("foo", "bar")],
  ["a name with a space", EXAMPLE_KEY.replace("foo", "f oo")],
  ["an unknown kind", "example.com/foo+530d903a+A+kyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"],
  ["no key", "example.com/foo+530d903a"],
] as const) {
  test(`a verifier key is refused for ${why}`, () => {
    assert.throws(() => parseVkey(text), { name: "Invalid" });
  });
}

for (const [why, text] of [
  ["a tab", EXAMPLE.replace("is an", "is\tan")],
  ["no blank line", EXAMPLE.replace("\n\n", "\n")],
  ["no last newline", EXAMPLE.slice(0, -1)],
  ["no signature", EXAMPLE.slice(0, EXAMPLE.indexOf("\u2014"))],
  ["another dash", EXAMPLE.replace("\u2014", "-")],
] as const) {
  test(`a note is refused for ${why}`, () => {
    assert.throws(() => parseNote(text), { name: "Invalid" });
  });
}

for (const text of [
  "o\n1\n",
  "o\n01\nAAAA\n",
  "\n1\nAAAA\n",
  `o\n1\n${base64(new Uint8Array(32))}\nmore\n`,
  "o\n1\nAAAA\n",
]) {
  test(`no checkpoint is read from ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseCheckpoint(text), { name: "Invalid" });
  });
}

test("a receipt verifies and tells its entry, its place and the witness's time", () => {
  const checked = checkReceipt(receipt(), vkeyOf(log), vkeyOf(witness));
  assert.equal(checked.cosignedAt, SECONDS);
  assert.equal(checked.index, 1);
  assert.equal(checked.checkpoint.size, 3);
  assert.equal(textOf(dumps(checked.entry)), textOf(entry));
  assert.equal(hex(checked.leaf), hex(H("leaf", salt, entry)));
});

test("a signature of somebody unknown does not matter", () => {
  const more = lineOf(keyOf("stranger.example", 1), "whatever\n");
  checkReceipt(receipt({ more }), vkeyOf(log), vkeyOf(witness));
});

for (const [code, options] of [
  ["receipt.origin", { origin: "other.example" }],
  ["merkle.inclusion", { index: 0 }],
  ["merkle.proof_length", { index: 2 }],
  ["merkle.range", { index: 3 }],
  ["merkle.inclusion", { extra: base64(new Uint8Array(32)) }],
  ["receipt.salt", { extra: base64(new Uint8Array(31)) }],
  ["cosignature.signature", { time: String(SECONDS + 1) }],
] as const) {
  test(`a receipt is refused: ${code} ${JSON.stringify(options)}`, () => {
    assert.throws(() => checkReceipt(receipt(options), vkeyOf(log), vkeyOf(witness)), { code });
  });
}

test("a receipt under other keys is refused", () => {
  const refused = { code: "note.not_signed" };
  assert.throws(
    () => checkReceipt(receipt(), vkeyOf(keyOf(log.name, 1)), vkeyOf(witness)),
    refused,
  );
  assert.throws(
    () => checkReceipt(receipt(), vkeyOf(log), vkeyOf(keyOf(witness.name, 4))),
    refused,
  );
  assert.throws(() => checkReceipt(receipt(), vkeyOf(log), vkeyOf(log)), { code: "vkey.kind" });
});

test("a receipt with any one byte changed is refused", () => {
  const good = receipt();
  for (let at = 0; at < good.length; at += 1) {
    const broken = good.slice();
    broken[at] = (broken[at] ?? 0) ^ 1;
    assert.throws(
      () => checkReceipt(broken, vkeyOf(log), vkeyOf(witness)),
      { name: "Invalid" },
      `byte ${at}`,
    );
  }
});
