/** What was submitted at a place and what came of it: revisions, withdrawals, refusals, what was lost. */

import { html, nothing, type TemplateResult } from "lit";
import { moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import type { Bidding } from "./bidding.ts";
import type { BidRecord } from "./record.ts";
import { sizeText } from "./size.ts";
import { tag } from "./steps.ts";
import { lostInWords } from "./words.ts";

/** What can be done with a bid in the list. */
export interface HistoryActions {
  saveReceipt(bid: string): void;
  saveRefusal(record: BidRecord): void;
  saveSecret(record: BidRecord): void;
}

/** One's own bids as the service has them, and what this browser knows besides. */
export function historyView(bidding: Bidding, actions: HistoryActions): TemplateResult | typeof nothing {
  const { own } = bidding;
  const known = new Set(own.map(({ bid }) => bid));
  const others = bidding.records.filter(({ bid, stage }) => !known.has(bid) && (stage === "refused" || stage === "lost"));
  if (own.length === 0 && others.length === 0) return nothing;
  return html`<h2>${_("History")}</h2>
    ${own.length === 0 ? nothing : ownTable(bidding, actions)}
    ${others.map((record) => elsewhere(record, actions))}`;
}

function ownTable(bidding: Bidding, actions: HistoryActions): TemplateResult {
  const secrets = new Map(bidding.records.filter(({ hasSecret }) => hasSecret).map((one) => [one.bid, one]));
  return html`<table class="table table-stack">
    <thead>
      <tr>
        <th scope="col">${_("Bid")}</th><th scope="col">${_("Revision")}</th><th scope="col">${_("Submitted")}</th>
        <th scope="col">${_("Size")}</th><th scope="col">${_("State")}</th><th scope="col">${_("Files")}</th>
      </tr>
    </thead>
    <tbody>
      ${bidding.own.map((one) => {
        const secret = secrets.get(one.bid);
        return html`<tr>
          <th scope="row" class="cell-main mono">${one.bid.slice(0, 8)}</th>
          <td data-label=${_("Revision")} class="nums">${one.revision}</td>
          <td data-label=${_("Submitted")} class="nums">${moment(one.at)}</td>
          <td data-label=${_("Size")} class="nums">${sizeText(one.size)}</td>
          <td data-label=${_("State")}>${tag(one.status === "live" ? "green" : "grey", _(`bid ${one.status}`))}</td>
          <td data-label=${_("Files")}>
            <button class="plain-link" type="button" @click=${() => actions.saveReceipt(one.bid)}>${_("Receipt")}</button>
            ${secret === undefined
              ? nothing
              : html`<button class="plain-link" type="button" @click=${() => actions.saveSecret(secret)}>${_("Secret")}</button>`}
          </td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

function elsewhere(record: BidRecord, actions: HistoryActions): TemplateResult {
  const { refusal } = record;
  return html`<div class="entry">
    <p class="entry-head">
      <span class="mono">${record.bid.slice(0, 8)}</span> · ${moment(refusal?.at ?? record.created)}
      ${refusal === undefined ? tag("grey", _("Not submitted")) : tag("red", _("Refused"))}
    </p>
    <p class="prose">${refusal === undefined ? lostInWords(record) : refusal.detail}</p>
    ${refusal?.signed === undefined
      ? nothing
      : html`<button class="plain-link" type="button" @click=${() => actions.saveRefusal(record)}>
          ${_("Save the signed refusal")}
        </button>`}
  </div>`;
}
