/** Says what a receipt proves, or why it proves nothing; it checks nothing itself. */

import { html, nothing, type TemplateResult } from "lit";
import { iso, moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import type { Trust } from "../app/trust.ts";
import { hex, unhex } from "../crypto/bytes.ts";
import { fingerprint } from "../crypto/fingerprint.ts";
import type { CheckedReceipt } from "../crypto/receipts.ts";
import type { CheckedFile, ReceiptBid, ReceiptEvent } from "../record/receipt_check.ts";

/** A file that was checked. */
export interface Outcome {
  readonly name: string;
  readonly checked: CheckedFile;
  /** There only where the receipt holds. */
  readonly proved: CheckedReceipt | undefined;
  readonly trust: Trust;
  /** Whether the person gave keys, rather than the page. */
  readonly isOwn: boolean;
}

type Row = readonly [name: string, value: string | TemplateResult];

/** Show an outcome; `expected` is the entry's hash where the person came from a printed code. */
export function outcome(found: Outcome, expected: string | undefined): TemplateResult {
  const { checked, proved } = found;
  if (proved === undefined || checked.event === undefined) return failure(found);
  const leaf = hex(proved.leaf);
  return html`<section class="card verdict is-good" aria-labelledby="verdict">
    <h2 id="verdict"><span class="verdict-sign" aria-hidden="true">✓</span> ${_("The receipt holds")}</h2>
    <p class="prose">${_("The timekeeper had seen the entry in the log {log} at {at}. It can be neither taken back nor changed nor dated back.", { log: proved.checkpoint.origin, at: moment(proved.cosignedAt * 1000) })}</p>
    ${expected === undefined ? nothing : compared(leaf, expected)}
    ${facts([...eventRows(checked.event), ...logRows(checked.event, proved, leaf)])}
    <p class="hint">${found.isOwn
      ? _("Checked against the keys you gave, here in this browser.")
      : _("Checked against the keys this page shows, here in this browser. Compare those once with the published ones: otherwise you believe this service about itself.")}</p>
  </section>`;
}

function failure({ name, checked }: Outcome): TemplateResult {
  return html`<section class="card verdict is-bad" aria-labelledby="verdict">
    <h2 id="verdict"><span class="verdict-sign" aria-hidden="true">✕</span> ${_("The receipt does not hold")}</h2>
    ${checked.problems.map((problem) => html`<p class="prose">${problem}</p>`)}
    <p class="hint">${_("File: {name}", { name })}</p>
    ${checked.event === undefined
      ? nothing
      : html`<details><summary>${_("What the file says, none of it proved")}</summary>${facts(eventRows(checked.event))}</details>`}
  </section>`;
}

function compared(leaf: string, expected: string): TemplateResult {
  return leaf === expected
    ? html`<p class="note">${_("It is the receipt that the printed code stands for.")}</p>`
    : html`<p class="note note-amber">${_("It is another receipt than the one the printed code stands for.")}</p>`;
}

function facts(rows: readonly Row[]): TemplateResult {
  return html`<dl class="proved">
    ${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}

function eventRows(event: ReceiptEvent): Row[] {
  return [
    [_("What it proves"), what(event.type)],
    [_("Account"), html`<span class="mono">${event.account}</span>`],
    [_("Project"), html`<a href="/public/${event.project}" class="mono">${event.project}</a>`],
    ...(event.bid === undefined ? [] : bidRows(event.bid)),
    [_("Received by the service"), time(event.receivedAt)],
    [_("Id of the command"), html`<span class="mono">${event.command}</span>`],
  ];
}

function bidRows(bid: ReceiptBid): Row[] {
  return [
    [_("Section"), html`${bid.section} · ${_("envelope {n}", { n: bid.envelope })}`],
    [_("Bid"), html`<code class="whole">${bid.bid}</code>`],
    [_("Revision"), String(bid.revision)],
    [_("Sealed file"), `${bid.size.toLocaleString("en")} ${_("bytes")}`],
    [_("Root of the sealed file"), html`<code class="whole">${bid.root}</code>`],
    [_("Key in words"), words(bid.keyId)],
  ];
}

function logRows(event: ReceiptEvent, proved: CheckedReceipt, leaf: string): Row[] {
  return [
    [_("Cosigned by the timekeeper"), time(proved.cosignedAt * 1000)],
    [_("Place in the log"), `${event.index.toLocaleString("en")} / ${event.size.toLocaleString("en")}`],
    [_("Entry in the log"), html`<code class="whole">${leaf}</code>`],
    [_("Root of the tree"), html`<code class="whole">${hex(proved.checkpoint.root)}</code>`],
  ];
}

function words(keyId: string): string {
  const found = fingerprint(unhex(keyId, 32));
  return `${found.map((one) => one.english).join(" ")} · ${found.map((one) => one.chinese).join("")}`;
}

function time(at: number): TemplateResult {
  return html`<time datetime=${iso(at)}>${moment(at)}</time>`;
}

/** What a kind of entry means to whoever did it. */
function what(type: string): string | TemplateResult {
  switch (type) {
    case "opening.bid_admitted":
      return _("A sealed bid was received in time");
    case "opening.bid_withdrawn":
      return _("A bid was taken back");
    case "opening.bid_refused":
      return _("A bid was turned away");
    case "opening.participant_bound":
      return _("The account takes part in the project");
    case "opening.secret_released":
      return _("The bidder released its secret");
    case "opening.line_confirmed":
      return _("The bidder confirmed what was read out");
    case "opening.objection_raised":
      return _("An objection was made");
    case "opening.minutes_signed":
      return _("The minutes got a signature");
    case "project.notice_published":
      return _("Notice published");
    default:
      return html`${_("An entry of the project's record")} <code>${type}</code>`;
  }
}
