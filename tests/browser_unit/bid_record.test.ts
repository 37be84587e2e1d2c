/** What becomes of a bid after a reload at any point, and the files it is carried in. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  afterReload,
  isSecretOf,
  nextOf,
  secretText,
  type BidRecord,
  type Found,
  type Stage,
} from "../../web/browser/bidder/record.ts";
import { Pace } from "../../web/browser/bidder/size.ts";
import { storedEntries } from "../../web/browser/bidder/unzip.ts";
import { utf8 } from "../../web/browser/crypto/bytes.ts";
import { crc32 } from "../../web/browser/crypto/crc32.ts";
import { zipFrame } from "../../web/browser/crypto/zip.ts";

const BID = "a".repeat(32);
const HERE: Found = { fileSize: 100, nextRevision: 1, isAdmitted: false };

function record(stage: Stage, more: Partial<BidRecord> = {}): BidRecord {
  return {
    v: 1,
    bid: BID,
    project: "9".repeat(32),
    section: "s1",
    envelope: 1,
    account: "li",
    organisation: "b".repeat(32),
    revision: 1,
    created: 1,
    stage,
    files: [],
    hasSecret: false,
    isSecretSaved: false,
    words: "",
    size: 100,
    ...more,
  };
}

const CASES: readonly [string, BidRecord, Partial<Found>, string][] = [
  ["sealing is cut short", record("sealing"), { fileSize: 50 }, "lost cut done"],
  ["sealing is cut short before the file", record("sealing"), { fileSize: undefined }, "lost cut done"],
  ["a sealed bid goes on", record("sealed"), {}, "sealed  upload"],
  ["its secret comes first", record("sealed", { hasSecret: true }), {}, "sealed  secret"],
  ["a saved one does not", record("sealed", { hasSecret: true, isSecretSaved: true }), {}, "sealed  upload"],
  ["an upload goes on", record("uploading"), {}, "uploading  upload"],
  ["a file that is gone is told", record("uploading"), { fileSize: undefined }, "lost file done"],
  ["a file that is short is told", record("sealed"), { fileSize: 99 }, "lost file done"],
  ["another device was faster", record("sealed"), { nextRevision: 2 }, "lost outdated done"],
  ["a kept command is sent", record("submitting"), { fileSize: undefined }, "submitting  submit"],
  ["one that arrived waits for its receipt", record("submitting"), { isAdmitted: true, nextRevision: 2 }, "waiting  receipt"],
  ["an accepted one waits on", record("waiting"), { isAdmitted: true }, "waiting  receipt"],
  ["a receipt stays", record("submitted"), { isAdmitted: true }, "submitted  done"],
  ["a refusal stays", record("refused"), {}, "refused  done"],
];

for (const [name, before, found, expected] of CASES) {
  test(`after a reload ${name}`, () => {
    const after = afterReload(before, { ...HERE, ...found });
    assert.equal(`${after.stage} ${after.cause ?? ""} ${nextOf(after)}`, expected);
  });
}

test("a saved secret is known again, another file is not", () => {
  const secret = "c".repeat(64);
  assert.ok(isSecretOf(secretText(BID, secret), BID, secret));
  assert.ok(!isSecretOf(secretText(BID, "d".repeat(64)), BID, secret));
  assert.ok(!isSecretOf("no json", BID, secret));
});

test("a carried bid is found again in its file", async () => {
  const parts = [utf8("message"), utf8("the sealed file")] as const;
  const [first, second] = parts;
  const { heads, tail } = zipFrame([
    { name: "bid.json", size: first.length, crc: crc32(first) },
    { name: "sealed", size: second.length, crc: crc32(second) },
  ]);
  const file = new Blob([heads[0] ?? first, first, heads[1] ?? second, second, tail]);
  const found = await storedEntries(file);
  assert.deepEqual([...found.keys()], ["bid.json", "sealed"]);
  assert.equal(await found.get("sealed")?.text(), "the sealed file");
  await assert.rejects(() => storedEntries(file.slice(0, 90)), { code: "zip.shape" });
});

test("speed and what is left come from the last seconds", () => {
  const pace = new Pace(1000);
  pace.note(0, 0);
  assert.equal(pace.left(100), undefined);
  for (let at = 100; at <= 3000; at += 100) pace.note(at, at < 2000 ? 0 : at - 2000);
  assert.equal(pace.speed, 1000);
  assert.equal(pace.left(2000), 1000);
});
