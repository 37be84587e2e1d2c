/** What each seat is told to do, what cannot be right, and the hall as it was; all without a browser. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { useTexts } from "../../web/browser/app/texts.ts";
import { unhex } from "../../web/browser/crypto/bytes.ts";
import type { JsonObject } from "../../web/browser/crypto/canonical.ts";
import { ahead } from "../../web/browser/hall/ahead.ts";
import { alertsOf, isWitnessBehind, keyChanges } from "../../web/browser/hall/alerts.ts";
import { differences } from "../../web/browser/hall/compare.ts";
import { commitment, dueOf, outcomeOf } from "../../web/browser/hall/drawing.ts";
import { hasFalseDrawIn } from "../../web/browser/hall/false_draw.ts";
import { bidders, sentence } from "../../web/browser/hall/line.ts";
import { checkOrder } from "../../web/browser/hall/ordering.ts";
import type { Frame } from "../../web/browser/hall/protocol.ts";
import { Replay } from "../../web/browser/hall/replay.ts";
import type { Scene } from "../../web/browser/hall/scene.ts";
import { Seat } from "../../web/browser/hall/seat.ts";
import { turnOf } from "../../web/browser/hall/turn.ts";
import type { Draw, Line, Section, Session } from "../../web/browser/hall/view.ts";

const HOUR = 3_600_000;
const DEADLINE = 1_800_000_000_000;
const KEY = "ab".repeat(32);

const terms = (more: Partial<Section> = {}): Section => ({
  title: "A road",
  envelopes: 1,
  currency: "CNY",
  deadline: DEADLINE,
  windows: { sign_in: HOUR },
  co_open: false,
  draw: [],
  form: [],
  ...more,
});

function scene(session: Session, more: Partial<Scene> = {}): Scene {
  const told = { account: "mine", name: "Mine", organisation: "o1", roles: "clerk bidder" };
  return {
    project: "p",
    section: "s1",
    envelope: 1,
    view: {
      keys: { "s1-1": { sid: "s", key_id: KEY } },
      attempts: { s: { n: 3, k: 2, roster: [], timekeeper: { name: "T" } } },
    },
    terms: terms(),
    session,
    own: {},
    desk: {},
    lines: [],
    here: {},
    seat: new Seat("p", told),
    outbox: {} as Scene["outbox"],
    now: DEADLINE,
    ...more,
  };
}

const signedIn = (role: string): Session => ({
  sign_ins: { x: { role, name: "Mine", organisation_name: "O", at: 1 } },
});
const names = (of: Scene): string[] => ahead(of).steps.map((step) => step.name);

test("the clerk is offered what the stage waits for, and is told what blocks it", () => {
  const clerk = signedIn("clerk");
  assert.deepEqual(names(scene({ stage: "lobby" }, { now: DEADLINE - 2 * HOUR })), ["suspend"]);
  assert.deepEqual(names(scene({ stage: "lobby" }, { now: DEADLINE - 1 })), ["sign_in", "suspend"]);
  const closed = ahead(scene({ ...clerk, stage: "closed" })).steps[0];
  assert.equal(closed?.name, "announce");
  assert.notEqual(closed?.blocked, undefined);
  const read = { ...clerk, stage: "closed", files: { intact: 1, at: 1 } };
  assert.equal(ahead(scene(read)).steps[0]?.blocked, undefined);
  assert.deepEqual(names(scene({ ...clerk, stage: "announced" })), ["order", "pause", "suspend"]);
  const paused = { ...clerk, stage: "announced", paused: { at: 1, reason: "r" } };
  assert.deepEqual(names(scene(paused)), ["resume", "suspend"]);
});

test("a notice that nobody acknowledged blocks the order and the end", () => {
  const notices = { n1: { section: "s1", text: "t", pause: false, at: 1 } };
  const desk = { notices };
  const order = ahead(scene({ ...signedIn("clerk"), stage: "announced" }, { desk })).steps[0];
  assert.equal(order?.name, "order");
  assert.notEqual(order?.blocked, undefined);
  const other = { notices: { n1: { ...notices.n1, section: "s2" } } };
  const free = ahead(scene({ ...signedIn("clerk"), stage: "announced" }, { desk: other })).steps[0];
  assert.equal(free?.blocked, undefined);
});

test("bids are read out in their order, then what is to be drawn is drawn, then all confirm", () => {
  const row = { n: 1, name: "A", opened: 5 };
  const reading = { ...signedIn("clerk"), stage: "read_out", bids: { b2: { ...row, n: 2 }, b1: row } };
  assert.deepEqual(names(scene(reading)).slice(0, 2), ["read_next", "read_all"]);
  const read = { ...reading, bids: { b1: { ...row, read_out: 6 } } };
  assert.equal(names(scene(read))[0], "confirm");
  assert.equal(names(scene(read, { terms: terms({ draw: ["1", "2"] }) }))[0], "draw");
});

test("a bidder is told its turn and nobody else's", () => {
  const mine = { n: 1, name: "A", organisation: "o1", opened: 5 };
  const here = signedIn("bidder");
  assert.equal(turnOf(scene({ stage: "lobby" }, { now: DEADLINE - 2 * HOUR })), "not_yet");
  assert.equal(turnOf(scene({ stage: "lobby" })), "sign_in");
  const confirm = { ...here, stage: "confirm", windows: { confirm: { until: 9 } } };
  assert.equal(turnOf(scene({ ...confirm, bids: { b1: mine } })), "confirm");
  assert.equal(turnOf(scene({ ...confirm, bids: { b1: { ...mine, confirmed: 7 } } })), "wait");
  assert.equal(turnOf(scene({ ...confirm, bids: { b1: { ...mine, organisation: "o2" } } })), "no_bid");
  const spoiled = { ...mine, spoiled: { cause: "body", blame: "bidder", at: 3 } };
  assert.equal(turnOf(scene({ ...confirm, bids: { b1: spoiled } })), "spoiled");
  const secrets = { ...here, stage: "secrets", bids: { b1: { n: 1, organisation: "o1" } } };
  assert.equal(turnOf(scene(secrets, { terms: terms({ co_open: true }) })), "secret");
  assert.equal(turnOf(scene({ ...here, stage: "ended" })), "over");
});

test("an order is signed only over the list the hall has seen", () => {
  const bids = { b1: { n: 1, name: "A" }, b2: { n: 2, name: "B" } };
  const told = scene({ stage: "announced", bids });
  const line = (bid: string): object => ({ bid, seq: 1, enc: "", stmt: "" });
  const order = (ids: string[], key = KEY): Parameters<typeof checkOrder>[1] =>
    ({ now: 1, key_id: key, bids: ids.map(line) }) as unknown as Parameters<typeof checkOrder>[1];
  checkOrder(told, order(["b1", "b2"]));
  for (const wrong of [["b2", "b1"], ["b1"], ["b1", "b2", "b3"]]) {
    assert.throws(() => checkOrder(told, order(wrong)));
  }
  assert.throws(() => checkOrder(told, order(["b1", "b2"], "cd".repeat(32))));
});

test("what differs from what was sealed is named, field by field", () => {
  const sealed = { bidder: "A", price: { amount: 5, currency: "CNY" }, leader: "L", extra: { x: 1 } };
  assert.deepEqual(differences(sealed, { ...sealed, words: "伍分" }), []);
  const told = { ...sealed, price: { amount: 6, currency: "CNY" }, extra: { x: 2 } };
  assert.deepEqual(
    differences(sealed, told).map((one) => [one.field, one.sealed, one.told]),
    [
      ["price.amount", "5", "6"],
      ["x", "1", "2"],
    ],
  );
});

test("a draw is worked out again, and only from what its parties committed to", () => {
  const [name, root] = ["d".repeat(32), "11".repeat(32)];
  const reveals = { mine: "22".repeat(32), other: "33".repeat(32) };
  const commits = Object.fromEntries(
    Object.entries(reveals).map(([who, secret]) => [who, commitment(name, who, unhex(secret))]),
  );
  const parties = ["mine", "other"];
  const draw: Draw = { purpose: "p", values: ["1", "2"], parties, attempt: 1, at: 1, root, commits, reveals };
  assert.ok(["1", "2"].includes(outcomeOf(name, draw)?.result ?? ""));
  const turned = outcomeOf(name, { ...draw, parties: ["other", "mine"] });
  assert.notEqual(outcomeOf(name, draw)?.seed, turned?.seed);
  const exchanged = { ...reveals, other: "44".repeat(32) };
  assert.equal(outcomeOf(name, { ...draw, reveals: exchanged }), undefined);
  assert.equal(outcomeOf(name, { ...draw, reveals: { mine: reveals.mine } }), undefined);
});

/** A draw that ended as it must, and what the minutes say of it. */
function drawnFairly(): { name: string; draw: Draw; facts: JsonObject } {
  const [name, root] = ["d".repeat(32), "11".repeat(32)];
  const reveals = { mine: "22".repeat(32), other: "33".repeat(32) };
  const commits = Object.fromEntries(
    Object.entries(reveals).map(([who, secret]) => [who, commitment(name, who, unhex(secret))]),
  );
  const open = { purpose: "p", values: ["1", "2"], parties: ["mine", "other"], attempt: 1, root };
  const drawn = { ...open, ...outcomeOf(name, { ...open, reveals, commits }) };
  const rows = (said: object): JsonObject[] =>
    Object.entries(said).map(([account, value]) => ({ account, value: String(value) }));
  return {
    name,
    draw: { ...drawn, commits, reveals, at: 1 },
    facts: { draws: [{ draw: name, ...drawn, commits: rows(commits), reveals: rows(reveals) }] },
  };
}

