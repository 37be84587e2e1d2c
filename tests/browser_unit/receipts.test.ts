/**
 * Notes and receipts: the published example, a receipt made here, and each way one can be wrong.
 */

import assert from "node:assert/strict";
import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { test } from "node:test";
import { base64, hex, join, textOf, utf8, type Bytes } from "../../web/browser/crypto/bytes.ts";
import { dumps } from "../../web/browser/crypto/canonical.ts";
import { H, sha256, u64 } from "../../web/browser/crypto/hashing.ts";
import { leafHash, nodeHash } from "../../web/browser/crypto/merkle.ts";
import {
  checkNote,
  parseCheckpoint,
  parseNote,
  parseVkey,
} from "../../web/browser/crypto/notes.ts";
import { checkReceipt } from "../../web/browser/crypto/receipts.ts";

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

interface Key {
  readonly name: string;
  readonly kind: number;
  readonly secret: KeyObject;
  readonly raw: Bytes;
}

const log = keyOf("log.example/1", 1);
const witness = keyOf("time.example/w", 4);
const salt = new Uint8Array(32).fill(5);
const entry = dumps({ v: 1, type: "opening.bid_admitted", body: { bid: "甲" } });
const SECONDS = 1_760_000_000;

function keyOf(name: string, kind: number): Key {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const der = publicKey.export({ type: "spki", format: "der" });
  return { name, kind, secret: privateKey, raw: new Uint8Array(der.subarray(12)) };
}

function idOf(key: Key): Bytes {
  return sha256(join(utf8(`${key.name}\n`), Uint8Array.of(key.kind), key.raw)).slice(0, 4);
}

function vkeyOf(key: Key): string {
  return `${key.name}+${hex(idOf(key))}+${base64(join(Uint8Array.of(key.kind), key.raw))}`;
}

function lineOf(key: Key, message: string, prefix: Bytes = new Uint8Array(0)): string {
  const signature = sign(null, utf8(message), key.secret);
  return `\u2014 ${key.name} ${base64(join(idOf(key), prefix, signature))}\n`;
}

/** A receipt of the second of three leaves; the options change one thing each. */
function receipt(
  options: { origin?: string; index?: number; extra?: string; time?: string; more?: string } = {},
): Bytes {
  const others = [leafHash(utf8("first")), leafHash(utf8("third"))] as const;
  const leaf = leafHash(H("leaf", salt, entry));
  const root = nodeHash(nodeHash(others[0], leaf), others[1]);
  const head = `${options.origin ?? log.name}\n3\n${base64(root)}\n`;
  const stamped = lineOf(
    witness,
    `cosignature/v1\ntime ${options.time ?? SECONDS}\n${head}`,
    u64(SECONDS),
  );
  const note = `${head}\n${lineOf(log, head)}${options.more ?? ""}${stamped}`;
  const path = others.map((hash) => base64(hash)).join("\n");
  const proof = `c2sp.org/tlog-proof@v1\nextra ${options.extra ?? base64(salt)}\nindex ${options.index ?? 1}\n${path}\n\n${note}`;
  return dumps({ v: 1, entry: textOf(entry), proof });
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
