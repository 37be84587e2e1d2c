/** The form of a scoring rule and the seats of a committee: exact sums, amounts, what is wrong where. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { ruleHash, sum, total, type Rule } from "../../web/browser/committee/rule.ts";
import { toRule, toTyped } from "../../web/browser/clerk/scoring_form.ts";
import { problemsOf, wrongIn } from "../../web/browser/clerk/scoring_mistakes.ts";
import { withoutPart, withPart } from "../../web/browser/clerk/slope_form.ts";
import { asked, seatFor, type SeatDraft } from "../../web/browser/clerk/seats.ts";
import { Problem } from "../../web/browser/app/api.ts";

const points = { kind: "points", item: "plan", title: "施工方案", highest: "60.5", step: "0.5" } as const;
const stages = [{ part: "technical", title: "技术评审", items: [points] }] as unknown as Rule["stages"];
const price = { family: "fixed_base", weight: "39.5", base: "100000050" };

test("numbers are added exactly, and what is no number adds up to nothing", () => {
  assert.equal(sum(["0.1", "0.2"]), "0.3");
  assert.equal(sum(["99", "1"]), "100");
  assert.equal(sum([]), "0");
  assert.equal(sum(["1", ""]), undefined);
  assert.equal(sum(["1e3"]), undefined);
});

test("a rule is typed with amounts and sent with minor units, and nothing else changes", () => {
  const rule = { title: "标底法", stages, price };
  const typed = toTyped(rule);
  assert.equal(typed.price["base"], "1,000,000.50");
  assert.equal(total(typed), "100");
  assert.deepEqual(typed.ties, ["price", "technical", "drawn"]);
  const sent = toRule({ ...typed, technical_minimum: " " });
  assert.equal(sent.price["base"], "100000050");
  assert.ok(!("technical_minimum" in sent));
  assert.equal(ruleHash(toRule(toTyped(sent))), ruleHash(sent));
});

test("what is empty or no number is told before the service is asked", () => {
  const rule = toTyped({ title: " ", stages, price: { ...price, base: "much" } });
  assert.deepEqual(
    wrongIn(rule).map((one) => one.field),
    ["rule-title", "price-base"],
  );
});

test("every problem that was refused stands beside a field that is there", () => {
  const rule = toTyped({ title: "标底法", stages, price });
  const problems = ["step_zero plan", "range_empty plan", "sum_not_full", "base_zero base", "slope_open above"];
  const refused = new Problem(422, "evaluation.rule_wrong", "", { problems });
  assert.deepEqual(
    problemsOf(refused, rule).map((one) => one.field),
    ["item-plan-step", "item-plan-highest", "price-weight", "price-base", "rule-title"],
  );
});

const slopes = { above: [{ points: "0.5", to: "5" }, { points: "1" }], below: [{ points: "0.3" }] };
const sloped = { ...price, deviation: slopes };

test("what is no number in a slope is told at its own field", () => {
  const deviation = { above: [{ points: "x", to: "" }, { points: "1" }], below: slopes.below, cap: "a" };
  const rule = toTyped({ title: "标底法", stages, price: { ...price, deviation } });
  assert.deepEqual(
    wrongIn(rule).map((one) => one.field),
    ["slope-above-0-points", "slope-above-0-to", "deviation-cap"],
  );
});

test("a slope that was refused is told at the end that does not rise, or at its first part", () => {
  const above = [{ points: "1", to: "10" }, { points: "2", to: "9.5" }, { points: "3" }];
  const rule = toTyped({ title: "标底法", stages, price: { ...sloped, deviation: { ...slopes, above } } });
  const problems = ["slope_not_rising above", "slope_open below"];
  const refused = new Problem(422, "evaluation.rule_wrong", "", { problems });
  assert.deepEqual(
    problemsOf(refused, rule).map((one) => one.field),
    ["slope-above-1-to", "slope-below-0-points"],
  );
});

test("a part more gives the last one an end, and the last that is left has none", () => {
  const more = withPart(slopes.below);
  assert.deepEqual(more, [{ points: "0.3", to: "" }, { points: "" }]);
  assert.deepEqual(withoutPart(more, 1), slopes.below);
  assert.deepEqual(withoutPart(slopes.above, 0), [{ points: "1" }]);
});

test("a rule with slopes is the same after it was typed", () => {
  const rule = toRule(toTyped({ title: "标底法", stages, price: sloped }));
  assert.deepEqual(rule.price.deviation, slopes);
});

test("a committee is asked to be odd, of five, with its rooms and few of the tenderer's", () => {
  let seats: readonly SeatDraft[] = [];
  for (const account of ["a", "b", "c", "d", "e"]) seats = [...seats, seatFor(seats, account)];
  assert.deepEqual(
    seats.map((one) => one.seat),
    ["1", "2", "3", "4", "5"],
  );
  const met = (of: readonly SeatDraft[]): boolean[] => asked(of).map((one) => one.isMet);
  assert.deepEqual(met(seats), [true, true, true, true, false]);
  const roomed = seats.map((one) => ({ ...one, place: "评标一室" }));
  assert.deepEqual(met(roomed), [true, true, true, true, true]);
  assert.deepEqual(met(roomed.slice(1)), [false, false, true, true, true]);
  const two = roomed.map((one, n) => (n < 2 ? { ...one, capacity: "tenderer" as const } : one));
  assert.equal(met(two)[2], false);
  const twice = roomed.map((one) => ({ ...one, seat: "1" }));
  assert.equal(met(twice)[3], false);
});