test("nobody confirms or signs while a result is shown that was not drawn", () => {
  const { name, draw } = drawnFairly();
  const other = draw.values.find((value) => value !== draw.result) ?? "";
  const bids = { b: { n: 1, name: "A", organisation: "o1", listed: 1, opened: 8, read_out: 9 } };
  const at = (stage: string, one: Draw, values = ["1", "2"]): Scene =>
    scene(
      { ...signedIn("bidder"), stage, bids, draws: { [name]: one }, windows: { confirm: { until: 1 } } },
      { terms: terms({ draw: values }) },
    );
  assert.equal(turnOf(at("confirm", draw)), "confirm");
  assert.equal(turnOf(at("minutes", draw)), "sign");
  assert.deepEqual(alertsOf(at("minutes", draw)), []);
  const wrong = [
    at("minutes", { ...draw, result: other }),
    at("minutes", { ...draw, seed: "44".repeat(32) }),
    at("minutes", { ...draw, reveals: { ...draw.reveals, other: "44".repeat(32) } }),
    at("minutes", draw, ["2", "1"]),
  ];
  for (const told of wrong) {
    assert.equal(turnOf(told), "false_draw");
    assert.equal(turnOf({ ...told, session: { ...told.session, stage: "confirm" } }), "false_draw");
    const { steps } = ahead(told);
    for (const wanted of ["sign", "end"]) {
      assert.ok(steps.find((step) => step.name === wanted)?.blocked?.includes("committed"));
    }
    assert.equal(alertsOf(told).length, 1);
  }
});

