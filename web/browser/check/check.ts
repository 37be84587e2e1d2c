/**
 * Checks a receipt that is dropped or chosen, here in the page: the file is read, and sent nowhere.
 * The page's own policy lets it talk to its texts and to the log alone.
 */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";
import type { Trust } from "../app/trust.ts";
import { _ } from "../app/texts.ts";
import { dumps, type JsonObject } from "../crypto/canonical.ts";
import { parseVkey } from "../crypto/notes.ts";
import { checkReceipt, type CheckedReceipt } from "../crypto/receipts.ts";
import { checkReceiptFile, type CheckedFile } from "../record/receipt_check.ts";
import { continues, type Continued } from "./continued.ts";
import { attachedJson, isPdf } from "./pdf.ts";
import { outcome, type Outcome } from "./outcome.ts";

const LARGEST = 32 << 20;

/** `<kb-check data-log data-timekeeper>`: the keys of the installation, as the page shows them. */
export class ReceiptCheck extends LitElement {
  readonly #act = new Act(this);
  /** Asking the log keeps no file from being read. */
  readonly #asking = new Act(this);
  #askedOf: Outcome | undefined;
  #outcome: Outcome | undefined;
  #own = { log: "", timekeeper: "" };
  #isOver = false;
  #file: File | undefined;
  #isAsked = false;
  #continued: Continued | "broken" | undefined;
  /** The entry's hash that a printed receipt's code stands for. */
  readonly #expected = /^#([0-9a-f]{64})$/u.exec(location.hash)?.[1];

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    return html`
      ${this.#expected === undefined || this.#outcome !== undefined ? nothing : this.#expecting(this.#expected)}
      ${this.#drop()} ${this.#keys()} ${this.#act.problem()}
      <div class="outcome" role="status" tabindex="-1">
        ${this.#outcome === undefined ? nothing : outcome(this.#outcome, this.#expected)}
        ${this.#continuation()}
      </div>
    `;
  }

  #expecting(hash: string): TemplateResult {
    return html`<p class="note">
      ${_("You come from the code on a printed receipt. Choose the receipt itself, and the page compares it with the code.")}
      <span class="sub">${_("Entry in the log")} <code class="whole">${hash}</code></span>
    </p>`;
  }

  #drop(): TemplateResult {
    const leave = (event: DragEvent): void => this.#over(event, false);
    return html`<div
      class="drop ${this.#isOver ? "is-over" : ""}"
      @dragover=${(event: DragEvent) => this.#over(event, true)}
      @dragleave=${leave}
      @drop=${(event: DragEvent) => {
        leave(event);
        this.#take(event.dataTransfer?.files[0]);
      }}
    >
      <p class="drop-title">${_("Drop the receipt here, or choose its file")}</p>
      <p class="hint" id="receipt-hint">${_("receipt.json, or the printed receipt as PDF")}</p>
      <input
        id="receipt-file"
        class="unseen"
        type="file"
        accept=".json,.pdf,application/json,application/pdf"
        aria-describedby="receipt-hint"
        @change=${(event: Event) => {
          const field = event.target as HTMLInputElement;
          this.#take(field.files?.[0]);
          // the same file may be chosen again
          field.value = "";
        }}
      />
      <label for="receipt-file" class="button">${_("Choose the file of a receipt")}</label>
      ${this.#file === undefined ? nothing : html`<span class="drop-name">${this.#file.name}</span>`}
    </div>`;
  }

  #keys(): TemplateResult {
    const field = (name: "log" | "timekeeper", title: string): TemplateResult => html`<div class="field">
      <label for="key-${name}">${title}</label>
      <input
        id="key-${name}"
        class="mono"
        autocomplete="off"
        spellcheck="false"
        maxlength="300"
        @input=${(event: Event) => {
          this.#own = { ...this.#own, [name]: (event.target as HTMLInputElement).value.trim() };
        }}
        @change=${() => this.#take(this.#file)}
      />
    </div>`;
    return html`<details class="own-keys">
      <summary>${_("Check against keys of your own")}</summary>
      <p class="hint">
        ${_("Paste the keys as the trading centre and the timekeeper published them, for the check to rest on them. Empty fields mean the keys this page shows.")}
      </p>
      ${field("log", _("Verifier key of the log"))} ${field("timekeeper", _("Verifier key of the timekeeper"))}
    </details>`;
  }

  #continuation(): TemplateResult | typeof nothing {
    const found = this.#outcome;
    if (found?.proved === undefined) return nothing;
    const proved = found.proved;
    const asked = async (): Promise<void> => {
      this.#askedOf = found;
      const continued = (await continues(proved.checkpoint, found.trust)) ?? "broken";
      if (this.#outcome === found) this.#continued = continued;
    };
    return html`<div class="continuation">
      ${this.#continued === undefined
        ? html`<button
            class="button button-quiet"
            type="button"
            ?disabled=${this.#asking.isBusy()}
            @click=${this.#asking.on("continue", asked)}
          >
            ${_("Ask the log whether it still holds this entry")}
          </button>`
        : this.#continuedIn(this.#continued)}
      ${this.#askedOf === found ? this.#asking.problem() : nothing}
    </div>`;
  }

  #continuedIn(continued: Continued | "broken"): TemplateResult {
    if (continued === "broken") {
      return html`<p class="note note-amber">
        ${_("The log does not continue the checkpoint of this receipt. Keep the receipt and tell the supervisor.")}
      </p>`;
    }
    return html`<p class="note">
      ${_("The newest checkpoint, with {size} leaves, begins with the tree of this receipt: the entry is still in the log, unchanged.", { size: continued.size.toLocaleString("en") })}
    </p>`;
  }

  #over(event: DragEvent, isOver: boolean): void {
    event.preventDefault();
    if (this.#isOver === isOver) return;
    this.#isOver = isOver;
    this.requestUpdate();
  }

  #take(file: File | undefined): void {
    if (file === undefined) return;
    this.#file = file;
    this.#isAsked = true;
    void this.#act.run("read", async () => {
      // one that comes while another is read is read after it
      while (this.#isAsked) {
        this.#isAsked = false;
        this.#outcome = this.#continued = undefined;
        this.#outcome = await this.#check(this.#file ?? file);
      }
      await this.updateComplete;
      this.querySelector<HTMLElement>(".outcome")?.focus();
    });
  }

  async #check(file: File): Promise<Outcome> {
    const trust: Trust = {
      log: this.#own.log || (this.dataset["log"] ?? ""),
      timekeeper: this.#own.timekeeper || (this.dataset["timekeeper"] ?? ""),
      service: "",
    };
    const isOwn = this.#own.log !== "" || this.#own.timekeeper !== "";
    const text = await textIn(file);
    const checked = isOwn && !areKeys(trust) ? noKeys() : checkReceiptFile(text, trust);
    const proved = checked.holds ? provedBy(text, trust) : undefined;
    return { name: file.name, checked, proved, trust, isOwn };
  }
}

/** Return the text of a receipt's file, of the one in a PDF where it is printed. */
async function textIn(file: File): Promise<string> {
  if (file.size > LARGEST) return "";
  const data = new Uint8Array(await file.arrayBuffer());
  const inside = isPdf(data) ? await attachedJson(data) : undefined;
  return inside ?? new TextDecoder().decode(data);
}

function areKeys(trust: Trust): boolean {
  try {
    return [trust.log, trust.timekeeper].every((key) => parseVkey(key).name !== "");
  } catch {
    return false;
  }
}

function noKeys(): CheckedFile {
  const problem = _("What you pasted is not a verifier key. It has a name, a number and a key, joined by plus signs.");
  return { holds: false, event: undefined, at: undefined, problems: [problem] };
}

/** Return the leaf and the checkpoint of a receipt that was found to hold. */
function provedBy(text: string, trust: Trust): CheckedReceipt {
  const outer = JSON.parse(text.replace(/^\ufeff/u, "")) as JsonObject;
  const { v, entry, proof } = (outer["receipt"] ?? outer) as { v: number; entry: string; proof: string };
  return checkReceipt(dumps({ v, entry, proof }), trust.log, trust.timekeeper);
}

