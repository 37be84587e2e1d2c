/** How far a committee has come: the line of its steps, and each seat's own; it decides nothing. */

import { html, nothing, type TemplateResult } from "lit";
import { _ } from "../app/texts.ts";
import { tag } from "../hall/pieces.ts";
import { stepsOf, type Evaluation, type MemberView } from "./view.ts";

/** The line of steps. */
export function stepsLine(one: Evaluation): TemplateResult {
  const steps = stepsOf(one);
  const reached = steps.indexOf(one.step);
  const state = (index: number): string => {
    if (index < reached || one.step === "finished") return "is-done";
    return index === reached ? "is-now" : "";
  };
  return html`<ol class="committee-steps" aria-label=${_("Steps of the evaluation")}>
    ${steps.map(
      (step, index) =>
        html`<li class=${state(index)} aria-current=${index === reached ? "step" : "false"}>
          <span class="step-dot" aria-hidden="true">${state(index) === "is-done" ? "✓" : index + 1}</span
          ><span>${_(`progress ${step}`)}</span>
        </li>`,
    )}
  </ol>`;
}

/**
 * Every seat with how far its member is.
 *
 * @param presence what is known of who is there; nothing is said where it is left out.
 * @param acts what may be done about a seat.
 */
export function seatsTable(
  one: Evaluation,
  more: {
    readonly presence?: (member: MemberView) => TemplateResult;
    readonly acts?: (member: MemberView) => unknown;
  } = {},
): TemplateResult {
  const { presence, acts } = more;
  const heads = [
    _("Seat and room"),
    _("Member"),
    ...(presence === undefined ? [] : [_("Line")]),
    _("Came in"),
    _("Bids reviewed"),
    _("Marks"),
    _("Report signed"),
  ];
  return html`<div class="seats-scroll" tabindex="0" role="group" aria-label=${_("The committee's seats and how far each is")}><table class="table table-stack seats-table">
    <caption class="unseen">
      ${_("The committee's seats and how far each is")}
    </caption>
    <thead>
      <tr>
        ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        ${acts === undefined ? nothing : html`<th scope="col"><span class="unseen">${_("Replace")}</span></th>`}
      </tr>
    </thead>
    <tbody>
      ${one.members.map((member) => {
        const cells = [
          ...(presence === undefined ? [] : [presence(member)]),
          standing(member),
          reviewed(one, member.seat),
          marked(one, member.seat),
          signed(one, member.seat),
        ];
        return html`<tr>
          <td data-label=${heads[0]}><strong class="nums">${member.seat}</strong> ${member.place}</td>
          <th scope="row" class="cell-main">
            ${member.name}
            ${one.chair === member.seat ? tag(_("chair"), "blue") : nothing}
            ${member.capacity === "tenderer" ? tag(_("capacity tenderer"), "grey") : nothing}
          </th>
          ${cells.map((cell, index) => html`<td data-label=${heads[index + 2]}>${cell}</td>`)}
          ${acts === undefined ? nothing : html`<td class="seat-acts">${acts(member)}</td>`}
        </tr>`;
      })}
    </tbody>
  </table></div>`;
}

function standing(member: MemberView): TemplateResult {
  const tone = member.standing === "confirmed" ? "green" : member.standing === "gone" ? "red" : "amber";
  return tag(_(`standing ${member.standing}`), tone);
}

function reviewed(one: Evaluation, seat: string): TemplateResult {
  const count = one.progress.reviewed[seat] ?? 0;
  const isAll = count >= one.progress.bids;
  return tag(_("{count} of {all}", { count, all: one.progress.bids }), isAll ? "green" : "grey");
}

function marked(one: Evaluation, seat: string): TemplateResult {
  return one.progress.marked.includes(seat) ? tag(_("handed in"), "green") : tag(_("open"), "grey");
}

function signed(one: Evaluation, seat: string): TemplateResult | string {
  if (one.report === undefined) return "—";
  const opinion = one.report.signed[seat];
  if (opinion !== undefined) return tag(_(`opinion ${opinion}`), opinion === "agrees" ? "green" : "amber");
  return one.report.finished ? tag(_("opinion deemed"), "grey") : tag(_("open"), "grey");
}
