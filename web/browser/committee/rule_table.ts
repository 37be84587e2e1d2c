/** A scoring rule as a table for people: what is asked, what counts how much, how prices count. */

import { html, nothing, type TemplateResult } from "lit";
import { amount } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import {
  AMOUNTS,
  PRICE_NUMBERS,
  SCORED,
  total,
  type Item,
  type Part,
  type Price,
  type Rule,
  type Segment,
} from "./rule.ts";

/** Show a rule whole. */
export function ruleTable(rule: Rule, currency: string): TemplateResult {
  return html`<table class="table table-stack rule-table">
      <caption>
        ${rule.title}
      </caption>
      <thead>
        <tr>
          <th scope="col">${_("Item of the rule")}</th>
          <th scope="col">${_("Range")}</th>
          <th scope="col">${_("In steps of")}</th>
        </tr>
      </thead>
      ${rule.stages.map((one) => part(one))}
    </table>
    ${pricePart(rule, currency)}`;
}

function part(one: Part): TemplateResult {
  return html`<tbody>
    <tr class="rule-part">
      <th scope="rowgroup" colspan="3">${one.title}${partKind(one.part)}</th>
    </tr>
    ${one.items.map((each) => item(each))}
  </tbody>`;
}

/** Which kind of score a part is; what is passed or failed says so line by line. */
export function partKind(part: string): TemplateResult | typeof nothing {
  return SCORED.has(part) ? html` <span class="sub">${_(`part ${part}`)}</span>` : nothing;
}

function item(one: Item): TemplateResult {
  const isScored = one.kind === "points";
  return html`<tr>
    <th scope="row" class="cell-main">
      ${one.title}${isScored && one.objective ? html` <span class="sub">${_("objective item")}</span>` : nothing}${isScored &&
      one.blind
        ? html` <span class="sub">${_("blind item")}</span>`
        : nothing}
    </th>
    <td class="nums" data-label=${_("Range")}>
      ${isScored ? `${one.lowest} – ${one.highest}` : _("passed or failed")}
    </td>
    <td class="nums" data-label=${_("In steps of")}>${isScored ? one.step : "—"}</td>
  </tr>`;
}

function pricePart(rule: Rule, currency: string): TemplateResult {
  const { price } = rule;
  const rows: (readonly [string, unknown])[] = [
    [_("Price part"), _(`family ${price.family}`)],
    [_("In words"), _(`about ${price.family}`)],
    ...PRICE_NUMBERS.filter((name) => typeof price[name] === "string").map(
      (name) => [_(`price ${name}`), number(price, name, currency)] as const,
    ),
    [_("Off for each per cent above the base"), slope(price.deviation?.above)],
    [_("Off for each per cent below the base"), slope(price.deviation?.below)],
    [_("Per cents count"), price.deviation === undefined ? "" : _(`counted ${price.deviation.counted ?? "exactly"}`)],
    [_("Deviation rounded to decimals"), price.deviation?.decimals ?? undefined],
    [_("Most points lost, if there is a limit"), price.deviation?.cap ?? undefined],
    [
      _("Taken off the price for evaluation"),
      rule.deductions.map((one) => `${one.title} ${one.percent} %`).join(_("; ")),
    ],
    [_("All together"), typeof price["weight"] === "string" ? (total(rule) ?? "—") : ""],
    [_("Least technical score"), rule.technical_minimum],
    [_("Between equals"), rule.ties.map((one) => _(`tie ${one}`)).join(_("; "))],
    [_("Candidates named at the most"), rule.candidates],
  ];
  return html`<dl class="facts rule-facts">
    ${rows
      .filter(([, value]) => value !== undefined && value !== "")
      .map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
  </dl>`;
}

function number(price: Price, name: string, currency: string): string {
  const value = String(price[name]);
  if (value === "drawn") return _("as drawn in the opening");
  return AMOUNTS.has(name) && /^\d{1,15}$/u.test(value) ? `${amount(Number(value))} ${currency}` : value;
}

function slope(segments: readonly Segment[] | undefined): string | undefined {
  return segments
    ?.map((one) =>
      one.to === undefined
        ? _("{points} points", { points: one.points })
        : _("{points} points up to {to} %", { points: one.points, to: one.to }),
    )
    .join(_("; "));
}
