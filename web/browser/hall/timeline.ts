/** The timeline: who, what, when, hash; newest on top. */

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { clock, day, iso } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { doer, sentence } from "./line.ts";
import { card, hash } from "./pieces.ts";
import type { Line } from "./view.ts";

const SHOWN = 18;

/** The lines about a place, or about nothing smaller than its project; newest first. */
export function linesOf(lines: Iterable<Line>, section: string, envelope: number): Line[] {
  // of one moment the later one is the newer one
  return [...lines]
    .reverse()
    .filter((line) => (line.section ?? section) === section)
    .filter((line) => (line.envelope ?? envelope) === envelope)
    .sort((one, other) => other.at - one.at);
}

/** Show the timeline; all of it on asking. */
export function timeline(
  lines: readonly Line[],
  names: ReadonlyMap<string, string>,
  isWhole: boolean,
  showAll: () => void,
): TemplateResult {
  const some = isWhole ? lines : lines.slice(0, SHOWN);
  const body = html`
    <ol class="timeline">
      ${repeat(some, (line) => line.id, (line, index) => [dayOf(some, index), row(line, names)])}
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

/** The day above a line, where it is another than that of the line before. */
function dayOf(lines: readonly Line[], index: number): TemplateResult | typeof nothing {
  const [line, before] = [lines[index], lines[index - 1]];
  if (line === undefined || (before !== undefined && day(before.at) === day(line.at))) return nothing;
  return html`<li class="day">${day(line.at)}</li>`;
}

function row(line: Line, names: ReadonlyMap<string, string>): TemplateResult {
  return html`<li>
    <time datetime=${iso(line.at)}>${clock(line.at)}</time>
    <p class="line-what">${sentence(line, names)}</p>
    <p class="line-who sub">${doer(line)}</p>
    <p class="line-proof">${hash(line.hash)}</p>
  </li>`;
}
