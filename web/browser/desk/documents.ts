/**
 * The files of the opened bids beside the work: which bid, which file, and the file itself.
 *
 * Keys, while nothing is being typed: n and p go to the next page and back, plus and minus change
 * the size, / searches, m notes. Nothing of a file is saved, and every page carries who reads it.
 */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { inWords } from "../app/ask.ts";
import { clock, day } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { apply, divider } from "./divider.ts";
import { filesOf, isAlias, list, type Listed } from "./listing.ts";
import { noteCard } from "./note_card.ts";
import type { NotedPage, Notes, PageNote } from "./notes.ts";
import { type Fault, Pdf, PdfFault, type Tools } from "./pdf.ts";
import { find } from "./searching.ts";
import { MOST_TEXT, type OpenedFile, pictureOf, textOf } from "./shown_file.ts";
import { mark, marked } from "./watermark.ts";

/** A bid by the name of its bidder, or a blind part by its alias. */
export interface NamedBid {
  readonly bid: string;
  readonly name: string;
}

const [LEAST_ZOOM, MOST_ZOOM, ZOOM_STEP] = [0.25, 6, 1.25];
const EDGE = 18;

/** `<kb-documents>` with who reads and what; light DOM. */
export class Documents extends LitElement {
  static override properties = {
    bids: { attribute: false },
    bid: { attribute: false },
    notes: { attribute: false },
  };
  declare bids: readonly NamedBid[];
  /** The reader's own notes, where it keeps some. */
  declare notes: Notes | undefined;
  /** The bid whose bidder is reviewed or scored at the moment. */
  declare bid: string;
  /** The section's address. */
  base = "";
  reader = "";
  /** Whether there is work beside it, to which it leaves room. */
  isBeside = true;
  tools: Tools = { worker: "", folder: "" };
  #chosen = "";
  #envelope = 1;
  #listed: Listed | undefined;
  #file: OpenedFile | undefined;
  #pdf: Pdf | undefined;
  #page = 1;
  #zoom = 1;
  #said = "";
  #problem = "";
  #wanted = "";
  #reading = new AbortController();
  #searching = new AbortController();

  constructor() {
    super();
    this.bids = [];
    this.bid = "";
    this.notes = undefined;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.#key);
    document.addEventListener("visibilitychange", this.#hiding);
  }

  override disconnectedCallback(): void {
    document.removeEventListener("keydown", this.#key);
    document.removeEventListener("visibilitychange", this.#hiding);
    this.notes?.now();
    this.#leave();
    super.disconnectedCallback();
  }

  readonly #hiding = (): void => {
    if (document.visibilityState === "hidden") this.notes?.now();
  };

  protected override firstUpdated(): void {
    if (this.isBeside) apply(this);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const isFirst = this.#chosen === "" && this.bids.length > 0;
    if (isFirst || (changed.has("bid") && this.bid !== "" && this.bid !== this.#chosen)) {
      void this.#choose(this.bid === "" ? (this.bids[0]?.bid ?? "") : this.bid);
    }
  }

  async #choose(bid: string): Promise<void> {
    this.#chosen = bid;
    this.#envelope = 1;
    this.#leave();
    this.#listed = undefined;
    await this.#list(bid);
  }

  /** Show the files of a sealed bid; the first one that can be, unless one is named. */
  async #list(bid: string, file?: number, page = 1): Promise<void> {
    const { signal } = this.#reading;
    try {
      const listed = await list(this.base, bid);
      if (signal.aborted) return;
      this.#listed = listed;
      const first = listed.items.find(({ kind, n }) => (file === undefined ? kind === "pdf" : n === file));
      this.#problem = "";
      if (first !== undefined) await this.#open(first, page);
    } catch (error) {
      if (!signal.aborted) this.#problem = inWords(error);
    }
    this.requestUpdate();
  }

  async #change(envelope: number): Promise<void> {
    const other = this.#listed?.envelopes.find((one) => one.envelope === envelope);
    if (other === undefined) return;
    this.#envelope = envelope;
    this.#leave();
    await this.#list(other.bid);
  }

