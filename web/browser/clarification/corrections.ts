/**
 * The prices of one bidder that the committee corrects in one section, live: read again whenever
 * the questions beside it hear something in the bidder's own channel. It asks the room for nothing.
 */

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { get } from "../app/api.ts";
import { Beside } from "../app/beside.ts";
import { amount, iso, moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import type { Questions } from "./questions.ts";

const AGAIN_MS = 3_000;

interface Corrected {
  readonly correction: string;
  readonly bid: string;
  readonly ground: string;
  readonly read_out: number | null;
  readonly price: number;
  readonly due: number;
  readonly status: "asked" | "accepted" | "refused" | "expired";
  readonly over?: boolean;
  readonly paused?: number;
}

/** `<kb-corrections data-project data-section data-bound>`; light DOM of a child. */
export class Corrections extends Beside {
  #items: readonly Corrected[] | undefined;
  #again = 0;
  #told = "";
  #near: Element | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#near = this.closest("section");
    this.#near?.addEventListener("heard", this.#heard);
    this.addEventListener("confirmed", this.#heard);
  }

  override disconnectedCallback(): void {
    window.clearTimeout(this.#again);
    this.#near?.removeEventListener("heard", this.#heard);
    this.removeEventListener("confirmed", this.#heard);
    super.disconnectedCallback();
  }

  protected override shouldUpdate(): boolean {
    return this.#items !== undefined;
  }

  #of(name: string): string {
    return this.dataset[name] ?? "";
  }

  readonly #heard = (): void => void this.#read();

  async #read(): Promise<void> {
    window.clearTimeout(this.#again);
    try {
      const path = `/api/projects/${this.#of("project")}/sections/${this.#of("section")}/corrections`;
      const { items } = await get<{ items: readonly Corrected[] }>(path);
      this.#hear(items);
      this.#items = items;
      this.requestUpdate();
    } catch {
      this.#again = window.setTimeout(this.#heard, AGAIN_MS);
    }
  }

  /** Say aloud what is new; nothing of what the page was written with. */
  #hear(items: readonly Corrected[]): void {
    const seen = new Map(this.#items?.map((one) => [one.correction, one.status]));
    const changed = items.filter((one) => seen.get(one.correction) !== one.status);
    if (this.#items === undefined || changed.length === 0) return;
    this.#told = changed.map((one) => `${_("The committee corrects your price")} ${inWords(one)}`).join(_("name separator"));
  }

  protected override render(): TemplateResult {
    return html`<p class="unseen" role="status">${this.#told}</p>
      ${repeat(this.#items ?? [], (one) => one.correction, (one) => this.#correction(one))}`;
  }

  #correction(one: Corrected): TemplateResult {
    const id = `corrected-${one.correction}`;
    const kind = { asked: "tag-amber", accepted: "tag-green", refused: "tag-grey", expired: "tag-grey" }[one.status];
    return html`<article class="asked" aria-labelledby=${id}>
      <h4 id=${id}>${_("The committee corrects your price")} ${one.status === "asked" && one.over === true ? nothing : html`<span class="tag ${kind}">${inWords(one)}</span>`}</h4>
      <p>${_(`corrects ${one.ground}`)}</p>
      <dl class="facts">
        <div><dt>${_("As read out")}</dt><dd class="nums">${one.read_out === null ? "—" : amount(one.read_out)}</dd></div>
        <div><dt>${_("Corrected price")}</dt><dd class="nums">${amount(one.price)}</dd></div>
      </dl>
      ${one.status === "asked" ? this.#confirm(one) : nothing}
    </article>`;
  }

  #confirm(one: Corrected): TemplateResult {
    if (one.over === true) return html`<p class="hint">${_("The evaluation is over; no answer is taken any more.")}</p>`;
    if (one.paused !== undefined) {
      const at = moment(one.paused);
      return html`<p class="note note-amber">${_("The committee has paused since {at}. You cannot answer until it goes on; then you have as much time as before the pause.", { at })}</p>`;
    }
    const at = moment(one.due);
    return html`<p class="due"><time datetime=${iso(one.due)}>${_("Confirm by {at}", { at })}</time>
        <kb-remaining class="sub" .due=${one.due} .now=${this.#now}></kb-remaining></p>
      <p class="note note-amber">${_("Whoever does not confirm in time has an invalid bid, which is neither scored nor ranked.")}</p>
      <kb-confirm data-project=${this.#of("project")} data-section=${this.#of("section")} data-correction=${one.correction}
        data-bid=${one.bid} data-price=${String(one.price)} data-bound=${this.#of("bound")}></kb-confirm>`;
  }

  readonly #now = (): number | undefined => this.#near?.querySelector<Questions>("kb-questions")?.now();
}

function inWords(one: Corrected): string {
  return one.status === "asked" ? _("to answer") : _(`correction ${one.status}`);
}
