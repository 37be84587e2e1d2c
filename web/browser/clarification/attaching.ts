/**
 * Files for an answer: brought to the service as they are chosen, and kept by their hash, so that a
 * reload loses none. It must not judge what a file is: the service does, and says why not.
 */

import { html, nothing, type TemplateResult } from "lit";
import { Problem, request } from "../app/api.ts";
import { inWords, Said } from "../app/ask.ts";
import { _ } from "../app/texts.ts";
import { keepTyped, typed } from "../app/typed.ts";
import { hex } from "../crypto/bytes.ts";
import { sha256 } from "../crypto/hashing.ts";
import { type Attached, inSize } from "./attached.ts";

/** The most files of one answer. */
const MOST = 10;
const TAKEN = ".pdf,.png,.jpg,.jpeg,.txt,application/pdf,image/png,image/jpeg,text/plain";

/** The files of one answer. */
export class Attaching {
  #problems: readonly string[] = [];
  #isBusy = false;
  #told = "";

  constructor(
    private readonly path: string,
    private readonly name: string,
    private readonly changed: () => void,
  ) {}

  /** What goes with the answer, in the order in which it was chosen. */
  get files(): readonly Attached[] {
    const text = typed(this.name);
    return text === "" ? [] : (JSON.parse(text) as readonly Attached[]);
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** The answer was sent. */
  forget(): void {
    keepTyped(this.name, "");
  }

  render(id: string): TemplateResult {
    const isFull = this.files.length >= MOST;
    return html`<div class="field attaching">
      <label for=${id}>${_("Attachments")}</label>
      <input id=${id} type="file" multiple accept=${TAKEN} ?disabled=${this.#isBusy || isFull} aria-describedby="${id}-hint"
        @change=${(event: Event): void => void this.#chosen(event.target as HTMLInputElement)} />
      <p class="hint" id="${id}-hint">${_("Up to {most} files: PDF, PNG, JPEG or plain text in UTF-8, 20 MiB each and 50 MiB in all. They are sent as you choose them, and seen by nobody before you sign.", { most: MOST })}</p>
      ${this.files.length === 0 ? nothing : html`<ul class="attached" aria-label=${_("Chosen files")}>${this.files.map((one) => this.#row(one))}</ul>`}
      <p role="status" class="hint">${this.#told}</p>
      ${this.#problems.length === 0 ? nothing : html`<div class="problem-line" role="alert">${this.#problems.map((one) => html`<p>${one}</p>`)}</div>`}
    </div>`;
  }

  #row(one: Attached): TemplateResult {
    const drop = (): void => {
      this.#keep(this.files.filter((other) => other.name !== one.name));
      this.#told = _("Left out: {name}", { name: one.name });
      this.changed();
    };
    return html`<li>${one.name} <span class="sub nums">${inSize(one.size)}</span>
      <button class="button button-quiet" type="button" aria-label="${_("Leave out")} ${one.name}" @click=${drop}>${_("Leave out")}</button></li>`;
  }

  #keep(files: readonly Attached[]): void {
    keepTyped(this.name, files.length === 0 ? "" : JSON.stringify(files));
  }

  async #chosen(input: HTMLInputElement): Promise<void> {
    const chosen = [...(input.files ?? [])];
    [this.#isBusy, this.#problems] = [true, []];
    for (const file of chosen) {
      this.#told = _("Sending {name} …", { name: file.name });
      this.changed();
      try {
        await this.#bring(file);
        this.#told = _("Attached: {name}", { name: file.name });
      } catch (error) {
        this.#told = "";
        this.#problems = [...this.#problems, `${file.name}: ${wordsOf(error)}`];
      }
    }
    this.#isBusy = false;
    input.value = "";
    this.changed();
  }

  async #bring(file: File): Promise<void> {
    if (this.files.length >= MOST) throw new Said(_("An answer has at most {most} attachments.", { most: MOST }));
    if (this.files.some((one) => one.name.toLowerCase() === file.name.toLowerCase())) {
      throw new Said(_("A file of this name is attached already."));
    }
    const content = new Uint8Array(await file.arrayBuffer());
    const answer = await request(this.path, {
      method: "POST",
      body: content,
      headers: { "content-type": "application/octet-stream" },
    });
    const kept = (await answer.json()) as { readonly sha256: string };
    const own = hex(sha256(content));
    if (kept.sha256 !== own) throw new Said(_("The service took in other bytes than were sent. Attach the file again."));
    this.#keep([...this.files, { name: file.name, sha256: own, size: content.length }]);
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Problem ? error.detail : inWords(error);
}
