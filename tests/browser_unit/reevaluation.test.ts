/** What pages make of a re-evaluation: a look back past one that was given up, the message that publishes anew. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { candidates, type ResultView } from "../../web/browser/clerk/messages.ts";
import type { Evaluation } from "../../web/browser/committee/view.ts";
import { asItWas } from "../../web/browser/supervisor/past.ts";

const [FACTS, PDF, ORDER] = ["ab".repeat(32), "cd".repeat(32), "12".repeat(16)];
const NOW: Evaluation = {
  section: "s1",
  step: "finished",
  envelopes: 1,
  rule: { v: 1, title: "综合评估法", stages: [], experts: null, price: { family: "lowest_price" }, deductions: [], full: "100", ties: [], candidates: 3 },
  rule_hash: "ef".repeat(32),
  members: [],
  ballot: { round: 1, voted: [] },
  progress: { reviewed: {}, bids: 3, marked: ["1", "2"] },
  report: { facts: FACTS, pdf: PDF, pdf_size: 1, signed: { "1": "agrees", "2": "dissents" }, finished: true },
};

function then(report: Record<string, string | number | Record<string, { opinion: string }>>): Evaluation {
  return asItWas(NOW, { evaluations: { s1: { report } } });
}

test("a report that stands again has its signatures in a look back", () => {
  const found = then({ facts: FACTS, pdf: PDF, pdf_size: 1, finished: 1_800_000_000_000 });
  assert.deepEqual(found.report?.signed, NOW.report?.signed);
});

test("who signed later has not signed before, nor another report", () => {
  assert.deepEqual(then({ facts: FACTS }).report?.signed, {});
  assert.deepEqual(then({ facts: FACTS, signed: { "1": { opinion: "agrees" } } }).report?.signed, { "1": "agrees" });
  assert.deepEqual(then({ facts: PDF, finished: 1_800_000_000_000 }).report?.signed, {});
});

test("a publication says which re-evaluation it is of and what it replaces, only where it does", () => {
  const result: ResultView = { section: "s1", step: "reported", facts: FACTS, by_rate: false, candidates: [], reason: "no_valid_bid" };
  assert.deepEqual(Object.keys(candidates("p", result, 1)), ["v", "project", "section", "facts", "until", "candidates", "reason"]);
  const anew = candidates("p", { ...result, reevaluation: ORDER, replaces: PDF }, 1);
  assert.deepEqual([anew["reevaluation"], anew["replaces"]], [ORDER, PDF]);
});
