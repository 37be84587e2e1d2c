/**
 * The board of the key ceremonies: started here by a signed message, made elsewhere by custodians
 * and timekeeper; who has done which step, who broke an attempt, who still holds its share.
 */

import { html, nothing, type TemplateResult } from "lit";
import { Said } from "../app/ask.ts";
import { pinned } from "../app/trust.ts";
import { _ } from "../app/texts.ts";
import { tag } from "../hall/pieces.ts";
import { board, failed, made } from "./board.ts";
import { field, tick } from "./fields.ts";
import { LiveStep } from "./live.ts";
import { ceremonyStart, keyOf } from "./messages.ts";
import { whole } from "./units.ts";
import { bound, drafted, envelopes, type Participant, type Project, type Section } from "./view.ts";

const HOUR = 3_600_000;

/** `<kb-clerk-keys data-project>`. */
export class Keys extends LiveStep {
  #hours = "24";
  #out = new Set<string>();

  protected shown(view: Project): TemplateResult {
    const sections = view.published ? view.sections : drafted(view);
    return html`${this.lineTag()}
      <p class="lead">
        ${_(
          "Custodians and timekeeper make the key together; nobody ever has it whole. They are told by their own pages or by the command line.",
        )}
      </p>
      ${sections.flatMap((section) =>
        envelopes(section).map((envelope) => this.#place(view, section, envelope)),
      )}
      ${sections.length === 0
        ? html`<p class="quiet">${_("Set the terms of a section first.")}</p>`
        : nothing}`;
  }

  #place(view: Project, section: Section, envelope: 1 | 2): TemplateResult {
    const key = keyOf(view, section.section, envelope);
    const attempts = view.attempts.filter(
      (one) => one.section === section.section && one.envelope === envelope,
    );
    const last = attempts.at(-1);
    const name = `place-${section.section}-${envelope}`;
    return html`<section class="card" aria-labelledby=${name}>
      <div class="card-head">
        <h2 id=${name}>
          ${section.title}${section.envelopes === 2
            ? ` · ${_("envelope {n}", { n: envelope })}`
            : ""}
          ${key !== undefined
            ? tag(_("key made"), "green")
            : last?.status === "open"
              ? tag(_("ceremony running"), "amber")
              : tag(_("no key yet"), "grey")}
        </h2>
      </div>
      ${key !== undefined && last !== undefined
        ? made(key, attempts.find((one) => one.sid === key.sid) ?? last)
        : nothing}
      ${key === undefined && last?.status === "open" ? board(last) : nothing}
      ${key === undefined && last?.status === "dead" ? failed(last) : nothing}
      ${key === undefined && last?.status !== "open" && !view.published
        ? this.#start(view, section, envelope)
        : nothing}
    </section>`;
  }

  #start(view: Project, section: Section, envelope: 1 | 2): TemplateResult {
    const custodians = bound(view, "custodian");
    const chosen = this.#chosen(custodians, section);
    const isReady = custodians.length >= section.n && bound(view, "timekeeper").length > 0;
    const place = `${section.section}-${envelope}`;
    if (!isReady) {
      return html`<p class="note">
        ${_("{count} of {wanted} custodians are bound", {
          count: custodians.length,
          wanted: section.n,
        })}.
        <a href="/clerk/${this.project}/people">${_("Bind the people first")}</a>
      </p>`;
    }
    return html`<div class="form">
      ${custodians.length > section.n
        ? html`<fieldset class="choices">
            <legend>${_("Who of the custodians takes part: {n}", { n: section.n })}</legend>
            ${custodians.map((one) =>
              tick(
                `in-${place}-${one.account}`,
                `${one.name} · ${one.organisation_name}`,
                chosen.includes(one),
                (isIn) => this.#toggle(one, isIn),
              ),
            )}
          </fieldset>`
        : html`<p>
            ${chosen.map((one) => one.name).join(_(", "))} · ${_("Timekeeper")}
            ${bound(view, "timekeeper")[0]?.name}
          </p>`}
      ${field({
        name: `hours-${place}`,
        label: _("Time for each of the three steps"),
        unit: _("hours"),
        mode: "numeric",
        value: this.#hours,
        changed: (hours) => this.#setHours(hours),
      })}
      <p class="hint">${_("Once started, the terms of this section stand.")}</p>
      <div class="acts">
        ${this.button(
          `start-${place}`,
          _("Sign and start the ceremony"),
          () => this.#begin(view, section, envelope, chosen),
          { isBlocked: chosen.length !== section.n || whole(this.#hours, 1, 720) === undefined },
        )}
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
    if (this.#out.size === 0)
      for (const one of custodians.slice(section.n)) this.#out.add(one.account);
    return custodians.filter((one) => !this.#out.has(one.account));
  }

  async #begin(
    view: Project,
    section: Section,
    envelope: 1 | 2,
    roster: readonly Participant[],
  ): Promise<void> {
    const { timekeeper: witness } = await pinned();
    if (witness === "")
      throw new Said(
        _("This installation has no timekeeper set up; the administrator does that."),
      );
    const each = (whole(this.#hours, 1, 720) ?? 24) * HOUR;
    const now = Math.floor(this.serverNow() ?? view.now);
    const by = { join_by: now + each, deal_by: now + 2 * each, certify_by: now + 3 * each };
    const message = await this.signed(
      "ceremony-start",
      ceremonyStart(view, section, envelope, roster, witness, by),
    );
    await this.ask(
      { type: "opening.start_ceremony", message },
      _("The ceremony has started; custodians and timekeeper can join."),
    );
  }
}
