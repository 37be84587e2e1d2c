/**
 * What the committee asks a bidder, live: read again whenever the bidder's own channel says
 * something, and after a line that was cut. It is told of no person, and neither does it ask.
 */

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { get } from "../app/api.ts";
import { Beside } from "../app/beside.ts";
import { iso, moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { type Attached, attachedList, attachmentsOf } from "./attached.ts";
import { Connection } from "../hall/connection.ts";

const GATHER_MS = 120;
const AGAIN_MS = 3_000;

interface Asked {
  readonly clarification: string;
  readonly section: string;
  readonly question: string;
  readonly question_hash: string;
  readonly due: number;
  readonly status: "sent" | "answered" | "expired";
  readonly returned?: string;
  readonly over?: boolean;
  readonly answer?: string;
  readonly attachments?: readonly Attached[];
  /** Since when the committee has paused, ms UTC; nothing is answered meanwhile. */
  readonly paused?: number;
}

interface Named {
  readonly section: string;
  readonly title: string;
}

/** `<kb-questions data-project data-organisation data-bound data-sections>`; light DOM of a child. */
export class Questions extends Beside {
  #connection: Connection | undefined;
  #items: readonly Asked[] | undefined;
  #seen = -1;
  #gathering = 0;
  #told = "";

  override connectedCallback(): void {
    super.connectedCallback();
    const channel = `bidder/${this.#of("organisation")}`;
    // the hall tells of the result, with which the evaluation is over
    this.#connection = new Connection(this.#of("project"), [channel, "hall"], {
      changed: () => this.#changed(channel),
      state: () => undefined,
    });
    this.#connection.start();
    this.addEventListener("answered", () => this.#soon(0));
    this.#soon(0);
  }

  override disconnectedCallback(): void {
    this.#connection?.stop();
    window.clearTimeout(this.#gathering);
    super.disconnectedCallback();
  }

  protected override shouldUpdate(): boolean {
    return this.#items !== undefined;
  }

  #of(name: string): string {
    return this.dataset[name] ?? "";
  }

  #changed(channel: string): void {
    const channels = this.#connection?.channels;
    const n = (channels?.n(channel) ?? 0) + (channels?.n("hall") ?? 0);
    if (n === this.#seen) return;
    this.#seen = n;
    this.#soon(GATHER_MS);
  }

  #soon(pause: number): void {
    window.clearTimeout(this.#gathering);
    this.#gathering = window.setTimeout(() => void this.#read().catch(() => this.#soon(AGAIN_MS)), pause);
  }

  async #read(): Promise<void> {
    // what stands elsewhere on the page about this project is read again too
    this.dispatchEvent(new CustomEvent("heard", { bubbles: true }));
    const all = await Promise.all(
      this.#sections().map(async ({ section }) => {
        const path = `/api/projects/${this.#of("project")}/sections/${section}/clarifications`;
        const { items } = await get<{ items: readonly Omit<Asked, "section">[] }>(path);
        return items.map((one) => ({ ...one, section }));
      }),
    );
    this.#hear(all.flat());
    this.#items = all.flat();
    this.requestUpdate();
  }

  /** Say aloud what is new. */
  #hear(items: readonly Asked[]): void {
    if (this.#items === undefined) return;
    const seen = new Map(this.#items.map((one) => [one.clarification, stateOf(one)]));
    const changed = items.filter((one) => seen.get(one.clarification) !== stateOf(one));
    if (changed.length === 0) return;
    this.#told = changed.map((one) => `${_("The committee asks")} ${inWords(one).text}`).join(_("name separator"));
  }

  #sections(): readonly Named[] {
    return JSON.parse(this.dataset["sections"] ?? "[]") as readonly Named[];
  }

  protected override render(): TemplateResult {
    return html`<p class="unseen" role="status">${this.#told}</p>
      ${repeat(this.#items ?? [], (one) => one.clarification, (one) => this.#question(one))}`;
  }

  #question(one: Asked): TemplateResult {
    const { text, kind } = inWords(one);
    const sections = this.#sections();
    const title = sections.length > 1 ? sections.find(({ section }) => section === one.section)?.title : undefined;
    return html`<article class="asked" aria-labelledby="asked-${one.clarification}">
      <h3 id="asked-${one.clarification}">${_("The committee asks")} ${one.status === "sent" && one.over === true ? nothing : html`<span class="tag ${kind}">${text}</span>`}${title === undefined ? nothing : html`<span class="sub">${title}</span>`}</h3>
      <blockquote class="asked-text">${one.question}</blockquote>
      ${isOpen(one) && one.paused === undefined ? this.#due(one) : nothing}
      ${one.answer === undefined ? nothing : html`<p class="quiet">${_("Your answer")}</p><blockquote class="asked-text">${one.answer}</blockquote>
          ${attachedList(one.attachments, attachmentsOf(this.#of("project"), one.section, one.clarification))}`}
      ${isOpen(one) ? this.#form(one) : html`<p class="hint">${closed(one)}</p>`}
    </article>`;
  }

  #due(one: Asked): TemplateResult {
    const at = moment(one.due);
    return html`<p class="due"><time datetime=${iso(one.due)}>${_("Answer by {at}", { at })}</time>
        <kb-remaining class="sub" .due=${one.due} .now=${this.now}></kb-remaining></p>
      ${one.returned === undefined ? nothing : html`<p class="note note-amber">${_("Your answer was given back: {reason}", { reason: one.returned })}</p>`}`;
  }

  #form(one: Asked): TemplateResult {
    if (one.paused !== undefined) {
      const at = moment(one.paused);
      return html`<p class="note note-amber">${_("The committee has paused since {at}. You cannot answer until it goes on; then you have as much time as before the pause.", { at })}</p>`;
    }
    return html`<kb-answer data-project=${this.#of("project")} data-section=${one.section} data-clarification=${one.clarification}
      data-question=${one.question_hash} data-bound=${this.#of("bound")}></kb-answer>`;
  }

  /** The service's time, ms UTC; undefined before the room has told it. */
  readonly now = (): number | undefined => this.#connection?.clock.at(performance.now());
}

/** Whether it still waits for the bidder. */
function isOpen(one: Asked): boolean {
  return one.status === "sent" && one.over !== true;
}

/** What is true of a question that waits for the bidder no longer. */
function closed(one: Asked): string {
  if (one.status === "expired") return _("The time is over; no answer was given.");
  if (one.answer === undefined) return _("The evaluation is over; no answer is taken any more.");
  return one.over === true
    ? _("The evaluation is over; your answer stays on the record.")
    : _("Your answer is with the supervisor or the committee.");
}

function stateOf(one: Asked): string {
  return `${one.status} ${one.due} ${one.returned ?? ""} ${one.over === true ? "over" : ""} ${one.paused ?? ""}`;
}

function inWords(one: Asked): { readonly text: string; readonly kind: string } {
  switch (one.status) {
    case "sent":
      return { text: _("to answer"), kind: "tag-amber" };
    case "answered":
      return { text: _("answered"), kind: "tag-green" };
    case "expired":
      return { text: _("time over"), kind: "" };
  }
}
