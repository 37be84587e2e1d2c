/** The timeline: who, what, when, hash; newest on top. */

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { clock, iso } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { doer, sentence } from "./line.ts";
import { card, hash } from "./pieces.ts";
import type { Line } from "./view.ts";

const SHOWN = 60;

/** The lines about a place, or about nothing smaller than its project; newest first. */
export function linesOf(lines: Iterable<Line>, section: string, envelope: number): Line[] {
  return [...lines]
    .filter((line) => (line.section ?? section) === section)
    .filter((line) => (line.envelope ?? envelope) === envelope)
    .sort((one, other) => other.at - one.at);
}

/** Show the timeline; all of it on asking. */
export function timeline(
  lines: readonly Line[],
  isWhole: boolean,
  showAll: () => void,
): TemplateResult {
  const some = isWhole ? lines : lines.slice(0, SHOWN);
  const body = html`
    <ol class="timeline">
      ${repeat(some, (line) => line.id, row)}
    </ol>
    ${some.length < lines.length
      ? html`<button class="button button-quiet" type="button" @click=${showAll}>
          ${_("Show earlier events")}
        </button>`
      : nothing}
    ${lines.length === 0 ? html`<p class="quiet">${_("No event yet")}</p>` : nothing}
  `;
  return card("events", _("Timeline"), body, html`<p class="bar-count quiet">${_("Newest first")}</p>`);
}

function row(line: Line): TemplateResult {
  return html`<li>
    <time datetime=${iso(line.at)}>${clock(line.at)}</time>
    <div>
      <p>${sentence(line)}</p>
      <p class="sub line-proof">${doer(line)} ${hash(line.hash)}</p>
    </div>
  </li>`;
}
