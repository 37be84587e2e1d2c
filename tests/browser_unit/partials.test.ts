/** Shares: our own vectors, the known answer, and a whole message that Python then checks. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { hex, unhex, utf8 } from "../../web/browser/crypto/bytes.ts";
import { dumps } from "../../web/browser/crypto/canonical.ts";
import { checkPartial, partialContext, provePartial } from "../../web/browser/crypto/dleq.ts";
import { H } from "../../web/browser/crypto/hashing.ts";
import { partialPayload } from "../../web/browser/crypto/partials.ts";
import { GENERATOR, decode33, decode65 } from "../../web/browser/crypto/points.ts";
import { fresh } from "../../web/browser/crypto/random.ts";
import { numberOf } from "../../web/browser/crypto/scalars.ts";
import { freshSecret, secretFrom } from "../../web/browser/crypto/secret.ts";
import { accepted, drawCommit, drawResult } from "../../web/browser/release/drawn.ts";
import { checkPartials } from "../../web/browser/release/partials.ts";
import vectors from "../vectors/sealing.json" with { type: "json" };
import { folder, index, opened, skip } from "./handed.ts";

for (const one of vectors.shares) {
  test(`a share is ${one.outcome} ${one.why}`, () => {
    const check = (): unknown =>
      checkPartial(
        unhex(one.share),
        decode33(unhex(one.y)),
        decode65(unhex(one.enc)),
        partialContext(one.project, unhex(one.key_id), unhex(one.opening_id), one.bid, one.i),
      );
    if (one.outcome === "valid") check();
    else assert.throws(check, { name: "Invalid" });
  });
}

test("a share with a known nonce has the known response", async () => {
  const opening = H("opening", utf8("{}"));
  const context = partialContext("P", new Uint8Array(32), opening, "0".repeat(32), 1);
  const enc = GENERATOR.multiply(2n);
  const share = await provePartial(await secretFrom(5n), enc, context, await secretFrom(7n));
  const z = "40451bb7084997c8fe2c12a2677a9edf315e8e182924fad83431c1060d33b678";
  assert.equal(hex(share.subarray(99)), z);
});

test("a share holds for its own custodian, bid, order and key, and for no other", async () => {
  const [secret, other] = [await freshSecret(), await freshSecret()];
  const enc = (await freshSecret()).publicPoint;
  const [key, order] = [fresh(32), fresh(32)];
  const context = partialContext("p", key, order, "b", 2);
  const share = await provePartial(secret, enc, context);
  assert.ok(checkPartial(share, secret.publicPoint, enc, context));
  for (const wrong of [
    () => checkPartial(share, other.publicPoint, enc, context),
    () => checkPartial(share, secret.publicPoint, other.publicPoint, context),
    () => checkPartial(share, secret.publicPoint, enc, partialContext("p", key, order, "b", 1)),
    () => checkPartial(share, secret.publicPoint, enc, partialContext("p", order, key, "b", 2)),
  ]) {
    assert.throws(wrong, { code: "share.wrong" });
  }
});

test("an encapsulated key that could make the sum vanish gets no share", async () => {
  const context = partialContext("p", fresh(32), fresh(32), "b", 1);
  const made = provePartial(await freshSecret(), GENERATOR.negate(), context);
  await assert.rejects(made, { code: "point.generator" });
});

test("the shares of a checked order are for every listed bid, in its order", { skip }, async () => {
  const told = index;
  const [only] = told?.exports ?? [];
  assert.ok(told !== undefined && only !== undefined);
  const opening = await opened(told, only);
  assert.deepEqual(await checkPartials(opening), []);
  const { project, order, key } = opening;
  const ordered = { project, keyId: key.keyId, openingId: order.openingId, bids: order.bids };
  const [i, [first, , y]] = [told.i ?? 0, key.shares];
  assert.ok(first !== undefined && y !== undefined);
  const share = await secretFrom(numberOf(unhex(told.share ?? "", 32)));
  const steps: string[] = [];
  const progress = (done: number, all: number): unknown => steps.push(`${done}/${all}`);
  const payload = await partialPayload(ordered, share, y, i, progress);
  assert.deepEqual(steps, ["1/3", "2/3", "3/3"]);
  const others = partialPayload(ordered, share, first, i);
  await assert.rejects(others, { code: "share.not_of_the_key" });
  writeFileSync(`${folder}/partial.json`, dumps(payload));
});

test("a draw gives what it gives in Python", { skip }, () => {
  for (const one of index?.draws ?? []) {
    assert.deepEqual(drawResult(one), { seed: one.seed, result: one.result });
    assert.equal(hex(drawCommit(one.draw, "clerk", unhex(one.secrets[0] ?? ""))), one.commit);
  }
});

test("a candidate that would favour a value is followed by its hash", () => {
  const high = new Uint8Array(32).fill(255);
  assert.equal(hex(accepted(high, 3)), hex(H("draw-next", high)));
  assert.equal(hex(accepted(high, 2)), hex(high));
});
