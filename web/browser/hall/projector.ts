/** The stage view for a projector: where the session stands and what was read out last, very large. */

import { html, nothing, type TemplateResult } from "lit";
import { amount } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { bidRows } from "./scene.ts";
import type { BidRow, Session } from "./view.ts";

/** Show what the room looks at; nothing but the stage before anything is read out. */
export function projector(session: Session): TemplateResult {
  const rows = bidRows(session).map(([, row]) => row);
  const read = rows
    .filter((row) => row.read_out !== undefined)
    .sort((one, other) => (other.read_out ?? 0) - (one.read_out ?? 0) || (other.n ?? 0) - (one.n ?? 0));
  const drawn = Object.values(session.draws ?? {}).find((draw) => draw.result !== undefined);
  return html`<section class="stage-view" aria-label=${_("Stage view")}>
    <p class="stage-name">${_(`stage ${session.stage ?? "lobby"}`)}</p>
    ${read[0] === undefined ? announced(session, rows) : spoken(read[0], read.length, rows.filter((row) => row.spoiled === undefined).length)}
    ${drawn === undefined
      ? nothing
      : html`<p class="stage-draw">${drawn.purpose} <strong>${drawn.result}</strong></p>`}
  </section>`;
}

function announced(session: Session, rows: readonly BidRow[]): TemplateResult | typeof nothing {
  if (session.closed === undefined) return nothing;
  if (rows.length === 0) return html`<p class="stage-count">${session.closed.count}</p><p>${_("bids in time")}</p>`;
  return html`<ol class="stage-bidders">
    ${rows.map((row) => html`<li>${row.name ?? "—"}</li>`)}
  </ol>`;
}

function spoken(row: BidRow, n: number, all: number): TemplateResult {
  const { line } = row;
  const price = line?.price;
  return html`<p class="stage-of">${_("{n} of {all}", { n, all })}</p>
    <p class="stage-bidder">${row.name}</p>
    <p class="stage-price nums">
      ${price?.amount === undefined ? (price?.rate ?? "—") : `${amount(price.amount)} ${price.currency ?? ""}`}
    </p>
    ${line?.words === undefined ? nothing : html`<p class="stage-words">${line.words}</p>`}
    <p class="stage-terms">
      ${[
        line?.duration_days === undefined ? "" : `${_("field duration_days")} ${line.duration_days}`,
        line?.quality === undefined ? "" : `${_("field quality")} ${line.quality}`,
        line?.leader === undefined ? "" : `${_("field leader")} ${line.leader}`,
      ]
        .filter((part) => part !== "")
        .join(" · ")}
    </p>`;
}
