/** A member's note on the page that is shown, and the list of all its notes; it keeps nothing itself. */

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { clock } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { LONGEST_NOTE, type NotedPage, type Notes, type PageNote } from "./notes.ts";

interface Card {
  readonly notes: Notes;
  readonly bids: readonly { readonly bid: string; readonly name: string }[];
  /** The page that is shown; none where no file is. */
  readonly page: NotedPage | undefined;
  /** Whether the file has pages. */
  readonly isPaged: boolean;
  go(note: PageNote): void;
}

const SHOWN = 90;

export function noteCard(card: Card): TemplateResult {
  const all = card.notes.all();
  return html`<div class="reader-notes">
    ${card.page === undefined ? nothing : own(card, card.page)}
    <details class="reader-noted">
      <summary>${_("My notes: {count}", { count: all.length })}</summary>
      ${all.length === 0
        ? html`<p class="hint">${_("You have noted nothing yet.")}</p>`
        : html`<ol>${all.map((one) => row(card, one))}</ol>`}
      <p class="hint">${_("Nobody but you reads your notes, the supervisor neither. They are deleted when the report is finished or you leave the committee, and are not part of the record.")}</p>
    </details>
  </div>`;
}

function own({ notes, isPaged }: Card, page: NotedPage): TemplateResult {
  const type = (event: Event): void => notes.set(page, (event.target as HTMLTextAreaElement).value);
  return html`<div class="reader-note">
      <label for="reader-note">${isPaged ? _("My note on page {page}", { page: page.page }) : _("My note on this file")}</label>
      ${state(notes, page)}
      <textarea id="reader-note" rows="2" maxlength=${LONGEST_NOTE} autocomplete="off"
        .value=${live(notes.text(page))} @input=${type} @blur=${(): void => notes.now()}></textarea>
    </div>
    ${notes.state(page) === "newer" ? conflict(notes, page) : nothing}`;
}

function state(notes: Notes, page: NotedPage): TemplateResult {
  const now = notes.state(page);
  const told = {
    empty: "",
    newer: "",
    changed: _("Saving …"),
    saved: _("Saved {at}", { at: clock(notes.at(page)) }),
    again: _("Not saved, trying again"),
    refused: notes.problem(page),
  }[now];
  return html`<span class="draft-state is-${now}" role="status">${told}</span>`;
}

function conflict(notes: Notes, page: NotedPage): TemplateResult {
  return html`<div class="note note-amber" role="alert">
    <p>${_("Another window changed this note. Nothing is saved from here until you choose. There it says:")}</p>
    <blockquote tabindex="0">${notes.other(page) || _("nothing any longer")}</blockquote>
    <div class="panel-actions">
      <button class="button" type="button" @click=${(): void => notes.useKept(page)}>${_("Show that note")}</button>
      <button class="button button-quiet" type="button" @click=${(): void => notes.useOwn(page)}>${_("Keep what is here")}</button>
    </div>
  </div>`;
}

function row(card: Card, note: PageNote): TemplateResult {
  const name = card.bids.find(({ bid }) => bid === note.judged)?.name ?? note.judged.slice(0, 8);
  const several = note.envelope === 2 ? ` · ${_("envelope {n}", { n: note.envelope })}` : "";
  const text = note.text.trim();
  return html`<li>
    <button class="reader-noted-go" type="button" @click=${(): void => card.go(note)}>
      <span class="sub">${name}${several} · ${note.path} · ${_("page {page}", { page: note.page })}</span>
      <span>${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}</span>
    </button>
  </li>`;
}
