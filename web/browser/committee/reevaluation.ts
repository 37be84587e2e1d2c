/** A re-evaluation 复评 as clerk, members and supervisor are shown it; it orders and marks nothing. */

import { html, nothing, type TemplateResult } from "lit";
import { moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { hash, tag, type Tone } from "../hall/pieces.ts";

/** Why marks are given again: Order 87, article 64. */
export const GROUNDS = ["extreme", "objective", "criteria", "calculation"] as const;
export type Ground = (typeof GROUNDS)[number];

/** What is marked again: one item of one bid, by every member. */
export interface Cell {
  readonly bid: string;
  readonly item: string;
}

/** A mark that became another one. */
export interface Change extends Cell {
  readonly seat: string;
  readonly before: string;
  readonly after: string;
  readonly reason: string;
}

export interface Reevaluation {
  readonly reevaluation: string;
  /** marks: members mark again; report: all have, the new report does not stand yet; done: it does. */
  readonly step: "marks" | "report" | "done" | "dropped";
  readonly ground: Ground;
  readonly reason: string;
  /** When it was ordered, ms UTC. */
  readonly at: number;
  readonly cells: readonly Cell[];
  /** Seats whose marks are in. */
  readonly submitted: readonly string[];
  /** The report that stood when it was ordered. */
  readonly former: { readonly facts: string; readonly pdf: string; readonly pdf_size: number; readonly finished_at: number };
  /** The objection it follows from. */
  readonly objection?: string;
  /** Why it was given up, and when. */
  readonly dropped?: string;
  readonly dropped_at?: number;
  /** There once whoever looks may see them; none: no mark became another one. */
  readonly changes?: readonly Change[];
}

/** How what a re-evaluation names is called. */
export interface Names {
  bid(bid: string): string;
  item(item: string): string;
  seat(seat: string): string;
}

/** The words for a committee's own names of things. */
export function namesOf(
  one: {
    readonly members: readonly { readonly seat: string; readonly name: string }[];
    readonly rule: { readonly stages: readonly { readonly items: readonly { readonly item: string; readonly title: string }[] }[] };
  },
  bid: (bid: string) => string,
): Names {
  const items = new Map(one.rule.stages.flatMap(({ items: all }) => all.map(({ item, title }) => [item, title] as const)));
  const seats = new Map(one.members.map(({ seat, name }) => [seat, name]));
  return {
    bid,
    item: (item) => items.get(item) ?? item,
    seat: (seat) => `${seats.get(seat) ?? ""} ${_("seat {seat}", { seat })}`.trim(),
  };
}

/** The one that is open, if any. */
export function openOne(all: readonly Reevaluation[] | undefined): Reevaluation | undefined {
  return all?.find(({ step }) => step === "marks" || step === "report");
}

const TONES: Readonly<Record<Reevaluation["step"], Tone>> = { marks: "amber", report: "amber", done: "green", dropped: "grey" };
/** More than these are folded away. */
const SHOWN = 6;

/**
 * Show one whole.
 *
 * @param number which of its section's, from 1.
 * @param more the report's path, without a format; the committee's seats; what may be done about it;
 *     whether its heading is one level deeper.
 */
export function reevaluationBox(
  one: Reevaluation,
  number: number,
  names: Names,
  more: { readonly path: string; readonly seats: readonly string[]; readonly acts?: TemplateResult; readonly isDeep?: boolean },
): TemplateResult {
  const id = `h-again-${one.reevaluation.slice(0, 8)}`;
  const title = html`${_("Re-evaluation {number}", { number })} ${tag(_(`remarking ${one.step}`), TONES[one.step])}`;
  return html`<section class="reevaluation ${one.step === "marks" || one.step === "report" ? "is-open" : ""}" aria-labelledby=${id}>
    ${more.isDeep === true ? html`<h4 id=${id}>${title}</h4>` : html`<h3 id=${id}>${title}</h3>`}
    <dl class="facts">
      <div><dt>${_("Ordered at")}</dt><dd class="nums">${moment(one.at)}</dd></div>
      <div><dt>${_("Ground")}</dt><dd>${_(`reevaluation ${one.ground}`)}</dd></div>
      <div><dt>${_("Reason")}</dt><dd>${one.reason}${one.objection === undefined ? nothing : html`<span class="sub">${_("It follows from an objection to the result.")}</span>`}</dd></div>
      ${one.dropped === undefined
        ? nothing
        : html`<div><dt>${_("Given up")}</dt><dd>${one.dropped}${one.dropped_at === undefined ? nothing : html`<span class="sub nums">${moment(one.dropped_at)}</span>`}</dd></div>`}
    </dl>
    ${cellsList(one, names)} ${one.step === "marks" ? progress(one, names, more.seats) : nothing}
    ${one.step === "report" ? html`<p class="note">${_("Every member has marked again; the new report is drawn up and signed next.")}</p>` : nothing}
    ${one.changes === undefined ? nothing : changesTable(one.changes, names)}
    <p class="links sub">${_("The report before it")}
      <a href="${more.path}/pdf?before=${one.reevaluation}">${_("Fetch the report (PDF)")}<span class="unseen"> · ${_("Re-evaluation {number}", { number })}</span></a>
      <a href="${more.path}/json?before=${one.reevaluation}">${_("Its facts (JSON)")}<span class="unseen"> · ${_("Re-evaluation {number}", { number })}</span></a>
      ${hash(one.former.pdf)}
    </p>
    ${more.acts ?? nothing}
  </section>`;
}

function cellsList(one: Reevaluation, names: Names): TemplateResult {
  const list = html`<ul class="again-list">${one.cells.map(
    ({ bid, item }) => html`<li>${_("{bidder}: {item}", { bidder: names.bid(bid), item: names.item(item) })}</li>`,
  )}</ul>`;
  const title = _("Marked again by every member: {count}", { count: one.cells.length });
  if (one.cells.length <= SHOWN) return html`<p><strong>${title}</strong></p>${list}`;
  return html`<details class="again-cells"><summary>${title}</summary>${list}</details>`;
}

function progress(one: Reevaluation, names: Names, seats: readonly string[]): TemplateResult {
  return html`<p role="status"><strong>${_("{count} of {all} have marked again", { count: one.submitted.length, all: seats.length })}</strong></p>
    <ul class="again-seats">${seats.map(
      (seat) => html`<li>${names.seat(seat)} ${one.submitted.includes(seat) ? tag(_("handed in"), "green") : tag(_("open"), "grey")}</li>`,
    )}</ul>`;
}

/** Which marks became others, whose, and why. */
export function changesTable(changes: readonly Change[], names: Names): TemplateResult {
  if (changes.length === 0) return html`<p class="note">${_("No mark was changed: every member stays with what it gave.")}</p>`;
  const heads = [_("Bid and item"), _("Member"), _("Mark before"), _("Mark now"), _("Reason")];
  return html`<table class="table table-stack changes">
    <caption>${_("Marks that were changed: {count}", { count: changes.length })}</caption>
    <thead><tr>${heads.map((head, index) => html`<th scope="col" class=${index === 2 || index === 3 ? "num" : ""}>${head}</th>`)}</tr></thead>
    <tbody>${changes.map(
      (one) => html`<tr>
        <th scope="row" class="cell-main">${names.bid(one.bid)}<span class="sub">${names.item(one.item)}</span></th>
        <td data-label=${heads[1]}>${names.seat(one.seat)}</td>
        <td class="num" data-label=${heads[2]}>${one.before}</td>
        <td class="num" data-label=${heads[3]}><b>${one.after}</b></td>
        <td class="again-why" data-label=${heads[4]}>${one.reason}</td>
      </tr>`,
    )}</tbody>
  </table>`;
}
