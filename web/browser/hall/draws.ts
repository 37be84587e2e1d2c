/** A draw by commit and reveal, with what anyone needs to work it out again. */

import { html, nothing, type TemplateResult } from "lit";
import { _ } from "../app/texts.ts";
import { isFalse } from "./false_draw.ts";
import { card, hash, inOrder, tag } from "./pieces.ts";
import type { Scene } from "./scene.ts";
import type { Draw } from "./view.ts";

/** Show every draw of a session. */
export function draws(scene: Scene): TemplateResult | typeof nothing {
  const rows = inOrder(scene.session.draws, (one) => one.at);
  if (rows.length === 0) return nothing;
  const body = rows.map(([name, one]) => draw(name, one, named(scene)));
  return card("draws", _("Draw"), body);
}

/** The names of those whom the service names to this seat, by account. */
function named(scene: Scene): ReadonlyMap<string, string> {
  const people = scene.seat.about?.participants ?? [];
  return new Map(people.map((one) => [one.account, one.name]));
}

function draw(name: string, one: Draw, people: ReadonlyMap<string, string>): TemplateResult {
  return html`<div class="draw">
    <p class="draw-purpose">${one.purpose} ${hash(name)}</p>
    <ul class="draw-values" aria-label=${_("Values")}>
      ${one.values.map(
        (value) => html`<li class=${value === one.result ? "is-drawn" : ""}>${value}</li>`,
      )}
    </ul>
    <p class="draw-result-line" role="status">
      ${one.result === undefined ? _("Drawing") : _("Result {value}", { value: one.result })}
    </p>
    <ul class="draw-parties">
      ${one.parties.map((party) => html`<li>${one.names?.[party] ?? people.get(party) ?? party} ${step(one, party)}</li>`)}
    </ul>
    ${one.seed === undefined || one.root === undefined ? nothing : proof(one.root, one.seed)}
    ${one.result === undefined ? nothing : workedOut(name, one)}
  </div>`;
}

function step(one: Draw, party: string): TemplateResult {
  if (one.reveals?.[party] !== undefined) return tag(_("revealed"), "green");
  if (one.commits?.[party] !== undefined) return tag(_("committed"), "blue");
  return tag(_("waiting"), "grey");
}

/** What this browser makes of the draw itself; it takes no service's word for a result. */
function workedOut(name: string, one: Draw): TemplateResult {
  if (isFalse(name, one)) {
    return html`<p class="problem-line" role="alert">
      ${_("This result does not follow from what was committed and revealed. Stop here and tell the clerk and the supervisor.")}
    </p>`;
  }
  return html`<p class="hint">${_("Worked out again in this browser: {value}", { value: one.result ?? "" })}</p>`;
}

function proof(root: string, seed: string): TemplateResult {
  return html`<p class="hint">
    ${_("Log root")} ${hash(root)} · ${_("Seed")} ${hash(seed)}<br />${_("Anyone can work the result out again from these values.")}
  </p>`;
}
