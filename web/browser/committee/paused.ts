/** A paused evaluation: since when, why, and its state in words that two places can compare. */

import { html, nothing, type TemplateResult } from "lit";
import { eightWords } from "../app/eight_words.ts";
import { moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { unhex } from "../crypto/bytes.ts";

export const CAUSES = ["lunch", "overnight", "fault"] as const;
export type Cause = (typeof CAUSES)[number];

export interface Paused {
  /** Ms UTC. */
  readonly since: number;
  readonly cause: Cause;
  readonly reason: string;
  /** The state hash of the pause, hex. */
  readonly state: string;
  /** What was found at a resume, where it was another state. */
  readonly differed?: string;
}

/**
 * Show that every site is locked.
 *
 * @param locked what whoever looks cannot do meanwhile, and what to do.
 * @param more what may be done about it; for one of several, its name, which stands under a heading.
 */
export function pausedBox(
  paused: Paused,
  locked: string,
  more: { readonly acts?: TemplateResult; readonly of?: string } = {},
): TemplateResult {
  const id = `h-paused-${more.of ?? ""}`;
  const title = html`<span class="paused-mark" aria-hidden="true"></span> ${_("The evaluation is paused")}`;
  return html`<section class="card paused-box" aria-labelledby=${id}>
    ${more.of === undefined ? html`<h2 id=${id}>${title}</h2>` : html`<h4 id=${id}>${title}</h4>`}
    <p class="note note-amber" role="status">${locked}</p>
    <dl class="facts">
      <div><dt>${_("Paused since")}</dt><dd><span class="nums">${moment(paused.since)}</span></dd></div>
      <div><dt>${_("Cause")}</dt><dd>${_(`pause ${paused.cause}`)}</dd></div>
      <div><dt>${_("Reason")}</dt><dd>${paused.reason}</dd></div>
    </dl>
    <p><strong>${_("State of the evaluation")}</strong></p>
    ${eightWords(unhex(paused.state), _("State of the evaluation"))}
    <p class="hint">${_("Read these words to the other sites: whoever sees other words is looking at another state. The evaluation goes on only in this one.")}</p>
    <p class="hint">SHA-256 <code class="whole-hash">${paused.state}</code></p>
    ${paused.differed === undefined
      ? nothing
      : html`<div class="note note-red" role="alert">
          <p>${_("At a resume the record gave another state than that of the pause. The evaluation stays locked; call the administrator and the supervisor, and let nobody go on.")}</p>
          <p>SHA-256 <code class="whole-hash">${paused.differed}</code></p>
        </div>`}
    ${more.acts ?? nothing}
  </section>`;
}
