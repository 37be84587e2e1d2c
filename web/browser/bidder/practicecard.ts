/**
 * Practice for a bidder: what sealing is like on this machine, before it counts. It sends nothing, and
 * says from its first line to its last that it is no bid.
 */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";
import { Said } from "../app/ask.ts";
import { _ } from "../app/texts.ts";
import { Draft } from "./draft.ts";
import type { Practised } from "./practice.ts";
import { madeUp, practised } from "./practicerun.ts";
import type { Progress } from "./progress.ts";
import type { NamedFile, Phase } from "./protocol.ts";
import { progressBar } from "./sendsteps.ts";
import { Pace, sizeText } from "./size.ts";
import { tag } from "./steps.ts";
import { fileProblemInWords, sealingInWords, waitInWords } from "./words.ts";

const THROUGH: readonly Phase[] = ["seal", "check", "compare"];
const MIB = 1 << 20;
const SIZES: readonly (readonly [string, number])[] = [
  ["10 MiB", 10 * MIB],
  ["100 MiB", 100 * MIB],
  ["500 MiB", 500 * MIB],
  ["1 GiB", 1024 * MIB],
  ["2 GiB", 2048 * MIB],
];
const LARGE = 2048 * MIB;
/** Of less than this, most of the time is not the sealing's: it tells nothing about a large bid. */
const TELLING = 10 * MIB;

/** Files for practice; no section limits them. */
class PracticeDraft extends Draft {
  override get most(): number {
    return Number.POSITIVE_INFINITY;
  }
}

