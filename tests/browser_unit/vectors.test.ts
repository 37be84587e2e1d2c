/** Our own vectors, the file that the Python code and the verifier are tested against too. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { hex, join, unhex, utf8 } from "../../web/browser/crypto/bytes.ts";
import { openBody, sealBody, sealedLength } from "../../web/browser/crypto/cobblestone.ts";
import { fingerprint } from "../../web/browser/crypto/fingerprint.ts";
import { framed, framedLength, unframed } from "../../web/browser/crypto/frame.ts";
import { H, h2s, lp, type Purpose } from "../../web/browser/crypto/hashing.ts";
import { openWithSharedX } from "../../web/browser/crypto/hpke.ts";
import {
  checkPeer,
  compressed,
  decode33,
  decode65,
  multiplyPublicly,
  uncompressed,
} from "../../web/browser/crypto/points.ts";
import { decodeScalar, encodeScalar, numberOf } from "../../web/browser/crypto/scalars.ts";
import {
  beginBid,
  bodyContext,
  contentKey,
  finishBid,
  hpkeInfo,
  reopenPackage,
  sealPackage,
} from "../../web/browser/crypto/sealing.ts";
import { multiply, secretFrom } from "../../web/browser/crypto/secret.ts";
import { SliceTree } from "../../web/browser/crypto/slicetree.ts";
import { checkSealer, statement } from "../../web/browser/crypto/statement.ts";
import vectors from "../vectors/sealing.json" with { type: "json" };
import { collected, patterned, placed, rejectsWith, stream } from "./streams.ts";

test("framing, tagged hashes and hash to scalar agree", () => {
  for (const { parts, lp: framedParts } of vectors.hashing.framed) {
    assert.equal(hex(lp(...parts.map((part) => unhex(part)))), framedParts);
  }
  for (const { tag, parts, hash } of vectors.hashing.tagged) {
    assert.equal(hex(H(tag, ...parts.map((part) => unhex(part)))), hash);
  }
  for (const { purpose, message, scalar } of vectors.hashing.to_scalar) {
    assert.equal(hex(encodeScalar(h2s(purpose as Purpose, unhex(message)))), scalar);
  }
});

test("good points are decoded in both forms", () => {
  for (const valid of vectors.points.valid) {
    assert.equal(hex(uncompressed(decode33(unhex(valid.compressed)))), valid.uncompressed);
    assert.equal(hex(compressed(decode65(unhex(valid.uncompressed)))), valid.compressed);
  }
});

for (const { form, bytes, why } of vectors.points.invalid) {
  test(`a ${form} point is refused: ${why}`, () => {
    const decode = form === "compressed" ? decode33 : decode65;
    assert.throws(() => decode(unhex(bytes)), { name: "Invalid" });
  });
}

test("a point with the generator's x is no peer", () => {
  for (const bytes of vectors.points.not_from_a_peer) {
    assert.throws(() => checkPeer(decode65(unhex(bytes))), { code: "point.generator" });
  }
});

for (const { bytes, why } of vectors.points.invalid_scalars) {
  test(`a scalar is refused: ${why}`, () => {
    assert.throws(() => decodeScalar(unhex(bytes)), { name: "Invalid" });
  });
}

test("a secret product through WebCrypto is the public product", async () => {
  for (const { point, scalar, product } of vectors.points.products) {
    const [peer, secret] = [decode33(unhex(point)), decodeScalar(unhex(scalar))];
    assert.equal(hex(compressed(multiplyPublicly(peer, secret))), product);
    assert.equal(hex(compressed(await multiply(await secretFrom(secret), peer))), product);
  }
});

for (const { enc, stmt, pok, outcome, why } of vectors.sealer_proof) {
  test(`a sealer's proof is ${outcome} ${why}`, () => {
    const check = (): void => checkSealer(decode65(unhex(enc)), unhex(stmt), unhex(pok));
    if (outcome === "valid") check();
    else assert.throws(check, { name: "Invalid" });
  });
}

for (const body of vectors.bodies) {
  test(`a body of ${body.package_length} bytes is sealed to the known file and opens again`, async () => {
    const [cek, context] = [unhex(body.cek), unhex(body.context)];
    const source = patterned(body.package_length, 70_001);
    const length = framedLength(body.package_length);
    const plain = framed(source, body.package_length);
    const sealed = await placed(sealBody(plain, length, cek, unhex(body.salt), context));
    assert.equal(sealed.length, body.size);
    assert.equal(sealedLength(length), body.size);
    assert.equal(createHash("sha256").update(sealed).digest("hex"), body.sha256);
    const tree = new SliceTree();
    await tree.update(sealed);
    assert.equal(hex(await tree.root()), body.root);
    const opened = await collected(unframed(openBody(stream(sealed, 999), cek, context)));
    assert.deepEqual(opened, await collected(patterned(body.package_length, 4096)));
  });
}

test("the fingerprint's numbers and words agree", () => {
  const { transcript_sha256, fingerprint: numbers, words } = vectors.ceremony;
  const told = fingerprint(unhex(transcript_sha256));
  assert.deepEqual(
    told.map((word) => word.number),
    numbers,
  );
  assert.deepEqual(
    told.map((word) => word.english),
    words,
  );
});

for (const [name, bid] of [
  ["a bid", { bidder_secret: undefined, ...vectors.bid }],
  ["a co-opened bid", vectors.co_opened_bid],
] as const) {
  const pk = decode65(unhex(vectors.ceremony.pk));
  const bidderSecret = bid.bidder_secret === undefined ? undefined : unhex(bid.bidder_secret);
  const draws = async () => ({
    ephemeral: await secretFrom(numberOf(unhex(bid.r))),
    secret: unhex(bid.secret),
  });

  test(`${name} is sealed to the known bytes`, async () => {
    const begun = await beginBid(utf8(bid.params), pk, bidderSecret, await draws());
    assert.equal(hex(begun.enc), bid.enc);
    assert.equal(hex(begun.ct), bid.ct);
    assert.equal(hex(begun.cek), bid.cek);
    assert.equal(hex(bodyContext(begun)), bid.context);
    const bytes = unhex(bid.package);
    const pieces = sealPackage(begun, stream(bytes, 7), bytes.length, unhex(bid.salt));
    const parts = [];
    let next = await pieces.next();
    for (; next.done !== true; next = await pieces.next()) parts.push(next.value.data.slice());
    const body = next.value;
    const sealed = join(...parts);
    assert.equal(createHash("sha256").update(sealed).digest("hex"), bid.sealed_sha256);
    assert.deepEqual([body.size, hex(body.root)], [bid.size, bid.root]);
    assert.equal(hex(statement(begun.params, begun.enc, begun.ct, body.size, body.root)), bid.stmt);
    assert.deepEqual(
      await collected(reopenPackage(begun, stream(sealed, 5000), bidderSecret)),
      bytes,
    );
    assert.match(
      new TextDecoder().decode(await finishBid(begun, body)),
      /"pok":"0[23][0-9a-f]{128}"/u,
    );
  });

  test(`${name}'s known proof holds and its secret opens with the combined x`, async () => {
    checkSealer(decode65(unhex(bid.enc)), unhex(bid.stmt), unhex(bid.pok));
    const sealed = { enc: unhex(bid.enc), ct: unhex(bid.ct) };
    const params = utf8(bid.params);
    const dh = unhex(bid.combined_x);
    const secret = await openWithSharedX(dh, pk, hpkeInfo(params), new Uint8Array(0), sealed);
    assert.equal(hex(secret), bid.secret);
    assert.equal(hex(contentKey(secret, bidderSecret, params, sealed)), bid.cek);
    await rejectsWith(
      "hpke.tag",
      openWithSharedX(dh, pk, hpkeInfo(utf8("{}")), new Uint8Array(0), sealed),
    );
  });
}
