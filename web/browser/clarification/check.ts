/** The supervisor's check of a question or an answer: let through, or given back with the reason. */

import { html, LitElement, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";
import { command } from "../app/api.ts";
import { askText, confirmTyped } from "../app/ask.ts";
import { _ } from "../app/texts.ts";

/** `<kb-check data-project data-section data-clarification data-what="question|answer" data-key>`; light DOM. */
export class Check extends LitElement {
  readonly #act = new Act(this);

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    return html`<p class="asked-actions">
        <button class="button" type="button" ?disabled=${this.#act.isBusy()} @click=${this.#act.on("pass", () => this.#pass())}>${_("Let it through")}</button>
        <button class="button button-quiet" type="button" ?disabled=${this.#act.isBusy()} @click=${this.#act.on("back", () => this.#giveBack())}>${_("Give it back")}</button>
      </p>
      ${this.#act.problem()}`;
  }

  async #pass(): Promise<void> {
    const action = _("Let it through");
    const text =
      this.dataset["what"] === "answer"
        ? _("The committee is shown the answer then, and it cannot be taken back.")
        : _("The question goes to the bidder then, its time begins, and it cannot be taken back.");
    if (await confirmTyped({ title: action, text, action })) await this.#send({});
  }

  async #giveBack(): Promise<void> {
    const returned = await askText({
      title: _("Give back with a reason"),
      text: _("The reason is recorded and shown to whoever wrote it."),
      label: _("Reason for giving back"),
      action: _("Give it back"),
    });
    if (returned !== undefined && returned !== "") await this.#send({ returned });
  }

  async #send(said: { readonly returned?: string }): Promise<void> {
    const { project = "", section = "", clarification = "", what = "" } = this.dataset;
    await command(project, { type: `evaluation.check_${what}`, section, clarification, ...said });
    this.dispatchEvent(new CustomEvent("checked", { bubbles: true, detail: this.dataset["key"] ?? "" }));
  }
}
