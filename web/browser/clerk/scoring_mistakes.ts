/** What is wrong with a scoring rule, each beside its field: what the form finds, and what was refused. */

import type { Problem } from "../app/api.ts";
import { _ } from "../app/texts.ts";
import { AMOUNTS, NUMBER, PRICE_NUMBERS, type Rule } from "../committee/rule.ts";
import { exact } from "../desk/marking.ts";
import type { FieldProblem } from "./fields.ts";
import { SIDES, slopeField } from "./slope_form.ts";
import { minorUnits } from "./units.ts";

/** Problems that concern no single item: the field that mends them. */
const PLACES: Readonly<Record<string, string>> = {
  sum_not_full: "price-weight",
  weight_zero: "price-weight",
  shares_not_one: "price-quality_share",
  minimum_too_high: "technical-minimum",
  limits_crossed: "price-full_at",
};

/** What can be told before the service is asked: what is empty, and what is no number. */
export function wrongIn(draft: Rule): readonly FieldProblem[] {
  const empty = (field: string, text: string): FieldProblem[] =>
    text.trim() === "" ? [{ field, text: _("Fill this in.") }] : [];
  const number = (field: string, text: string): FieldProblem[] =>
    NUMBER.test(text.trim()) ? [] : [{ field, text: _("Write a number, with decimals if need be.") }];
  const items = draft.stages.flatMap((stage) => stage.items);
  return [
    ...empty("rule-title", draft.title),
    ...items.flatMap((one) => [
      ...empty(`item-${one.item}-title`, one.title),
      ...(one.kind === "points"
        ? [...number(`item-${one.item}-highest`, one.highest), ...number(`item-${one.item}-step`, one.step)]
        : []),
    ]),
    ...PRICE_NUMBERS.flatMap((name) => {
      const value = draft.price[name];
      if (typeof value !== "string" || value === "drawn") return [];
      if (!AMOUNTS.has(name)) return number(`price-${name}`, value);
      return minorUnits(value) === undefined
        ? [{ field: `price-${name}`, text: _("Write an amount with at most two decimals, such as 90,000,000.00.") }]
        : [];
    }),
    ...SIDES.flatMap((side) =>
      (draft.price.deviation?.[side] ?? []).flatMap((one, n) => [
        ...number(slopeField(side, n, "points"), one.points),
        ...(one.to === undefined ? [] : number(slopeField(side, n, "to"), one.to)),
      ]),
    ),
    ...(draft.price.deviation?.cap ? number("deviation-cap", draft.price.deviation.cap) : []),
    ...(draft.technical_minimum === undefined ? [] : number("technical-minimum", draft.technical_minimum)),
  ];
}

/** What the service refused, one by one: each is a code, perhaps with where it is. */
export function problemsOf(refused: Problem, draft: Rule): readonly FieldProblem[] {
  const told = refused.facts["problems"];
  return (Array.isArray(told) ? told : []).map((one) => {
    const [code = "", where = ""] = String(one).split(" ");
    const title = draft.stages.flatMap((stage) => stage.items).find((item) => item.item === where)?.title;
    const text = _(`rule ${code}`);
    const said = title === undefined ? text : _("{name} ({of})", { name: text, of: title });
    return { field: placeOf(code, where, draft), text: said };
  });
}

function placeOf(code: string, where: string, draft: Rule): string {
  const item = draft.stages.flatMap((stage) => stage.items).find((one) => one.item === where);
  if (item !== undefined) {
    if (item.kind === "pass") return `item-${where}-title`;
    return `item-${where}-${code.startsWith("step_") ? "step" : "highest"}`;
  }
  if (where === "above" || where === "below") return slopePlace(code, where, draft);
  if (typeof draft.price[where] === "string") return `price-${where}`;
  const place = PLACES[code];
  if (place === undefined) return "rule-title";
  const isThere = !place.startsWith("price-") || typeof draft.price[place.slice(6)] === "string";
  return isThere ? place : "rule-title";
}

/** The first end of a side that does not lie beyond the one before; its first part where it has no end. */
function slopePlace(code: string, side: "above" | "below", draft: Rule): string {
  const parts = draft.price.deviation?.[side] ?? [];
  if (parts.length === 0) return "rule-title";
  const ends = parts.slice(0, -1).map(({ to }) => exact(to ?? "") ?? 0n);
  const at = ends.findIndex((end, n) => end <= (ends[n - 1] ?? 0n));
  return code === "slope_not_rising" && at >= 0 ? slopeField(side, at, "to") : slopeField(side, 0, "points");
}
