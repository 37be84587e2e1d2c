/** The form of a scoring rule: titles, items, weights; what it does not show stays as it was. */

import { html, nothing, type TemplateResult } from "lit";
import { _ } from "../app/texts.ts";
import {
  AMOUNTS,
  PRICE_NUMBERS,
  SCORED,
  total,
  type Item,
  type Part,
  type Rule,
} from "../committee/rule.ts";
import { partKind } from "../committee/rule_table.ts";
import { tag } from "../hall/pieces.ts";
import { field, select } from "./fields.ts";
import { slopeForm } from "./slope_form.ts";
import { tieForm } from "./tie_form.ts";
import { fromMinorUnits, minorUnits } from "./units.ts";

export interface RuleHost {
  readonly draft: Rule;
  readonly currency: string;
  readonly problem: (name: string) => string | undefined;
  readonly put: (next: Rule) => void;
  readonly focus: (id: string) => void;
}

/** What a rule says where it leaves something out, as the rules have it. */
const USUAL = {
  stages: [],
  deductions: [],
  ties: ["price", "technical", "drawn"],
  full: "100",
  candidates: 3,
} as const;
const USUAL_ITEM = { lowest: "0", objective: false, blind: false } as const;

/** What a rule is where it leaves nothing out, with its amounts as they are typed. */
export function toTyped(rule: Partial<Rule> & Pick<Rule, "title" | "price">): Rule {
  const whole = { ...USUAL, ...rule } as Rule;
  const stages = whole.stages.map((stage) => ({
    ...stage,
    items: stage.items.map((one) => (one.kind === "points" ? { ...USUAL_ITEM, ...one } : one)),
  }));
  return withAmounts({ ...whole, stages }, (text) =>
    /^\d{1,15}$/u.test(text) ? fromMinorUnits(Number(text)) : text,
  );
}

/** Return a rule with its amounts as the record has them; what is no amount stays for the service. */
export function toRule(draft: Rule): Rule {
  const { technical_minimum: least, ...rest } = draft;
  const rule = least === undefined || least.trim() === "" ? rest : { ...rest, technical_minimum: least.trim() };
  return withAmounts(rule, (text) => String(minorUnits(text) ?? text));
}

function withAmounts(rule: Rule, change: (text: string) => string): Rule {
  const amounts = Object.entries(rule.price)
    .filter(([name, value]) => AMOUNTS.has(name) && typeof value === "string")
    .map(([name, value]) => [name, change(String(value))] as const);
  return { ...rule, price: { ...rule.price, ...Object.fromEntries(amounts) } };
}

/** The whole form. */
export function ruleForm(host: RuleHost): TemplateResult {
  const { draft } = host;
  return html`${field({
      name: "rule-title",
      label: _("Title of the rule"),
      value: draft.title,
      problem: host.problem("rule-title"),
      changed: (title) => host.put({ ...draft, title }),
    })}
    ${draft.stages.map((stage, index) => part(host, stage, index))} ${pricePart(host)}
    ${tieForm(draft.ties, (ties) => host.put({ ...draft, ties }))} ${rest(host)}`;
}

function part(host: RuleHost, stage: Part, index: number): TemplateResult {
  const items = (next: readonly Item[]): void => {
    const stages = host.draft.stages.map((one, n) => (n === index ? { ...one, items: next } : one));
    host.put({ ...host.draft, stages: stages.filter((one) => one.items.length > 0) });
  };
  const add = (): void => {
    const made = fresh(host.draft, SCORED.has(stage.part));
    items([...stage.items, made]);
    host.focus(`item-${made.item}-title`);
  };
  return html`<fieldset class="rule-items">
    <legend>${stage.title}${partKind(stage.part)}</legend>
    ${stage.items.map((one) =>
      item(
        host,
        one,
        (next) => items(stage.items.map((each) => (each === one ? next : each))),
        () => items(stage.items.filter((each) => each !== one)),
      ),
    )}
    <button class="button button-quiet" type="button" @click=${add}>
      ${_("Add an item")}<span class="unseen"> · ${stage.title}</span>
    </button>
  </fieldset>`;
}

