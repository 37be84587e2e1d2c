/** The opening table 开标一览表: a line for each bid, filled as it is opened and read out. */

import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import { amount } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { card, hash, inOrder, tag, when } from "./pieces.ts";
import type { Scene } from "./scene.ts";
import type { BidLine, BidRow, Problem, Section } from "./view.ts";

/** From so many lines on columns do not wait for what stands in each of them. */
const LONG = 60;

/** Show the table, or why there is none yet. */
export function openingTable(scene: Scene, fresh: ReadonlySet<string>): TemplateResult {
  const { terms: section, session } = scene;
  const rows = inOrder(session.bids, (row) => row.n ?? row.listed);
  if (session.closed === undefined) return sealedCard(section);
  const read = rows.filter(([, row]) => row.read_out !== undefined).length;
  const whole = rows.filter(([, row]) => row.spoiled === undefined).length;
  const count = html`<p class="bar-count">
    <strong>${read}</strong> / ${whole} <span class="quiet">${_("read out")}</span>
  </p>`;
  const body =
    rows.length === 0
      ? html`<div class="waiting">
          <p class="waiting-count">${session.closed.count}</p>
          <p>${_("bids in time")}</p>
          <p class="quiet">${when(session.closed.at)}</p>
        </div>`
      : html`${table(section, rows, fresh)} ${files(scene)}`;
  return card("opening", _("Opening table"), body, rows.length === 0 ? nothing : count);
}

/** The table as files, once the bidders are announced. */
function files(scene: Scene): TemplateResult {
  const { project, section, envelope } = scene;
  const path = `/api/projects/${project}/sections/${section}/${envelope}/table`;
  return html`<p class="links table-files">
    <a href="${path}.csv">${_("Opening table (CSV)")}</a>
    <a href="${path}.xlsx">${_("Opening table (XLSX)")}</a>
  </p>`;
}

function sealedCard(section: Section): TemplateResult {
  const body = html`<div class="waiting">
    <svg class="waiting-mark" viewBox="0 0 32 32" width="72" height="72" aria-hidden="true">
      <path class="mark-paper" d="M4 13.5 16 5.5l12 8V26a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2z" />
      <path class="mark-fold" d="m4.600 14.4 11.400 7.600 11.400-7.600" />
      <circle class="mark-wax" cx="16" cy="20.500" r="4.600" />
    </svg>
    <p class="waiting-lead">${_("Sealed until")} ${when(section.deadline)}</p>
    <p class="quiet">
      ${_("Until the deadline nobody here is told whether anybody has bid. The table fills when the session opens.")}
    </p>
  </div>`;
  return card("opening", _("Opening table"), body);
}

function table(
  section: Section,
  rows: readonly [string, BidRow][],
  fresh: ReadonlySet<string>,
): TemplateResult {
  const long = rows.length > LONG ? "is-long" : "";
  return html`<table class="table table-stack opening-table ${long}">
    <thead>
      <tr>
        <th scope="col">${_("No.")}</th>
        <th scope="col">${_("Bidder")}</th>
        <th scope="col">${_("State")}</th>
        <th scope="col" class="num">${_("Price")} (${section.currency})</th>
        <th scope="col">${_("Other terms")}</th>
      </tr>
    </thead>
    <tbody>
      ${repeat(
        rows,
        ([bid]) => bid,
        ([bid, row], index) => {
          const isFresh = fresh.has(bid);
          // a patch copies what it changes and nothing else: of hundreds of rows one is shown anew
          return guard([row, index, isFresh, section], () => line(section, bid, row, index, isFresh));
        },
      )}
    </tbody>
  </table>`;
}

function line(
  section: Section,
  bid: string,
  row: BidRow,
  index: number,
  isFresh: boolean,
): TemplateResult {
  const kind = row.spoiled !== undefined ? "is-spoiled" : row.line === undefined ? "is-closed" : "";
  return html`<tr class="${kind} ${isFresh ? "is-fresh" : ""}">
    <td class="nums row-number" data-label=${_("No.")}>${row.n ?? index + 1}</td>
    <th scope="row" class="cell-main">
      <span class="bidder">${row.name ?? _("Not yet listed")}</span><span class="sub">${hash(bid)}</span>
    </th>
    <td data-label=${_("State")}>${state(row)}</td>
    <td class="num" data-label=${_("Price")}>${price(row)}</td>
    <td data-label=${_("Other terms")}>${terms(section, row.line)}${problems(row.problems)}</td>
  </tr>`;
}

function state(row: BidRow): TemplateResult {
  if (row.spoiled !== undefined) {
    return html`${tag(_(`outcome ${row.spoiled.blame}`), "red")}
      <span class="sub">${_(`cause ${row.spoiled.cause}`)}</span>
      <span class="sub">${_(`blame ${row.spoiled.blame}`)}</span>`;
  }
  if (row.confirmed !== undefined) return tag(_("confirmed"), "green");
  if (row.read_out !== undefined) return tag(_("read out"), "blue");
  return row.opened !== undefined ? tag(_("opened"), "amber") : tag(_("sealed"), "grey");
}

function price(row: BidRow): TemplateResult {
  const told = row.line?.price;
  if (told?.amount !== undefined) {
    const unit = told.unit === undefined ? nothing : html`<span class="sub">${told.unit}</span>`;
    return html`<strong class="price">${amount(told.amount)}</strong
      ><span class="sub words">${row.line?.words ?? told.currency}</span>${unit}`;
  }
  if (told?.rate !== undefined) return html`<strong class="price">${told.rate}</strong>`;
  return html`<span class="quiet" aria-hidden="true">—</span>`;
}

function terms(section: Section, told: BidLine | undefined): TemplateResult | typeof nothing {
  if (told === undefined) return nothing;
  const pairs: [string, string][] = [];
  const put = (name: string, value: string | number | undefined): void => {
    if (value !== undefined) pairs.push([name, String(value)]);
  };
  put(_("field quality"), told.quality);
  put(_("field duration_days"), told.duration_days);
  put(_("field leader"), told.leader);
  if (told.security !== undefined) put(_("Security"), security(told.security));
  for (const { field, title, kind } of section.form) {
    const value = told.extra?.[field];
    put(title, kind === "amount" && typeof value === "number" ? amount(value) : value);
  }
  put(_("field remarks"), told.remarks);
  return html`<dl class="pairs">
    ${pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}

function security(told: NonNullable<BidLine["security"]>): string {
  const sum = told.amount === undefined ? "" : ` ${amount(told.amount)}`;
  return (told.given ? _("given") : _("not given")) + sum;
}

function problems(found: readonly Problem[] | undefined): TemplateResult | typeof nothing {
  if (found === undefined || found.length === 0) return nothing;
  const told = found.map(({ field, problem }) => {
    if (problem === "over_limit") return _("Over the limit");
    if (problem === "capitals") return _("Words and figures differ");
    if (problem === "unreadable") return _("Form unreadable");
    return _("{field}: {problem}", { field: _(`field ${field}`), problem: _(`problem ${problem}`) });
  });
  return html`<p class="flags">${[...new Set(told)].map((text) => tag(text, "red"))}</p>`;
}
