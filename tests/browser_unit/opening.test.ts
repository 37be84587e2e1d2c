/**
 * Openings recomputed from exports that Python made, honest ones and forged: the same verdict, the
 * same list, the same warnings. Skipped where none were handed over.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hex } from "../../web/browser/crypto/bytes.ts";
import { EVENTS } from "../../web/browser/record/events.ts";
import { MESSAGES } from "../../web/browser/record/messages.ts";
import { NotTrusted, type Fault } from "../../web/browser/record/not_trusted.ts";
import { absences } from "../../web/browser/release/list.ts";
import { checkPartials } from "../../web/browser/release/partials.ts";
import { index, opened, skip, type Expected, type Index } from "./handed.ts";

/** What Python's client calls each warning. */
const CALLED = {
  early_close: "a close before its deadline",
  late: "a bid or withdrawal after its deadline",
  late_witness: "witnessed more than a minute after its deadline",
  hidden_sections: "entries of sections not closed yet are hidden",
} as const;

/** What must be said, where a finding of another kind would not tell people what happened. */
const BECAUSE: Readonly<Record<string, Fault>> = {
  "dropped/added after the close": "opening.bid_late",
  "dropped/replaced after the close": "opening.bid_late",
  "dropped/replaced between the closes": "opening.bid_late",
};

for (const [kind, ours] of Object.entries({ events: EVENTS, messages: MESSAGES })) {
  test(`all ${kind} have the fields they have in Python`, { skip }, () => {
    const theirs = index?.forms[kind as "events" | "messages"];
    const fields = Object.entries(ours).map(([name, shape]) => [name, [...shape.fields].sort()]);
    assert.deepEqual(Object.fromEntries(fields), theirs);
  });
}

for (const one of index?.exports ?? []) {
  const called = `${one.name}, envelope ${one.envelope}`;
  test(`${called}: ${one.holds ? "holds" : (one.why ?? "")}`, async () => {
    if (one.holds) await agrees(index as Index, one);
    else await refuses(index as Index, one);
  });
}

async function refuses(told: Index, one: Expected): Promise<void> {
  const both = opened(told, one).then(checkPartials);
  await assert.rejects(both, (error) => {
    assert.ok(error instanceof NotTrusted);
    assert.equal(error.fault, BECAUSE[one.name] ?? told.faults[one.name] ?? error.fault);
    return true;
  });
}

async function agrees(told: Index, one: Expected): Promise<void> {
  const found = await opened(told, one);
  assert.equal(hex(found.order.openingId), one.opening_id);
  assert.equal(found.order.keyId, one.key_id);
  assert.deepEqual(found.order.bids, one.bids);
  const left = absences(found.copy.state, found.place).map(({ bid, why }) => [bid.bid, why]);
  assert.deepEqual(Object.fromEntries(left), one.left);
  const warnings = found.warnings.map(({ kind }) => CALLED[kind]);
  assert.deepEqual(warnings, one.warnings);
  assert.deepEqual(await checkPartials(found), one.posted);
}
