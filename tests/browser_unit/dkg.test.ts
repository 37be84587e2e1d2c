/** A custodian's part of a ceremony against our vectors and the published ones. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, unhex, utf8, type Bytes } from "../../web/browser/crypto/bytes.ts";
import {
  sessionOf,
  signedTranscript,
  type CustodianDeal,
} from "../../web/browser/crypto/ceremony.ts";
import { commitTo, deal, dealerSecrets } from "../../web/browser/crypto/dkg.ts";
import { derive } from "../../web/browser/crypto/kit.ts";
import { compressed, decode33, type Point } from "../../web/browser/crypto/points.ts";
import { checkSchnorr, signSchnorr } from "../../web/browser/crypto/schnorr.ts";
import { encodeScalar, numberOf } from "../../web/browser/crypto/scalars.ts";
import { scalarOf, secretFrom } from "../../web/browser/crypto/secret.ts";
import { decryptShare, secretShare } from "../../web/browser/crypto/shares.ts";
import { xaesOpen, xaesSeal } from "../../web/browser/crypto/xaes.ts";
import cocktail from "../vectors/cocktail.json" with { type: "json" };
import vectors from "../vectors/sealing.json" with { type: "json" };
import { rejectsWith } from "./streams.ts";

const decoded = (text: string): Point => decode33(unhex(text));
const known = vectors.ceremony;
const session = sessionOf(unhex(known.sid), known.k, known.static.map(decoded));
const deals: CustodianDeal[] = known.deals.map((one) => ({
  commitments: one.c.map(decoded),
  pop: unhex(one.pop),
  ephemeral: decoded(one.e),
  shares: one.shares.map((share) => unhex(share)),
}));

async function masterKey(text: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", unhex(text), "HKDF", false, ["deriveBits"]);
}

function at<T>(list: readonly T[], i: number): T {
  const found = list[i];
  assert.ok(found !== undefined);
  return found;
}

function told(dealt: CustodianDeal): unknown {
  return {
    c: dealt.commitments.map((point) => hex(compressed(point))),
    e: hex(compressed(dealt.ephemeral)),
    shares: dealt.shares.map(hex),
  };
}

test("a key is derived from a kit as the specification's appendix has it", async () => {
  const sid = unhex("d48ee7b4ffaa65b75788e4d0b0e10e2f0e1e1718a7c06b9ef692cd62bd73c703");
  const scalar = await derive(await masterKey("00".repeat(32)), "static", sid);
  const expected = "80ed23431dafc61bee75e6870fc6d71470b1307bbf39b194e653229de126bc0c";
  assert.equal(hex(encodeScalar(scalar)), expected);
});

test("a kit deals the known polynomial with the known shares, each time", async () => {
  for (const [place, master] of known.masters.entries()) {
    const secrets = await dealerSecrets(await masterKey(master), session.sid, session.k);
    assert.equal(hex(await commitTo(session.sid, place + 1, secrets)), known.commits[place + 1]);
    const [dealt, again] = [
      await deal(session, place + 1, secrets),
      await deal(session, place + 1, secrets),
    ];
    const { c, e, shares } = at(known.deals, place);
    assert.deepEqual(told(dealt), { c, e, shares });
    assert.deepEqual(told(again), told(dealt));
    assert.notDeepEqual(again.pop, dealt.pop);
  }
});

test("every custodian recovers its known share from kit and record", async () => {
  for (const [place, master] of known.masters.entries()) {
    const { fixed } = await dealerSecrets(await masterKey(master), session.sid, session.k);
    const share = await secretShare(session, place + 1, fixed, deals);
    assert.equal(hex(encodeScalar(await scalarOf(share))), known.secret_shares[place]);
    assert.equal(hex(compressed(share.publicPoint)), known.y[place]);
  }
});

test("the transcript that is signed is the known one", () => {
  const timekeeper = { y: decoded(known.timekeeper.y), pop: unhex(known.timekeeper.pop) };
  const { transcript, keyId } = signedTranscript(session, deals, timekeeper);
  assert.equal(hex(keyId), known.transcript_sha256);
  checkSchnorr(at(session.statics, 0), transcript, unhex(at(known.certificates, 1)));
});

test("a kit of another ceremony's roster does not deal", async () => {
  const secrets = await dealerSecrets(await masterKey(at(known.masters, 0)), session.sid, 2);
  await rejectsWith("ceremony.secret", deal(session, 2, secrets));
});

test("a share that does not decrypt, or is another value, is its dealer's fault", async () => {
  const first = await dealerSecrets(await masterKey(at(known.masters, 0)), session.sid, 2);
  const garbage = deals.map((one, place) =>
    place === 1 ? { ...one, shares: one.shares.map(() => new Uint8Array(48)) } : one,
  );
  await assert.rejects(secretShare(session, 1, first.fixed, garbage), {
    code: "share.undecryptable",
    dealer: 2,
  });
  const second = await dealerSecrets(await masterKey(at(known.masters, 1)), session.sid, 2);
  const other = { ...second, coefficients: second.coefficients.map((one) => one + 1n) };
  const lied = { ...at(deals, 1), shares: (await deal(session, 2, other)).shares };
  const wrong = deals.map((one, place) => (place === 1 ? lied : one));
  await assert.rejects(secretShare(session, 1, first.fixed, wrong), {
    code: "share.wrong",
    dealer: 2,
  });
});

test("two equal static keys, the generator or its negative are no roster", () => {
  const [a, b] = [at(session.statics, 0), at(session.statics, 1)];
  assert.throws(() => sessionOf(session.sid, 2, [a, b, a]), { code: "ceremony.same_static" });
  const generator = decoded("036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
  assert.throws(() => sessionOf(session.sid, 2, [generator, a]), { code: "point.generator" });
  assert.throws(() => sessionOf(session.sid, 2, [generator.negate(), a]), {
    code: "point.generator",
  });
  assert.throws(() => sessionOf(session.sid, 1, [a, b]), { code: "ceremony.roster" });
});

test("XAES-256-GCM gives the published known answer and refuses a changed byte", async () => {
  const nonce = utf8("ABCDEFGHIJKLMNOPQRSTUVWX");
  const sealed = await xaesSeal(new Uint8Array(32).fill(1), nonce, utf8("XAES-256-GCM"));
  assert.equal(hex(sealed), "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271");
  const changed: Bytes = sealed.slice();
  changed[0] = at([...changed], 0) ^ 1;
  await rejectsWith("xaes.tag", xaesOpen(new Uint8Array(32).fill(1), nonce, changed));
});

interface Published {
  readonly n: number;
  readonly t: number;
  readonly session_tag: string;
  /** Appended to each share by one of the cases; no ceremony of ours does that. */
  readonly payloads?: readonly string[];
  readonly config: {
    readonly static_secret_keys: readonly string[];
    readonly static_public_keys: readonly string[];
  };
  readonly round1: readonly {
    readonly ephemeral_public_key: string;
    readonly vss_commitment: readonly string[];
    readonly pop: string;
    readonly encrypted_shares: readonly string[];
    readonly pop_intermediate: {
      readonly message: string;
      readonly nonce: string;
      readonly nonce_input: string;
    };
  }[];
  readonly round2: readonly { readonly secret_share: string }[];
}

