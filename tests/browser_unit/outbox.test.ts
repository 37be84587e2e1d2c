/** Commands that an earlier page of the hall left: sent again while they count, told where they do not. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { moment } from "../../web/browser/app/format.ts";
import type { Store } from "../../web/browser/app/store.ts";
import { useTexts } from "../../web/browser/app/texts.ts";
import { Outbox, type Waiting } from "../../web/browser/hall/outbox.ts";

const PROJECT = "ab".repeat(16);
const PREFIX = `outbox/${PROJECT}/clerk/`;
const MINUTE = 60_000;
const TOO_OLD =
  "asked for at {at}, never answered, and too old to be sent now. Look whether it has been done; if not, do it again.";

/** A store that forgets with its page: what the browser's own does, but for lasting. */
class Memory implements Store {
  readonly #values = new Map<string, unknown>();

  async get<T>(key: string): Promise<T | undefined> {
    return Promise.resolve(this.#values.get(key) as T | undefined);
  }

  async put(key: string, value: unknown): Promise<void> {
    this.#values.set(key, value);
    return Promise.resolve();
  }

  async delete(key: string): Promise<void> {
    this.#values.delete(key);
    return Promise.resolve();
  }

  async keys(prefix = ""): Promise<string[]> {
    return Promise.resolve([...this.#values.keys()].filter((key) => key.startsWith(prefix)));
  }
}

/** A page that comes back to what an earlier one left, and a service that takes what is sent. */
async function comesBack(left: readonly Waiting[], isCut = false) {
  const kept = new Memory();
  for (const item of left) await kept.put(PREFIX + item.id, item);
  const sent: { id: string | null; body: string }[] = [];
  let answered: () => void = () => undefined;
  const answer = new Promise<void>((resolve) => (answered = resolve));
  globalThis.fetch = async (_path, init): Promise<Response> => {
    sent.push({ id: new Headers(init?.headers).get("idempotency-key"), body: String(init?.body) });
    if (isCut) throw new TypeError("the line is cut");
    return Promise.resolve(Response.json({ events: [] }));
  };
  const box = new Outbox(
    PROJECT,
    "clerk",
    {
      changed: () => {
        if (sent.length > 0 && box.slow.length === 0) answered();
      },
      beaten: () => assert.fail("nothing was too early"),
      signedOut: () => assert.fail("nobody was signed out"),
    },
    kept,
  );
  await box.resume();
  return { box, kept, sent, answer };
}

function typed(minutesAgo: number, id = "1"): Waiting {
  return { id, what: "Sign in", body: '{"type":"x"}', at: Date.now() - minutesAgo * MINUTE };
}

globalThis.document ??= { body: { dataset: { language: "en" } } } as unknown as Document;

test("what is too old is not sent, and is said with when it was asked for and what to do", async () => {
  useTexts({ [TOO_OLD]: "{at}: do it again" });
  const old = typed(11);
  const { box, kept, sent } = await comesBack([old]);
  assert.deepEqual(sent, []);
  assert.deepEqual(box.failed, [{ what: "Sign in", why: `${moment(old.at)}: do it again` }]);
  assert.deepEqual(await kept.keys(PREFIX), []);
  assert.deepEqual(box.slow, []);
});

test("what still counts is sent again as it was, and nothing is said of it", async () => {
  const { box, kept, sent, answer } = await comesBack([typed(9)]);
  await answer;
  assert.deepEqual(sent, [{ id: "1", body: '{"type":"x"}' }]);
  assert.deepEqual(box.failed, []);
  assert.deepEqual(await kept.keys(PREFIX), []);
});

test("one that is too old does not keep another from being sent", async () => {
  const { box, sent, answer } = await comesBack([typed(11, "1"), typed(9, "2")]);
  await answer;
  assert.deepEqual(
    sent.map((one) => one.id),
    ["2"],
  );
  assert.equal(box.failed.length, 1);
});

test("what gets no answer for so long that the session went on is not sent any more", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_750_000_000_000 });
  mock.method(performance, "now", () => Date.now());
  globalThis.window ??= globalThis as unknown as Window & typeof globalThis;
  try {
    useTexts({ [TOO_OLD]: "{at}: do it again" });
    const late = typed(9);
    const { box, kept, sent } = await comesBack([late], true);
    while (box.failed.length === 0) {
      assert.ok(Date.now() - late.at < 15 * MINUTE, "it was never given up");
      mock.timers.tick(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(sent.length > 1);
    assert.deepEqual(box.failed, [{ what: "Sign in", why: `${moment(late.at)}: do it again` }]);
    assert.deepEqual(await kept.keys(PREFIX), []);
  } finally {
    mock.timers.reset();
    mock.restoreAll();
  }
});