test("minutes are not signed that say something else of a draw than the hall", () => {
  const { name, draw, facts } = drawnFairly();
  const told = scene({ draws: { [name]: draw } });
  assert.ok(!hasFalseDrawIn(facts, told));
  const [row] = facts["draws"] as JsonObject[];
  const other = draw.values.find((value) => value !== draw.result) ?? "";
  assert.ok(hasFalseDrawIn({ draws: [{ ...row, result: other }] }, told));
  assert.ok(hasFalseDrawIn({ draws: [{ ...row, draw: "e".repeat(32) }] }, told));
  assert.ok(hasFalseDrawIn({ draws: [] }, told));
});

test("a party commits, waits until the draw is sealed, and reveals once", () => {
  const draw: Draw = { purpose: "p", values: ["1"], parties: ["mine"], attempt: 1, at: 1 };
  assert.equal(dueOf(draw, "mine"), "commit");
  assert.equal(dueOf(draw, "other"), undefined);
  const committed = { ...draw, commits: { mine: "aa" } };
  assert.equal(dueOf(committed, "mine"), undefined);
  assert.equal(dueOf({ ...committed, root: "bb" }, "mine"), "reveal");
  assert.equal(dueOf({ ...committed, root: "bb", reveals: { mine: "cc" } }, "mine"), undefined);
  assert.equal(dueOf({ ...draw, defaulted: ["mine"] }, "mine"), undefined);
});

test("a commitment is the one the service works out", () => {
  const secret = Uint8Array.from({ length: 32 }, (_one, index) => index);
  assert.equal(commitment("0".repeat(32), "bidder-1", secret), "56962e2442a21b473a299839cc42c37d14e7c15cc39d6e3d18acd641fcb170ba");
});

test("a change of key is told to the supervisor as what is to be looked at", () => {
  const line: Line = { id: "1", type: "opening.participant_key_changed", at: 1, hash: "", role: "clerk", name: "C", reason: "lost" };
  const told = scene({}, { lines: [line, { ...line, id: "2", type: "opening.signed_in" }] });
  assert.deepEqual(keyChanges(told), [line]);
  assert.deepEqual(alertsOf(told), []);
});

