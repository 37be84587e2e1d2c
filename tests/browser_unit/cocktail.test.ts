/** The public side of the key ceremony against our vectors and the published ones. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, join, unhex, utf8 } from "../../web/browser/crypto/bytes.ts";
import {
  aggregate,
  ceremonyContext,
  possessionMessage,
  transcript,
  verificationShare,
} from "../../web/browser/crypto/cocktail.ts";
import { H, sha256 } from "../../web/browser/crypto/hashing.ts";
import { compressed, decode33, uncompressed } from "../../web/browser/crypto/points.ts";
import { checkSchnorr } from "../../web/browser/crypto/schnorr.ts";
import cocktail from "../vectors/cocktail.json" with { type: "json" };
import vectors from "../vectors/sealing.json" with { type: "json" };

interface Published {
  readonly t: number;
  readonly context: string;
  readonly extension: string;
  readonly config: { readonly static_public_keys: readonly string[] };
  readonly round1: readonly {
    readonly ephemeral_public_key: string;
    readonly vss_commitment: readonly string[];
    readonly pop: string;
  }[];
  readonly round2: readonly { readonly verification_share: string }[];
  readonly round3: {
    readonly transcript_hash: string;
    readonly signatures: readonly { readonly signer_id: number; readonly signature: string }[];
  };
  readonly group_public_key: string;
}

const decoded = (text: string) => decode33(unhex(text));

test("our ceremony gives the known context, transcript, key and shares", () => {
  const { sid, k, deals, timekeeper, certificates, ...known } = vectors.ceremony;
  const statics = known.static.map(decoded);
  const context = ceremonyContext(unhex(sid), statics);
  assert.equal(hex(context), known.context);
  const read = deals.map((deal) => ({
    commitments: deal.c.map(decoded),
    pop: unhex(deal.pop),
    ephemeral: decoded(deal.e),
  }));
  for (const deal of read) {
    assert.ok(deal.commitments[0]);
    checkSchnorr(deal.commitments[0], possessionMessage(context, deal), deal.pop);
  }
  const y = decoded(timekeeper.y);
  checkSchnorr(y, join(context, utf8("timekeeper"), compressed(y)), unhex(timekeeper.pop));
  const shares = deals.flatMap((deal) => deal.shares.map((share) => unhex(share)));
  const extension = H("dkg-ext", compressed(y), unhex(timekeeper.pop), ...shares);
  const signed = transcript(context, k, statics, read, extension);
  assert.equal(hex(sha256(signed)), known.transcript_sha256);
  for (const [i, signer] of [y, ...statics].entries()) {
    checkSchnorr(signer, signed, unhex(certificates[i] ?? ""));
    assert.throws(() => checkSchnorr(signer, join(signed, context), unhex(certificates[i] ?? "")));
  }
  const sum = aggregate(k, read);
  assert.ok(sum[0]);
  assert.equal(hex(uncompressed(sum[0].add(y))), known.pk);
  assert.deepEqual(
    statics.map((_, j) => hex(compressed(verificationShare(sum, j + 1)))),
    known.y,
  );
});

test("the published ceremonies agree", () => {
  const published: readonly Published[] = cocktail.vectors;
  for (const vector of published) {
    const statics = vector.config.static_public_keys.map(decoded);
    const context = unhex(vector.context);
    const deals = vector.round1.map((message) => ({
      commitments: message.vss_commitment.map(decoded),
      pop: unhex(message.pop),
      ephemeral: decoded(message.ephemeral_public_key),
    }));
    for (const deal of deals) {
      assert.ok(deal.commitments[0]);
      checkSchnorr(deal.commitments[0], possessionMessage(context, deal), deal.pop);
    }
    const signed = transcript(context, vector.t, statics, deals, unhex(vector.extension));
    assert.equal(hex(sha256(signed)), vector.round3.transcript_hash);
    for (const { signer_id, signature } of vector.round3.signatures) {
      const signer = statics[signer_id - 1];
      assert.ok(signer);
      checkSchnorr(signer, signed, unhex(signature));
    }
    const sum = aggregate(vector.t, deals);
    assert.ok(sum[0]);
    assert.equal(hex(compressed(sum[0])), vector.group_public_key);
    const shares = vector.round2.map((_, j) => hex(compressed(verificationShare(sum, j + 1))));
    assert.deepEqual(
      shares,
      vector.round2.map((share) => share.verification_share),
    );
  }
});
