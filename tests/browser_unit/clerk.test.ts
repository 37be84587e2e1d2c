/** The clerk's forms: amounts, times and terms as numbers of the record, and what is wrong with them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  check,
  commandOf,
  draftOf,
  nextSection,
  type Draft,
} from "../../web/browser/clerk/terms.ts";
import {
  fromLocal,
  fromMinorUnits,
  minorUnits,
  sizeText,
  toLocal,
  whole,
} from "../../web/browser/clerk/units.ts";
import { presetOf } from "../../web/browser/clerk/presets.ts";
import type { Terms } from "../../web/browser/clerk/view.ts";

const NOW = 1_800_000_000_000;

function written(change: Partial<Draft> = {}): Draft {
  const moments = { deadline: "2027-03-01T09:30", question_deadline: "2027-02-20T17:00" };
  return { ...presetOf("works", 1), ...moments, limit: "90,000,000.5", ...change };
}

test("amounts become minor units without a fraction in between", () => {
  assert.equal(minorUnits("90,000,000.00"), 9_000_000_000);
  assert.equal(minorUnits(" 0.1 "), 10);
  assert.equal(minorUnits("1.29"), 129);
  assert.equal(minorUnits("90071992547409.91"), 9_007_199_254_740_991);
  for (const text of ["90071992547409.92", "1.234", "-1", "1e3", "", ".5", "12元"]) {
    assert.equal(minorUnits(text), undefined, text);
  }
  assert.equal(fromMinorUnits(129), "1.29");
  assert.equal(fromMinorUnits(9_000_000_000), "90,000,000.00");
  assert.equal(minorUnits(fromMinorUnits(9_007_199_254_740_991)), 9_007_199_254_740_991);
});

test("local times are Beijing's, and a day that never was is refused", () => {
  assert.equal(fromLocal("2027-01-15T16:00"), NOW);
  assert.equal(toLocal(NOW), "2027-01-15T16:00");
  assert.equal(fromLocal(toLocal(NOW + 7_000)), NOW + 7_000);
  for (const text of [
    "2027-02-30T10:00",
    "2027-01-15",
    "2027-01-15T24:00",
    "1970-01-01T00:00",
    "",
  ]) {
    assert.equal(fromLocal(text), undefined, text);
  }
});

test("whole numbers stay within their bounds", () => {
  assert.equal(whole("3", 1, 5), 3);
  for (const text of ["0", "6", "3.0", "", "-1", "1e0"])
    assert.equal(whole(text, 1, 5), undefined, text);
  assert.equal(sizeText(2 * 1024 ** 3), "2,048 MiB");
});

test("a template with deadlines has nothing wrong, and comes back as it was", () => {
  const draft = written();
  assert.deepEqual(check(draft, NOW), []);
  const command = commandOf("s1", draft);
  assert.equal(command["limit"], 9_000_000_050);
  assert.equal(command["max_size"], 2 * 1024 ** 3);
  const terms = { ...command, currency: "CNY" } as unknown as Terms;
  assert.deepEqual(commandOf("s1", draftOf(terms)), command);
});

test("each mistake is told at its field", () => {
  const wrong = (change: Partial<Draft>): string[] =>
    check(written(change), NOW).map((one) => `${one.field} ${one.why}`);
  assert.deepEqual(wrong({ title: " " }), ["title missing"]);
  assert.deepEqual(wrong({ limit: "many" }), ["limit amount"]);
  assert.deepEqual(wrong({ deadline: "2027-01-01T00:00", question_deadline: "2026-12-31T00:00" }), [
    "deadline past",
  ]);
  assert.deepEqual(wrong({ question_deadline: "2027-03-02T00:00" }), [
    "question_deadline questions",
  ]);
  assert.deepEqual(wrong({ k: "4" }), ["k threshold"]);
  assert.deepEqual(wrong({ n: "three" }), ["n number"]);
  assert.deepEqual(wrong({ draw: "0.95" }), ["draw draw"]);
  assert.deepEqual(wrong({ draw: "0.95\n0.95" }), ["draw draw"]);
  const field = { field: "brand", title: "Brand", kind: "text", required: true } as const;
  assert.deepEqual(wrong({ form: [field, { ...field }] }), ["form-1-field twice"]);
  assert.deepEqual(wrong({ form: [{ ...field, field: "品牌", title: "" }] }), [
    "form-0-field name",
    "form-0-title missing",
  ]);
});

test("sections are numbered on from those there are", () => {
  assert.equal(nextSection([]), "s1");
  assert.equal(nextSection(["s1", "s2"]), "s3");
  assert.equal(nextSection(["s2"]), "s3");
});
