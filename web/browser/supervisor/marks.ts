/** All marks of a committee as they were signed, once they are locked; nothing is added up here. */

import { html, type TemplateResult } from "lit";
import { _ } from "../app/texts.ts";
import { openedAliases } from "../committee/aliases.ts";
import { scoredItems } from "../committee/rule.ts";
import type { Evaluation } from "../committee/view.ts";

/** Show every mark, bid by bid; rejected bids have none. */
export function marksTable(one: Evaluation): TemplateResult {
  const items = scoredItems(one.rule);
  const seats = one.members.map((member) => member.seat);
  const bids = (one.bids ?? []).filter(({ bid }) => one.marks?.[bid] !== undefined);
  return html`<details class="marks">
    <summary>${_("Marks of all members, as signed")}</summary>
    ${openedAliases(one.blind, (bid) => bids.find((of) => of.bid === bid)?.name ?? bid)}
    ${bids.map(
      ({ bid, name }) =>
        html`<div class="marks-scroll" tabindex="0" role="group" aria-label=${name}>
          <table class="table">
            <caption>
              ${name}
            </caption>
            <thead>
              <tr>
                <th scope="col">${_("Item of the rule")}</th>
                ${seats.map((seat) => html`<th scope="col" class="num">${_("seat {seat}", { seat })}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${items.map(
                (item) =>
                  html`<tr>
                    <th scope="row">${item.title}</th>
                    ${seats.map(
                      (seat) => html`<td class="num">${one.marks?.[bid]?.[item.item]?.[seat] ?? "—"}</td>`,
                    )}
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>`,
    )}
  </details>`;
}
