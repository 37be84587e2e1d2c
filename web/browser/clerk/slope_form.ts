/** How many points a price loses for lying off the base, as fields: each side, its parts, and the rest. */

import { html, nothing, type TemplateResult } from "lit";
import { _ } from "../app/texts.ts";
import type { Deviation, Segment } from "../committee/rule.ts";
import { field, select } from "./fields.ts";

export const SIDES = ["above", "below"] as const;
export type Side = (typeof SIDES)[number];

/** As many parts as a side may have. */
const MOST_PARTS = 10;
const COUNTED = ["exactly", "started", "whole"] as const;
const DECIMALS = ["0", "1", "2", "3", "4", "5", "6"] as const;

interface SlopeHost {
  readonly deviation: Deviation;
  readonly problem: (name: string) => string | undefined;
  readonly put: (next: Deviation) => void;
  readonly focus: (id: string) => void;
}

/** The field of a part of a side; its end or its points. */
export function slopeField(side: Side, n: number, which: "points" | "to"): string {
  return `slope-${side}-${n}-${which}`;
}

export function slopeForm(host: SlopeHost): TemplateResult {
  const { deviation, problem, put } = host;
  const counted = COUNTED.map((one) => [one, _(`counted ${one}`)] as const);
  const decimals = [["", _("not rounded")] as const, ...DECIMALS.map((one) => [one, one] as const)];
  return html`${SIDES.map((side) => sideForm(host, side))}
    <div class="rule-numbers">
      ${select("deviation-counted", _("Per cents count"), deviation.counted ?? "exactly", counted, (text) =>
        put({ ...deviation, counted: text }),
      )}
      ${select(
        "deviation-decimals",
        _("Deviation rounded to decimals"),
        deviation.decimals === undefined || deviation.decimals === null ? "" : String(deviation.decimals),
        decimals,
        (text) => put(withDecimals(deviation, text)),
      )}
      ${field({
        name: "deviation-cap",
        label: _("Most points lost, if there is a limit"),
        value: deviation.cap ?? "",
        mode: "decimal",
        most: 16,
        problem: problem("deviation-cap"),
        changed: (text) => put(withCap(deviation, text.trim())),
      })}
    </div>`;
}

function sideForm(host: SlopeHost, side: Side): TemplateResult {
  const parts = host.deviation[side];
  const change = (next: readonly Segment[]): void => host.put({ ...host.deviation, [side]: next });
  const add = (): void => {
    change(withPart(parts));
    host.focus(slopeField(side, parts.length - 1, "to"));
  };
  return html`<fieldset class="slope">
    <legend>${side === "above" ? _("Off for each per cent above the base") : _("Off for each per cent below the base")}</legend>
    ${parts.map((_part, n) => partForm(host, side, n, change))}
    ${parts.length >= MOST_PARTS
      ? nothing
      : html`<button class="button button-quiet" type="button" data-step="add-${side}" @click=${add}>
          ${_("Add a part")}<span class="unseen"> · ${side === "above" ? _("above the base") : _("below the base")}</span>
        </button>`}
  </fieldset>`;
}

function partForm(host: SlopeHost, side: Side, n: number, change: (next: readonly Segment[]) => void): TemplateResult {
  const parts = host.deviation[side];
  const part = parts[n];
  if (part === undefined) return html``;
  const put = (next: Segment): void => change(parts.map((one, index) => (index === n ? next : one)));
  const isLast = n === parts.length - 1;
  const points = slopeField(side, n, "points");
  const to = slopeField(side, n, "to");
  return html`<div class="slope-part">
    ${field({
      name: points,
      label: _("Points a per cent"),
      value: part.points,
      mode: "decimal",
      most: 16,
      problem: host.problem(points),
      changed: (text) => put({ ...part, points: text.trim() }),
    })}
    ${isLast
      ? html`<p class="slope-open">${n === 0 ? _("at any distance") : _("from there on")}</p>`
      : field({
          name: to,
          label: _("up to per cent"),
          value: part.to ?? "",
          mode: "decimal",
          most: 16,
          unit: "%",
          problem: host.problem(to),
          changed: (text) => put({ ...part, to: text.trim() }),
        })}
    ${parts.length === 1
      ? nothing
      : html`<button class="button button-quiet" type="button" @click=${(): void => change(withoutPart(parts, n))}>
          ${_("Remove")}<span class="unseen"> · ${_("part {n}", { n: n + 1 })}</span>
        </button>`}
  </div>`;
}

/** One part more: the last one gets an end, and what lies beyond it is the new one. */
export function withPart(parts: readonly Segment[]): readonly Segment[] {
  const last = parts.at(-1);
  if (last === undefined) return [{ points: "" }];
  return [...parts.slice(0, -1), { ...last, to: "" }, { points: "" }];
}

/** One part less; the last that is left has no end. */
export function withoutPart(parts: readonly Segment[], n: number): readonly Segment[] {
  const left = parts.filter((_one, index) => index !== n);
  return left.map((one, index) => (index === left.length - 1 ? { points: one.points } : one));
}

function withDecimals(deviation: Deviation, text: string): Deviation {
  const { decimals: _before, ...rest } = deviation;
  return text === "" ? rest : { ...rest, decimals: Number(text) };
}

function withCap(deviation: Deviation, text: string): Deviation {
  const { cap: _before, ...rest } = deviation;
  return text === "" ? rest : { ...rest, cap: text };
}
