/**
 * Envelopes: signed and opened with both kinds of key, and refused when anything is not as it was.
 */

import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import { base64, textOf, utf8, type Bytes } from "../../web/browser/crypto/bytes.ts";
import { dumps, loads, type JsonObject } from "../../web/browser/crypto/canonical.ts";
import {
  freshSigner,
  keyId,
  openEnvelope,
  payloadType,
  preAuthentication,
  signEnvelope,
  signerFrom,
} from "../../web/browser/crypto/dsse.ts";
import { rejectsWith } from "./streams.ts";

const payload = utf8('{"v":1}');
const signer = await freshSigner();
const envelope = await signEnvelope("bid", payload, signer);

test("the pre-authentication encoding is the standard's", () => {
  const known = "DSSEv1 29 http://example.com/HelloWorld 11 hello world";
  assert.equal(
    textOf(preAuthentication("http://example.com/HelloWorld", utf8("hello world"))),
    known,
  );
});

test("an envelope opens with its key and survives its canonical form", async () => {
  assert.deepEqual(await openEnvelope(loads(dumps(envelope)), "bid", signer.spki), payload);
});

test("a signer from PKCS #8 signs like one made here", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const loaded = await signerFrom(
    new Uint8Array(privateKey.export({ type: "pkcs8", format: "der" })),
  );
  const spki = new Uint8Array(publicKey.export({ type: "spki", format: "der" }));
  assert.deepEqual(loaded.spki, spki);
  assert.deepEqual(
    await openEnvelope(await signEnvelope("bid", payload, loaded), "bid", spki),
    payload,
  );
});

test("an Ed25519 envelope opens", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const spki = new Uint8Array(publicKey.export({ type: "spki", format: "der" }));
  const message = preAuthentication(payloadType("bid"), payload);
  const sig = base64(sign(null, message, privateKey));
  const signed = { ...envelope, signatures: [{ keyid: keyId(spki), sig }] };
  assert.deepEqual(await openEnvelope(signed, "bid", spki), payload);
});

const [one] = envelope["signatures"] as unknown as readonly JsonObject[];
for (const [code, changed] of [
  ["envelope.signature", { payload: base64(utf8('{"v":2}')) }],
  ["envelope.type", { payloadType: payloadType("withdraw") }],
  ["envelope.signatures", { signatures: [] }],
  ["envelope.signatures", { signatures: [one ?? {}, one ?? {}] }],
  ["envelope.keyid", { signatures: [{ ...one, keyid: "00".repeat(32) }] }],
  ["envelope.signature", { signatures: [{ ...one, sig: base64(new Uint8Array(64)) }] }],
  ["envelope.signature", { signatures: [{ ...one, sig: base64(new Uint8Array(63)) }] }],
  ["json.field_unknown", { signatures: [{ ...one, cert: "" }] }],
  ["json.field_unknown", { extra: 1 }],
  ["base64.malformed", { payload: "AA" }],
  ["base64.stray_bits", { payload: "AB==" }],
] as const) {
  test(`an envelope is refused: ${code} ${Object.keys(changed).join()}`, async () => {
    await rejectsWith(
      code,
      openEnvelope({ ...envelope, ...changed } as JsonObject, "bid", signer.spki),
    );
  });
}

test("an envelope under another key, or a key of another kind, is refused", async () => {
  const other = await freshSigner();
  await rejectsWith("envelope.keyid", openEnvelope(envelope, "bid", other.spki));
  const spki: Bytes = signer.spki.slice(0, 90);
  const renamed = { ...envelope, signatures: [{ ...one, keyid: keyId(spki) }] } as JsonObject;
  await rejectsWith("envelope.algorithm", openEnvelope(renamed, "bid", spki));
});