  /** Show the page a note is on. */
  async #goTo({ bid, judged, envelope, file, page }: PageNote): Promise<void> {
    const shown = this.#file;
    if (this.#listed?.bid === bid && shown?.n === file) return this.#go(page);
    const known = this.#listed?.bid === bid ? this.#listed.items[file] : undefined;
    if (known !== undefined) return this.#open(known, page);
    [this.#chosen, this.#envelope] = [judged, envelope];
    this.#leave();
    this.#listed = undefined;
    await this.#list(bid, file, page);
  }

  /** Let go of the file that is shown. */
  #leave(): void {
    this.#reading.abort();
    this.#searching.abort();
    this.#reading = new AbortController();
    this.#pdf?.close();
    this.#pdf = undefined;
    this.#file = undefined;
    this.#said = "";
    this.#problem = "";
    this.#sheet()?.replaceChildren();
    this.requestUpdate();
  }

  #sheet(): HTMLElement | null {
    return this.querySelector(".reader-sheet");
  }

  async #open(file: OpenedFile, page = 1): Promise<void> {
    this.#leave();
    this.#file = file;
    [this.#page, this.#zoom] = [page, 1];
    this.#said = _("Opening …");
    this.requestUpdate();
    const { signal } = this.#reading;
    try {
      await this.#shown(file, signal);
      if (!signal.aborted) this.#said = this.#isOdd(file) ? _("The name says PDF, but the file is none.") : "";
    } catch (error) {
      if (signal.aborted) return;
      this.#said = "";
      this.#problem = this.#why(error);
    }
    this.requestUpdate();
  }

  #isOdd({ path, kind }: OpenedFile): boolean {
    return kind !== "pdf" && path.toLowerCase().endsWith(".pdf");
  }

  #url(file: OpenedFile): string {
    return `${filesOf(this.base, this.#listed?.bid ?? "")}/${file.n}`;
  }

  async #shown(file: OpenedFile, signal: AbortSignal): Promise<void> {
    switch (file.kind) {
      case "pdf": {
        const pdf = await Pdf.open(this.#url(file), this.tools, signal);
        if (signal.aborted) return pdf.close();
        this.#pdf = pdf;
        this.#page = Math.min(this.#page, pdf.pages);
        return this.#draw();
      }
      case "png":
      case "jpeg": {
        const picture = await pictureOf(this.#url(file), file);
        if (signal.aborted) return;
        if (picture === undefined) {
          this.#problem = _("This picture is damaged or too large to be shown.");
          return;
        }
        mark(picture, this.#words(), Math.max(1, picture.width / 900));
        picture.setAttribute("role", "img");
        picture.setAttribute("aria-label", file.path);
        this.#sheet()?.replaceChildren(picture);
        return;
      }
      case "text": {
        const text = document.createElement("pre");
        text.textContent = await textOf(this.#url(file), file);
        if (signal.aborted) return;
        this.#sheet()?.replaceChildren(text);
        this.#sheet()?.append(marked(this.#words(), text.scrollWidth, Math.min(text.scrollHeight, 8_000)));
        return;
      }
      case "other":
        return;
    }
  }

  /** Who reads, where and when, as it stands over what is read. */
  #words(): string {
    const now = Date.now();
    return `${this.reader} ${day(now)} ${clock(now).slice(0, 5)}`;
  }

  async #draw(query = ""): Promise<void> {
    const [pdf, sheet, file, page] = [this.#pdf, this.#sheet(), this.#file, this.#page];
    if (pdf === undefined || sheet === null || file === undefined) return;
    if (pdf.isLost) return this.#open(file, page);
    this.requestUpdate();
    try {
      const room = Math.max(200, (sheet.parentElement?.clientWidth ?? 600) - EDGE);
      const { canvas, text, pieces, density } = await pdf.draw(page, room, this.#zoom);
      if (pdf !== this.#pdf || page !== this.#page) return;
      mark(canvas, this.#words(), density);
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", _("Page {page} of {pages}: {file}", { page, pages: pdf.pages, file: file.path }));
      sheet.replaceChildren(canvas, text);
      sheet.dataset["page"] = String(page);
      sheet.parentElement?.scrollTo(0, 0);
      this.#problem = "";
      if (query !== "") find(pieces, query);
    } catch (error) {
      if (pdf !== this.#pdf || pdf.isCancelled(error)) return;
      sheet.replaceChildren();
      this.#problem = this.#why(error);
    }
    this.requestUpdate();
  }

  /** Say what is wrong with a file; where the service refuses it, in its words. */
  #why(error: unknown): string {
    if (!(error instanceof PdfFault)) return inWords(error);
    const said: Record<Fault, string> = {
      encrypted: _("This PDF is encrypted and opens with a password only, so it cannot be read here. Ask the bidder in a clarification, or judge the bid without it."),
      no_pdf: _("This file begins like a PDF but is none, or it is damaged."),
      unreadable: _("This page cannot be read: the file, or the sealed copy of it, is damaged. The other pages and files can still be looked at."),
    };
    return said[error.fault];
  }

  #go(to: number): void {
    const pages = this.#pdf?.pages ?? 0;
    const page = Math.min(pages, Math.max(1, Math.trunc(to)));
    if (pages === 0 || !Number.isFinite(to) || page === this.#page) return;
    this.#page = page;
    void this.#draw();
  }

  #size(by: number): void {
    this.#zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, this.#zoom * by));
    void this.#draw();
  }

  /** Look for words from the page after this one on, and round again. */
  async #search(query: string): Promise<void> {
    const pdf = this.#pdf;
    this.#searching.abort();
    const searching = (this.#searching = new AbortController());
    if (pdf === undefined || query.trim() === "") return;
    const folded = query.trim().toLowerCase();
    for (let step = 1; step <= pdf.pages; step += 1) {
      const page = ((this.#page - 1 + step) % pdf.pages) + 1;
      if (step % 10 === 1) {
        this.#said = _("Searching page {page} …", { page });
        this.requestUpdate();
      }
      const words = await pdf.words(page).catch((error: unknown) => {
        // a page nobody can read holds no words; where the service refuses, none was read
        if (!(error instanceof PdfFault)) this.#problem = inWords(error);
        return "";
      });
      if (searching.signal.aborted || pdf !== this.#pdf) return;
      if (pdf.isLost) break;
      if (words.toLowerCase().includes(folded)) {
        this.#said = _("Found on page {page}", { page });
        this.#page = page;
        return this.#draw(folded);
      }
    }
    this.#said = pdf.isLost ? "" : _("Not found");
    this.requestUpdate();
  }

  readonly #key = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    const isTyping = target.closest("input, textarea, select, dialog, [contenteditable]") !== null;
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || this.#file === undefined) return;
    if (event.key !== "m" && this.#pdf === undefined) return;
    const run = {
      n: () => this.#go(this.#page + 1),
      p: () => this.#go(this.#page - 1),
      "+": () => this.#size(ZOOM_STEP),
      "-": () => this.#size(1 / ZOOM_STEP),
      "/": () => this.querySelector<HTMLInputElement>("#reader-search")?.focus(),
      m: () => this.querySelector<HTMLTextAreaElement>("#reader-note")?.focus(),
    }[event.key];
    if (run === undefined) return;
    event.preventDefault();
    run();
  };

  protected override render(): TemplateResult {
    return html`<section class="card reader" aria-labelledby="h-reader">
        <div class="card-bar"><h2 id="h-reader">${_("Files of the bid")}</h2></div>
        ${this.#choice()}
        ${this.#pdf === undefined ? nothing : this.#tools(this.#pdf)}
        <p class="reader-said" role="status">${this.#said}</p>
        ${this.#problem === "" ? nothing : html`<p class="problem-line" role="alert">${this.#problem}</p>`}
        ${this.#note()}
        <div class="reader-view" tabindex="0" role="region" aria-label=${this.#file?.path ?? _("Files of the bid")}>
          <div class="reader-sheet"></div>
        </div>
        ${this.notes === undefined || isAlias(this.#chosen) ? nothing : this.#noted(this.notes)}
      </section>
      ${this.isBeside ? divider(() => this.requestUpdate()) : nothing}`;
  }

  #noted(notes: Notes): TemplateResult {
    const [file, listed] = [this.#file, this.#listed];
    const page: NotedPage | undefined =
      file === undefined || listed === undefined
        ? undefined
        : { bid: listed.bid, file: file.n, page: this.#pdf === undefined ? 1 : this.#page, path: file.path, judged: this.#chosen, envelope: this.#envelope };
    return noteCard({ notes, bids: this.bids, page, isPaged: this.#pdf !== undefined, go: (note) => void this.#goTo(note) });
  }

  #note(): TemplateResult | typeof nothing {
    const file = this.#file;
    if (file?.kind === "other") return html`<p class="waits">${_("Files of this kind are not shown here; PDF, pictures and plain text are.")}</p>`;
    if (file?.kind === "text" && file.size > MOST_TEXT) return html`<p class="hint">${_("Only the beginning of this long text is shown.")}</p>`;
    return nothing;
  }

  #choice(): TemplateResult {
    const listed = this.#listed;
    const pick = (event: Event): void => void this.#choose((event.target as HTMLSelectElement).value);
    const open = (event: Event): void => {
      const file = listed?.items[Number((event.target as HTMLSelectElement).value)];
      if (file !== undefined) void this.#open(file);
    };
    return html`<div class="reader-choice">
      <label>${_("Bid")}<select id="reader-bid" @change=${pick}>
        ${this.bids.map(({ bid, name }, index) => html`<option value=${bid} ?selected=${bid === this.#chosen}>${isAlias(bid) ? name : `${index + 1} ${name}`}</option>`)}
      </select></label>
      ${(listed?.envelopes.length ?? 0) < 2
        ? nothing
        : html`<label>${_("Envelope")}<select id="reader-envelope" @change=${(event: Event): void => void this.#change(Number((event.target as HTMLSelectElement).value))}>
            ${listed?.envelopes.map(({ envelope }) => html`<option value=${envelope} ?selected=${envelope === this.#envelope}>${envelope}</option>`)}
          </select></label>`}
      <label class="reader-files">${_("File")}<select id="reader-file" @change=${open}>
        <option value="" ?selected=${this.#file === undefined} disabled>${_("Choose a file")}</option>
        ${listed?.items.map((one) => html`<option value=${one.n} ?selected=${one === this.#file}>${one.path} · ${_(`kind ${one.kind}`)} · ${size(one.size)}</option>`)}
      </select></label>
    </div>`;
  }

  #tools(pdf: Pdf): TemplateResult {
    const page = this.#page;
    const go = (event: Event): void => {
      this.#go(Number((event.target as HTMLInputElement).value));
      this.requestUpdate();
    };
    const search = (event: SubmitEvent): void => {
      event.preventDefault();
      void this.#search(this.#wanted);
    };
    const tool = (text: string, sign: string, run: () => void, isBlocked = false): TemplateResult => html`<button
      class="reader-tool" type="button" aria-label=${text} title=${text} ?disabled=${isBlocked} @click=${run}>${sign}</button>`;
    return html`<div class="reader-tools">
      ${tool(_("Page before"), "‹", () => this.#go(page - 1), page <= 1)}
      <label class="reader-page"><span class="unseen">${_("Page")}</span>
        <input id="reader-page" inputmode="numeric" autocomplete="off" .value=${String(page)} @change=${go} /> <span class="nums">/ ${pdf.pages}</span></label>
      ${tool(_("Next page"), "›", () => this.#go(page + 1), page >= pdf.pages)}
      ${tool(_("Smaller"), "−", () => this.#size(1 / ZOOM_STEP), this.#zoom <= LEAST_ZOOM)}
      <span class="nums reader-zoom">${Math.round(this.#zoom * 100)} %</span>
      ${tool(_("Larger"), "+", () => this.#size(ZOOM_STEP), this.#zoom >= MOST_ZOOM)}
      <form class="reader-search" role="search" @submit=${search}>
        <input id="reader-search" type="search" autocomplete="off" maxlength="100" aria-label=${_("Search in this file")}
          placeholder=${_("Search in this file")} @input=${(event: Event): void => { this.#wanted = (event.target as HTMLInputElement).value; }} />
      </form>
    </div>
    <p class="hint keys-hint">${_("Keys: n next page, p page before, + and − size, / search.")} ${this.notes === undefined ? nothing : _("m writes a note.")}</p>`;
  }
}

function size(bytes: number): string {
  if (bytes < 1 << 20) return `${Math.ceil(bytes / 1024)} KB`;
  return `${(bytes / (1 << 20)).toFixed(1)} MB`;
}
