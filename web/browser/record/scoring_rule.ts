/** The form of a scoring rule 评分办法, field by field; it is read here and never applied. */

import { flag, line, list, numberText, object, oneOf, oneShape, text, whole } from "./shapes.ts";

/** What a rule calls an item or a deduction. */
export const item = text(/^[a-z0-9][a-z0-9-]{0,31}$/u);

const v = oneOf(1);
const decimals = whole(0, 6);
const count = whole(0, 100);
const positive = numberText;
const drawn = oneShape(positive, oneOf("drawn"));

const stage = object({
  part: oneOf("formal", "qualification", "responsive", "commercial", "technical"),
  title: line,
  items: list(
    oneShape(
      object({ kind: oneOf("pass"), item, title: line, "ground?": line }),
      object({
        kind: oneOf("points"),
        item,
        title: line,
        lowest: positive,
        highest: positive,
        step: positive,
        objective: flag,
        blind: flag,
      }),
    ),
  ),
});

const trim = object({ least: count, high: count, low: count });
const slope = list(object({ points: positive, "to?": positive }));
const deviation = object({
  above: slope,
  below: slope,
  counted: oneOf("exactly", "started", "whole"),
  "decimals?": decimals,
  "cap?": positive,
});
const offABase = { weight: positive, deviation, decimals };
const offTheMean = {
  ...offABase,
  mean: object({ trims: list(trim), "decimals?": decimals }),
  "base_decimals?": decimals,
};

const price = oneShape(
  object({ family: oneOf("lowest_price"), weight: positive, decimals }),
  object({ family: oneOf("mean_base"), ...offTheMean, coefficient: drawn }),
  object({ family: oneOf("limit_and_mean"), ...offTheMean, share: positive, lowering: drawn }),
  object({ family: oneOf("fixed_base"), ...offABase, base: positive }),
  object({ family: oneOf("evaluated_price") }),
  object({
    family: oneOf("quality_and_cost"),
    quality_share: positive,
    price_share: positive,
    decimals,
  }),
  object({ family: oneOf("coefficient"), decimals }),
  object({
    family: oneOf("between_limits"),
    weight: positive,
    full_at: positive,
    none_at: positive,
    decimals,
  }),
);

/** The whole rule of one section. */
export const scoringRule = object({
  v,
  title: line,
  stages: list(stage),
  experts: object({
    over: oneOf("item", "part"),
    "trim?": trim,
    decimals,
    outlier_percent: positive,
  }),
  price,
  deductions: list(object({ deduction: item, title: line, percent: positive })),
  full: positive,
  total_decimals: decimals,
  "technical_minimum?": positive,
  "low_percent_of_limit?": positive,
  "low_percent_of_mean?": positive,
  ties: list(oneOf("price", "technical", "commercial", "earlier", "drawn")),
  candidates: whole(1, 3),
});
