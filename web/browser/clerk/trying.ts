/**
 * A rule tried on example prices while it is written: the service works them out, as it will work
 * out the bids'. Nothing of it is kept, and no bid is in it.
 */

import { html, nothing, type TemplateResult } from "lit";
import { request } from "../app/api.ts";
import { inWords } from "../app/ask.ts";
import { amount } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import type { Rule } from "../committee/rule.ts";
import { area, field } from "./fields.ts";
import { toRule } from "./scoring_form.ts";
import { wrongIn } from "./scoring_mistakes.ts";
import { fromMinorUnits, minorUnits } from "./units.ts";

const PAUSE_MS = 350;
const MOST = 20;
/** Example prices around an amount the rule names, or below the highest one, in per mille. */
const [AROUND, BELOW] = [
  [900, 960, 1000, 1030, 1080],
  [820, 870, 900, 930, 980],
];
const USUAL = 1_000_000_000_00;

interface Sum {
  readonly name: string;
  readonly formula: string;
  readonly value: string;
}

interface Row {
  readonly value?: string;
  readonly invalid?: string;
  readonly is_low: boolean;
  readonly steps: readonly Sum[];
}

interface Tried {
  readonly problems?: readonly string[];
  readonly impossible?: string;
  readonly better?: "higher" | "lower";
  readonly together?: readonly Sum[];
  readonly rows?: readonly Row[];
}

export class Trying {
  #prices = "";
  #drawn: string;
  #asked = "";
  #tried: { readonly prices: readonly number[]; readonly found: Tried } | undefined;
  #problem = "";
  #timer = 0;

  constructor(
    private readonly limit: number | undefined,
    private readonly currency: string,
    drawn: string,
    private readonly changed: () => void,
  ) {
    this.#drawn = drawn;
  }

  /** What came of the prices, and the fields to try others; follows the rule as it is typed. */
  render(draft: Rule): TemplateResult {
    if (this.#prices === "") this.#prices = this.#examples(draft);
    const prices = this.#read();
    const isDrawn = Object.values(draft.price).includes("drawn");
    const isWhole = wrongIn(draft).length === 0;
    if (isWhole && prices !== undefined) this.#soon(draft, prices, isDrawn);
    return html`<section class="card form trying" aria-labelledby="rule-tried">
      <h2 id="rule-tried">${_("Tried on example prices")}</h2>
      <p class="hint">${_("The service works these out as it will work out the bids'. Nothing of it is kept.")} ${_("Sums are in minor units 分, as in the report.")}
        ${draft.price.family === "coefficient" ? _("Every bid is taken to have the highest marks.") : nothing}</p>
      ${area({
        name: "try-prices",
        label: _("Example prices, one a line"),
        value: this.#prices,
        rows: 5,
        problem: prices === undefined ? _("Write 1 to {most} amounts, one a line, with at most two decimals.", { most: MOST }) : undefined,
        changed: (text) => {
          this.#prices = text;
          this.changed();
        },
      })}
      ${isDrawn
        ? field({
            name: "try-drawn",
            label: _("As if this had been drawn"),
            value: this.#drawn,
            mode: "decimal",
            most: 16,
            changed: (text) => {
              this.#drawn = text;
              this.changed();
            },
          })
        : nothing}
      ${isWhole
        ? this.#outcome()
        : html`<p class="quiet">${_("The rule has an empty field, or one that is no number; the prices are worked out once it is filled in.")}</p>`}
    </section>`;
  }

  #examples(draft: Rule): string {
    const named = draft.price["base"] ?? draft.price["none_at"];
    const around = typeof named === "string" ? minorUnits(named) : undefined;
    const from = Math.floor((around ?? this.limit ?? USUAL) / 1000);
    return (around === undefined ? BELOW : AROUND).map((part) => fromMinorUnits(from * part)).join("\n");
  }

  #read(): readonly number[] | undefined {
    const lines = this.#prices.split("\n").filter((line) => line.trim() !== "");
    const prices = lines.map((line) => minorUnits(line)).filter((one) => one !== undefined);
    return prices.length === lines.length && prices.length > 0 && prices.length <= MOST ? prices : undefined;
  }

  #soon(draft: Rule, prices: readonly number[], isDrawn: boolean): void {
    const drawn = this.#drawn.trim();
    const body = JSON.stringify({
      rule: toRule(draft),
      prices: prices.map(String),
      ...(this.limit === undefined ? {} : { limit: String(this.limit) }),
      ...(isDrawn && drawn !== "" ? { drawn } : {}),
    });
    if (body === this.#asked) return;
    this.#asked = body;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#ask(body, prices), PAUSE_MS);
  }

  async #ask(body: string, prices: readonly number[]): Promise<void> {
    try {
      const answer = await request("/api/scoring-rules/preview", {
        method: "POST",
        body,
        headers: { "content-type": "application/json" },
      });
      const found = (await answer.json()) as Tried;
      if (body !== this.#asked) return;
      [this.#tried, this.#problem] = [{ prices, found }, ""];
    } catch (error) {
      if (body !== this.#asked) return;
      this.#tried = undefined;
      this.#problem = inWords(error);
    }
    this.changed();
  }

  #outcome(): TemplateResult | typeof nothing {
    if (this.#problem !== "") return html`<p class="quiet">${this.#problem}</p>`;
    if (this.#tried === undefined) return nothing;
    const { prices, found } = this.#tried;
    if (found.problems !== undefined) {
      return html`<ul class="problem-line">${found.problems.map((one) => html`<li>${_(`rule ${one.split(" ")[0] ?? ""}`)}</li>`)}</ul>`;
    }
    if (found.impossible !== undefined) return html`<p class="problem-line">${_("These prices cannot be scored by this rule: a price or the base is zero.")}</p>`;
    return html`${sums(found.together ?? [])} ${this.#table(prices, found)}`;
  }

  #table(prices: readonly number[], { rows = [], better }: Tried): TemplateResult {
    return html`<table class="table table-stack tried">
      <caption class="unseen">${_("Tried on example prices")}</caption>
      <thead><tr>
        <th scope="col" class="num">${_("Price")} (${this.currency})</th>
        <th scope="col" class="num">${better === "lower" ? _("Ranked by") : _("Points")}</th>
        <th scope="col">${_("How it is worked out")}</th>
      </tr></thead>
      <tbody>
        ${rows.map(
          (row, n) => html`<tr>
            <th scope="row" class="num" data-label=${_("Price")}>${amount(prices[n] ?? 0)}</th>
            <td class="num" data-label=${better === "lower" ? _("Ranked by") : _("Points")}><strong>${row.value ?? "—"}</strong></td>
            <td data-label=${_("How it is worked out")}>
              ${row.invalid === undefined ? nothing : html`<p>${_("above the limit: does not count")}</p>`}
              ${row.is_low ? html`<p>${_("price perhaps below cost: to be asked about")}</p>` : nothing}
              ${sums(row.steps)}
            </td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }
}

function sums(steps: readonly Sum[]): TemplateResult | typeof nothing {
  const told = steps.filter(({ name }) => name !== "price");
  if (told.length === 0) return nothing;
  return html`<ul class="sums">${told.map(({ name, formula, value }) => html`<li class="sub">${_(`sum ${name}`)}: <span class="nums">${formula === value ? value : `${formula} = ${value}`}</span></li>`)}</ul>`;
}
