/** What was published of a section before its committee marked again; it answers nothing itself. */

import { html, nothing, type TemplateResult } from "lit";
import { amount, moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { tag } from "../hall/pieces.ts";
import type { Candidate, FormerResult, Objection, ResultView } from "./messages.ts";

/** The candidates of a result, or that there is none, and why. */
export function candidatesTable(
  result: Pick<ResultView, "candidates" | "reason" | "by_rate" | "award">,
  currency: string,
): TemplateResult {
  if (result.candidates.length === 0) {
    return html`<p class="note note-amber">
      <strong>${_("There is no candidate.")}</strong> ${_(`no candidate ${result.reason ?? ""}`)}
    </p>`;
  }
  return html`<table class="table table-stack candidates">
    <caption class="unseen">${_("Candidates for the award")}</caption>
    <thead>
      <tr>
        <th scope="col">${_("Place")}</th>
        <th scope="col">${_("Candidate")}</th>
        <th scope="col" class="num">${_("Price as evaluated")}</th>
        <th scope="col" class="num">${_("Points or deciding price")}</th>
      </tr>
    </thead>
    <tbody>
      ${result.candidates.map((one) => row(one, result, currency))}
    </tbody>
  </table>`;
}

function row(one: Candidate, result: Pick<ResultView, "by_rate" | "award">, currency: string): TemplateResult {
  const isMoney = !result.by_rate && /^\d+$/u.test(one.price);
  return html`<tr>
    <td class="nums" data-label=${_("Place")}>${one.place}</td>
    <th scope="row" class="cell-main">
      ${one.name} ${result.award?.bid === one.bid ? tag(_("wins"), "green") : nothing}
    </th>
    <td class="num" data-label=${_("Price as evaluated")}>
      ${isMoney ? `${amount(Number(one.price))} ${currency}` : one.price}
    </td>
    <td class="num" data-label=${_("Points or deciding price")}>${one.total}</td>
  </tr>`;
}

/**
 * Every result that was published before, the first first.
 *
 * @param isReplaced whether another result stands in their place by now.
 * @param objection how an objection is shown, and answered where that is still owed.
 */
export function formerResults(
  former: readonly FormerResult[] | undefined,
  currency: string,
  isReplaced: boolean,
  objection: (one: Objection) => TemplateResult,
): TemplateResult[] {
  const all = former ?? [];
  return all.map((one, index) => {
    const id = `former-${index + 1}`;
    const isLast = index === all.length - 1;
    return html`<section class="card" aria-labelledby=${id}>
      <div class="card-head">
        <h2 id=${id}>${_("Former publication {number}", { number: index + 1 })} ${tag(isReplaced || !isLast ? _("replaced") : _("withdrawn"), "grey")}</h2>
      </div>
      <p class="quiet">${_("Published {at}, withdrawn {withdrawn} for a re-evaluation by the committee.", { at: moment(one.at), withdrawn: moment(one.withdrawn) })}</p>
      ${candidatesTable(one, currency)}
      <p class="hint">${_("SHA-256 of the report's facts")} <code class="whole-hash">${one.facts}</code></p>
      ${(one.objections ?? []).length === 0 ? nothing : html`<h3>${_("Objections to the result")}</h3>`}
      ${(one.objections ?? []).map(objection)}
    </section>`;
  });
}
