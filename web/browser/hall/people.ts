/** Who signed in 签到, and who is here at this moment; presence is no sign-in and carries no right. */

import { html, nothing, type TemplateResult } from "lit";
import { clock } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { card, inOrder } from "./pieces.ts";
import type { Here, Person, Session } from "./view.ts";

/** Show the sheet; before the close it holds one's own sign-in alone. */
export function signIns(session: Session, own: Session, here: Here): TemplateResult {
  const all = { ...own.sign_ins, ...session.sign_ins };
  const rows = inOrder(all, (one) => one.at);
  const before = session.closed === undefined;
  const body = html`
    ${rows.length > 0
      ? html`<ul class="people" tabindex="0" aria-label=${_("Signed in")}>
          ${rows.map(([, one]) => person(one, here))}
        </ul>`
      : nothing}
    ${before
      ? html`<p class="hint">${_("Before the close each sees its own sign-in only.")}</p>`
      : nothing}
  `;
  const count = before ? nothing : html`<p class="bar-count"><strong>${rows.length}</strong></p>`;
  return card("sign-ins", _("Signed in"), body, count);
}

function person(one: Person, here: Here): TemplateResult {
  const line = here[`${one.role}/${one.name}`]?.line;
  const told = line === undefined ? "" : line === "up" ? _("present") : _("dropped");
  return html`<li class="person">
    <span
      >${one.organisation_name}<span class="sub">${one.name} · ${_(`role ${one.role}`)}</span></span
    >
    <span class="person-at nums">${clock(one.at)}<span class="sub">${told}</span></span>
  </li>`;
}
