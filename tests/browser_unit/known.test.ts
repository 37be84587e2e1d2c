/** The known answers of the specification's appendix, each by the function that pages call. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, utf8 } from "../../web/browser/crypto/bytes.ts";
import { fingerprint } from "../../web/browser/crypto/fingerprint.ts";
import { H, h2s } from "../../web/browser/crypto/hashing.ts";
import { GENERATOR, uncompressed } from "../../web/browser/crypto/points.ts";
import { encodeScalar } from "../../web/browser/crypto/scalars.ts";
import { contentKey } from "../../web/browser/crypto/sealing.ts";
import { secretFrom } from "../../web/browser/crypto/secret.ts";
import { checkSealer, proveSealer, statement } from "../../web/browser/crypto/statement.ts";

const zero32 = new Uint8Array(32);
const params = utf8('{"a":1}');
const enc = uncompressed(GENERATOR.double());
const ct = new Uint8Array(48);
const stmt = statement(params, enc, ct, 1, zero32);

test("the leaf hash of an empty entry is the known one", () => {
  const known = "340173352f219141601fe320bbfd266b5d3dcb1e19b3ae7d35eb488e233c41eb";
  assert.equal(hex(H("leaf", zero32, utf8("{}"))), known);
});

test("hashing to a scalar gives the known one", () => {
  const known = "1479cdea1cd8c618d6132671950f7adfbe16b640069a05f0c119d99470b461ae";
  assert.equal(hex(encodeScalar(h2s("dleq", utf8("abc")))), known);
});

test("the session id of an empty payload is the known one", () => {
  const known = "d48ee7b4ffaa65b75788e4d0b0e10e2f0e1e1718a7c06b9ef692cd62bd73c703";
  assert.equal(hex(H("sid", utf8("{}"))), known);
});

test("the statement is the known one", () => {
  assert.equal(hex(stmt), "9013e760733538a439c42d778cdf8dd02053f65829be3df4fc98fe65db075080");
});

test("the content key is the known one", () => {
  const known = "127955ce4799805d349ee3c38d45389c000d289d504bda65dffab5d94482aa2d";
  assert.equal(hex(contentKey(zero32, undefined, params, { enc, ct })), known);
});

test("the sealer's proof with a known nonce is the known one", async () => {
  const pok = await proveSealer(await secretFrom(2n), stmt, await secretFrom(3n));
  assert.equal(
    hex(pok.subarray(33)),
    "03f27fca9e16c15fa7c913289fb593606e268fceb1dca1ba49afdee6f1051f72",
  );
  checkSealer(GENERATOR.double(), stmt, pok);
});

test("the fingerprint of a zero key id has the known numbers", () => {
  const numbers = fingerprint(zero32).map((word) => word.number);
  assert.deepEqual(numbers, [1525, 300, 1713, 618, 1884, 1359, 854, 1102]);
});
