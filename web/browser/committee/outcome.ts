/** What a report says came out: fetched, compared with the record's hash, shown; nothing is worked out here. */

import { html, nothing, type TemplateResult } from "lit";
import { bytes } from "../app/api.ts";
import { _ } from "../app/texts.ts";
import { hex } from "../crypto/bytes.ts";
import { sha256 } from "../crypto/hashing.ts";

interface PlaceRow {
  readonly rank: number;
  readonly bid: string;
  readonly total: string;
  readonly value: string;
  readonly parts: Readonly<Record<string, string>>;
  readonly candidate: boolean;
}

type Outcome =
  | { readonly impossible: string }
  | { readonly places: readonly PlaceRow[]; readonly invalid: readonly { readonly bid: string; readonly why: string }[] };

interface Facts {
  readonly review: readonly {
    readonly bid: string;
    readonly name: string;
    readonly rejected?: { readonly ground: string };
  }[];
  readonly unpriced: readonly { readonly bid: string; readonly why: string }[];
  readonly outcome: Outcome;
}

interface RuleOf {
  readonly stages: readonly { readonly part: string }[];
  readonly price: { readonly family: string };
}

/** The price rules that rank by a price and give no points. */
const BY_PRICE = new Set(["evaluated_price", "coefficient"]);

/** The facts of the newest report of one section; read once for each report. */
export class ReportFacts {
  #hash = "";
  #facts: Facts | undefined;
  #isOther = false;

  constructor(private readonly again: () => void) {}

  /** Show what came out by a rule. `path` is the report's, without a format. */
  render(path: string, hash: string, rule: RuleOf): TemplateResult | typeof nothing {
    if (hash !== this.#hash) {
      this.#hash = hash;
      this.#facts = undefined;
      this.#isOther = false;
      void this.#read(path, hash);
    }
    if (this.#isOther) {
      return html`<p class="note note-red" role="alert">${_("The report that can be fetched is not the one on the record.")}</p>`;
    }
    return this.#facts === undefined ? nothing : outcome(this.#facts, rule);
  }

  async #read(path: string, hash: string): Promise<void> {
    try {
      const content = await bytes(`${path}/json`);
      if (hash !== this.#hash) return;
      if (hex(sha256(content)) === hash) this.#facts = JSON.parse(new TextDecoder().decode(content)) as Facts;
      else this.#isOther = true;
    } catch {
      if (hash === this.#hash) this.#hash = "";
      return;
    }
    this.again();
  }
}

function outcome(facts: Facts, rule: RuleOf): TemplateResult {
  const names = new Map(facts.review.map(({ bid, name }) => [bid, name]));
  const told = facts.outcome;
  if ("impossible" in told) {
    const why = _(`impossible ${told.impossible}`);
    const said = told.impossible === "competition_lacking" ? why : html`${_("The scoring rule could not be applied")}: ${why}`;
    return html`<p class="note note-amber">${said}</p>
      ${without(facts, names, [])}`;
  }
  return html`${told.places.length === 0 ? html`<p>${_("None is recommended.")}</p>` : table(told.places, names, rule)}
    ${without(facts, names, told.invalid)}`;
}

function table(places: readonly PlaceRow[], names: ReadonlyMap<string, string>, rule: RuleOf): TemplateResult {
  const isByPrice = BY_PRICE.has(rule.price.family);
  const scored = new Set(places.flatMap((one) => Object.keys(one.parts)));
  const parts = [...new Set(rule.stages.map(({ part }) => part))].filter((part) => scored.has(part));
  return html`<div class="outcome-scroll" tabindex="0" role="group" aria-label=${_("Ranking")}>
    <table class="table outcome">
      <caption>${_("Ranking")}</caption>
      <thead><tr>
        <th scope="col" class="num">${_("Rank")}</th>
        <th scope="col">${_("Bidder")}</th>
        ${parts.map((part) => html`<th scope="col" class="num">${_(`part ${part}`)}</th>`)}
        ${isByPrice
          ? nothing
          : html`<th scope="col" class="num">${_("Points of the price")}</th><th scope="col" class="num">${_("Total score")}</th>`}
      </tr></thead>
      <tbody>${places.map(
        (one) => html`<tr>
          <td class="num">${one.rank}</td>
          <th scope="row">${names.get(one.bid) ?? one.bid}
            ${one.candidate ? html`<span class="tag tag-green">${_("Candidate {rank}", { rank: one.rank })}</span>` : nothing}</th>
          ${parts.map((part) => html`<td class="num">${one.parts[part] ?? "—"}</td>`)}
          ${isByPrice ? nothing : html`<td class="num">${one.value}</td><td class="num"><b>${one.total}</b></td>`}
        </tr>`,
      )}</tbody>
    </table>
  </div>`;
}

/** Who has no place, each with why. */
function without(
  facts: Facts,
  names: ReadonlyMap<string, string>,
  invalid: readonly { readonly bid: string; readonly why: string }[],
): TemplateResult | typeof nothing {
  const rows: [string, string][] = [
    ...facts.review.flatMap(({ bid, rejected }): [string, string][] =>
      rejected === undefined ? [] : [[bid, _(`ground ${rejected.ground}`)]],
    ),
    ...facts.unpriced.map(({ bid, why }): [string, string] => [bid, _(`unpriced ${why}`)]),
    ...invalid.map(({ bid, why }): [string, string] => [bid, _(`invalid ${why}`)]),
  ];
  if (rows.length === 0) return nothing;
  return html`<h4>${_("Bids without a rank")}</h4>
    <ul class="without">${rows.map(([bid, why]) => html`<li><b>${names.get(bid) ?? bid}</b> ${why}</li>`)}</ul>`;
}
