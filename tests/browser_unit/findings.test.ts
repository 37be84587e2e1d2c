/** What a custodian is told: each finding has a sentence of its own, and waiting is no alarm. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { FAULTS } from "../../web/browser/record/not_trusted.ts";
import {
  absenceInWords,
  faultInWords,
  isWaiting,
  warningInWords,
} from "../../web/browser/release/findings.ts";

test("every fault has a sentence of its own, filled with what it is about", () => {
  const said = FAULTS.map((fault) => faultInWords(fault, "7"));
  assert.equal(new Set(said).size, FAULTS.length);
  for (const sentence of said) assert.doesNotMatch(sentence, /[{}…]/u);
});

test("only what has not happened yet is waited for", () => {
  assert.ok(isWaiting("opening.not_yet", "1"));
  assert.ok(isWaiting("opening.orders", "0"));
  assert.ok(!isWaiting("opening.orders", "2"));
  assert.ok(!isWaiting("opening.order_list", ""));
  const waiting = FAULTS.filter((fault) => isWaiting(fault, "7"));
  assert.deepEqual(waiting, ["record.unwitnessed", "opening.not_closed", "opening.not_yet"]);
});

test("an order that is missing is told apart from one too many", () => {
  assert.notEqual(faultInWords("opening.orders", "0"), faultInWords("opening.orders", "2"));
});

test("warnings and absences are said in words", () => {
  const kinds = ["early_close", "late", "late_witness", "hidden_sections"] as const;
  const warnings = kinds.map((kind) => warningInWords({ kind, seq: 9, at: 1, deadline: 0 }));
  const reasons = ["superseded", "withdrawn", "incomplete", "file_lost", "secret_missing", "not_passed_on"] as const;
  const said = [...warnings, ...reasons.map(absenceInWords)];
  assert.equal(new Set(said).size, kinds.length + reasons.length);
  assert.match(warnings[1] ?? "", /1970-01-01 08:00:00 UTC\+8/u);
});
