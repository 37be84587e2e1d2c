/**
 * The supervisor's queue of questions and answers to check, live: it shows what the project's panel
 * beside it has read, and asks for nothing itself.
 */

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { Beside } from "../app/beside.ts";
import { _ } from "../app/texts.ts";
import type { Evaluation } from "../committee/view.ts";
import type { Clarification } from "../desk/view.ts";
import { attachedList, attachmentsOf } from "./attached.ts";
import type { Watch } from "../supervisor/watch.ts";

const MINUTE = 60_000;

interface ToCheck extends Clarification {
  readonly section: string;
  readonly name: string;
}

/** `<kb-queue data-project data-titles>`; the titles of sections by id, as JSON; light DOM of a child. */
export class Queue extends Beside {
  #found: readonly ToCheck[] | undefined;
  /** What was checked here; it is gone from the queue before the room says so. */
  readonly #checked = new Set<string>();

  override connectedCallback(): void {
    super.connectedCallback();
    const near = this.closest("section");
    near?.addEventListener("evaluations", (event) => this.#take((event as CustomEvent<readonly Evaluation[]>).detail));
    this.addEventListener("checked", (event) => this.#drop((event as CustomEvent<string>).detail));
    const read = near?.querySelector<Watch>("kb-watch")?.found ?? [];
    if (read.length > 0) this.#take(read);
  }

  protected override shouldUpdate(): boolean {
    return this.#found !== undefined;
  }

  #take(evaluations: readonly Evaluation[]): void {
    if (evaluations.length === 0) return;
    this.#found = evaluations.flatMap((one) =>
      (one.clarifications ?? [])
        .filter(({ status }) => status === "agreed" || status === "answered")
        .map((asked) => ({ ...asked, section: one.section, name: nameOf(one, asked.bid) })),
    );
    const there = new Set(this.#found.map(keyOf));
    for (const key of this.#checked) if (!there.has(key)) this.#checked.delete(key);
    this.requestUpdate();
  }

  #drop(key: string): void {
    this.#checked.add(key);
    this.requestUpdate();
    void this.updateComplete.then(() => this.querySelector<HTMLElement>("h3")?.focus());
  }

  protected override render(): TemplateResult {
    const waiting = (this.#found ?? []).filter((one) => !this.#checked.has(keyOf(one)));
    const count = waiting.length;
    return html`<h3 tabindex="-1">${_("To check")} <span class="tag ${count > 0 ? "tag-amber" : ""}">${count}</span></h3>
      <p class="unseen" role="status">${_("To check")}: ${count}</p>
      ${count === 0
        ? html`<p class="quiet">${_("No question and no answer waits to be checked.")}</p>`
        : html`<p class="hint">${_("A question is written, names nobody of the committee, and leads to no answer. An answer is shown to the committee only once you let it through.")}</p>`}
      ${repeat(waiting, keyOf, (one) => this.#item(one))}`;
  }

  #item(one: ToCheck): TemplateResult {
    const isQuestion = one.status === "agreed";
    const id = `check-${one.clarification}`;
    const minutes = Math.floor(one.period / MINUTE);
    return html`<article class="asked" aria-labelledby=${id}>
      <h4 id=${id}>${isQuestion ? _("Question to check") : _("Answer to check")}
        <span class="sub">${this.#title(one.section)} · ${_("to {name}", { name: one.name })}</span></h4>
      <blockquote class="asked-text">${one.question}</blockquote>
      ${one.answer === undefined
        ? html`<p class="quiet">${_("The bidder has {n} minutes from when it is sent.", { n: minutes })}</p>`
        : html`<p class="quiet">${_("Answer")}</p><blockquote class="asked-text">${one.answer}</blockquote>
            ${attachedList(one.attachments, attachmentsOf(this.dataset["project"] ?? "", one.section, one.clarification))}`}
      ${one.returned === undefined ? nothing : html`<p class="note note-amber">${_("Given back before: {reason}", { reason: one.returned })}</p>`}
      <kb-check data-project=${this.dataset["project"] ?? ""} data-section=${one.section} data-clarification=${one.clarification}
        data-what=${isQuestion ? "question" : "answer"} data-key=${keyOf(one)}></kb-check>
    </article>`;
  }

  #title(section: string): string {
    const titles = JSON.parse(this.dataset["titles"] ?? "{}") as Record<string, string>;
    return titles[section] ?? section;
  }
}

/** What stands in the queue: the same question comes anew once it was given back. */
function keyOf(one: Clarification): string {
  return `${one.clarification} ${one.status} ${one.due ?? 0} ${one.returned ?? ""}`;
}

function nameOf(one: Evaluation, bid: string): string {
  return one.bids?.find((other) => other.bid === bid)?.name ?? bid.slice(0, 8);
}
