/** The one banner of the hall: how the line is, and what of this person's still waits to be sent. */

import { html, nothing, type TemplateResult } from "lit";
import { clock } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import type { Connection, LineState } from "./connection.ts";
import type { Outbox } from "./outbox.ts";

/** Show how the line is, where there is anything to say. */
export function lineBanner(
  state: LineState,
  wasDown: boolean,
  connection: Connection | undefined,
): TemplateResult | typeof nothing {
  if (state === "signed_out") return signedOut();
  if (state === "refused") {
    return html`<p class="banner" role="alert">${_("This page is not accepted here. Load it again.")}</p>`;
  }
  if (state === "down") return down(connection);
  if (state === "polling") {
    return html`<p class="banner is-calm">${_("Without a live line the page asks every few seconds.")}</p>`;
  }
  if (!wasDown) return nothing;
  return html`<p class="banner is-good" role="status">${_("Connected again. Nothing was missed.")}</p>`;
}

/** Say that nobody is signed in any more, and lead back. */
export function signedOut(): TemplateResult {
  return html`<p class="banner" role="alert">
    ${_("You are signed out. Sign in again to go on.")}
    <a href="/sign-in?next=${encodeURIComponent(location.pathname)}">${_("Sign in")}</a>
  </p>`;
}

function down(connection: Connection | undefined): TemplateResult {
  const since = connection?.downSince ?? performance.now();
  const seconds = Math.floor((performance.now() - since) / 1000);
  return html`<div class="banner">
    <p class="unseen" role="alert">${_("Connecting")}</p>
    <p>${_("The line is down for {seconds} s. What you see may be old.", { seconds })}</p>
    <button class="button button-quiet" type="button" @click=${(): void => connection?.retryNow()}>
      ${_("Retry now")}
    </button>
  </div>`;
}

/** Show commands that wait to be sent, those that failed after a reload, and that somebody was quicker. */
export function outboxNote(outbox: Outbox, wasBeaten: boolean): TemplateResult | typeof nothing {
  const { slow, failed } = outbox;
  if (slow.length === 0 && failed.length === 0 && !wasBeaten) return nothing;
  return html`<div class="outbox" role="status">
    ${slow.map(
      (one) => html`<p class="note note-amber outbox-waiting">
        <strong>${one.what}</strong>
        ${_("typed {at}, waits to be sent; it is sent once", { at: clock(one.at) })}
      </p>`,
    )}
    ${failed.map(
      (one) => html`<p class="note note-red"><strong>${one.what}</strong> ${one.why}</p>`,
    )}
    ${wasBeaten
      ? html`<p class="note note-amber">${_("The hall has gone on meanwhile. What you see now is up to date.")}</p>`
      : nothing}
  </div>`;
}
