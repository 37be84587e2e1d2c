/** How a key ceremony stands: who has done which step, who broke it, who still holds its share. */

import { html, nothing, type TemplateResult } from "lit";
import { eightWords } from "../app/eight_words.ts";
import { moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { unhex } from "../crypto/bytes.ts";
import { tag, when } from "../hall/pieces.ts";
import type { Attempt, Key } from "./view.ts";

const STEPS = ["join", "deal", "certify"] as const;

/** Show who has done which step of an attempt that runs. */
export function board(attempt: Attempt): TemplateResult {
  const step = stepOf(attempt);
  return html`<p>
      ${_("Attempt {n}", { n: attempt.attempt })} ·
      ${_("Step now: {step}", { step: _(`step ${step}`) })} ·
      ${_("until {at}", { at: moment(attempt[`${step}_by`]) })}
    </p>
    <table class="table table-stack parties">
      <thead>
        <tr>
          <th scope="col">${_("Party")}</th>
          ${STEPS.map((one) => html`<th scope="col">${_(`step ${one}`)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${attempt.roster.map((one, at) => row(attempt, at + 1, one.name, one.organisation))}
        ${row(attempt, 0, attempt.timekeeper.name, _("Timekeeper"))}
      </tbody>
    </table>
    <p class="hint">
      ${_(
        "When a party misses its time or cheats, the attempt ends with its name, and you start another.",
      )}
    </p>`;
}

function row(attempt: Attempt, party: number, name: string, where: string): TemplateResult {
  const done = { join: attempt.joins, deal: attempt.deals, certify: attempt.certifies };
  const step = stepOf(attempt);
  return html`<tr>
    <th scope="row" class="cell-main">${name}<span class="sub">${where}</span></th>
    ${STEPS.map(
      (one) =>
        html`<td data-label=${_(`step ${one}`)}>
          ${done[one].includes(party)
            ? tag(_("done"), "green")
            : one === step
              ? tag(_("waiting"), "amber")
              : html`<span class="quiet">—</span>`}
        </td>`,
    )}
  </tr>`;
}

/** Say why an attempt came to nothing, and who is named for it. */
export function failed(attempt: Attempt): TemplateResult {
  const names = attempt.offenders.map((party) => partyName(attempt, party)).join(_(", "));
  const silent =
    names === ""
      ? missing(attempt)
          .map((party) => partyName(attempt, party))
          .join(_(", "))
      : "";
  return html`<div class="note note-amber">
    <p><strong>${_("Attempt {n} failed.", { n: attempt.attempt })}</strong></p>
    ${names === "" ? nothing : html`<p>${_("The evidence names: {names}", { names })}</p>`}
    ${silent === "" ? nothing : html`<p>${_("Not done in time: {names}", { names: silent })}</p>`}
    <p>${_("Speak with those named, bind somebody else if need be, and start another attempt.")}</p>
  </div>`;
}

/** Show a key that is made, and who has shown to still hold its share. */
export function made(key: Key, attempt: Attempt): TemplateResult {
  return html`${eightWords(unhex(key.key_id, 32), _("Fingerprint of the key"))}
    <h3>${_("Rehearsals")}</h3>
    <p class="hint">
      ${_(
        "A custodian shows with a rehearsal that it still holds its share. {k} of {n} are needed at the opening.",
        { k: attempt.k, n: attempt.n },
      )}
    </p>
    <ul class="rows">
      ${attempt.roster.map((one, at) => {
        const since = key.rehearsed[String(at + 1)];
        return html`<li class="row">
          <div class="row-main">${one.name}<span class="sub">${one.organisation}</span></div>
          <div>
            ${since === undefined
              ? tag(_("not rehearsed"), "amber")
              : html`${tag(_("rehearsed"), "green")}<span class="sub">${when(since)}</span>`}
          </div>
        </li>`;
      })}
    </ul>`;
}

function stepOf(attempt: Attempt): (typeof STEPS)[number] {
  if (attempt.joins.length <= attempt.n) return "join";
  return attempt.deals.length <= attempt.n ? "deal" : "certify";
}

function missing(attempt: Attempt): readonly number[] {
  const done = { join: attempt.joins, deal: attempt.deals, certify: attempt.certifies }[
    stepOf(attempt)
  ];
  return Array.from({ length: attempt.n + 1 }, (_one, party) => party).filter(
    (party) => !done.includes(party),
  );
}

function partyName(attempt: Attempt, party: number): string {
  return party === 0 ? attempt.timekeeper.name : attempt.roster[party - 1]?.name ?? String(party);
}
