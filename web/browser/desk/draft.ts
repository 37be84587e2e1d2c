/**
 * A member's own draft: kept with the service a second after the last change, and in this tab until
 * that is done, so that neither a reload nor a cut line loses what was typed.
 *
 * It must not write over what another window kept: it says so, and the person chooses.
 */

import { get, Problem, request } from "../app/api.ts";
import { inWords } from "../app/ask.ts";
import { keepTyped, typed } from "../app/typed.ts";
import { isAlias } from "./listing.ts";

const PAUSE_MS = 1_000;
const FIRST_AGAIN_MS = 2_000;
const LONGEST_AGAIN_MS = 15_000;
const NAME = "draft";
const LATER = new Set([429, 502, 503, 504]);

export interface Verdict {
  readonly passed: boolean | null;
  readonly reason: string;
}

interface Content {
  /** By bid, and by alias of the draw. */
  marks: Record<string, Record<string, string>>;
  review: Record<string, Record<string, Verdict>>;
  /** The draw of aliases that marks of blind parts are by. */
  draw?: string;
}

interface Kept extends Content {
  readonly version: number;
  readonly at?: number;
}

/** How the draft stands: `newer` where another window has kept another one. */
export type DraftState = "empty" | "changed" | "saved" | "again" | "newer" | "refused";

/** The draft of one member for one section. */
export class Draft {
  state: DraftState = "empty";
  /** When it was kept last, ms. */
  at = 0;
  /** Why it was refused, in words. */
  problem = "";
  #content: Content = { marks: {}, review: {} };
  #version = 0;
  /** The body that is on its way; it is sent as it is until it is answered. */
  #sent: string | undefined;
  #isBusy = false;
  #timer = 0;
  #pause = FIRST_AGAIN_MS;

  constructor(
    private readonly path: string,
    private readonly changed: () => void,
  ) {}

  /** Read what was kept, with what this tab had not got through yet. */
  async load(): Promise<void> {
    const kept = await get<Kept>(this.path);
    const own = this.#inTab();
    this.#take(kept);
    if (own !== undefined && !same(own, kept)) {
      this.#content = contentOf(own);
      if (own.version === kept.version) this.#soon();
      else this.state = "newer";
    } else keepTyped(NAME, "");
    this.changed();
  }

  mark(bid: string, item: string): string {
    return this.#content.marks[bid]?.[item] ?? "";
  }

  setMark(bid: string, item: string, text: string): void {
    this.#content.marks[bid] = { ...this.#content.marks[bid], [item]: text };
    this.#soon();
  }

  /** Marks of blind parts are by the aliases of one draw: those of another are forgotten. */
  follow(draw: string | undefined): void {
    if (draw === undefined || draw === this.#content.draw) return;
    const kept = Object.entries(this.#content.marks).filter(([name]) => !isAlias(name));
    const isLess = kept.length < Object.keys(this.#content.marks).length;
    this.#content = { ...this.#content, marks: Object.fromEntries(kept), draw };
    if (isLess) this.#soon();
  }

  verdict(bid: string, item: string): Verdict {
    return this.#content.review[bid]?.[item] ?? { passed: null, reason: "" };
  }

  setVerdict(bid: string, item: string, verdict: Verdict): void {
    this.#content.review[bid] = { ...this.#content.review[bid], [item]: verdict };
    this.#soon();
  }

  /** A bid's review was given: nothing of it is a draft any more. */
  dropReview(bid: string): void {
    if (this.#content.review[bid] === undefined) return;
    delete this.#content.review[bid];
    this.#soon();
  }

  /** The marks were given: the service has forgotten the draft, and so does this tab. */
  forget(): void {
    window.clearTimeout(this.#timer);
    this.#content = { marks: {}, review: {} };
    [this.#version, this.#sent, this.state] = [0, undefined, "empty"];
    keepTyped(NAME, "");
  }

  /** Keep nothing in a moment: what is here is being given for good, and no draft is taken then. */
  hold(): void {
    window.clearTimeout(this.#timer);
  }

  /** Keep it now rather than in a moment. */
  now(): void {
    if (this.state !== "changed" && this.state !== "again") return;
    window.clearTimeout(this.#timer);
    void this.#save();
  }

  /** Show what the other window kept, and drop what is here. */
  async useKept(): Promise<void> {
    this.#take(await get<Kept>(this.path));
    keepTyped(NAME, "");
    this.changed();
  }

  /** Go on with what is here, in the place of what the other window kept. */
  async useOwn(): Promise<void> {
    this.#version = (await get<Kept>(this.path)).version;
    [this.#sent, this.state] = [undefined, "changed"];
    this.#soon();
    this.now();
  }

  #take(kept: Kept): void {
    this.#content = contentOf(kept);
    this.#version = kept.version;
    this.#sent = undefined;
    this.at = kept.at ?? 0;
    this.state = kept.version === 0 ? "empty" : "saved";
  }

  #inTab(): Kept | undefined {
    const text = typed(NAME);
    return text === "" ? undefined : (JSON.parse(text) as Kept);
  }

  #body(): string {
    return JSON.stringify({ version: this.#version, ...this.#content });
  }

  #soon(): void {
    keepTyped(NAME, this.#body());
    if (this.state !== "newer") {
      this.state = "changed";
      window.clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.#save(), PAUSE_MS);
    }
    this.changed();
  }

  async #save(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    // what has not been answered goes again as it was: it may have been kept
    this.#sent ??= this.#body();
    const sent = this.#sent;
    try {
      const answer = await request(this.path, {
        method: "PUT",
        body: sent,
        headers: { "content-type": "application/json" },
      });
      if (this.#sent === sent) this.#saved((await answer.json()) as Kept, sent);
    } catch (error) {
      if (this.#sent === sent) this.#failed(error);
    } finally {
      this.#isBusy = false;
      this.changed();
    }
  }

  #saved(kept: Kept, sent: string): void {
    const isAll = this.#body() === sent;
    [this.#version, this.at, this.#pause] = [kept.version, kept.at ?? 0, FIRST_AGAIN_MS];
    this.#sent = undefined;
    if (!isAll) {
      this.#soon();
      return;
    }
    this.state = "saved";
    keepTyped(NAME, "");
  }

  #failed(error: unknown): void {
    if (error instanceof Problem && error.code === "evaluation.paused") {
      // it is kept in this tab, and goes again when the evaluation does
      this.state = "again";
      return;
    }
    if (error instanceof Problem && !LATER.has(error.status)) {
      this.#sent = undefined;
      this.problem = inWords(error);
      this.state = error.code === "web.draft_newer" ? "newer" : "refused";
      return;
    }
    this.state = "again";
    this.#timer = window.setTimeout(() => void this.#save(), this.#pause);
    this.#pause = Math.min(2 * this.#pause, LONGEST_AGAIN_MS);
  }
}

function contentOf({ marks, review, draw }: Content): Content {
  return { marks: { ...marks }, review: { ...review }, ...(draw !== undefined && { draw }) };
}

function same(own: Content, kept: Content): boolean {
  const told = ({ marks, review }: Content): string => JSON.stringify([sorted(marks), sorted(review)]);
  return told(own) === told(kept);
}

/** A map of maps as its entries, in an order of its own. */
function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, one]) => [key, sorted(one)]);
}
