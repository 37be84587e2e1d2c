/** What a committee says among itself, read page by page as more is said; it says nothing itself. */

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { get } from "../app/api.ts";
import { clock, iso } from "../app/format.ts";
import { _ } from "../app/texts.ts";

export interface Message {
  readonly n: number;
  readonly seat: string;
  /** There where members are shown by name. */
  readonly name?: string;
  readonly at: number;
  readonly text: string;
}

interface Page {
  readonly count: number;
  readonly items: readonly Message[];
}

/** The messages of one evaluation, as far as they were read. */
export class Discussion {
  items: readonly Message[] = [];
  #isReading = false;

  constructor(
    private readonly path: string,
    private readonly changed: () => void,
  ) {}

  /** Read what is missing of so many messages; what fails is read with the next. */
  async upTo(count: number): Promise<void> {
    if (this.#isReading || count <= this.items.length) return;
    this.#isReading = true;
    try {
      for (let all = count; this.items.length < all; ) {
        const page = await get<Page>(`${this.path}?after=${this.items.length}`);
        if (page.items.length === 0) break;
        all = page.count;
        this.items = [...this.items, ...page.items];
        this.changed();
      }
    } catch {
      // whoever has just been locked out, or has no line, reads on when the room says something
    } finally {
      this.#isReading = false;
    }
  }

  /** All messages, the newest last; what is added is read aloud. */
  list(own = ""): TemplateResult {
    if (this.items.length === 0) return html`<p class="quiet">${_("Nothing was said yet.")}</p>`;
    return html`<div class="said-list" role="log" aria-live="polite" aria-label=${_("Discussion")} tabindex="0">
      <ol>${repeat(this.items, ({ n }) => n, (one) => said(one, own))}</ol>
    </div>`;
  }
}

function said(one: Message, own: string): TemplateResult {
  const seat = _("seat {seat}", { seat: one.seat });
  return html`<li class=${one.seat === own ? "is-own" : ""}>
    <p class="said-by"><strong>${one.name ?? seat}</strong> ${one.name === undefined ? nothing : html`<span class="sub">${seat}</span>`}
      <time class="nums" datetime=${iso(one.at)}>${clock(one.at)}</time></p>
    <p class="said-text">${one.text}</p>
  </li>`;
}
