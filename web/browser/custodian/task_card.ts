/** One task as a card: what it is for, how far everybody is, what to check, and what can be done. */

import { html, nothing, type TemplateResult } from "lit";
import { eightWords } from "../app/eight_words.ts";
import { moment, span } from "../app/format.ts";
import { language, _ } from "../app/texts.ts";
import { unhex } from "../crypto/bytes.ts";
import { tag, when, type Tone } from "../hall/pieces.ts";
import type { Step } from "./attempt.ts";
import { doneAt, type CeremonyTask, type DeadTask, type KeyTask, type Task } from "./tasks.ts";

const STEPS: readonly Step[] = ["join", "deal", "certify"];

/** What a card is put into: its buttons and its notes. */
export interface Frame {
  readonly actions: TemplateResult | typeof nothing;
  /** The service's time, ms. */
  readonly now: number | undefined;
}

/** A task's card. */
export function taskCard(task: Task, frame: Frame): TemplateResult {
  return html`<article class="card task" data-sid=${task.sid} aria-labelledby="task-${task.sid.slice(0, 8)}">
    <p class="over"><span class="mono">${task.number}</span> · ${task.title}</p>
    <div class="card-head">
      <h3 id="task-${task.sid.slice(0, 8)}">${heading(task)}</h3>
      ${state(task)}
    </div>
    ${facts(task, frame.now)} ${body(task)} ${frame.actions}
  </article>`;
}

/** The names of parties, one after the other. */
export function partyNames(task: Task, parties: readonly number[]): string {
  return parties.map((party) => partyName(task, party)).join(language() === "en" ? ", " : "、");
}

/** The name of a party: a custodian by its line on the roster, 0 the timekeeper. */
export function partyName(task: Task, party: number): string {
  if (party === 0) return task.attempt.timekeeper.name;
  return task.attempt.roster[party - 1]?.name ?? String(party);
}

function heading(task: Task): string {
  switch (task.kind) {
    case "ceremony":
      return _("Make the key: {section}", { section: placeName(task) });
    case "dead":
      return _("The ceremony failed: {section}", { section: placeName(task) });
    case "key":
      return _("Keep the share: {section}", { section: placeName(task) });
    case "release":
      return _("Open the bids: {section}", { section: placeName(task) });
  }
}

function placeName(task: Task): string {
  return task.isOfTwo
    ? `${task.sectionTitle} · ${_("envelope {n}", { n: task.envelope })}`
    : task.sectionTitle;
}

function state(task: Task): TemplateResult {
  const [text, tone] = stateOf(task);
  return tag(text, tone);
}

function stateOf(task: Task): [string, Tone] {
  switch (task.kind) {
    case "ceremony":
      return task.isOwn ? [_("Your turn"), "red"] : [_("Waiting for others"), "blue"];
    case "dead":
      return [_("Ended"), "grey"];
    case "key":
      if (task.isClosed) return [_("Closed, opening ahead"), "amber"];
      return task.rehearsed === undefined ? [_("Rehearsal due"), "amber"] : [_("Rehearsed"), "green"];
    case "release":
      return task.isDone ? [_("Released"), "green"] : [_("Your turn"), "red"];
  }
}

function facts(task: Task, now: number | undefined): TemplateResult {
  const { attempt } = task;
  return html`<dl class="facts">
    <div><dt>${_("Tenderer")}</dt><dd>${task.tenderer}</dd></div>
    <div><dt>${_("Deadline and opening")}</dt><dd>${when(task.deadline)}</dd></div>
    <div>
      <dt>${_("Opens with")}</dt>
      <dd>${_("{k} of {n} custodians, then the timekeeper", { k: attempt.k, n: attempt.n })}</dd>
    </div>
    ${task.kind === "ceremony" ? until(task, now) : nothing}
  </dl>`;
}

function until(task: CeremonyTask, now: number | undefined): TemplateResult {
  const left = now === undefined ? nothing : html`<span class="sub nums">${_("Time left")} ${span(task.until - now)}</span>`;
  return html`<div>
    <dt>${_("This step ends at")}</dt>
    <dd class="due">${moment(task.until)}${left}</dd>
  </div>`;
}