test("the published ceremonies' shares decrypt and add up here, and its possessions are proved", async () => {
  const published: readonly Published[] = cocktail.vectors;
  for (const vector of published.filter((one) => one.payloads === undefined)) {
    const statics = vector.config.static_public_keys.map(decoded);
    const agreed = sessionOf(unhex(vector.session_tag), vector.t, statics);
    const dealt = vector.round1.map((one) => ({
      commitments: one.vss_commitment.map(decoded),
      pop: unhex(one.pop),
      ephemeral: decoded(one.ephemeral_public_key),
      shares: one.encrypted_shares.map((share) => unhex(share)),
    }));
    for (const [place, text] of vector.config.static_secret_keys.entries()) {
      const fixed = await secretFrom(numberOf(unhex(text)));
      const share = await secretShare(agreed, place + 1, fixed, dealt);
      const expected = at(vector.round2, place).secret_share;
      assert.equal(hex(encodeScalar(await scalarOf(share))), expected);
      await decryptShare(agreed, place + 1, fixed, 1, at(dealt, 0));
    }
    for (const one of vector.round1) {
      const { message, nonce, nonce_input } = one.pop_intermediate;
      const prefix = "COCKTAIL-DKG-P256-SHA256-NONCE".length;
      const secret = await secretFrom(numberOf(unhex(nonce_input).slice(prefix, prefix + 32)));
      const once = await secretFrom(numberOf(unhex(nonce)));
      assert.equal(hex(await signSchnorr(secret, unhex(message), once)), one.pop);
    }
  }
});

test("a signature with a known nonce is the known one", async () => {
  const secret = await secretFrom(5n);
  const message = utf8("message");
  const [one, same] = [
    await signSchnorr(secret, message, await secretFrom(7n)),
    await signSchnorr(secret, message, await secretFrom(7n)),
  ];
  assert.deepEqual(one, same);
  checkSchnorr(secret.publicPoint, message, one);
  const drawn = await signSchnorr(secret, message);
  assert.notDeepEqual(drawn, one);
  checkSchnorr(secret.publicPoint, message, drawn);
  assert.throws(() => checkSchnorr(secret.publicPoint, utf8("other"), drawn), {
    code: "schnorr.wrong",
  });
});
