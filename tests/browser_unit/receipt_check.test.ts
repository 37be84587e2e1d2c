/** Receipts as people bring them: what each kind of file is answered with. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { textOf } from "../../web/browser/crypto/bytes.ts";
import { dumps } from "../../web/browser/crypto/canonical.ts";
import { checkReceiptFile } from "../../web/browser/record/receipt_check.ts";
import { SECONDS, keyOf, log, receipt, vkeyOf, witness } from "./log.ts";

const trust = { log: vkeyOf(log), timekeeper: vkeyOf(witness), service: "" };
const entry = dumps({
  v: 1,
  type: "opening.signed_in",
  project: "ab".repeat(16),
  at: 1_759_999_999_000,
  actor: { account: "zhang" },
  command: "c1",
  body: { section: "s1" },
});
const good = textOf(receipt({ entry }));

test("a receipt of any event holds, with the timekeeper's time", () => {
  const found = checkReceiptFile(good, trust);
  assert.equal(found.holds, true);
  assert.equal(found.at, SECONDS * 1000);
  assert.deepEqual(found.problems, []);
  assert.equal(found.event?.type, "opening.signed_in");
  assert.equal(found.event?.account, "zhang");
  assert.equal(found.event?.size, 3);
});

test("a receipt that was saved with other spaces holds all the same", () => {
  const pretty = `\ufeff${JSON.stringify(JSON.parse(good), null, 2)}\n`;
  assert.equal(checkReceiptFile(pretty, trust).holds, true);
});

test("the answer that a receipt still waits says that it waits", () => {
  const waiting = textOf(receipt({ entry, isUnseen: true }));
  const answer = JSON.stringify({ state: "not_witnessed", receipt: JSON.parse(waiting) as object });
  const found = checkReceiptFile(answer, trust);
  assert.equal(found.holds, false);
  assert.match(found.problems[0] ?? "", /had not witnessed it yet/u);
  assert.equal(found.event?.type, "opening.signed_in");
});

for (const [why, text, said] of [
  ["a PDF", "%PDF-1.7\n", /PDF/u],
  ["a picture", "\u0000\u0001", /not a receipt/u],
  ["a list", "[]", /not a receipt/u],
  ["a bid form", '{"price": 1}', /not a receipt/u],
  ["a receipt with more in it", good.replace('"v":1', '"v":1,"w":1'), /not a receipt/u],
  ["a changed entry", good.replace("zhang", "zheng"), /not in the log/u],
  ["a changed checkpoint", good.replace("\\n3\\n", "\\n4\\n"), /not signed by this/u],
  ["a damaged proof", good.replace("index 1", "index x"), /damaged/u],
] as const) {
  test(`a file that is ${why} does not hold, and it is said why`, () => {
    const found = checkReceiptFile(text, trust);
    assert.equal(found.holds, false);
    assert.equal(found.at, undefined);
    assert.match(found.problems[0] ?? "", said);
  });
}

test("a receipt of another installation is called that", () => {
  const other = { ...trust, log: vkeyOf(keyOf("other.example/1", 1)) };
  assert.match(checkReceiptFile(good, other).problems[0] ?? "", /another installation: log\.example/u);
});

test("a receipt that another timekeeper witnessed does not hold", () => {
  const other = { ...trust, timekeeper: vkeyOf(keyOf(witness.name, 4)) };
  assert.match(checkReceiptFile(good, other).problems[0] ?? "", /timekeeper's signature/u);
});

test("without keys nothing holds, and what the file says is shown", () => {
  const found = checkReceiptFile(good);
  assert.equal(found.holds, false);
  assert.equal(found.event?.command, "c1");
  assert.match(found.problems[0] ?? "", /No keys/u);
});
