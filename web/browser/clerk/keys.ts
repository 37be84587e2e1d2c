/**
 * The board of the key ceremonies: started here by a signed message, made elsewhere by custodians
 * and timekeeper; who has done which step, who broke an attempt, who still holds its share.
 */

import { html, nothing, type TemplateResult } from "lit";
import { moment } from "../app/format.ts";
import { pinned } from "../app/trust.ts";
import { _ } from "../app/texts.ts";
import { unhex } from "../crypto/bytes.ts";
import { fingerprint } from "../crypto/fingerprint.ts";
import { tag, when } from "../hall/pieces.ts";
import { field, tick } from "./fields.ts";
import { LiveStep } from "./live.ts";
import { ceremonyStart, keyOf } from "./messages.ts";
import { whole } from "./units.ts";
import { bound, drafted, envelopes, type Attempt, type Key, type Participant, type Project, type Section } from "./view.ts";

const HOUR = 3_600_000;
const STEPS = ["join", "deal", "certify"] as const;

/** `<kb-clerk-keys data-project>`. */
export class Keys extends LiveStep {
  #hours = "24";
  #out = new Set<string>();

  protected shown(view: Project): TemplateResult {
    const sections = view.published ? view.sections : drafted(view);
    return html`${this.lineTag()}
      <p class="lead">
        ${_("Custodians and timekeeper make the key together; nobody ever has it whole. They are told by their own pages or by the command line.")}
      </p>
      ${sections.flatMap((section) => envelopes(section).map((envelope) => this.#place(view, section, envelope)))}
      ${sections.length === 0 ? html`<p class="quiet">${_("Set the terms of a section first.")}</p>` : nothing}`;
  }

