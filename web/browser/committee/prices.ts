/** Corrected prices and the judgement of the competition, as a supervisor is shown them; it decides nothing. */

import { html, nothing, type TemplateResult } from "lit";
import { amount, moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { tag } from "../hall/pieces.ts";
import type { CorrectionView, Evaluation } from "./view.ts";

/** What was corrected and judged; nothing where neither was. */
export function pricesLine(one: Evaluation): TemplateResult {
  return html`${competition(one)} ${corrections(one)}`;
}

function competition({ competition: found }: Evaluation): TemplateResult | typeof nothing {
  if (found?.lacking === undefined) return nothing;
  return html`<p>${found.lacking
    ? _("Most members found competition lacking: all bids are rejected.")
    : _("Most members found competition enough.")}</p>`;
}

function corrections(one: Evaluation): TemplateResult | typeof nothing {
  const all = one.corrections ?? [];
  if (all.length === 0) return nothing;
  return html`<h4>${_("Corrected prices")}</h4>
    <ul class="names-list">${all.map((of) => html`<li>${row(one, of)}</li>`)}</ul>`;
}

function row(one: Evaluation, of: CorrectionView): TemplateResult {
  const name = one.bids?.find(({ bid }) => bid === of.bid)?.name ?? of.bid.slice(0, 8);
  const from = of.read_out === null ? "—" : amount(of.read_out);
  const tone = of.status === "accepted" ? "green" : of.status === "asked" || of.status === "proposed" ? "amber" : "grey";
  return html`${name}: <span class="nums">${from} → ${amount(of.price)}</span> ${tag(_(`correction ${of.status}`), tone)}
    <span class="sub">${_(`corrects ${of.ground}`)} · ${of.reason}${of.due === undefined ? "" : ` · ${_("to confirm by {at}", { at: moment(of.due) })}`}</span>`;
}