test("what cannot be right is told, and what is right is not", () => {
  const closed = { at: DEADLINE, deadline: DEADLINE, count: 1, list: "" };
  const row = { n: 1, name: "A", listed: 1, opened: 8, read_out: 9 };
  const fine: Session = {
    stage: "read_out",
    closed,
    announced: 3,
    order: { at: 5, opening_id: "", count: 1 },
    partials: { 1: 6, 2: 6 },
    released: 7,
    bids: { b1: row },
  };
  assert.deepEqual(alertsOf(scene(fine)), []);
  const wrong: Session[] = [
    { ...fine, closed: { ...closed, at: DEADLINE - 1 } },
    { ...fine, partials: { 1: 6 } },
    { ...fine, partials: { 1: 6, 2: 8 } },
    { ...fine, bids: { b1: { n: 1, name: "A", opened: 8 } } },
    { ...fine, bids: { b1: { listed: 1, n: 1 } } },
    { ...fine, bids: { b1: { n: 1, name: "A", listed: 1, read_out: 9 } } },
  ];
  for (const session of wrong) assert.equal(alertsOf(scene(session)).length, 1);
  const line = (type: string, at: number): Line => ({
    id: type,
    type,
    at,
    hash: "",
    section: "s1",
    envelope: 1,
  });
  const lines = [line("opening.key_released", 4), line("opening.order_issued", 5)];
  assert.equal(alertsOf(scene(fine, { lines })).length, 1);
});

test("a timekeeper is behind only after its time, and not when it has seen the newest", () => {
  assert.equal(isWitnessBehind(100_000, 0, 160_000), false);
  assert.equal(isWitnessBehind(100_000, 0, 160_001), true);
  assert.equal(isWitnessBehind(100_900, 100_000, 900_000), false);
  assert.equal(isWitnessBehind(101_001, 100_000, 900_000), true);
});

test("every moment folded again is what was seen then", () => {
  const frames: Frame[] = Array.from({ length: 200 }, (_one, index) => ({
    ch: index % 2 === 0 ? "hall" : "supervisor",
    n: Math.floor(index / 2) + 1,
    event: { id: `e${index % 150}`, type: "t", at: 1000 + index, hash: "" },
    patch: { last: index, [`k${index % 7}`]: index % 3 === 0 ? null : index },
  }));
  const replay = new Replay([...frames].reverse());
  const direct = (n: number): unknown => new Replay(frames.slice(0, n)).at(n);
  assert.equal(replay.length, 200);
  for (const n of [200, 1, 63, 64, 65, 129, 128, 150, 2]) assert.deepEqual(replay.at(n), direct(n));
  assert.equal(replay.at(129).views["hall"]?.["last"], 128);
  assert.equal(replay.time(1), 1000);
});

test("a line names the bidder once it may be named, and says why a bid was refused", () => {
  useTexts({
    "event opening.bid_read_out": "read out {bid}",
    "event opening.bid_refused": "refused: {code}",
    "refused bids.late": "It came late.",
  });
  const bid = "0123456789abcdef0123456789abcdef";
  const told: Line = { id: "x", type: "opening.bid_read_out", at: 1, hash: "", bid };
  assert.equal(sentence(told), "read out 01234567");
  const view = { sessions: { "s1-1": { bids: { [bid]: { n: 1, name: "A Co." } } } } };
  assert.equal(sentence(told, bidders(view)), "read out A Co.");
  const refused: Line = { id: "y", type: "opening.bid_refused", at: 1, hash: "", code: "bids.late" };
  assert.equal(sentence(refused), "refused: It came late");
  useTexts({});
});

test("a key that came to count here is known before the service tells it again", () => {
  const seat = new Seat("p", { account: "me" });
  seat.rekeyed("bidder", "new");
  assert.equal(seat.bound("bidder"), "");
  const mine = { name: "N", organisation: "o", organisation_name: "O", keyid: "old" };
  const told = ["me", "other"].flatMap((account) =>
    ["bidder", "clerk"].map((role) => ({ ...mine, account, role })),
  );
  seat.about = { participants: told, sessions: [] };
  seat.rekeyed("bidder", "new");
  assert.equal(seat.bound("bidder"), "new");
  assert.equal(seat.bound("clerk"), "old");
  assert.deepEqual(
    seat.about.participants.filter((one) => one.account === "other"),
    told.slice(2),
  );
});

test("an answer to an older question does not undo what was learnt since", async () => {
  const answers: ((answer: Response) => void)[] = [];
  globalThis.document ??= { body: { dataset: { language: "en" } } } as unknown as Document;
  globalThis.fetch = () => new Promise<Response>((resolve) => answers.push(resolve));
  const told = (keyid: string): Response =>
    Response.json({
      participants: [{ account: "me", role: "bidder", name: "N", organisation: "o", keyid }],
      sessions: [],
    });
  const seat = new Seat("p", { account: "me" });
  const older = seat.refresh();
  const newer = seat.refresh();
  assert.equal(answers.length, 2);
  answers[1]?.(told("new"));
  await newer;
  answers[0]?.(told("old"));
  await older;
  assert.equal(seat.bound("bidder"), "new");
});
