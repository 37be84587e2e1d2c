/** How far each seat has come; who said what is never in it. */

import { html, type TemplateResult } from "lit";
import { _ } from "../app/texts.ts";
import type { Evaluation, Member } from "./view.ts";

/** The progress matrix: a row for each seat. */
export function matrix(view: Evaluation): TemplateResult {
  return html`<section class="card card-flush progress" tabindex="0" aria-labelledby="h-progress">
    <h2 id="h-progress">${_("Progress of the committee")}</h2>
    <table class="table table-stack">
      <thead><tr>
        <th scope="col">${_("Seat")}</th>
        ${[_("Signed in"), _("Confirmed"), _("Reviewed"), _("Marked"), _("Signed")].map(
          (one) => html`<th scope="col">${one}</th>`,
        )}
      </tr></thead>
      <tbody>${view.members.map((one) => row(view, one))}</tbody>
    </table>
  </section>`;
}

function row(view: Evaluation, member: Member): TemplateResult {
  const { seat, standing } = member;
  const reviewed = view.progress.reviewed[seat] ?? 0;
  const all = view.progress.bids;
  const cells: readonly (readonly [string, boolean, string])[] = [
    [_("Signed in"), standing !== "named" && standing !== "gone", ""],
    [_("Confirmed"), standing === "confirmed", ""],
    [_("Reviewed"), reviewed === all, _("{count} of {all} bids", { count: reviewed, all })],
    [_("Marked"), view.progress.marked.includes(seat), ""],
    [_("Signed"), view.report !== undefined && seat in view.report.signed, ""],
  ];
  return html`<tr class=${seat === view.seat ? "is-own" : ""}>
    <th scope="row" class="cell-main"><span class="nums">${seat}</span> ${member.name}
      <span class="sub">${_(`capacity ${member.capacity}`)}${view.chair === seat ? html` · <strong>${_("Chair")}</strong>` : ""}${standing === "gone" ? html` · ${_("standing gone")}` : ""}</span></th>
    ${cells.map(
      ([label, isDone, text]) => html`<td data-label=${label}>${text === ""
        ? html`<span class=${isDone ? "yes" : "no"}><span aria-hidden="true">${isDone ? "✓" : "·"}</span><span class="unseen">${isDone ? _("done") : _("not yet")}</span></span>`
        : html`<span class="nums ${isDone ? "yes" : ""}">${text}</span>`}</td>`,
    )}
  </tr>`;
}
