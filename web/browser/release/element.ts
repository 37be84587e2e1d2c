/**
 * Asks a custodian for its shares of one opening: shows what this browser worked out from the
 * record, and posts the shares once the person has confirmed.
 *
 * It must not ask the kit for anything before the record was checked, and never twice.
 */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { command, freshId, Problem } from "../app/api.ts";
import { confirmTyped, inWords } from "../app/ask.ts";
import { moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import * as trust from "../app/trust.ts";
import { saveAs } from "../bidder/saving.ts";
import { unhex } from "../crypto/bytes.ts";
import { keyId } from "../crypto/dsse.ts";
import type { KitHolder } from "../custodian/holder.ts";
import type { Warning } from "../record/copy.ts";
import { NotTrusted } from "../record/not_trusted.ts";
import type { Place } from "../record/state.ts";
import { checkRecord, fetchRecord } from "./checking.ts";
import { faultInWords, isWaiting } from "./findings.ts";
import {
  checkedList,
  checkedOrder,
  custodians,
  leftOut,
  progress,
  refusal,
  warnings,
} from "./parts.ts";
import type { Report, ReportMember } from "./report.ts";

/** How long until something that had not happened yet is looked for again, ms. */
const AGAIN = 15_000;
/** The attributes that say which opening it is about. */
const PLACE = ["project", "section", "envelope"] as const;

type State =
  | { readonly is: "checking"; readonly text: string; readonly done: number; readonly all: number }
  | { readonly is: "waiting"; readonly text: string }
  | { readonly is: "refused"; readonly text: string; readonly code: string }
  | { readonly is: "failed"; readonly text: string }
  | { readonly is: "checked"; readonly report: Report };

/** `<kb-release data-project data-section data-envelope data-worker>`, its kit as `holder`; light DOM. */
export class Release extends LitElement {
  static override properties = {
    holder: { attribute: false },
    ...Object.fromEntries(PLACE.map((name) => [name, { attribute: `data-${name}` }])),
  };

  declare holder: KitHolder | undefined;
  #state: State = { is: "checking", text: "", done: 0, all: 0 };
  /** As it was shown last: evidence, where it does not hold. */
  #record: Blob | undefined;
  #seen = new Set<Warning["kind"]>();
  #step = "";
  #problem = "";
  /** When the timekeeper saw the shares posted here, ms; 0: posted, not yet seen. */
  #doneAt: number | undefined;
  #timer = 0;
  /** Grows with every check: what an earlier one finds is not shown. */
  #turn = 0;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#check();
  }

  override disconnectedCallback(): void {
    window.clearTimeout(this.#timer);
    super.disconnectedCallback();
  }

  /** About another opening nothing is known yet, and nothing was released. */
  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!PLACE.some((name) => changed.get(name) !== undefined)) return;
    this.#doneAt = undefined;
    this.#problem = "";
    this.#seen.clear();
    void this.#check();
  }

  protected override render(): TemplateResult {
    const state = this.#state;
    switch (state.is) {
      case "checking":
        return progress(state.text, state.done, state.all);
      case "waiting":
        return html`<p class="note" role="status">${state.text}</p>
          ${this.#again()}`;
      case "failed":
        return html`<p class="problem-line" role="alert">${state.text}</p>
          ${this.#again()}`;
      case "refused":
        return this.#refused(state.text, state.code);
      case "checked":
        return this.#checked(state.report);
    }
  }

  #place(): Place {
    const { section, envelope } = this.dataset;
    return { section: section ?? "", envelope: envelope === "2" ? 2 : 1 };
  }

  /** Whether a report is still of what this is about. */
  #isAbout({ project, place }: Report): boolean {
    const { section, envelope } = this.#place();
    const isSame = section === place.section && envelope === place.envelope;
    return isSame && this.dataset["project"] === project;
  }

  #become(state: State): void {
    this.#state = state;
    this.requestUpdate();
  }

  /** Fetch the record and check it; what has only not happened yet is looked for again. */
  async #check(): Promise<void> {
    window.clearTimeout(this.#timer);
    this.#turn += 1;
    const turn = this.#turn;
    const become = (state: State): void => {
      if (turn === this.#turn) this.#become(state);
    };
    const texts = {
      entries: _("Checking the record, entry by entry"),
      bids: _("Checking every bid"),
      shares: _("Checking the shares of the other custodians"),
    };
    this.#become({ is: "checking", text: _("Fetching the record"), done: 0, all: 0 });
    try {
      const [{ project = "", worker = "" }, place] = [this.dataset, this.#place()];
      const record = await fetchRecord(project);
      if (turn === this.#turn) this.#record = record;
      const report = await checkRecord(worker, record, project, place, (step, done, all) => {
        become({ is: "checking", text: texts[step], done, all });
      });
      become({ is: "checked", report });
    } catch (error) {
      if (turn === this.#turn) this.#become(this.#failure(error));
    }
  }

  #failure(error: unknown): State {
    if (error instanceof trust.NotTrusted) return { is: "refused", text: error.said, code: "" };
    if (!(error instanceof NotTrusted)) return { is: "failed", text: inWords(error) };
    const text = faultInWords(error.fault, error.about);
    if (isWaiting(error.fault, error.about)) {
      if (this.isConnected) this.#timer = window.setTimeout(() => void this.#check(), AGAIN);
      return { is: "waiting", text };
    }
    const code = [error.fault, error.rule].filter((part) => part !== "").join(" · ");
    return { is: "refused", text, code };
  }

  #again(): TemplateResult {
    return html`<button class="button button-quiet" type="button" @click=${(): void => void this.#check()}>
      ${_("Check again")}
    </button>`;
  }

  #refused(text: string, code: string): TemplateResult {
    return html`${refusal(text, code)}
      <p class="ask-actions">
        <button class="button button-quiet" type="button" @click=${(): void => this.#save()}>
          ${_("Save the record")}
        </button>
        ${this.#again()}
      </p>`;
  }

  /** Save the very record that was shown; the service may show another one next time. */
  #save(): void {
    const { project = "", section = "", envelope = "" } = this.dataset;
    const name = `record-${project.slice(0, 8)}-${section}-${envelope}.tar`;
    if (this.#record !== undefined) saveAs(name, this.#record);
  }

  #checked(report: Report): TemplateResult {
    return html`<div class="note release-good" role="status">
        ${_("This browser checked all {entries} entries of the record against the log, the making of the key, and every bid. The order names exactly the bids it must.", { entries: report.entries })}
      </div>
      ${checkedOrder(report)} ${checkedList(report)} ${leftOut(report)} ${custodians(this.#withOwn(report))}
      ${this.#action(report)}`;
  }

  #own(report: Report): ReportMember | undefined {
    const own = this.holder === undefined ? undefined : keyId(unhex(this.holder.spki));
    return report.roster.find(({ keyid }) => keyid === own);
  }

  /** Count what was released here since the record was read. */
  #withOwn(report: Report): Report {
    const [own, at] = [this.#own(report), this.#doneAt];
    if (own === undefined || own.postedAt !== undefined || !at) return report;
    const roster = report.roster.map((one) => (one === own ? { ...one, postedAt: at } : one));
    return { ...report, roster };
  }

  #action(report: Report): TemplateResult {
    const own = this.#own(report);
    if (this.#doneAt !== undefined) return this.#done(this.#doneAt);
    if (own?.postedAt !== undefined) return this.#done(own.postedAt);
    if (report.releasedAt !== undefined) {
      return html`<p class="note">
        ${_("The timekeeper released at {at}; no more shares are needed.", { at: moment(report.releasedAt) })}
      </p>`;
    }
    if (this.holder === undefined) {
      return html`<p class="note">${_("Open your kit to release your shares.")}</p>`;
    }
    if (own === undefined) {
      return html`<p class="note note-amber">
        ${_("The kit that is open is not on the roster of this key. Open the kit you took part in the ceremony with.")}
      </p>`;
    }
    const isSeen = report.warnings.every(({ kind }) => this.#seen.has(kind));
    return html`${warnings(report.warnings, this.#seen, () => this.requestUpdate())}
      <div class="release-action">
        <button
          class="button button-grave"
          type="button"
          ?disabled=${!isSeen || this.#step !== ""}
          @click=${(): void => void this.#ask(report)}
        >
          ${_("Release my shares")}
        </button>
        ${this.#step === "" ? nothing : html`<span role="status">${this.#step}</span>`}
      </div>
      ${this.#problem === "" ? nothing : html`<p class="problem-line" role="alert">${this.#problem}</p>`}`;
  }

  #done(at: number): TemplateResult {
    return html`<div class="note release-good" role="status">
      <h3>${_("Your shares are released")}</h3>
      <p>
        ${at === 0
          ? _("The service has them; the timekeeper will witness them. You can close this page.")
          : _("They are on the record since {at}. There is nothing more for you to do here.", { at: moment(at) })}
      </p>
    </div>`;
  }

  async #ask(report: Report): Promise<void> {
    const bids = report.listed.length;
    const isSure = await confirmTyped({
      title: _("Release your shares of {bids} bids?", { bids }),
      text: _("This cannot be taken back. Once {k} custodians and the timekeeper have released, the bids on the list are open to all.", { k: report.k }),
      word: _("RELEASE"),
      action: _("Release my shares"),
      isGrave: true,
    });
    if (isSure) await this.#release(report);
  }

  /** Have the shares computed and signed, post them, and wait until the timekeeper has seen them. */
  async #release(report: Report): Promise<void> {
    const { project, keyId: key, openingId, certificate, clerk } = report;
    const bids = report.listed.map(({ bid, enc }) => ({ bid, enc }));
    const id = freshId();
    this.#problem = "";
    try {
      this.#say(_("Computing your shares of {bids} bids", { bids: bids.length }));
      const asked = { project, keyId: key, openingId, bids, certificate, clerk };
      const message = await this.holder?.partial(asked);
      if (message === undefined) return;
      this.#say(_("Sending your shares"));
      await command(project, { type: "opening.post_partial", message }, id);
      if (this.#isAbout(report)) this.#doneAt = 0;
      this.dispatchEvent(new CustomEvent("released", { bubbles: true, detail: { openingId } }));
      this.#say(_("Waiting for the timekeeper to see them"));
      const receipt = await trust.receipt(project, id);
      if (receipt !== undefined && this.#isAbout(report)) this.#doneAt = receipt.cosignedAt * 1000;
    } catch (error) {
      await this.#stumbled(error);
    } finally {
      this.#say("");
    }
  }

  async #stumbled(error: unknown): Promise<void> {
    const isThere = error instanceof Problem && error.code === "opening.already_posted";
    if (isThere) await this.#check();
    else this.#problem = error instanceof trust.NotTrusted ? error.said : inWords(error);
  }

  #say(step: string): void {
    this.#step = step;
    this.requestUpdate();
  }
}
