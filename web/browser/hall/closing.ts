/** What ends a session: objections and their answers, the minutes and who signed them. */

import { html, nothing, type TemplateResult } from "lit";
import { clock } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { minutesPath } from "./minuting.ts";
import { card, inOrder, tag, when } from "./pieces.ts";
import type { Scene } from "./scene.ts";
import type { Objection, Session } from "./view.ts";

/** Show the objections 异议 of a session. */
export function objections(session: Session): TemplateResult | typeof nothing {
  const rows = inOrder(session.objections, (one) => one.at);
  if (rows.length === 0) return nothing;
  return card("objections", _("Objections"), rows.map(([, one]) => objection(one)));
}

function objection(one: Objection): TemplateResult {
  const answer =
    one.answer === undefined || one.answered_at === undefined
      ? tag(_("Awaiting the answer"), "amber")
      : html`<div class="answer">
          <p class="prose">${one.answer}</p>
          <p class="sub">${_("Answered {at}", { at: clock(one.answered_at) })}</p>
        </div>`;
  return html`<article class="entry">
    <p class="entry-head">${when(one.at)} · ${one.organisation_name}</p>
    <p class="prose">${one.text}</p>
    ${answer}
  </article>`;
}

/** Show the minutes 开标记录 of a session, once they are drawn up. */
export function minutes(scene: Scene): TemplateResult | typeof nothing {
  const { session } = scene;
  if (session.minutes === undefined) return nothing;
  const path = minutesPath(scene);
  const rows = inOrder(session.signatures, (one) => one.at);
  const body = html`
    <p class="links">
      <a href="${path}/pdf">${_("Minutes of the opening (PDF)")}</a>
      <a href="${path}/json">${_("Facts of the minutes (JSON)")}</a>
    </p>
    ${rows.length === 0
      ? nothing
      : html`<h3>${_("Signed by")}</h3>
          <ul class="signatures">
            ${rows.map(
              ([, one]) => html`<li>
                ${one.name}<span class="sub">${_(`role ${one.role}`)} · ${clock(one.at)}</span>
              </li>`,
            )}
          </ul>`}
    ${(session.unsigned ?? []).length === 0
      ? nothing
      : html`<p class="hint">${_("{field}: {problem}", { field: _("Deemed to accept"), problem: (session.unsigned ?? []).join(_(", ")) })}</p>`}
  `;
  return card("minutes", _("Minutes"), body, when(session.minutes.at));
}
