/** What a checked opening looks like: its order, its list, what is left out, who has released. */

import { html, nothing, type TemplateResult } from "lit";
import { iso, moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import type { Warning } from "../record/copy.ts";
import { absenceInWords, warningInWords } from "./findings.ts";
import type { Report, ReportBid } from "./report.ts";

/** How many findings of a kind are shown at once. */
const SHOWN = 4;

/** How far a check is; without numbers, that it goes on. */
export function progress(text: string, done: number, all: number): TemplateResult {
  const bar =
    all > 0
      ? html`<progress aria-labelledby="release-step" max=${all} value=${done}></progress>`
      : html`<progress aria-labelledby="release-step"></progress>`;
  return html`<div class="release-progress">
    <p id="release-step" role="status">${text}</p>
    ${bar}
    <span class="nums quiet">${all > 0 ? `${done} / ${all}` : nothing}</span>
  </div>`;
}

/** What does not hold, and what to do about it. */
export function refusal(text: string, code: string): TemplateResult {
  return html`<div class="summary" role="alert">
    <h2>${_("Release nothing: the record does not hold")}</h2>
    <p>${text}</p>
    <p>
      ${_("Nothing was computed with your kit. Tell the supervisor and the clerk by another way than this service, and keep the record as it was shown to you.")}
    </p>
    ${code === "" ? nothing : html`<p class="hint mono">${code}</p>`}
  </div>`;
}

/** What the shares are for: project, section, time, who ordered it. */
export function checkedOrder(report: Report): TemplateResult {
  const { number, title, section, place, scheduledAt, orderedBy, openingId } = report;
  const envelope = section.envelopes === 2 ? _("envelope {n}", { n: place.envelope }) : "";
  return html`<dl class="facts release-facts">
    ${fact(_("What your shares are for"), _("Opening the {count} bids listed below, and no others", { count: report.listed.length }))}
    ${fact(_("Project"), html`${title} <span class="sub mono">${number}</span>`)}
    ${fact(_("Section"), html`${section.title} <span class="sub">${envelope}</span>`)}
    ${fact(_("Opening ordered for"), when(scheduledAt))}
    ${fact(_("Ordered by"), html`${orderedBy.name} <span class="sub">${orderedBy.organisation}</span>`)}
    ${fact(_("Order"), html`<code class="hash" title=${openingId}>${openingId.slice(0, 16)}</code>`)}
  </dl>`;
}

/** The recomputed list. */
export function checkedList({ listed }: Report): TemplateResult {
  return html`<h3>${_("Bids to be opened: {count}", { count: listed.length })}</h3>
    <table class="table table-stack release-table">
      <thead>
        <tr>
          <th scope="col" class="num">${_("No.")}</th>
          <th scope="col">${_("Bidder")}</th>
          <th scope="col">${_("Received")}</th>
          <th scope="col" class="num">${_("Revision")}</th>
          <th scope="col" class="num">${_("Sealed file")}</th>
        </tr>
      </thead>
      <tbody>
        ${listed.map(
          (one, at) => html`<tr>
            <td class="num" data-label=${_("No.")}>${at + 1}</td>
            ${bidder(one)}
            <td data-label=${_("Received")}>${when(one.at)}</td>
            <td class="num" data-label=${_("Revision")}>${one.revision}</td>
            <td class="num" data-label=${_("Sealed file")}>${one.size.toLocaleString("en")} ${_("bytes")}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
}

/** The bids that are not on the list, and why. */
export function leftOut({ left }: Report): TemplateResult | typeof nothing {
  if (left.length === 0) return nothing;
  return html`<h3>${_("Not opened: {count}", { count: left.length })}</h3>
    <table class="table table-stack release-table">
      <thead>
        <tr>
          <th scope="col">${_("Bidder")}</th>
          <th scope="col" class="num">${_("Revision")}</th>
          <th scope="col">${_("Why")}</th>
        </tr>
      </thead>
      <tbody>
        ${left.map(
          (one) => html`<tr>
            ${bidder(one)}
            <td class="num" data-label=${_("Revision")}>${one.revision}</td>
            <td data-label=${_("Why")}>${absenceInWords(one.why)}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
}

/** Who has released already. */
export function custodians({ roster, k }: Report): TemplateResult {
  const done = roster.filter(({ postedAt }) => postedAt !== undefined).length;
  return html`<h3>${_("Custodians who have released: {done}, needed: {k}", { done, k })}</h3>
    <ul class="release-roster">
      ${roster.map(
        ({ name, organisation, postedAt }) => html`<li>
          <span><strong>${name}</strong> <span class="sub">${organisation}</span></span>
          ${postedAt === undefined
            ? html`<span class="tag tag-grey">${_("waiting")}</span>`
            : html`<span class="tag tag-green">${_("released")}</span> ${when(postedAt)}`}
        </li>`,
      )}
    </ul>`;
}

/** Findings about time, to be acknowledged kind by kind: there may be one for every bid. */
export function warnings(
  found: readonly Warning[],
  seen: Set<Warning["kind"]>,
  changed: () => void,
): TemplateResult | typeof nothing {
  if (found.length === 0) return nothing;
  const tick = (kind: Warning["kind"], isSeen: boolean): void => {
    if (isSeen) seen.add(kind);
    else seen.delete(kind);
    changed();
  };
  const kinds = [...new Set(found.map(({ kind }) => kind))];
  return html`<fieldset class="note note-amber release-warnings">
    <legend>${_("To be looked at before you release")}</legend>
    <p class="hint">${_("These findings do not change the list. Ask the clerk or the supervisor about what you cannot explain.")}</p>
    ${kinds.map((kind) => {
      const own = found.filter((one) => one.kind === kind);
      return html`${sentences(own.slice(0, SHOWN))}
        ${own.length <= SHOWN
          ? nothing
          : html`<details>
              <summary>${_("Show {count} more", { count: own.length - SHOWN })}</summary>
              ${sentences(own.slice(SHOWN))}
            </details>`}
        <label class="release-warning">
          <input
            type="checkbox"
            .checked=${seen.has(kind)}
            @change=${(event: Event): void => tick(kind, (event.target as HTMLInputElement).checked)}
          />
          <span>${_("I have looked at this: {count}", { count: own.length })}</span>
        </label>`;
    })}
  </fieldset>`;
}

function sentences(found: readonly Warning[]): TemplateResult {
  return html`<ul>
    ${found.map((one) => html`<li>${warningInWords(one)}</li>`)}
  </ul>`;
}

function bidder({ bidder: name, bid }: ReportBid): TemplateResult {
  return html`<th scope="row" class="cell-main">
    ${name}<span class="sub"><code class="hash" title=${bid}>${bid.slice(0, 12)}</code></span>
  </th>`;
}

function fact(term: string, said: unknown): TemplateResult {
  return html`<div>
    <dt>${term}</dt>
    <dd>${said}</dd>
  </div>`;
}

function when(millis: number): TemplateResult {
  return html`<time datetime=${iso(millis)}>${moment(millis)}</time>`;
}
