/** The fixed bar of stages: where the session stands; it decides nothing. */

import { html, type TemplateResult } from "lit";
import { _ } from "../app/texts.ts";
import type { Section, Session } from "./view.ts";

/** The stages a session of this place goes through. */
export function stagesOf(section: Section, envelope: number): string[] {
  const draws = section.draw.length > 0 && envelope === section.envelopes;
  return [
    "lobby",
    "closed",
    "announced",
    ...(section.co_open ? ["secrets"] : []),
    "decrypting",
    "read_out",
    ...(draws ? ["draw"] : []),
    "confirm",
    "objections",
    "minutes",
    "ended",
  ];
}

/** Show the bar. */
export function steps(section: Section, session: Session, envelope: number): TemplateResult {
  const all = stagesOf(section, envelope);
  const reached = Math.max(0, all.indexOf(session.stage ?? "lobby"));
  const state = (index: number): string => {
    if (index < reached || (index === reached && reached === all.length - 1)) return "is-done";
    return index === reached ? "is-now" : "";
  };
  const count = _("Step {number} of {all}", { number: reached + 1, all: all.length });
  return html`<p class="steps-count" aria-hidden="true">${count}</p>
    <ol class="steps" aria-label=${_("Stages of the session")}>
      ${all.map(
        (stage, index) => html`<li
          class=${state(index)}
          aria-current=${index === reached ? "step" : "false"}
        >
          <span class="step-dot" aria-hidden="true">${state(index) === "is-done" ? "✓" : index + 1}</span
          ><span class="step-name">${_(`stage ${stage}`)}</span>
        </li>`,
      )}
    </ol>`;
}