  #place(view: Project, section: Section, envelope: 1 | 2): TemplateResult {
    const key = keyOf(view, section.section, envelope);
    const attempts = view.attempts.filter((one) => one.section === section.section && one.envelope === envelope);
    const last = attempts.at(-1);
    const name = `place-${section.section}-${envelope}`;
    return html`<section class="card" aria-labelledby=${name}>
      <div class="card-head">
        <h2 id=${name}>
          ${section.title}${section.envelopes === 2 ? ` · ${_("envelope {n}", { n: envelope })}` : ""}
          ${key !== undefined ? tag(_("key made"), "green") : last?.status === "open" ? tag(_("ceremony running"), "amber") : tag(_("no key yet"), "grey")}
        </h2>
      </div>
      ${key !== undefined && last !== undefined ? this.#made(key, attempts.find((one) => one.sid === key.sid) ?? last) : nothing}
      ${key === undefined && last?.status === "open" ? this.#board(last) : nothing}
      ${key === undefined && last?.status === "dead" ? this.#failed(last) : nothing}
      ${key === undefined && last?.status !== "open" && !view.published ? this.#start(view, section, envelope) : nothing}
    </section>`;
  }

  #board(attempt: Attempt): TemplateResult {
    const step = stepOf(attempt);
    return html`<p>
        ${_("Attempt {n}", { n: attempt.attempt })} · ${_("Step now: {step}", { step: _(`step ${step}`) })} ·
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
          ${attempt.roster.map((one, at) => this.#party(attempt, at + 1, one.name, one.organisation))}
          ${this.#party(attempt, 0, attempt.timekeeper.name, _("Timekeeper"))}
        </tbody>
      </table>
      <p class="hint">${_("When a party misses its time or cheats, the attempt ends with its name, and you start another.")}</p>`;
  }

  #party(attempt: Attempt, party: number, name: string, where: string): TemplateResult {
    const done = { join: attempt.joins, deal: attempt.deals, certify: attempt.certifies };
    const step = stepOf(attempt);
    return html`<tr>
      <th scope="row" class="cell-main">${name}<span class="sub">${where}</span></th>
      ${STEPS.map(
        (one) => html`<td data-label=${_(`step ${one}`)}>
          ${done[one].includes(party) ? tag(_("done"), "green") : one === step ? tag(_("waiting"), "amber") : html`<span class="quiet">—</span>`}
        </td>`,
      )}
    </tr>`;
  }

  #failed(attempt: Attempt): TemplateResult {
    const names = attempt.offenders.map((party) => partyName(attempt, party)).join("、");
    const silent = names === "" ? missing(attempt).map((party) => partyName(attempt, party)).join("、") : "";
    return html`<div class="note note-amber">
      <p><strong>${_("Attempt {n} failed.", { n: attempt.attempt })}</strong></p>
      ${names === "" ? nothing : html`<p>${_("The evidence names: {names}", { names })}</p>`}
      ${silent === "" ? nothing : html`<p>${_("Not done in time: {names}", { names: silent })}</p>`}
      <p>${_("Speak with those named, bind somebody else if need be, and start another attempt.")}</p>
    </div>`;
  }

  #made(key: Key, attempt: Attempt): TemplateResult {
    const words = fingerprint(unhex(key.key_id, 32));
    return html`<ol class="fingerprint" aria-label=${_("Fingerprint of the key")}>
        ${words.map((one) => html`<li><span class="fp-char" lang="zh-CN">${one.chinese}</span><span class="fp-word" lang="en">${one.english}</span></li>`)}
      </ol>
      <h3>${_("Rehearsals")}</h3>
      <p class="hint">${_("A custodian shows with a rehearsal that it still holds its share. {k} of {n} are needed at the opening.", { k: attempt.k, n: attempt.n })}</p>
      <ul class="rows">
        ${attempt.roster.map((one, at) => {
          const since = key.rehearsed[String(at + 1)];
          return html`<li class="row">
            <div class="row-main">${one.name}<span class="sub">${one.organisation}</span></div>
            <div>${since === undefined ? tag(_("not rehearsed"), "amber") : html`${tag(_("rehearsed"), "green")}<span class="sub">${when(since)}</span>`}</div>
          </li>`;
        })}
      </ul>`;
  }

  #start(view: Project, section: Section, envelope: 1 | 2): TemplateResult {
    const custodians = bound(view, "custodian");
    const chosen = this.#chosen(custodians, section);
    const isReady = custodians.length >= section.n && bound(view, "timekeeper").length > 0;
    const place = `${section.section}-${envelope}`;
    if (!isReady) {
      return html`<p class="note">
        ${_("{count} of {wanted} custodians are bound", { count: custodians.length, wanted: section.n })}.
        <a href="/clerk/${this.project}/people">${_("Bind the people first")}</a>
      </p>`;
    }
    return html`<div class="form">
      ${custodians.length > section.n
        ? html`<fieldset class="choices">
            <legend>${_("Who of the custodians takes part: {n}", { n: section.n })}</legend>
            ${custodians.map((one) => tick(`in-${place}-${one.account}`, `${one.name} · ${one.organisation_name}`, chosen.includes(one), (isIn) => this.#toggle(one, isIn)))}
          </fieldset>`
        : html`<p>${chosen.map((one) => one.name).join("、")} · ${_("Timekeeper")} ${bound(view, "timekeeper")[0]?.name}</p>`}
      ${field({ name: `hours-${place}`, label: _("Time for each of the three steps"), unit: _("hours"), mode: "numeric", value: this.#hours, changed: (hours) => this.#setHours(hours) })}
      <p class="hint">${_("Once started, the terms of this section stand.")}</p>
      <div class="acts">
        ${this.button(`start-${place}`, _("Sign and start the ceremony"), () => this.#begin(view, section, envelope, chosen), { isBlocked: chosen.length !== section.n || whole(this.#hours, 1, 720) === undefined })}
      </div>
    </div>`;
  }

  #setHours(hours: string): void {
    this.#hours = hours;
    this.requestUpdate();
  }

  #toggle(one: Participant, isIn: boolean): void {
    if (isIn) this.#out.delete(one.account);
    else this.#out.add(one.account);
    this.requestUpdate();
  }

  /** Those ticked; with more bound than needed, the first ones to begin with. */
  #chosen(custodians: readonly Participant[], section: Section): readonly Participant[] {
    if (this.#out.size === 0) for (const one of custodians.slice(section.n)) this.#out.add(one.account);
    return custodians.filter((one) => !this.#out.has(one.account));
  }

  async #begin(view: Project, section: Section, envelope: 1 | 2, roster: readonly Participant[]): Promise<void> {
    const { timekeeper: witness } = await pinned();
    if (witness === "") throw new Error(_("This installation has no timekeeper set up; the administrator does that."));
    const each = (whole(this.#hours, 1, 720) ?? 24) * HOUR;
    const now = Math.floor(this.serverNow() ?? view.now);
    const by = { join_by: now + each, deal_by: now + 2 * each, certify_by: now + 3 * each };
    const message = await this.signed("ceremony-start", ceremonyStart(view, section, envelope, roster, witness, by));
    await this.ask({ type: "opening.start_ceremony", message }, _("The ceremony has started; custodians and timekeeper can join."));
  }
}

function stepOf(attempt: Attempt): (typeof STEPS)[number] {
  if (attempt.joins.length <= attempt.n) return "join";
  return attempt.deals.length <= attempt.n ? "deal" : "certify";
}

function missing(attempt: Attempt): readonly number[] {
  const done = { join: attempt.joins, deal: attempt.deals, certify: attempt.certifies }[stepOf(attempt)];
  return Array.from({ length: attempt.n + 1 }, (_one, party) => party).filter((party) => !done.includes(party));
}

function partyName(attempt: Attempt, party: number): string {
  return party === 0 ? attempt.timekeeper.name : (attempt.roster[party - 1]?.name ?? String(party));
}
