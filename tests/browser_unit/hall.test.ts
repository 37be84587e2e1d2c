/** The hall's own parts that need no browser: patches, the clock, channels and words. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { amount, moment, span } from "../../web/browser/app/format.ts";
import { useTexts } from "../../web/browser/app/texts.ts";
import { Channels } from "../../web/browser/hall/channels.ts";
import { ServerClock } from "../../web/browser/hall/clock.ts";
import { sentence } from "../../web/browser/hall/line.ts";
import { merge } from "../../web/browser/hall/merge.ts";
import type { Frame } from "../../web/browser/hall/protocol.ts";

const line = (id: string): Frame["event"] => ({ id, type: "t", at: 1, hash: "00" });
const frame = (n: number, patch: Frame["patch"] = {}): Frame => ({
  ch: "hall",
  n,
  event: line(String(n)),
  patch,
});

test("a patch puts, changes and takes away, and leaves its view as it was", () => {
  const view = { a: { b: 1, c: [1, 2] }, d: "x" };
  const after = merge(view, { a: { b: null, e: { f: 2 } }, d: { g: 3 } });
  assert.deepEqual(after, { a: { c: [1, 2], e: { f: 2 } }, d: { g: 3 } });
  assert.deepEqual(view, { a: { b: 1, c: [1, 2] }, d: "x" });
});

test("frames are taken once and in order, and a gap is told", () => {
  const channels = new Channels(["hall"]);
  assert.equal(channels.take(frame(1, { a: 1 })), true);
  assert.equal(channels.take(frame(1, { a: 9 })), true);
  assert.equal(channels.take(frame(3, { a: 3 })), false);
  assert.equal(channels.take(frame(2, { b: 2 })), true);
  assert.deepEqual(channels.view("hall"), { a: 1, b: 2 });
  assert.equal(channels.n("hall"), 2);
  assert.deepEqual([...channels.lines.keys()], ["1", "2"]);
});

test("a snapshot takes the place of everything before", () => {
  const channels = new Channels(["hall"]);
  channels.take(frame(1, { a: 1 }));
  channels.reset("hall", 7, { z: 1 });
  assert.deepEqual(channels.view("hall"), { z: 1 });
  assert.equal(channels.take(frame(8, { y: 2 })), true);
});

test("the quickest answer tells the time best", () => {
  const clock = new ServerClock();
  assert.equal(clock.at(0), undefined);
  clock.sample(0, 1000, 50_000);
  clock.sample(2000, 2020, 52_010);
  assert.equal(clock.at(3000), 53_000);
});

test("amounts, moments and spans read as people write them", () => {
  useTexts({ "days {n}": "{n} 天" });
  assert.equal(amount(8_654_321_055), "86,543,210.55");
  assert.equal(amount(5), "0.05");
  assert.equal(moment(1_800_000_000_000), "2027-01-15 16:00:00 UTC+8");
  assert.equal(span(3_723_000), "01:02:03");
  assert.equal(span(90_061_000), "1 天 01:01:01");
  assert.equal(span(-5), "00:00:00");
});

test("a line is said with its facts, words of ours put into words", () => {
  useTexts({
    "event opening.window_opened": "开启{window}，至 {until}",
    "window confirm": "确认",
    "event opening.partial_posted": "{party}释放份额",
    "party {i}": "{i} 号保管人",
    "role timekeeper": "时间见证方",
  });
  const opened = { ...line("1"), type: "opening.window_opened", window: "confirm", until: 0 };
  assert.equal(sentence(opened), "开启确认，至 1970-01-01 08:00:00 UTC+8");
  assert.equal(sentence({ ...line("2"), type: "opening.partial_posted", i: 2 }), "2 号保管人释放份额");
  assert.equal(sentence({ ...line("3"), type: "opening.partial_posted", i: 0 }), "时间见证方释放份额");
});