function body(task: Task): TemplateResult | typeof nothing {
  switch (task.kind) {
    case "ceremony":
      return html`${progress(task)} ${check(task)}`;
    case "dead":
      return blame(task);
    case "key":
      return key(task);
    case "release":
      return nothing;
  }
}

/** The three steps, and under each who has done it. */
function progress(task: CeremonyTask): TemplateResult {
  const at = STEPS.indexOf(task.step);
  const parties = Array.from({ length: task.attempt.n + 1 }, (_party, i) => (i + 1) % (task.attempt.n + 1));
  return html`<ol class="steps" aria-label=${_("Steps of the ceremony")}>
      ${STEPS.map(
        (step, place) => html`<li
          class=${place < at ? "is-done" : place === at ? "is-now" : ""}
          aria-current=${place === at ? "step" : nothing}
        >
          <span class="step-dot" aria-hidden="true">${place + 1}</span>
          <span class="step-name">${_(`step ${step}`)}</span>
        </li>`,
      )}
    </ol>
    <table class="table table-stack parties">
      <thead>
        <tr>
          <th scope="col">${_("Party")}</th>
          ${STEPS.map((step) => html`<th scope="col">${_(`step ${step}`)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${parties.map(
          (party) => html`<tr class=${party === task.i ? "is-own" : ""}>
            <th scope="row">
              ${partyName(task, party)}${party === task.i ? html` ${tag(_("you"), "blue")}` : nothing}
              <span class="sub">
                ${party === 0 ? _("role timekeeper") : task.attempt.roster[party - 1]?.organisation}
              </span>
            </th>
            ${STEPS.map((step) => cell(task, step, party))}
          </tr>`,
        )}
      </tbody>
    </table>`;
}

function cell(task: CeremonyTask, step: Step, party: number): TemplateResult {
  const done = doneAt(task.attempt, step, party);
  const isNow = step === task.step;
  const shown = done === undefined ? (isNow ? tag(_("waited for"), "amber") : "—") : tag(_("done"), "green");
  return html`<td data-label=${_(`step ${step}`)}>${shown}</td>`;
}

/** What a person can check that no program can. */
function check(task: CeremonyTask): TemplateResult {
  const lines: Readonly<Record<Step, () => readonly string[]>> = {
    join: () => [
      _("Project, section and deadline are those you were asked to keep a share for."),
      _("The names above are the custodians you know of, each from its own organisation, and nobody is missing."),
      _("This device is your own, and the kit's file also lies in another place."),
    ],
    deal: () => [
      _("Everybody has committed; from here on nobody can change a part of the key."),
      _("The names are still the same. If somebody says that it did not join, do not go on; tell the supervisor."),
    ],
    certify: () => [
      _("Your kit decrypts and checks the share of every custodian before it signs. A bad one is named with its evidence."),
      _("After the last signature compare the eight words of the key with another custodian, by telephone or face to face."),
    ],
  };
  return html`<div class="check-list">
    <h4>${_("What to check")}</h4>
    <ul>
      ${lines[task.step]().map((line) => html`<li>${line}</li>`)}
    </ul>
  </div>`;
}

function blame(task: DeadTask): TemplateResult {
  const { attempt } = task;
  const why = attempt.cause === undefined
    ? _("Not done in time ({step}): {names}", {
        step: _(`step ${attempt.step ?? "join"}`),
        names: partyNames(task, attempt.missing ?? []),
      })
    : _("Ended by evidence ({cause}): {names}", {
        cause: _(`cause ${attempt.cause}`),
        names: partyNames(task, attempt.offenders ?? []),
      });
  return html`<p class="note note-amber">${why}</p>
    <p class="quiet">
      ${_("Nothing was sealed to this attempt. When the clerk starts the next one it appears here.")}
    </p>`;
}

function key(task: KeyTask): TemplateResult {
  return html`${words(task.keyId)}
    <p class="hint">
      ${task.rehearsed === undefined
        ? _("Not rehearsed yet. Rehearse some days before the deadline, so that a lost kit is found in time.")
        : _("Last rehearsed at {at}.", { at: moment(task.rehearsed) })}
    </p>`;
}

/** The key's fingerprint, as it is printed in the notice. */
export function words(keyId: string): TemplateResult {
  return html`<p class="quiet">${_("The key in eight words, as the notice prints them")}</p>
    ${eightWords(unhex(keyId, 32))}`;
}
