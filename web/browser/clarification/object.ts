/** A bidder's objection to a published result: kept while it is typed, sent for good. */

import { html, type TemplateResult } from "lit";
import { command } from "../app/api.ts";
import { confirmTyped } from "../app/ask.ts";
import { _ } from "../app/texts.ts";
import { Writing } from "./writing.ts";

/** The longest objection the service takes, characters. */
const MOST = 5000;

/** `<kb-object data-project data-section>`; light DOM. */
export class ObjectToResult extends Writing {
  protected override render(): TemplateResult {
    const field = this.keptAs().replaceAll("/", "-");
    return html`<form class="form" @submit=${this.submit}>
        <div class="field">
          <label for=${field}>${_("Object to the result")}</label>
          <p class="hint" id="${field}-hint">
            ${_("The tenderer and the supervisor read it with your name; it is on the record and cannot be taken back. Nothing is awarded before it is answered.")}
          </p>
          <textarea id=${field} rows="4" maxlength=${MOST} .value=${this.text} @input=${this.typed} aria-describedby="${field}-hint"></textarea>
        </div>
        <button class="button" ?disabled=${this.act.isBusy() || this.isEmpty}>${_("Send the objection")}</button>
      </form>
      ${this.act.problem()}`;
  }

  protected override keptAs(): string {
    return `object/${this.of("project")}/${this.of("section")}`;
  }

  protected override async send(text: string): Promise<void> {
    const action = _("Send the objection");
    if (!(await confirmTyped({ title: action, text: html`<p class="asked-text">${text}</p>`, action }))) return;
    const section = this.of("section");
    await command(this.of("project"), { type: "evaluation.object_to_result", section, text });
    this.forget();
    location.reload();
  }
}
