/** The board of key holders: who of n has released, how many of k are in, the timekeeper last. */

import { html, nothing, type TemplateResult } from "lit";
import { clock } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { card, tag } from "./pieces.ts";
import type { Attempt, Here, Session } from "./view.ts";

/** Show the board of a place whose key stands. */
export function board(attempt: Attempt, session: Session, here: Here): TemplateResult {
  const partials = session.partials ?? {};
  const count = Object.keys(partials).length;
  const body = html`
    <div class="board-top">
      <p class="board-count"><strong>${count}</strong><span> / ${attempt.k}</span></p>
      <div class="board-words">
        <p>${hint(attempt, session, count)}</p>
        ${meter(attempt, count)}
      </div>
    </div>
    <ul class="holders">
      ${attempt.roster.map((member, index) =>
        holder(member.name, member.organisation, partials[index + 1], {
          line: present(here, member.name),
          isOver: session.released !== undefined,
        }),
      )}
      ${holder(attempt.timekeeper.name, _("Timekeeper, last"), session.released, { isLast: true })}
    </ul>
    ${session.released === undefined
      ? html`<p class="hint">
          ${_("Custodians release their shares; then the timekeeper. Until all are in, no price can be read by anybody.")}
        </p>`
      : nothing}
  `;
  const all = html`<p class="bar-count quiet">${_("of {n} custodians", { n: attempt.n })}</p>`;
  return card("board", _("Custodians"), body, all);
}

function hint(attempt: Attempt, session: Session, count: number): string {
  if (session.order === undefined) return _("Not yet ordered");
  if (session.released !== undefined) return _("All shares are in");
  if (count >= attempt.k) return _("Waiting for the timekeeper");
  return _("{count} custodians have released; {k} are needed", { count, k: attempt.k });
}

function meter(attempt: Attempt, count: number): TemplateResult {
  const cells = Array.from({ length: attempt.k }, (_cell, index) => index < count);
  return html`<div class="meter" aria-hidden="true">
    ${cells.map((isIn) => html`<span class=${isIn ? "is-in" : ""}></span>`)}
  </div>`;
}

/** How a holder of a share stands: its line, whether it is the last, whether all is done without. */
interface How {
  readonly line?: "up" | "dropped" | undefined;
  readonly isLast?: boolean;
  readonly isOver?: boolean;
}

function holder(
  name: string,
  where: string,
  at: number | undefined,
  more: How,
): TemplateResult {
  const done = at !== undefined;
  return html`<li class="holder ${done ? "is-in" : ""} ${more.isLast ? "is-last" : ""}">
    <span class="holder-mark" aria-hidden="true">${done ? "✓" : ""}</span>
    <span class="holder-name">${name}<span class="sub">${where}</span></span>
    <span class="holder-state">
      ${done
        ? tag(_("released"), "green")
        : more.isOver
          ? tag(_("not needed"), "grey")
          : tag(_("waiting"), "grey")}
      ${done ? html`<span class="sub nums">${clock(at)}</span>` : presence(more.line)}
    </span>
  </li>`;
}

function presence(line: "up" | "dropped" | undefined): TemplateResult | typeof nothing {
  if (line === undefined) return nothing;
  return html`<span class="sub">${line === "up" ? _("present") : _("dropped")}</span>`;
}

function present(here: Here, name: string): "up" | "dropped" | undefined {
  return here[`custodian/${name}`]?.line;
}
