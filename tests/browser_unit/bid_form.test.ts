/** The bid form in the browser is judged by the same cases as in Python; amounts never by fractions. */

import assert from "node:assert/strict";
import { test } from "node:test";
import cases from "../vectors/bid_form.json" with { type: "json" };
import { capitalsAgree, chineseCapitals } from "../../web/browser/bidder/capitals.ts";
import { written } from "../../web/browser/bidder/filled.ts";
import { formProblems, type FormField, type FormTerms } from "../../web/browser/bidder/form.ts";
import { minorOf } from "../../web/browser/bidder/money.ts";
import type { JsonValue } from "../../web/browser/crypto/canonical.ts";

const fields = cases.terms.fields as readonly FormField[];
const { currency, limit } = cases.terms;
const priced: FormTerms = { fields, priced: true, currency, limit };
const technical: FormTerms = {
  fields: fields.map((field) => ({ ...field, required: false })),
  priced: false,
  currency,
};

for (const one of cases.forms) {
  test(`a form is judged as written down: ${one.name}`, () => {
    const terms = "technical" in one ? technical : priced;
    const found = formProblems(one.form as unknown as JsonValue, terms);
    assert.deepEqual(
      found.map(({ field, problem }) => `${field}: ${problem}`),
      one.problems,
    );
  });
}

test("amounts are written in capitals as written down", () => {
  for (const [minor, words] of cases.capitals as unknown as readonly [number, string][]) {
    assert.equal(chineseCapitals(minor), words);
    assert.ok(capitalsAgree(words, minor));
  }
});

test("spellings agree as written down", () => {
  for (const [minor, words, agree] of cases.agree as unknown as readonly [number, string, boolean][]) {
    assert.equal(capitalsAgree(words, minor), agree, words);
  }
});

test("typed amounts are read exactly, or not at all", () => {
  const read: readonly [string, number | undefined][] = [
    ["0", 0],
    ["1", 100],
    ["1.5", 150],
    ["0.01", 1],
    ["86,543,210.55", 8_654_321_055],
    [" ¥1,234.50 ", 123_450],
    ["１２３４．５", 123_450],
    ["500元", 50_000],
    ["90071992547409.91", 2 ** 53 - 1],
    ["90071992547409.92", undefined],
    ["1.005", undefined],
    ["12,34", undefined],
    ["1,23,456", undefined],
    ["-1", undefined],
    ["1e5", undefined],
    ["", undefined],
    [".5", undefined],
  ];
  for (const [typed, minor] of read) assert.equal(minorOf(typed), minor, typed);
});

test("what was typed becomes the form's value, and what is no number is told", () => {
  const filled = {
    bidder: " 甲 ",
    "price.amount": "107,000.53",
    "price.capitals": "壹拾万柒仟元伍角叁分",
    "security.given": "no",
    duration_days: "540",
    "extra.site": "东",
    "extra.count": "两",
    "extra.cost": "5",
  };
  const { form, problems } = written(filled, priced);
  assert.deepEqual(form, {
    v: 1,
    bidder: "甲",
    price: { amount: 10_700_053, currency: "CNY", capitals: "壹拾万柒仟元伍角叁分" },
    security: { given: false },
    duration_days: 540,
    extra: { site: "东", cost: 500 },
  });
  assert.deepEqual(problems, [{ field: "extra.count", problem: "invalid" }]);
  assert.deepEqual(formProblems(form, priced), []);
});
