/** What evaluations leave on a record, read strictly; and the notice that carries a rule's hash. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { notice } from "../../web/browser/clerk/messages.ts";
import type { Project, Section } from "../../web/browser/clerk/view.ts";
import type { JsonObject, JsonValue } from "../../web/browser/crypto/canonical.ts";
import { checkEvent } from "../../web/browser/record/events.ts";
import { MESSAGES } from "../../web/browser/record/messages.ts";

const HASH = "ab".repeat(32);
const BID = "cd".repeat(16);
const RULE: JsonObject = {
  v: 1,
  title: "综合评分法",
  stages: [
    {
      part: "technical",
      title: "技术",
      items: [
        {
          kind: "points",
          item: "method-1",
          title: "方案",
          lowest: "0",
          highest: "70",
          step: "0.5",
          objective: false,
          blind: false,
        },
      ],
    },
  ],
  experts: { over: "part", decimals: 2, outlier_percent: "30" },
  price: { family: "lowest_price", weight: "30", decimals: 2 },
  deductions: [],
  full: "100",
  total_decimals: 2,
  ties: ["price"],
  candidates: 3,
};

function sheet(mark: JsonValue): JsonObject {
  return {
    v: 1,
    project: BID,
    section: "s1",
    seat: "12",
    rule: HASH,
    marks: [{ bid: BID, items: [{ item: "method-1", mark }] }],
  };
}

test("a scoring rule is read field by field, each family with its own", () => {
  const read = (rule: JsonObject): void =>
    void checkEvent("evaluation.rule_set", { section: "s1", rule });
  read(RULE);
  const drawn = { family: "limit_and_mean", share: "0.5", lowering: "drawn", weight: "30" };
  const deviation = { above: [{ points: "1" }], below: [{ points: "0.5" }], counted: "exactly" };
  read({ ...RULE, price: { ...drawn, deviation, mean: { trims: [] }, decimals: 2 } });
  for (const price of [
    { family: "coefficient", weight: "30", decimals: 2 },
    { family: "lowest_price", weight: "-1", decimals: 2 },
    { family: "lowest_price", weight: 30, decimals: 2 },
    { family: "another", weight: "30", decimals: 2 },
  ]) {
    assert.throws(() => read({ ...RULE, price }), { code: "event.malformed" });
  }
});

test("seats, grounds and capacities are the known ones", () => {
  const convened = (seat: string, capacity: string): void => {
    const members = [{ seat, place: "评标一室", account: "expert.1", capacity }];
    checkEvent("evaluation.committee_convened", { section: "s1", members, bids: [BID] });
  };
  convened("1", "expert");
  convened("999", "tenderer");
  for (const [seat, capacity] of [
    ["0", "expert"],
    ["1000", "expert"],
    ["1", "clerk"],
  ] as const) {
    assert.throws(() => convened(seat, capacity), { code: "event.malformed" });
  }
  const out = { section: "s1", bid: BID, ground: "because", items: [] };
  assert.throws(() => checkEvent("evaluation.bid_rejected", out), { code: "event.malformed" });
});

test("a mark is an exact decimal as text", () => {
  for (const mark of ["0", "61.5", "7.125"]) assert.ok(MESSAGES["score-sheet"](sheet(mark)), mark);
  for (const mark of ["", "01", "1.", ".5", "-1", "1e1", "1/2", "1.0000001", 61.5]) {
    assert.ok(!MESSAGES["score-sheet"](sheet(mark)), String(mark));
  }
});

test("a question and its answer are read from the draft to the judgement", () => {
  const of = { section: "s1", clarification: BID };
  const read = (name: string, body: JsonObject): void =>
    void checkEvent(`evaluation.${name}`, { ...of, ...body });
  read("clarification_drafted", { seat: "2", bid: BID, text: "工期以哪一处为准？", period: 300_000 });
  read("clarification_agreed", { seat: "3" });
  read("question_checked", { returned: "出现姓名" });
  read("question_checked", { due: 1 });
  read("answer_checked", {});
  read("answer_judged", { seat: "1", accepts: false });
  read("clarification_dropped", { seat: "2" });
  read("clarification_expired", {});
  for (const [name, body] of [
    ["answer_judged", { seat: "1" }],
    ["clarification_drafted", { seat: "2", bid: BID, text: "", period: 300_000 }],
    ["question_checked", { due: "1" }],
    ["clarification_expired", { seat: "1" }],
  ] as const) {
    assert.throws(() => read(name, body), { code: "event.malformed" }, name);
  }
  const answer = { v: 1, project: BID, ...of, question: HASH, text: "以进度计划为准。" };
  assert.ok(MESSAGES["clarification-answer"](answer));
  assert.ok(!MESSAGES["clarification-answer"]({ ...answer, question: BID }));
  assert.ok(!MESSAGES["clarification-answer"]({ ...answer, seat: "1" }));
});

test("the notice of a section carries the hash of its rule, and nothing where there is none", () => {
  const section: Section = {
    section: "s1",
    title: "第一标段",
    phase: "keys",
    envelopes: 1,
    currency: "CNY",
    minimum_bidders: 3,
    max_size: 1,
    co_open: false,
    question_deadline: 1,
    deadline: 2,
    windows: { sign_in: 1, secrets: 1, draw: 1, confirm: 1, objections: 1 },
    periods: { tender: 0, amendment: 0, outage: 0, decision: 0, publication: 0 },
    form: [],
    draw: [],
    n: 3,
    k: 2,
  };
  const announced = (one: Section): JsonObject => {
    const project: Project = {
      project: BID,
      number: "1",
      title: "路",
      tenderer: "甲",
      agency: null,
      currency: "CNY",
      published: false,
      now: 0,
      sections: [one],
      documents: [],
      participants: [],
      attempts: [],
      keys: [],
      questions: [],
      sessions: [],
    };
    const made = notice(project, "退还投标文件");
    assert.ok(MESSAGES.notice(made));
    const [first] = made["sections"] as readonly JsonObject[];
    return first ?? {};
  };
  assert.equal(announced({ ...section, scoring: HASH })["scoring"], HASH);
  assert.ok(!("scoring" in announced(section)));
});
