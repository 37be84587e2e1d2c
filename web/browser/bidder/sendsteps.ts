/** The steps after sealing begins: progress, the bidder's own secret, submission, receipt. */

import { html, nothing, type TemplateResult } from "lit";
import { moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import type { Progress, Running } from "./progress.ts";
import type { Phase } from "./protocol.ts";
import type { BidRecord } from "./record.ts";
import { sizeText } from "./size.ts";
import { tag } from "./steps.ts";
import { waitInWords } from "./words.ts";

const OF_A_BID: readonly Phase[] = ["seal", "check"];

/** How far work is, with its speed and what is left; it can be held. */
export function progressView(work: Running): TemplateResult {
  const { progress } = work;
  if (progress === undefined) return html`<p class="quiet" role="status">${_("Starting …")}</p>`;
  return html`<div class="work">
    ${progressBar(progress, OF_A_BID, work.isHeld)}
    ${work.isHeld ? html`<p role="status">${tag("amber", _("Paused"))}</p>` : nothing}
    ${work.isOffline && !work.isHeld
      ? html`<p class="note note-amber" role="alert">${_("The line is down. What has arrived is kept; sending goes on by itself when the line is back.")}</p>`
      : nothing}
    <button class="button button-quiet" type="button" @click=${() => void work.hold(!work.isHeld)}>
      ${work.isHeld ? _("Go on") : _("Pause for now")}
    </button>
  </div>`;
}

/** The bar of something that runs, with its speed and what is left, below the phases it goes through. */
export function progressBar(
  progress: Progress,
  through: readonly Phase[],
  isHeld: boolean,
): TemplateResult {
  const { phase, done, total, speed, left } = progress;
  const percent = total === 0 ? 0 : Math.floor((100 * done) / total);
  return html`${phase === "upload" ? nothing : phases(phase, through)}
    <label class="work-name" for="work-bar">${phaseName(progress)}</label>
    <progress id="work-bar" max="100" .value=${percent}></progress>
    <p class="nums work-facts">
      <strong>${percent} %</strong> · ${_("{done} of {total}", { done: sizeText(done), total: sizeText(total) })}
      ${speed > 0 && !isHeld ? html` · ${_("{speed} a second", { speed: sizeText(speed) })}` : nothing}
      ${left !== undefined && !isHeld ? html` · ${_("{wait} left", { wait: waitInWords(left) })}` : nothing}
    </p>`;
}

function phases(now: Phase, through: readonly Phase[]): TemplateResult {
  const at = through.indexOf(now);
  const names = { seal: _("Seal"), check: _("Open again"), compare: _("Compare") };
  return html`<ol class="phases">
    ${through.map(
      (phase, index) =>
        html`<li class=${index < at ? "is-done" : index === at ? "is-now" : ""} aria-current=${index === at ? "step" : nothing}>${names[phase]}</li>`,
    )}
  </ol>`;
}

function phaseName({ phase }: Progress): string {
  switch (phase) {
    case "seal":
      return _("Encrypting to this device's disk");
    case "check":
      return _("Opening the sealed file again, as the opening will");
    case "compare":
      return _("Opening it with the practice key, and comparing every byte");
    case "upload":
      return _("Uploading the sealed file");
  }
}

/** Saving the bidder's own secret, and showing that the saved file is it. */
export function secretStep(
  save: () => void,
  chosen: (file: File) => void,
  isSaved: boolean,
): TemplateResult {
  return html`<p class="prose">${_("Without this secret your bid cannot be opened, and counts as revoked. It is kept in this browser too, but browsers lose things: save it to a file on a second device, and keep it until the opening.")}</p>
    <ol class="todo">
      <li>
        <p><strong>${_("Save the secret to a file")}</strong></p>
        <button class="button" type="button" @click=${save}>${_("Save the secret")}</button>
      </li>
      <li>
        <p><strong>${_("Choose the file you have just saved: it is read again, to be sure")}</strong></p>
        <label class="button button-quiet ${isSaved ? "" : "is-waiting"}">
          ${_("Choose the saved file")}
          <input
            class="over-label"
            type="file"
            accept=".json,application/json"
            @change=${(event: Event) => {
              const input = event.currentTarget as HTMLInputElement;
              const [file] = input.files ?? [];
              if (file !== undefined) chosen(file);
              input.value = "";
            }}
          />
        </label>
      </li>
    </ol>`;
}

/** What a sealed bid is, before it is sent. */
export function sealedFacts(record: BidRecord): TemplateResult {
  return html`<dl class="facts">
    <div><dt>${_("Bid")}</dt><dd class="mono wrap">${record.bid}</dd></div>
    <div><dt>${_("Revision")}</dt><dd class="nums">${record.revision}</dd></div>
    <div><dt>${_("Sealed file")}</dt><dd class="nums">${sizeText(record.size ?? 0)}</dd></div>
    <div><dt>${_("Root over its slices")}</dt><dd class="mono wrap">${record.root ?? ""}</dd></div>
    <div><dt>${_("Sealed to")}</dt><dd>${record.words}</dd></div>
    <div><dt>${_("Opened again on this device")}</dt><dd>${tag("green", _("Yes, whole"))}</dd></div>
  </dl>`;
}

/** The confirmation that a bid is submitted, with its number and the two clocks. */
export function receiptStep(
  record: BidRecord,
  saveJson: () => void,
  savePdf: () => void,
): TemplateResult {
  return html`<div class="confirmed" role="status">
      <p class="confirmed-title">${_("Your bid is submitted")}</p>
      <p>${_("Reference")} <strong class="mono">${record.bid.slice(0, 8)}</strong></p>
    </div>
    <dl class="facts">
      <div><dt>${_("Received by the service")}</dt><dd class="nums">${moment(record.receivedAt ?? 0)}</dd></div>
      <div><dt>${_("Witnessed by the timekeeper")}</dt><dd class="nums">${moment(record.witnessedAt ?? 0)}</dd></div>
      <div><dt>${_("Receipt checked in this browser")}</dt><dd>${tag("green", _("Holds"))}</dd></div>
    </dl>
    <div class="actions">
      <button class="button" type="button" @click=${saveJson}>${_("Save the receipt (JSON)")}</button>
      <button class="button button-quiet" type="button" @click=${savePdf}>${_("Save the receipt (PDF)")}</button>
    </div>
    <p class="hint">${_("The JSON file proves that your bid was in the log before that time; it can be checked without us. Keep both files.")}</p>
    ${record.hasSecret
      ? html`<p class="note">${_("After the close, release your own secret in the opening hall. Keep its file until then.")}</p>`
      : nothing}`;
}
