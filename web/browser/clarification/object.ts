/** A bidder's objection to a published result: kept while it is typed, sent for good. */

import { html, LitElement, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";
import { command } from "../app/api.ts";
import { confirmTyped } from "../app/ask.ts";
import { _ } from "../app/texts.ts";
import { keepTyped, typed } from "../app/typed.ts";

/** The longest objection the service takes, characters. */
const MOST = 5000;

/** `<kb-object data-project data-section>`; light DOM. */
export class ObjectToResult extends LitElement {
  readonly #act = new Act(this);
  #text = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#text = typed(this.#name());
  }

  protected override render(): TemplateResult {
    const field = this.#name().replaceAll("/", "-");
    return html`<form class="form" @submit=${this.#submit}>
        <div class="field">
          <label for=${field}>${_("Object to the result")}</label>
          <p class="hint" id="${field}-hint">
            ${_("The tenderer and the supervisor read it with your name; it is on the record and cannot be taken back. Nothing is awarded before it is answered.")}
          </p>
          <textarea id=${field} rows="4" maxlength=${MOST} .value=${this.#text} @input=${this.#typed} aria-describedby="${field}-hint"></textarea>
        </div>
        <button class="button" ?disabled=${this.#act.isBusy() || this.#text.trim() === ""}>${_("Send the objection")}</button>
      </form>
      ${this.#act.problem()}`;
  }

  /** What an objection that is being written is kept by. */
  #name(): string {
    return `object/${this.dataset["project"] ?? ""}/${this.dataset["section"] ?? ""}`;
  }

  readonly #typed = (event: Event): void => {
    this.#text = (event.currentTarget as HTMLTextAreaElement).value;
    keepTyped(this.#name(), this.#text);
    this.requestUpdate();
  };

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void this.#act.run("object", () => this.#object(this.#text.trim()));
  };

  async #object(text: string): Promise<void> {
    const action = _("Send the objection");
    if (!(await confirmTyped({ title: action, text: html`<p class="asked-text">${text}</p>`, action }))) return;
    const { project = "", section = "" } = this.dataset;
    await command(project, { type: "evaluation.object_to_result", section, text });
    keepTyped(this.#name(), "");
    location.reload();
  }
}
