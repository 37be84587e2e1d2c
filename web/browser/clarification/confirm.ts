/** A bidder's word on a corrected price: confirmed or refused, signed with this browser's key, once. */

import { html, type TemplateResult } from "lit";
import { command } from "../app/api.ts";
import { confirmTyped } from "../app/ask.ts";
import { sign } from "../app/signing.ts";
import { _ } from "../app/texts.ts";
import { Piece } from "./piece.ts";

/** `<kb-confirm data-project data-section data-correction data-bid data-price data-bound>`; light DOM. */
export class Confirm extends Piece {
  protected override render(): TemplateResult {
    const does = (name: string, text: string, kind: string, accepts: boolean): TemplateResult => html`<button
      class="button ${kind}"
      type="button"
      ?disabled=${!this.canSign || this.act.isBusy()}
      @click=${this.act.on(name, () => this.#answer(accepts))}
    >
      ${text}
    </button>`;
    return html`${this.signingKey()}
      <div class="panel-actions">
        ${does("confirm", _("Confirm the corrected price"), "", true)}
        ${does("refuse", _("Do not confirm"), "button-quiet", false)}
      </div>
      ${this.act.problem("confirm")} ${this.act.problem("refuse")}`;
  }

  async #answer(accepts: boolean): Promise<void> {
    const action = accepts ? _("Confirm the corrected price") : _("Do not confirm");
    const text = accepts
      ? _("The corrected price is evaluated then; the price that was read out stays on the record.")
      : _("The bid is invalid then: it is neither scored nor ranked.");
    if (!(await confirmTyped({ title: action, text, action, isGrave: !accepts }))) return;
    const [project, section] = [this.of("project"), this.of("section")];
    const message = await sign("correction-answer", {
      v: 1,
      project,
      section,
      correction: this.of("correction"),
      bid: this.of("bid"),
      price: Number(this.of("price")),
      accepts,
    });
    await command(project, { type: "evaluation.answer_correction", section, message });
    this.dispatchEvent(new Event("confirmed", { bubbles: true }));
  }
}