/** A new item whose id nothing in the rule has. */
function fresh(draft: Rule, isScored: boolean): Item {
  const taken = new Set(draft.stages.flatMap((stage) => stage.items).map((one) => one.item));
  let number = taken.size + 1;
  while (taken.has(`item-${number}`)) number += 1;
  const about = { item: `item-${number}`, title: "" };
  if (!isScored) return { kind: "pass", ...about };
  return { kind: "points", ...about, lowest: "0", highest: "", step: "1", objective: false, blind: false };
}

function item(host: RuleHost, one: Item, put: (next: Item) => void, remove: () => void): TemplateResult {
  const name = `item-${one.item}`;
  const numbers: readonly ("highest" | "step")[] = one.kind === "points" ? ["highest", "step"] : [];
  return html`<div class="rule-item ${one.kind === "points" ? "" : "is-pass"}">
    ${field({
      name: `${name}-title`,
      label: one.kind === "points" ? _("What is scored") : _("What every valid bid has"),
      value: one.title,
      problem: host.problem(`${name}-title`),
      changed: (title) => put({ ...one, title }),
    })}
    ${numbers.map((which) =>
      field({
        name: `${name}-${which}`,
        label: which === "highest" ? _("Highest mark") : _("In steps of"),
        value: one.kind === "points" ? one[which] : "",
        mode: "decimal",
        most: 16,
        problem: host.problem(`${name}-${which}`),
        changed: (text) => put({ ...one, [which]: text.trim() } as Item),
      }),
    )}
    <button class="button button-quiet" type="button" @click=${remove}>
      ${_("Remove")}<span class="unseen"> · ${one.title}</span>
    </button>
  </div>`;
}

function pricePart(host: RuleHost): TemplateResult {
  const { draft } = host;
  const { price } = draft;
  const names = PRICE_NUMBERS.filter((name) => typeof price[name] === "string" && price[name] !== "drawn");
  return html`<fieldset class="rule-items">
    <legend>${_("Price part")} <span class="sub">${_(`family ${price.family}`)}</span></legend>
    <p class="hint">${_(`about ${price.family}`)}</p>
    <div class="rule-numbers">
      ${names.map((name) =>
        field({
          name: `price-${name}`,
          label: _(`price ${name}`),
          value: String(price[name]),
          mode: "decimal",
          most: 24,
          ...(AMOUNTS.has(name) ? { unit: host.currency } : {}),
          problem: host.problem(`price-${name}`),
          changed: (text) => host.put({ ...draft, price: { ...price, [name]: text.trim() } }),
        }),
      )}
    </div>
    ${price.deviation === undefined
      ? nothing
      : slopeForm({
          deviation: price.deviation,
          problem: host.problem,
          put: (deviation) => host.put({ ...draft, price: { ...price, deviation } }),
          focus: host.focus,
        })}
    ${"weight" in price ? sums(draft) : nothing}
  </fieldset>`;
}

/** What all comes to together, while it is typed. */
function sums(draft: Rule): TemplateResult {
  const found = total(draft);
  const isFull = found === draft.full;
  return html`<p class="rule-sum">
    ${_("All items and the price together: {sum} of {full}", { sum: found ?? "—", full: draft.full })}
    ${isFull ? tag(_("adds up"), "green") : tag(_("does not add up"), "amber")}
  </p>`;
}

function rest(host: RuleHost): TemplateResult {
  const { draft } = host;
  const counts = ["1", "2", "3"].map((one) => [one, one] as const);
  return html`<div class="rule-numbers">
    ${field({
      name: "technical-minimum",
      label: _("Least technical score, if there is one"),
      value: draft.technical_minimum ?? "",
      mode: "decimal",
      most: 16,
      problem: host.problem("technical-minimum"),
      changed: (text) => host.put(least(draft, text.trim())),
    })}
    ${select("candidates", _("Candidates named at the most"), String(draft.candidates ?? 3), counts, (text) =>
      host.put({ ...draft, candidates: Number(text) }),
    )}
  </div>`;
}

function least(draft: Rule, text: string): Rule {
  const { technical_minimum: _before, ...without } = draft;
  return text === "" ? without : { ...without, technical_minimum: text };
}
