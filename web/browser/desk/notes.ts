/**
 * A member's own notes on pages: each kept with the service a second after its last change, and in
 * this tab until that is done.
 *
 * It must not write over what another window kept: it says so, and the person chooses.
 */

import { get, Problem, request } from "../app/api.ts";
import { inWords } from "../app/ask.ts";
import { keepTyped, typed } from "../app/typed.ts";

const PAUSE_MS = 1_000;
const FIRST_AGAIN_MS = 2_000;
const LONGEST_AGAIN_MS = 15_000;
const NAME = "notes";
const LATER = new Set([429, 502, 503, 504]);
/** The longest note, characters. */
export const LONGEST_NOTE = 2_000;

/** A page of a file of a sealed bid, with what it is called and whose bid is judged by it. */
export interface NotedPage {
  readonly bid: string;
  readonly file: number;
  readonly page: number;
  readonly path: string;
  readonly judged: string;
  readonly envelope: number;
}

export interface PageNote extends NotedPage {
  readonly text: string;
  readonly at: number;
}

/** How a note stands: `newer` where another window has kept another text. */
export type NoteState = "empty" | "changed" | "saved" | "again" | "newer" | "refused";

/** What was typed and is not kept yet. */
interface Typed {
  readonly page: NotedPage;
  /** The text it was made from. */
  was: string;
  text: string;
  /** What is on its way; it is sent as it is until it is answered. */
  sent?: string;
  state: NoteState;
  problem: string;
}

export class Notes {
  #kept = new Map<string, PageNote>();
  #typed = new Map<string, Typed>();
  #isBusy = false;
  #timer = 0;
  #pause = FIRST_AGAIN_MS;

  constructor(
    private readonly path: string,
    private readonly changed: () => void,
  ) {}

  /** Read what was kept, with what this tab had not got through yet; again later where that fails. */
  async load(): Promise<void> {
    try {
      await this.#read();
    } catch (error) {
      if (!isFinal(error)) window.setTimeout(() => void this.load(), LONGEST_AGAIN_MS);
      return;
    }
    for (const one of this.#inTab()) {
      const kept = this.#textKept(one.page);
      if (kept === one.text) continue;
      const state = kept === one.was ? "changed" : "newer";
      this.#typed.set(key(one.page), { ...one, was: kept, state, problem: "" });
    }
    this.#settle();
    this.#soon(PAUSE_MS);
  }

  /** All notes, those that are not kept yet among them, by bid, file and page. */
  all(): PageNote[] {
    const all = new Map(this.#kept);
    for (const [name, { page, text }] of this.#typed) {
      const at = all.get(name)?.at ?? 0;
      all.set(name, { ...page, text, at });
    }
    return [...all.values()].filter(({ text }) => text.trim() !== "").sort(inOrder);
  }

  text(page: NotedPage): string {
    return this.#typed.get(key(page))?.text ?? this.#textKept(page);
  }

  /** What another window kept of a page. */
  other(page: NotedPage): string {
    return this.#textKept(page);
  }

  state(page: NotedPage): NoteState {
    const kept = this.#kept.has(key(page)) ? "saved" : "empty";
    return this.#typed.get(key(page))?.state ?? kept;
  }

  /** When a note was kept last, ms. */
  at(page: NotedPage): number {
    return this.#kept.get(key(page))?.at ?? 0;
  }

  /** Why a note was refused, in words. */
  problem(page: NotedPage): string {
    return this.#typed.get(key(page))?.problem ?? "";
  }

  set(page: NotedPage, text: string): void {
    const known = this.#typed.get(key(page));
    const state = known?.state === "newer" ? "newer" : "changed";
    const was = known?.was ?? this.#textKept(page);
    this.#typed.set(key(page), { ...known, page, was, text, state, problem: "" });
    this.#settle();
    this.#soon(PAUSE_MS);
  }

  /** Keep everything now rather than in a moment. */
  now(): void {
    window.clearTimeout(this.#timer);
    void this.#save();
  }

  /** Show what the other window kept, and drop what is here. */
  useKept(page: NotedPage): void {
    this.#typed.delete(key(page));
    this.#settle();
  }

  /** Go on with what is here, in the place of what the other window kept. */
  useOwn(page: NotedPage): void {
    const own = this.#typed.get(key(page));
    if (own === undefined) return;
    this.#typed.set(key(page), { page, was: this.#textKept(page), text: own.text, state: "changed", problem: "" });
    this.#settle();
    this.now();
  }

  async #read(): Promise<void> {
    const { items } = await get<{ items: PageNote[] }>(this.path);
    this.#kept = new Map(items.map((one) => [key(one), one]));
  }

  #textKept(page: NotedPage): string {
    return this.#kept.get(key(page))?.text ?? "";
  }

