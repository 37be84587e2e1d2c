/** Filling the bid form: the section's fields, the price in figures and capitals, kept as typed. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { amount } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import type { Draft } from "./draft.ts";
import { capitalsAgree } from "./capitals.ts";
import { capitalsFor } from "./filled.ts";
import type { FormField } from "./form.ts";
import { minorOf } from "./money.ts";
import { fieldName, problemInWords } from "./words.ts";

/** `<kb-bid-form .bidding .isTried>`: problems stand at their fields once going on was tried. */
export class BidForm extends LitElement {
  static override properties = { bidding: { attribute: false }, isTried: { attribute: false } };
  declare bidding: Draft;
  declare isTried: boolean;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { terms } = this.bidding;
    return html`<div class="form">
      ${this.#line("bidder", { isRequired: true })}
      ${terms.priced ? this.#price() : html`<p class="note">${_("This envelope must not tell the price: it goes into the second one.")}</p>`}
      ${this.#security()}
      <div class="field-row">${this.#line("quality")} ${this.#line("duration_days", { mode: "numeric" })} ${this.#line("leader")}</div>
      ${terms.fields.map((field) => this.#extra(field))}
      ${this.#line("remarks", { isLong: true })}
    </div>`;
  }

  #price(): TemplateResult {
    const isRate = this.bidding.filled["price.kind"] === "rate";
    const { currency = "", limit } = this.bidding.terms;
    return html`<fieldset>
      <legend>${_("Price")}</legend>
      <div class="choices">
        ${this.#choice("price.kind", "amount", _("An amount in {currency}", { currency }), !isRate)}
        ${this.#choice("price.kind", "rate", _("A rate"), isRate)}
      </div>
      ${isRate
        ? this.#line("price.rate", { isRequired: true, mode: "decimal" })
        : html`${this.#line("price.amount", {
            isRequired: true,
            mode: "decimal",
            hint: limit === undefined ? "" : _("At most {limit} {currency}", { limit: amount(limit), currency }),
            after: this.#figures(),
          })}
          ${currency === "CNY" ? this.#line("price.capitals", { after: this.#capitals() }) : nothing}`}
      ${this.#line("price.unit")}
    </fieldset>`;
  }

  /** The amount as it was understood: who types a comma wrong sees it here. */
  #figures(): TemplateResult | typeof nothing {
    const minor = minorOf(this.bidding.filled["price.amount"] ?? "");
    return minor === undefined
      ? nothing
      : html`<p class="hint nums">${_("Read as {amount} {currency}", { amount: amount(minor), currency: this.bidding.terms.currency ?? "" })}</p>`;
  }

  #capitals(): TemplateResult | typeof nothing {
    const typed = this.bidding.filled["price.amount"] ?? "";
    const minor = minorOf(typed);
    const words = this.bidding.filled["price.capitals"] ?? "";
    if (minor === undefined) return nothing;
    if (words !== "" && capitalsAgree(words, minor)) {
      return html`<p class="agrees">✓ ${_("Figures and capitals agree")}</p>`;
    }
    return html`<p class="hint">
      <span lang="zh-CN">${capitalsFor(typed)}</span>
      <button class="plain-link" type="button" @click=${() => this.#type("price.capitals", capitalsFor(typed))}>
        ${_("Write it so")}
      </button>
    </p>`;
  }

  #security(): TemplateResult {
    const given = this.bidding.filled["security.given"] ?? "";
    return html`<fieldset>
      <legend>${_("Bid security")}</legend>
      <div class="choices">
        ${this.#choice("security.given", "yes", _("Given"), given === "yes")}
        ${this.#choice("security.given", "no", _("Not given"), given === "no")}
        ${this.#choice("security.given", "", _("Not asked for"), given === "")}
      </div>
      ${given === "yes"
        ? html`<div class="field-row">${this.#line("security.amount", { mode: "decimal" })} ${this.#line("security.form")}</div>`
        : nothing}
    </fieldset>`;
  }

  #extra({ field, kind, required }: FormField): TemplateResult {
    const path = `extra.${field}`;
    const modes = { amount: "decimal", decimal: "decimal", integer: "numeric", text: "text", date: "text" } as const;
    return this.#line(path, { isRequired: required, mode: modes[kind], type: kind === "date" ? "date" : "text" });
  }

  #line(path: string, more: LineOptions = {}): TemplateResult {
    const { bidding } = this;
    const id = `form-${path.replaceAll(".", "-")}`;
    const problem = this.isTried ? bidding.formProblems.find(({ field }) => field === path) : undefined;
    const value = bidding.filled[path] ?? "";
    const typed = (event: Event): void =>
      this.#type(path, (event.currentTarget as HTMLInputElement | HTMLTextAreaElement).value);
    const describedBy = problem === undefined ? nothing : `${id}-problem`;
    return html`<div class="field ${problem === undefined ? "" : "has-problem"}">
      <label for=${id}>${fieldName(path, bidding.terms)}${more.isRequired === true ? nothing : html` <span class="quiet">${_("(optional)")}</span>`}</label>
      ${more.hint === undefined || more.hint === "" ? nothing : html`<p class="hint">${more.hint}</p>`}
      ${problem === undefined ? nothing : html`<p class="field-problem" id="${id}-problem">${problemInWords(problem, bidding.terms)}</p>`}
      ${more.isLong === true
        ? html`<textarea id=${id} rows="3" maxlength="5000" aria-describedby=${describedBy} .value=${value} @input=${typed}></textarea>`
        : html`<input id=${id} type=${more.type ?? "text"} inputmode=${more.mode ?? "text"} maxlength="500" autocomplete="off" aria-describedby=${describedBy} .value=${value} @input=${typed} />`}
      ${more.after ?? nothing}
    </div>`;
  }

  #choice(path: string, value: string, text: string, isChosen: boolean): TemplateResult {
    return html`<label class="choice">
      <input type="radio" name=${path} value=${value} .checked=${isChosen} @change=${() => this.#type(path, value)} />
      <span>${text}</span>
    </label>`;
  }

  #type(path: string, text: string): void {
    void this.bidding.type(path, text);
    this.requestUpdate();
  }
}

interface LineOptions {
  readonly isRequired?: boolean;
  readonly isLong?: boolean;
  readonly mode?: "text" | "numeric" | "decimal";
  readonly type?: "text" | "date";
  readonly hint?: string;
  readonly after?: TemplateResult | typeof nothing;
}
