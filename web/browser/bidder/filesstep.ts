/** Choosing the files of a bid: dropped, picked or as a folder, with their sizes against the limit. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { _ } from "../app/texts.ts";
import type { Draft } from "./draft.ts";
import { chosenFiles, droppedFiles, merged } from "./files.ts";
import type { NamedFile } from "./protocol.ts";
import { blindNotes } from "./steps.ts";
import { sizeText } from "./size.ts";

const SHOWN = 200;

/** `<kb-bid-files .bidding>`; fires `changed`. */
export class BidFiles extends LitElement {
  static override properties = { bidding: { attribute: false }, isOver: { state: true } };
  declare bidding: Draft;
  declare isOver: boolean;

  constructor() {
    super();
    this.isOver = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { files } = this.bidding;
    return html`<div
        class="drop ${this.isOver ? "is-over" : ""}"
        @dragover=${this.#dragged}
        @dragleave=${() => (this.isOver = false)}
        @drop=${this.#dropped}
      >
        <p>${_("Drop files or folders here, or choose them:")}</p>
        <div class="drop-actions">
          <label class="button button-quiet">
            ${_("Choose files")}
            <input class="over-label" type="file" multiple @change=${this.#chosen} />
          </label>
          <label class="button button-quiet">
            ${_("Choose a folder")}
            <input class="over-label" type="file" webkitdirectory @change=${this.#chosen} />
          </label>
        </div>
      </div>
      ${this.bidding.wantsBlind
        ? html`<p class="note">${_("This section has items that are marked blind 暗标. Put their files into a folder named blind, with plain numbers as names: blind/1.pdf. They must not name you.")}</p>`
        : nothing}
      <div aria-live="polite">${files.length === 0 ? nothing : this.#table(files)} ${blindNotes(this.bidding)}</div>`;
  }

  #table(files: readonly NamedFile[]): TemplateResult {
    const { bidding } = this;
    const { most } = bidding;
    return html`<p class="nums">
        <strong>${_("{n} files, {size}", { n: files.length, size: sizeText(bidding.total) })}</strong>
        ${Number.isFinite(most)
          ? html`· ${_("sealed {size} of at most {most}", { size: sizeText(bidding.sealedSize), most: sizeText(most) })}`
          : nothing}
      </p>
      <table class="table">
        <thead>
          <tr><th scope="col">${_("File")}</th><th scope="col" class="num">${_("Size")}</th><th scope="col"><span class="unseen">${_("Remove")}</span></th></tr>
        </thead>
        <tbody>
          ${files.slice(0, SHOWN).map(
            (one) =>
              html`<tr>
                <th scope="row" class="cell-main wrap">${one.name}</th>
                <td class="num nums">${sizeText(one.file.size)}</td>
                <td>
                  <button class="plain-link" type="button" @click=${() => this.#remove(one)}>
                    ${_("Remove")}<span class="unseen"> ${one.name}</span>
                  </button>
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
      ${files.length > SHOWN
        ? html`<p class="hint">${_("and {n} more", { n: files.length - SHOWN })}</p>`
        : nothing}`;
  }

  readonly #dragged = (event: DragEvent): void => {
    event.preventDefault();
    this.isOver = true;
  };

  readonly #dropped = (event: DragEvent): void => {
    event.preventDefault();
    this.isOver = false;
    if (event.dataTransfer !== null) {
      void droppedFiles(event.dataTransfer).then((found) => this.#add(found));
    }
  };

  readonly #chosen = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    if (input.files !== null) this.#add(chosenFiles(input.files));
    input.value = "";
  };

  #add(found: readonly NamedFile[]): void {
    this.#put(merged(this.bidding.files, found));
  }

  #remove(gone: NamedFile): void {
    this.#put(this.bidding.files.filter((one) => one !== gone));
  }

  #put(files: readonly NamedFile[]): void {
    this.bidding.files = files;
    void this.bidding.lookAtBlind().then(() => {
      this.requestUpdate();
      this.dispatchEvent(new Event("changed", { bubbles: true }));
    });
    this.requestUpdate();
    this.dispatchEvent(new Event("changed", { bubbles: true }));
  }
}
