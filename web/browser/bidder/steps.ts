/** The steps before sealing, one thing a page: browser, key, files, form, and a look at it all. */

import { html, nothing, type TemplateResult } from "lit";
import { eightWords } from "../app/eight_words.ts";
import { amount } from "../app/format.ts";
import { language, _ } from "../app/texts.ts";
import type { Bidding } from "./bidding.ts";
import type { Draft } from "./draft.ts";
import { sizeText } from "./size.ts";
import { blindFaultInWords, fileProblemInWords, lackInWords, problemInWords, waitInWords } from "./words.ts";

/** What the browser can do, how much room and speed there is. */
export function checkStep(bidding: Bidding): TemplateResult {
  const { probed, room } = bidding;
  const needed = bidding.section?.max_size ?? 0;
  if (probed === undefined || room === undefined) {
    return html`<p class="quiet" role="status">${_("Trying this browser out …")}</p>`;
  }
  if (probed.missing.length > 0) return cannotSeal(probed.missing);
  const isTight = room.free < needed;
  return html`<dl class="facts">
      <div>
        <dt>${_("Browser")}</dt>
        <dd>${tag("green", _("Can seal"))}</dd>
      </div>
      <div>
        <dt>${_("Disk space for this page")}</dt>
        <dd class="nums">${sizeText(room.free)} ${isTight ? tag("amber", _("Little")) : nothing}</dd>
      </div>
      <div>
        <dt>${_("Speed of sealing")}</dt>
        <dd class="nums">
          ${_("{speed} a second; a bid of 1 GiB takes {wait}", {
            speed: sizeText(probed.speed),
            wait: waitInWords((3 * 2 ** 30 * 1000) / probed.speed),
          })}
        </dd>
      </div>
    </dl>
    ${isTight
      ? html`<p class="note note-amber">
          ${_("A bid here may be up to {size}. There is less room than that: a large bid may not fit. In a private window there is little room, and it is memory.", { size: sizeText(needed) })}
        </p>`
      : nothing}
    <p class="note">
      ${_("Do not use a private (incognito) window: your signing key, the sealed file and your own secret would be gone when it is closed.")}
      ${room.isKept ? nothing : _("If the browser asks whether this site may keep data on this device, allow it; and do not let it clear its data before the opening.")}
    </p>`;
}

/** What this browser lacks, and what can be used instead. */
function cannotSeal(missing: readonly string[]): TemplateResult {
  return html`<dl class="facts">
      <div>
        <dt>${_("Browser")}</dt>
        <dd>${tag("red", _("Cannot seal"))}</dd>
      </div>
    </dl>
    ${missing.map((name) => html`<p class="problem-line" role="alert">${lackInWords(name)}</p>`)}
    <p class="prose">${_("Otherwise use a current Chrome, Edge or Firefox, the offline sealer, or the command line.")}</p>`;
}

/** The key that the bid is sealed to, with its words. */
export function keyStep(bidding: Draft): TemplateResult {
  const { trusted } = bidding;
  if (trusted === undefined) {
    return html`<p class="quiet" role="status">${_("Checking the notice and the key …")}</p>`;
  }
  const { start } = trusted.key;
  return html`<p class="prose">${_("The notice, its signature, the whole ceremony of the key and the timekeeper's proofs were checked in this browser. Compare the eight words with those printed in the notice. If one differs, do not seal.")}</p>
    ${eightWords(trusted.key.keyId)}
    <dl class="facts">
      <div><dt>${_("Held by")}</dt><dd>${start.roster.map(({ name, organisation }) => html`<span class="holder">${name} (${organisation})</span>`)}</dd></div>
      <div><dt>${_("timekeeper")}</dt><dd>${start.timekeeper.name}</dd></div>
      <div><dt>${_("To open")}</dt><dd>${_("{k} of {n} custodians, then the timekeeper", { k: start.k, n: start.n })}</dd></div>
    </dl>
    ${start.coOpen
      ? html`<p class="note">${_("In this project each bidder also holds a secret of its own. Without it your bid cannot be opened: you will save it to a file, and release it after the close.")}</p>`
      : nothing}`;
}

/** What stands against the chosen files, a line each. */
export function filesSummary({ fileProblems }: Draft): TemplateResult {
  const sentences = fileProblems.map(fileProblemInWords);
  return html`${sentences.map((text) => html`<p class="problem-line" role="alert">${text}</p>`)}`;
}

/** What keeps a form from being sealed, each with a link to its field; nothing where all is well. */
export function formSummary({ blocking, terms }: Draft): TemplateResult | typeof nothing {
  if (blocking.length === 0) return nothing;
  return html`<div class="summary" role="alert" tabindex="-1">
    <h2>${_("There is a problem")}</h2>
    <ul>
      ${blocking.map((one) => html`<li><a href="#form-${one.field.replaceAll(".", "-")}" @click=${toField}>${problemInWords(one, terms)}</a></li>`)}
    </ul>
  </div>`;
}

function toField(event: Event): void {
  event.preventDefault();
  const link = event.currentTarget as HTMLAnchorElement;
  document.querySelector<HTMLElement>(link.hash)?.focus();
}

/** What gives the bidder away in the blind part, or what of it nobody will see; it may be sealed. */
export function blindNotes({ blindFaults }: Draft): TemplateResult {
  return html`${blindFaults.map((one) => html`<p class="note note-amber blind-note">${blindFaultInWords(one)}</p>`)}`;
}

/** All of it once more before it is sealed. */
export function reviewStep(bidding: Draft): TemplateResult {
  const { form } = bidding.form;
  const price = form["price"] as Record<string, unknown> | undefined;
  const minor = price?.["amount"];
  const warnings = bidding.formProblems.filter(({ problem }) => problem === "over_limit");
  return html`${warnings.map((one) => html`<p class="note note-amber">${problemInWords(one, bidding.terms)}</p>`)}
    ${blindNotes(bidding)}
    <dl class="facts">
      <div><dt>${_("Bidder's name")}</dt><dd>${String(form["bidder"])}</dd></div>
      ${typeof minor === "number"
        ? html`<div>
            <dt>${_("Price")}</dt>
            <dd class="nums"><strong>${amount(minor)} ${String(price?.["currency"] ?? "")}</strong><span class="sub" lang="zh-CN">${String(price?.["capitals"] ?? "")}</span></dd>
          </div>`
        : price?.["rate"] !== undefined
          ? html`<div><dt>${_("Rate")}</dt><dd class="nums">${String(price["rate"])}</dd></div>`
          : nothing}
      <div>
        <dt>${_("Files")}</dt>
        <dd>${_("{n} files, {size}", { n: bidding.files.length, size: sizeText(bidding.total) })}</dd>
      </div>
      <div>
        <dt>${_("Sealed to")}</dt>
        <dd>${bidding.words.map(({ english, chinese }) => (language() === "en" ? english : chinese)).join(" ")}</dd>
      </div>
      ${bidding.replaces > 0
        ? html`<div><dt>${_("Replaces")}</dt><dd>${_("revision {n}", { n: bidding.replaces })}</dd></div>`
        : nothing}
    </dl>
    <p class="hint">${_("The bid is encrypted on this device. Only the sealed file and its proofs leave it, and only when you submit.")}</p>`;
}

export function tag(kind: string, text: string): TemplateResult {
  return html`<span class="tag tag-${kind}">${text}</span>`;
}
