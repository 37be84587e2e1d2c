/** A custodian's tasks read off views, and a kit's file opened, changed and refused. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, utf8 } from "../../web/browser/crypto/bytes.ts";
import { decodeKit, encodeKit, freshKit, lockKit, originOf, unlockKit, useKit } from "../../web/browser/crypto/kit.ts";
import { inOrder, isDue, tasksOf } from "../../web/browser/custodian/tasks.ts";
import type { JsonObject } from "../../web/browser/hall/merge.ts";
import { rejectsWith } from "./streams.ts";

const ORIGIN = { log: "log.example/1+00+AQ==", timekeeper: "time.example+00+BA==", checkpoint: "c\n" };
const OWN = "aa";
const QUICK = 10;

const attempt = {
  section: "s1",
  envelope: 1,
  attempt: 1,
  n: 2,
  k: 2,
  roster: [
    { name: "A", organisation: "O", key: OWN },
    { name: "B", organisation: "P", key: "bb" },
  ],
  timekeeper: { name: "T" },
  join_by: 100,
  deal_by: 200,
  certify_by: 300,
  co_open: false,
  status: "open",
  at: 1,
};

function hall(attempts: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    project: { number: "1", title: "A road", tenderer: "T" },
    sections: { s1: { title: "One", envelopes: 1, deadline: 1000 } },
    attempts,
    ...more,
  };
}

const keys = new Set([OWN]);
const tasks = (view: JsonObject, own: JsonObject = {}) => tasksOf("p", view, own, keys);

test("a ceremony that waits for this custodian is its first task", () => {
  const later = { ...attempt, envelope: 2, joins: { 1: 5 } };
  const found = inOrder(tasks(hall({ x: later, y: attempt })));
  assert.deepEqual(found.map(({ sid }) => sid), ["y", "x"]);
  assert.deepEqual(found.map(isDue), [true, false]);
});

test("the step that is due is the first that somebody has not done", () => {
  const all = { 0: 1, 1: 1, 2: 1 };
  const steps = [
    { joins: { 1: 1 } },
    { joins: all, deals: { 0: 1 } },
    { joins: all, deals: all, certifies: { 2: 1 } },
  ].map((done) => tasks(hall({ x: { ...attempt, ...done } }))[0]);
  const told = steps.map((task) => task?.kind === "ceremony" && [task.step, task.isOwn, task.missing, task.until]);
  assert.deepEqual(told, [
    ["join", false, [0, 2], 100],
    ["deal", true, [1, 2], 200],
    ["certify", true, [0, 1], 300],
  ]);
});

test("a ceremony with other custodians is no task", () => {
  assert.deepEqual(tasksOf("p", hall({ x: attempt }), {}, new Set(["cc"])), []);
});

test("a failed attempt is shown until another follows it", () => {
  const dead = { ...attempt, status: "dead", cause: "share", offenders: [2] };
  assert.deepEqual(tasks(hall({ x: dead })).map(({ kind }) => kind), ["dead"]);
  const next = { ...attempt, attempt: 2 };
  assert.deepEqual(tasks(hall({ x: dead, y: next })).map(({ kind }) => kind), ["ceremony"]);
});

test("a key is rehearsed before the close and released after the order", () => {
  const made = { x: { ...attempt, status: "made" } };
  const held = { keys: { "s1-1": { sid: "x", key_id: "00" } } };
  const [before] = tasks(hall(made, held));
  assert.ok(before?.kind === "key" && before.rehearsed === undefined && isDue(before));
  const [after] = tasks(hall(made, held), { rehearsed: { "s1-1": { 1: 7 } } });
  assert.ok(after?.kind === "key" && after.rehearsed === 7 && !isDue(after));
  const order = { scheduled_at: 9, at: 9 };
  const session = (partials: JsonObject): JsonObject => ({
    ...held,
    sessions: { "s1-1": { order, partials, closed: { at: 8 } } },
  });
  const [due] = tasks(hall(made, session({ 2: 10 })));
  assert.ok(due?.kind === "release" && isDue(due) && due.count === 1);
  const [done] = tasks(hall(made, session({ 1: 10 })));
  assert.ok(done?.kind === "release" && !isDue(done));
});

test("a section that was given up, and a key that was erased, leave nothing to do", () => {
  const view = hall({ x: attempt });
  const given = { ...view, sections: { s1: { title: "One", envelopes: 1, deadline: 1, terminated: {} } } };
  assert.deepEqual(tasks(given), []);
  const held = { keys: { "s1-1": { sid: "x", key_id: "00" } } };
  assert.deepEqual(tasks(hall({ x: { ...attempt, status: "made", erased: 5 } }, held)), []);
});

test("a kit opens with its passphrase alone and is the very one that was made", async () => {
  const made = await freshKit(ORIGIN);
  const file = await lockKit(made, "a passphrase", QUICK);
  assert.deepEqual(encodeKit(await unlockKit(file, "a passphrase")), encodeKit(made));
  await rejectsWith("kit.locked", unlockKit(file, "another"));
  const changed = file.slice();
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  await rejectsWith("kit.locked", unlockKit(changed, "a passphrase"));
});

test("an opened kit does not show its secrets and knows its own service alone", async () => {
  const opened = await useKit(await freshKit(ORIGIN));
  assert.equal(opened.master.extractable, false);
  assert.equal(opened.signer.key.extractable, false);
  assert.equal(originOf(opened, ORIGIN.log, ORIGIN.timekeeper), opened.origins[0]);
  assert.throws(() => originOf(opened, ORIGIN.log, "another"), { code: "kit.origin" });
});

test("what is no kit is refused", async () => {
  const { master, identity, origins } = await freshKit(ORIGIN);
  const text = new TextDecoder().decode(encodeKit({ master, identity, origins }));
  const refused = (changed: string, code: string): void =>
    assert.throws(() => decodeKit(utf8(changed)), { code });
  refused(text.replace('"v":1', '"v":2'), "json.version");
  refused(text.replace(hex(master), hex(master.slice(1))), "hex.length");
  refused(text.replace('"identity"', '"identitx"'), "json.field_missing");
  refused(text.replace('{"identity"', '{"extra":1,"identity"'), "json.field_unknown");
  refused(text.replace('"v":1', '"v": 1'), "json.not_canonical");
  await rejectsWith("kit.identity", useKit({ master, identity: utf8("no key"), origins }));
});
