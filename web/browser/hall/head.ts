/** The top of the hall: which session, at which stage, how much time is left, and what holds it up. */

import { html, nothing, type TemplateResult } from "lit";
import { clock, moment, span } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { tag, when } from "./pieces.ts";
import type { Scene } from "./scene.ts";
import type { Section, Session } from "./view.ts";

const WINDOWS: Readonly<Record<string, string>> = {
  secrets: "Time left to release secrets",
  draw: "Time left for the draw",
  confirm: "Time left to confirm",
  objections: "Time left to object",
};

/** Show the head; `line` says how the line is, `tools` what may be switched. */
export function head(scene: Scene, line: TemplateResult, tools: unknown): TemplateResult {
  const { view, terms, session } = scene;
  const stage = session.stage ?? "lobby";
  const tone = stage === "ended" ? "green" : stage === "lobby" ? "blue" : "red";
  const part = terms.envelopes === 2 ? ` · ${_("envelope {n}", { n: scene.envelope })}` : "";
  return html`<header class="hall-head">
    <div class="hall-title">
      <p class="over"><span class="mono">${view.project?.number}</span> · ${terms.title}${part}</p>
      <h1>${view.project?.title} ${tag(_(`stage ${stage}`), tone)}</h1>
      <p class="hall-line">
        ${line}
        <span class="quiet nums"
          >${_("Server time")} ${scene.now === undefined ? "" : clock(scene.now)}</span
        >
        ${tools}
      </p>
    </div>
    ${countdown(terms, session, scene.now)}
  </header>`;
}

function countdown(terms: Section, session: Session, now: number | undefined): TemplateResult {
  const [name, open] = Object.entries(session.windows ?? {})[0] ?? [];
  if (open !== undefined && name !== undefined) {
    return box(_(WINDOWS[name] ?? "Time left"), left(open.until, now), open.until);
  }
  const label = _("Deadline and opening");
  if (session.closed === undefined) return box(label, left(terms.deadline, now), terms.deadline);
  return html`<div class="hall-clock is-over">
    <p class="hall-clock-label">${label}</p>
    <p class="hall-clock-at">${when(session.closed.deadline)}</p>
  </div>`;
}

function left(until: number, now: number | undefined): string {
  return now === undefined ? "" : span(until - now);
}

function box(label: string, time: string, until: number): TemplateResult {
  return html`<div class="hall-clock" role="timer" aria-label=${label}>
    <p class="hall-clock-label">${label}</p>
    <p class="hall-clock-time">${time}</p>
    <p class="hall-clock-at">${when(until)}</p>
  </div>`;
}

/** Show what holds the session up. */
export function notes(section: Section, session: Session): TemplateResult {
  const note = (text: string): TemplateResult => html`<p class="note note-amber">${text}</p>`;
  const because = (field: string, problem: string): TemplateResult =>
    note(_("{field}: {problem}", { field, problem }));
  const outage = section.outage;
  return html`
    ${session.paused ? because(_("Session paused"), session.paused.reason) : nothing}
    ${section.suspended ? because(_("Suspended"), section.suspended.reason) : nothing}
    ${section.terminated ? because(_("Terminated"), section.terminated.reason) : nothing}
    ${section.failed && !section.approved
      ? note(_("Fewer bidders than the minimum: {count} of {minimum}. The bids stay sealed.", section.failed))
      : nothing}
    ${outage?.decide_by !== undefined && outage.decision === undefined
      ? note(_("The close waits for a decision on an outage until {at}.", { at: moment(outage.decide_by) }))
      : nothing}
  `;
}