/** `<kb-practice data-worker>`. */
export class Practice extends LitElement {
  readonly #act = new Act(this);
  readonly #draft = new PracticeDraft();
  #shown = "";
  #isOwn = false;
  #size = 100 * MIB;
  #stop: AbortController | undefined;
  #pace = new Pace();
  #progress: Progress | undefined;
  #made: { readonly what: string; readonly practised: Practised } | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.abort();
  }

  protected override render(): TemplateResult {
    return html`<details class="practice">
      <summary>${_("Practise sealing (not a bid)")}</summary>
      <div class="practice-inside" tabindex="-1">
        <p>${tag("amber", _("Practice: this is not a bid"))}</p>
        ${this.#body()} ${this.#act.problem()}
      </div>
    </details>`;
  }

  /** The button that was pressed is gone: whoever goes by keys goes on from here. */
  protected override updated(): void {
    const shown = this.#stop !== undefined ? "running" : this.#made === undefined ? "choosing" : "done";
    if (shown === this.#shown) return;
    const isFirst = this.#shown === "";
    this.#shown = shown;
    const at = document.activeElement;
    if (isFirst || (at !== document.body && !this.contains(at))) return;
    this.querySelector<HTMLElement>(".practice-inside")?.focus({ preventScroll: true });
  }

  #body(): TemplateResult {
    if (this.#stop !== undefined) return this.#running();
    if (this.#made === undefined) return this.#choosing();
    return this.#result(this.#made.what, this.#made.practised);
  }

  #choosing(): TemplateResult {
    return html`<p class="prose">${_("Find out what sealing is like on this machine before it counts. Files are sealed just as a bid is, but to a key that is made in this browser for the purpose and then thrown away. The sealed file is opened with that key, compared and removed. Nothing is sent.")}</p>
      <fieldset>
        <legend>${_("What to seal")}</legend>
        <div class="choices">
          ${this.#choice(false, _("A made-up file"))} ${this.#choice(true, _("Files of your own"))}
        </div>
      </fieldset>
      ${this.#isOwn ? this.#own() : this.#sizes()}
      <button class="button button-quiet" type="button" @click=${this.#act.on("practise", () => this.#practise())}>
        ${_("Seal for practice")}
      </button>`;
  }

  #choice(isOwn: boolean, text: string): TemplateResult {
    const choose = (): void => {
      this.#isOwn = isOwn;
      this.requestUpdate();
    };
    return html`<label class="choice">
      <input type="radio" name="practice" .checked=${this.#isOwn === isOwn} @change=${choose} />
      <span>${text}</span>
    </label>`;
  }

  #own(): TemplateResult {
    return html`<kb-bid-files .bidding=${this.#draft}></kb-bid-files>`;
  }

  #sizes(): TemplateResult {
    const choose = (event: Event): void => {
      this.#size = Number((event.currentTarget as HTMLSelectElement).value);
    };
    return html`<div class="field">
      <label for="practice-size">${_("Its size")}</label>
      <select id="practice-size" @change=${choose}>
        ${SIZES.map(([text, size]) => html`<option value=${size} ?selected=${size === this.#size}>${text}</option>`)}
      </select>
    </div>`;
  }

  #running(): TemplateResult {
    return html`<div class="work">
        ${this.#progress === undefined
          ? html`<p class="quiet" role="status">${_("Starting …")}</p>`
          : progressBar(this.#progress, THROUGH, false)}
      </div>
      <button class="button button-quiet" type="button" @click=${() => this.#stop?.abort()}>
        ${_("Stop practising")}
      </button>`;
  }

  #result(what: string, { length, spent }: Practised): TemplateResult {
    const speed = (length * 1000) / Math.max(1, spent);
    return html`<div class="practised" role="status">
        <p class="practised-title">${_("It worked. This was practice, not a bid.")}</p>
        <p>${_("You have not submitted anything, and there is no receipt. Nothing was sent; the sealed file is removed and its key thrown away.")}</p>
      </div>
      <dl class="facts">
        <div><dt>${_("Sealed for practice")}</dt><dd class="nums">${what}</dd></div>
        <div><dt>${_("Opened with the practice key")}</dt><dd>${tag("green", _("The same to the last byte"))}</dd></div>
        <div><dt>${_("Sealing and opening again took")}</dt><dd class="nums">${_("{n} s", { n: (spent / 1000).toFixed(1) })}</dd></div>
        ${length < TELLING
          ? nothing
          : html`<div><dt>${_("Speed")}</dt><dd class="nums">${_("{speed} a second", { speed: sizeText(speed) })}</dd></div>
              <div><dt>${_("A bid of 2 GiB would take here")}</dt><dd class="nums">${waitInWords((LARGE * 1000) / speed)}</dd></div>`}
      </dl>
      <p class="hint">${_("Uploading comes on top of that; how long it takes depends on your network.")}</p>
      <button class="button button-quiet" type="button" @click=${() => this.#again()}>${_("Practise again")}</button>`;
  }

  #again(): void {
    this.#made = undefined;
    this.requestUpdate();
  }

  async #practise(): Promise<void> {
    const { files, what } = this.#chosen();
    const stop = new AbortController();
    this.#stop = stop;
    try {
      const told = (phase: Phase, done: number, total: number): void => this.#tell(phase, done, total);
      const made = await practised(this.dataset["worker"] ?? "", files, told, stop.signal);
      this.#made = { what, practised: made };
      this.#draft.files = [];
    } catch (error) {
      if (!stop.signal.aborted) throw new Said(sealingInWords(error));
    } finally {
      this.#stop = this.#progress = undefined;
    }
  }

  /** What is to be sealed, and how it is called. */
  #chosen(): { readonly files: readonly NamedFile[]; readonly what: string } {
    if (!this.#isOwn) {
      const what = `${_("A made-up file")} · ${sizeText(this.#size)}`;
      return { files: [madeUp(this.#size, "practice.bin")], what };
    }
    const { files, fileProblems, total } = this.#draft;
    const [problem] = fileProblems;
    if (problem !== undefined) throw new Said(fileProblemInWords(problem));
    return { files, what: _("{n} files, {size}", { n: files.length, size: sizeText(total) }) };
  }

  #tell(phase: Phase, done: number, total: number): void {
    if (phase !== this.#progress?.phase) this.#pace = new Pace();
    this.#pace.note(performance.now(), done);
    this.#progress = { phase, done, total, speed: this.#pace.speed, left: this.#pace.left(total) };
    this.requestUpdate();
  }
}
