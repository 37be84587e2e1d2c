/** HPKE against the published vector of our suite. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, unhex, type Bytes } from "../../web/browser/crypto/bytes.ts";
import { keySchedule, openWithSharedX, sealBase } from "../../web/browser/crypto/hpke.ts";
import { decode65 } from "../../web/browser/crypto/points.ts";
import { decodeScalar } from "../../web/browser/crypto/scalars.ts";
import { diffieHellman, secretFrom } from "../../web/browser/crypto/secret.ts";
import told from "../vectors/hpke.json" with { type: "json" };

interface Vector {
  readonly info: string;
  readonly skEm: string;
  readonly skRm: string;
  readonly pkRm: string;
  readonly enc: string;
  readonly key: string;
  readonly base_nonce: string;
  readonly encryptions: readonly {
    readonly aad: string;
    readonly pt: string;
    readonly ct: string;
  }[];
}

test("the published vector is sealed and opened", async () => {
  const published: readonly Vector[] = told.vectors;
  assert.equal(published.length, 1);
  for (const vector of published) {
    const bytes = (text: string): Bytes => unhex(text);
    const [first] = vector.encryptions;
    assert.ok(first);
    const recipient = decode65(bytes(vector.pkRm));
    const ephemeral = await secretFrom(decodeScalar(bytes(vector.skEm)));
    const sealed = await sealBase(
      recipient,
      bytes(vector.info),
      bytes(first.aad),
      bytes(first.pt),
      ephemeral,
    );
    assert.equal(hex(sealed.enc), vector.enc);
    assert.equal(hex(sealed.ct), first.ct);
    const dh = await diffieHellman(
      await secretFrom(decodeScalar(bytes(vector.skRm))),
      decode65(sealed.enc),
    );
    const { key, nonce } = keySchedule(dh, sealed.enc, recipient, bytes(vector.info));
    assert.deepEqual([hex(key), hex(nonce)], [vector.key, vector.base_nonce]);
    const opened = await openWithSharedX(
      dh,
      recipient,
      bytes(vector.info),
      bytes(first.aad),
      sealed,
    );
    assert.equal(hex(opened), first.pt);
  }
});
