/** What decides between equals, one after the other: a list that is put into order; it decides nothing. */

import { html, nothing, type TemplateResult } from "lit";
import { _ } from "../app/texts.ts";

const TIES = ["price", "technical", "commercial", "earlier", "drawn"] as const;

export function tieForm(ties: readonly string[], put: (next: readonly string[]) => void): TemplateResult {
  const left = TIES.filter((one) => !ties.includes(one));
  const swap = (n: number): void => put(ties.map((one, index) => (index === n ? (ties[n + 1] ?? one) : index === n + 1 ? (ties[n] ?? one) : one)));
  const act = (text: string, sign: string, about: string, run: () => void, isBlocked = false): TemplateResult =>
    html`<button class="button button-quiet tie-act" type="button" aria-label="${text} · ${about}" title=${text} ?disabled=${isBlocked} @click=${run}>${sign}</button>`;
  return html`<fieldset class="rule-items" id="ties">
    <legend>${_("Between equals")}</legend>
    <p class="hint">${_("The first that tells two bids apart decides; what is still equal then stands side by side, for the committee to settle.")}</p>
    ${ties.length === 0 ? html`<p class="quiet">${_("Nothing decides: equals stand side by side.")}</p>` : nothing}
    <ol class="ties">
      ${ties.map((one, n) => {
        const name = _(`tie ${one}`);
        return html`<li>
          <span class="tie-name">${name}</span>
          ${act(_("Earlier"), "↑", name, () => swap(n - 1), n === 0)}
          ${act(_("Later"), "↓", name, () => swap(n), n === ties.length - 1)}
          ${act(_("Remove"), "×", name, () => put(ties.filter((each) => each !== one)))}
        </li>`;
      })}
    </ol>
    <div class="acts">
      ${left.map(
        (one) =>
          html`<button class="button button-quiet" type="button" data-tie=${one} @click=${(): void => put([...ties, one])}>
            ${_("Add: {what}", { what: _(`tie ${one}`) })}
          </button>`,
      )}
    </div>
  </fieldset>`;
}