  #inTab(): Typed[] {
    const text = typed(NAME);
    return text === "" ? [] : (JSON.parse(text) as Typed[]);
  }

  /** Keep in this tab what is not with the service, and draw again. */
  #settle(): void {
    const open = [...this.#typed.values()];
    keepTyped(NAME, open.length === 0 ? "" : JSON.stringify(open));
    this.changed();
  }

  #next(): Typed | undefined {
    return [...this.#typed.values()].find(({ state }) => state === "changed" || state === "again");
  }

  #soon(pause: number): void {
    window.clearTimeout(this.#timer);
    if (this.#next() !== undefined) this.#timer = window.setTimeout(() => void this.#save(), pause);
  }

  async #save(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let one = this.#next(); one !== undefined; one = this.#next()) {
        if (!(await this.#send(one))) return;
      }
    } finally {
      this.#isBusy = false;
    }
  }

  /** Send one note; whether to go on with the next. */
  async #send(one: Typed): Promise<boolean> {
    // what has not been answered goes again as it was: it may have been kept
    const sent = (one.sent ??= one.text);
    const [{ bid, file, page }, was] = [one.page, one.was];
    try {
      const answer = await request(this.path, {
        method: "PUT",
        body: JSON.stringify({ bid, file, page, was, text: sent }),
        headers: { "content-type": "application/json" },
      });
      this.#saved(one.page, sent, ((await answer.json()) as { at: number }).at);
      return true;
    } catch (error) {
      return await this.#failed(one.page, error);
    }
  }

  #saved(page: NotedPage, sent: string, at: number): void {
    this.#pause = FIRST_AGAIN_MS;
    if (sent === "") this.#kept.delete(key(page));
    else this.#kept.set(key(page), { ...page, text: sent, at });
    const now = this.#typed.get(key(page));
    if (now === undefined || now.text === sent) this.#typed.delete(key(page));
    else this.#typed.set(key(page), { page, was: sent, text: now.text, state: "changed", problem: "" });
    this.#settle();
  }

  async #failed(page: NotedPage, error: unknown): Promise<boolean> {
    const one = this.#typed.get(key(page));
    if (one === undefined) return true;
    if (error instanceof Problem && isFinal(error)) {
      delete one.sent;
      one.problem = inWords(error);
      one.state = "refused";
      if (error.code === "notes.changed") {
        one.state = "newer";
        await this.#read().catch(() => undefined);
      }
      this.#settle();
      return true;
    }
    one.state = "again";
    this.#settle();
    this.#soon(this.#pause);
    this.#pause = Math.min(2 * this.#pause, LONGEST_AGAIN_MS);
    return false;
  }
}

/** Whether asking again would be answered the same. */
function isFinal(error: unknown): boolean {
  // during a pause it is kept in this tab and goes again
  return error instanceof Problem && !LATER.has(error.status) && error.code !== "evaluation.paused";
}

function key({ bid, file, page }: NotedPage): string {
  return `${bid}/${file}/${page}`;
}

function inOrder(a: PageNote, b: PageNote): number {
  const byBid = a.judged < b.judged ? -1 : a.judged > b.judged ? 1 : a.envelope - b.envelope;
  return byBid || a.file - b.file || a.page - b.page;
}
