/** A bidder's answer to the committee: kept while it is typed, signed with this browser's key. */

import { html, type TemplateResult } from "lit";
import { command } from "../app/api.ts";
import { confirmTyped } from "../app/ask.ts";
import { sign } from "../app/signing.ts";
import { _ } from "../app/texts.ts";
import { attachmentsOf, inSize } from "./attached.ts";
import { Attaching } from "./attaching.ts";
import { Writing } from "./writing.ts";

/** The longest answer the service takes, characters. */
const MOST = 20_000;

/** `<kb-answer data-project data-section data-clarification data-question data-bound>`; light DOM. */
export class Answer extends Writing {
  #attaching = new Attaching("", "", () => undefined);

  override connectedCallback(): void {
    super.connectedCallback();
    const path = attachmentsOf(this.of("project"), this.of("section"), this.of("clarification"));
    this.#attaching = new Attaching(path, `${this.keptAs()}/files`, () => this.requestUpdate());
  }

  protected override render(): TemplateResult {
    const field = `answer-${this.of("clarification")}`;
    return html`${this.signingKey()}
      <form class="form" @submit=${this.submit}>
        <div class="field">
          <label for=${field}>${_("Your answer")}</label>
          <textarea id=${field} rows="5" maxlength=${MOST} .value=${this.text} @input=${this.typed} aria-describedby="${field}-hint"></textarea>
          <p class="hint" id="${field}-hint">
            ${_("An answer explains or completes; it must not change the price or the substance of the bid. It is signed with this browser's key and sent once.")}
          </p>
        </div>
        ${this.#attaching.render(`${field}-files`)}
        <button class="button" ?disabled=${!this.canSign || this.act.isBusy() || this.#attaching.isBusy || this.isEmpty}>
          ${_("Sign and send the answer")}
        </button>
      </form>
      ${this.act.problem()}`;
  }

  protected override keptAs(): string {
    return `answer/${this.of("clarification")}`;
  }

  protected override async send(text: string): Promise<void> {
    const action = _("Sign and send the answer");
    const files = this.#attaching.files;
    const names = html`<ul class="attached">${files.map(({ name, size }) => html`<li>${name} <span class="sub nums">${inSize(size)}</span></li>`)}</ul>`;
    const asked = html`<p class="asked-text">${text}</p>${files.length === 0 ? "" : names}`;
    if (!(await confirmTyped({ title: action, text: asked, action }))) return;
    const [project, section] = [this.of("project"), this.of("section")];
    const payload = {
      v: 1,
      project,
      section,
      clarification: this.of("clarification"),
      question: this.of("question"),
      text,
      ...(files.length === 0 ? {} : { attachments: files.map(({ name, sha256, size }) => ({ name, sha256, size })) }),
    };
    const message = await sign("clarification-answer", payload);
    await command(project, { type: "evaluation.answer_clarification", section, message });
    this.forget();
    this.#attaching.forget();
    this.dispatchEvent(new Event("answered", { bubbles: true }));
  }
}
