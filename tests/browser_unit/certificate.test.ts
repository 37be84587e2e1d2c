/** A key is accepted only with its whole ceremony, and every message of it counts. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hex } from "../../web/browser/crypto/bytes.ts";
import { checkCertificate, checkKeyClaim } from "../../web/browser/crypto/certificate.ts";
import { freshSigner } from "../../web/browser/crypto/dsse.ts";
import {
  GENERATOR,
  compressed,
  multiplyPublicly,
  uncompressed,
} from "../../web/browser/crypto/points.ts";
import { secretFrom } from "../../web/browser/crypto/secret.ts";
import { K, N, played, type Message } from "./ceremonies.ts";
import { rejectsWith } from "./streams.ts";

const ceremony = await played();
const good = await ceremony.envelopes();
const key = await checkCertificate(good, ceremony.clerk);
const claim = {
  sid: hex(key.sid),
  keyId: hex(key.keyId),
  pk: hex(uncompressed(key.pk)),
  yT: hex(compressed(key.timekeeperShare)),
  y: key.shares.map((share) => hex(compressed(share))),
};
const otherPoint = hex(compressed(multiplyPublicly(GENERATOR, 5n)));
const [JOIN, DEAL, CERTIFY] = [1, N + 2, 2 * N + 3];

test("a whole ceremony gives its key", async () => {
  assert.equal(
    hex(compressed(key.pk)),
    hex(compressed((await secretFrom(ceremony.secret)).publicPoint)),
  );
  assert.deepEqual([key.start.n, key.start.k, key.shares.length], [N, K, N]);
});

test("a key entry must claim exactly what the certificate gives", () => {
  checkKeyClaim(claim, key);
  for (const [code, changed] of [
    ["key.ids", { sid: "00".repeat(32) }],
    ["key.ids", { keyId: "00".repeat(32) }],
    ["key.pk", { pk: hex(uncompressed(GENERATOR)) }],
    ["key.y_t", { yT: otherPoint }],
    ["key.y", { y: claim.y.slice(1) }],
    ["key.y", { y: [...claim.y].reverse() }],
  ] as const) {
    assert.throws(() => checkKeyClaim({ ...claim, ...changed }, key), { code });
  }
});

test("a certificate with a message too few, too many or in another place is refused", async () => {
  await rejectsWith("certificate.length", checkCertificate(good.slice(0, -1), ceremony.clerk));
  await rejectsWith(
    "certificate.length",
    checkCertificate([...good, good.at(-1) ?? {}], ceremony.clerk),
  );
  await rejectsWith("certificate.length", checkCertificate([], ceremony.clerk));
  const swapped = good.slice();
  [swapped[JOIN + 1], swapped[JOIN + 2]] = [good[JOIN + 2] ?? {}, good[JOIN + 1] ?? {}];
  await rejectsWith("envelope.keyid", checkCertificate(swapped, ceremony.clerk));
});

test("a certificate started by somebody else is refused", async () => {
  const { spki } = await freshSigner();
  await rejectsWith("envelope.keyid", checkCertificate(good, spki));
});

type Change = (payloads: Message[]) => void;

function set(index: number, field: string, value: Message["payload"][string]): Change {
  return (payloads) => {
    const payload = payloads[index]?.payload;
    assert.ok(payload);
    payload[field] = value;
  };
}

const item = (index: number, field: string, place = 0): string => {
  const list = ceremony.payloads[index]?.payload[field] as readonly string[];
  return list[place] ?? "";
};
const text = (index: number, field: string): string =>
  String(ceremony.payloads[index]?.payload[field]);
const flipped = (value: string): string => (value.startsWith("00") ? "01" : "00") + value.slice(2);
const flippedLast = (value: string): string =>
  value.slice(0, -2) + (value.endsWith("00") ? "01" : "00");

for (const [why, code, change] of [
  ["another section than was started", "ceremony.sid", set(0, "section", "s2")],
  ["a threshold of one", "json.out_of_range", set(0, "k", 1)],
  ["a threshold above n", "ceremony.roster", set(0, "k", N + 1)],
  ["an unknown field at the start", "json.field_unknown", set(0, "extra", 1)],
  ["a join for another place", "ceremony.index", set(JOIN + 1, "i", 2)],
  [
    "a commitment nobody opened",
    "ceremony.commit",
    set(JOIN + 1, "commit", flipped(text(JOIN + 1, "commit"))),
  ],
  [
    "the timekeeper's commitment unopened",
    "ceremony.commit",
    set(JOIN, "commit", flipped(text(JOIN, "commit"))),
  ],
  ["a static key used twice", "ceremony.same_static", set(JOIN + 1, "p", text(JOIN + 2, "p"))],
  ["another static key", "schnorr.wrong", set(JOIN + 1, "p", otherPoint)],
  [
    "the generator as a static key",
    "point.generator",
    set(JOIN + 1, "p", hex(compressed(GENERATOR))),
  ],
  ["a static key for the timekeeper", "json.field_unknown", set(JOIN, "p", otherPoint)],
  ["another share key of the timekeeper", "ceremony.commit", set(DEAL, "y", otherPoint)],
  [
    "a wrong possession of the timekeeper",
    "schnorr.wrong",
    set(DEAL, "pop", flippedLast(text(DEAL, "pop"))),
  ],
  [
    "an extra commitment point",
    "json.list_length",
    set(DEAL + 1, "c", [item(DEAL + 1, "c"), item(DEAL + 1, "c", 1), otherPoint]),
  ],
  ["a commitment point too few", "json.list_length", set(DEAL + 1, "c", [item(DEAL + 1, "c")])],
  [
    "other commitment points",
    "ceremony.commit",
    set(DEAL + 1, "c", [item(DEAL + 1, "c"), otherPoint]),
  ],
  ["a wrong possession", "schnorr.wrong", set(DEAL + 1, "pop", flippedLast(text(DEAL + 1, "pop")))],
  ["another ephemeral key", "ceremony.commit", set(DEAL + 1, "e", otherPoint)],
  ["a ciphertext too few", "json.list_length", set(DEAL + 1, "shares", [item(DEAL + 1, "shares")])],
  [
    "another ciphertext",
    "ceremony.key_id",
    set(DEAL + 1, "shares", [
      flipped(item(DEAL + 1, "shares")),
      item(DEAL + 1, "shares", 1),
      item(DEAL + 1, "shares", 2),
    ]),
  ],
  [
    "another key certified",
    "ceremony.key_id",
    set(CERTIFY + 1, "key_id", flipped(text(CERTIFY + 1, "key_id"))),
  ],
  [
    "a wrong certificate",
    "schnorr.wrong",
    set(CERTIFY + 1, "sig", flippedLast(text(CERTIFY + 1, "sig"))),
  ],
  [
    "a wrong certificate of the timekeeper",
    "schnorr.wrong",
    set(CERTIFY, "sig", flippedLast(text(CERTIFY, "sig"))),
  ],
] as const) {
  test(`a certificate is refused for ${why}, though every envelope is signed`, async () => {
    await rejectsWith(code, checkCertificate(await ceremony.envelopes(change), ceremony.clerk));
  });
}
