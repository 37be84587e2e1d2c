/** A bidder's word on a corrected price: confirmed or refused, signed with this browser's key, once. */

import { html, LitElement, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";
import { command } from "../app/api.ts";
import { confirmTyped } from "../app/ask.ts";
import { sign } from "../app/signing.ts";
import { _ } from "../app/texts.ts";

/** `<kb-confirm data-project data-section data-correction data-bid data-price data-bound>`; light DOM. */
export class Confirm extends LitElement {
  readonly #act = new Act(this);
  #canSign = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const does = (name: string, text: string, kind: string, accepts: boolean): TemplateResult => html`<button
      class="button ${kind}"
      type="button"
      ?disabled=${!this.#canSign || this.#act.isBusy()}
      @click=${this.#act.on(name, () => this.#answer(accepts))}
    >
      ${text}
    </button>`;
    return html`<kb-signing-key
        data-project=${this.#of("project")}
        data-role="bidder"
        data-bound=${this.#of("bound")}
        @ready=${this.#keyed}
        @rekeyed=${this.#rekeyed}
      ></kb-signing-key>
      <div class="panel-actions">
        ${does("confirm", _("Confirm the corrected price"), "", true)}
        ${does("refuse", _("Do not confirm"), "button-quiet", false)}
      </div>
      ${this.#act.problem("confirm")} ${this.#act.problem("refuse")}`;
  }

  #of(name: string): string {
    return this.dataset[name] ?? "";
  }

  readonly #keyed = (): void => {
    this.#canSign = true;
    this.requestUpdate();
  };

  readonly #rekeyed = (event: Event): void => {
    this.dataset["bound"] = (event as CustomEvent<string>).detail;
    this.#keyed();
  };

  async #answer(accepts: boolean): Promise<void> {
    const action = accepts ? _("Confirm the corrected price") : _("Do not confirm");
    const text = accepts
      ? _("The corrected price is evaluated then; the price that was read out stays on the record.")
      : _("The bid is invalid then: it is neither scored nor ranked.");
    if (!(await confirmTyped({ title: action, text, action, isGrave: !accepts }))) return;
    const [project, section] = [this.#of("project"), this.#of("section")];
    const message = await sign("correction-answer", {
      v: 1,
      project,
      section,
      correction: this.#of("correction"),
      bid: this.#of("bid"),
      price: Number(this.#of("price")),
      accepts,
    });
    await command(project, { type: "evaluation.answer_correction", section, message });
    location.reload();
  }
}
