/**
 * Commands on their way: each keeps its id and its bytes until it is answered, over cut lines and
 * reloads, so that what was asked for once happens once. It decides nothing about them.
 */

import { command, freshId, Problem, Unreachable } from "../app/api.ts";
import { inWords, Said } from "../app/ask.ts";
import { moment } from "../app/format.ts";
import { store, type Store } from "../app/store.ts";
import { _ } from "../app/texts.ts";

/** After this long without an answer a command is shown as waiting, ms. */
const SLOW_MS = 1_500;
/** What is older is not sent any more, by no page: the session has gone on without it. */
const OLDEST_MS = 10 * 60_000;
const PAUSE_MS = 1_000;

/** A command on its way. */
export interface Waiting {
  readonly id: string;
  /** What it does, in words. */
  readonly what: string;
  readonly body: string;
  /** When it was typed, ms by this machine. */
  readonly at: number;
}

/** What went wrong with a command that an earlier page left: refused, or too old to be sent again. */
export interface Failed {
  readonly what: string;
  readonly why: string;
}

/** What a page is told of its commands. */
export interface Sender {
  /** There is something new to show. */
  changed(): void;
  /** It was not the time for a command: what the page shows may be old. */
  beaten(): void;
  /** Nobody is signed in any more. */
  signedOut(): void;
}

/** The commands of one person to one project. */
export class Outbox {
  readonly failed: Failed[] = [];
  readonly #items = new Map<string, Waiting>();
  readonly #prefix: string;

  constructor(
    private readonly project: string,
    account: string,
    private readonly sender: Sender,
    private readonly kept: Store = store("settings"),
  ) {
    this.#prefix = `outbox/${project}/${account}/`;
  }

  /** What waits to be sent, oldest first. */
  get slow(): Waiting[] {
    return [...this.#items.values()].filter((one) => Date.now() - one.at >= SLOW_MS);
  }

  /**
   * Ask for something until it is answered.
   *
   * @param what it does, in words.
   * @throws Problem it was refused; it left no trace.
   * @throws Said it got no answer for so long that it is not sent any more.
   */
  async send(what: string, body: object): Promise<void> {
    const item = { id: freshId(), what, body: JSON.stringify(body), at: Date.now() };
    await this.#put(item);
    await this.#deliver(item);
  }

  /** Send what an earlier page of this person did not get through; say what is too old for it. */
  async resume(): Promise<void> {
    for (const key of await this.kept.keys(this.#prefix)) {
      const item = await this.kept.get<Waiting>(key);
      if (item === undefined || this.#items.has(item.id)) continue;
      if (!isTooOld(item)) void this.#again(item);
      else {
        this.failed.push({ what: item.what, why: tooOld(item) });
        await this.#done(item);
      }
    }
  }

  async #again(item: Waiting): Promise<void> {
    this.#items.set(item.id, item);
    this.sender.changed();
    try {
      await this.#deliver(item);
    } catch (error) {
      this.failed.push({ what: item.what, why: inWords(error) });
      this.sender.changed();
    }
  }

  async #put(item: Waiting): Promise<void> {
    this.#items.set(item.id, item);
    window.setTimeout(() => this.sender.changed(), SLOW_MS);
    await this.kept.put(this.#prefix + item.id, item);
  }

  async #deliver(item: Waiting): Promise<void> {
    for (;;) {
      try {
        await command(this.project, item.body, item.id);
        return await this.#done(item);
      } catch (error) {
        if (error instanceof Unreachable) {
          if (isTooOld(item)) {
            await this.#done(item);
            throw new Said(tooOld(item));
          }
          await new Promise((resolve) => window.setTimeout(resolve, PAUSE_MS));
          continue;
        }
        const isSignedOut = error instanceof Problem && error.status === 401;
        await this.#done(item, isSignedOut);
        if (isSignedOut) this.sender.signedOut();
        if (error instanceof Problem && error.status === 409) this.sender.beaten();
        throw error;
      }
    }
  }

  /** Forget a command that is answered; one that only met a closed door stays for the next page. */
  async #done(item: Waiting, isKept = false): Promise<void> {
    this.#items.delete(item.id);
    if (!isKept) await this.kept.delete(this.#prefix + item.id);
    this.sender.changed();
  }
}

/** Nobody may want it any more; whether it arrived, no page can know. */
function isTooOld(item: Waiting): boolean {
  return Date.now() - item.at > OLDEST_MS;
}

function tooOld(item: Waiting): string {
  return _(
    "asked for at {at}, never answered, and too old to be sent now. Look whether it has been done; if not, do it again.",
    { at: moment(item.at) },
  );
}
