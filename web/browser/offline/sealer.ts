/** Seals a bid on a machine without a line; what it makes is signed and submitted elsewhere. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";
import { Said } from "../app/ask.ts";
import { language, _ } from "../app/texts.ts";
import { Draft } from "../bidder/draft.ts";
import { readKeyFile, type KeyFile } from "../bidder/keyfile.ts";
import { openBundle } from "../bidder/notices.ts";
import type { Phase } from "../bidder/protocol.ts";
import { isSecretOf, secretText } from "../bidder/record.ts";
import { saveAs } from "../bidder/saving.ts";
import { progressView, secretStep } from "../bidder/sendsteps.ts";
import { Pace, sizeText } from "../bidder/size.ts";
import { filesSummary, formSummary, keyStep, reviewStep } from "../bidder/steps.ts";
import { distrustInWords, sealingInWords } from "../bidder/words.ts";
import type { Progress } from "../bidder/progress.ts";
import { hex } from "../crypto/bytes.ts";
import { fresh } from "../crypto/random.ts";
import { OfflineRun, type Carried } from "./run.ts";

type Step = "key" | "words" | "files" | "form" | "review" | "seal" | "secret" | "done";
const ORDER: readonly Step[] = ["key", "words", "files", "form", "review"];

/** A bid that replaces what the key's file says is the last one. */
class OfflineDraft extends Draft {
  file: KeyFile | undefined;

  override get replaces(): number {
    return this.file?.bundle.own.at(-1)?.[0] ?? 0;
  }
}

/** `<kb-offline-sealer>`: the whole page. */
export class OfflineSealer extends LitElement {
  readonly #act = new Act(this);
  readonly #draft = new OfflineDraft();
  #step: Step = "key";
  #isTried = false;
  #progress: Progress | undefined;
  #run: OfflineRun | undefined;
  #isHeld = false;
  #secret: string | undefined;
  #carried: Carried | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const other = language() === "en" ? "zh-CN" : "en";
    return html`<header class="masthead">
        <div class="masthead-inner">
          <span class="brand"><span class="brand-name">${_("Offline sealer")}</span></span>
          <div class="masthead-end">
            <a class="switch" href="#language=${other}" lang=${other}>${other === "en" ? "English" : "中文"}</a>
          </div>
        </div>
      </header>
      <main class="page narrow-page">
        <h1>${this.#title()}</h1>
        ${this.#step === "key" ? nothing : html`<p class="lead">${this.#draft.trusted?.notice.title} · ${this.#draft.trusted?.section.title}</p>`}
        <section class="card bid-step">${this.#body()} ${this.#act.problem()}</section>
        <p class="hint">${_("This page reaches no network: its own policy forbids it. What is sealed here leaves this machine only in the files you save.")}</p>
      </main>`;
  }

  #title(): string {
    switch (this.#step) {
      case "key":
        return _("Seal a bid without a line");
      case "words":
        return _("Compare the key's words");
      case "files":
        return _("Choose the files");
      case "form":
        return _("Fill in the bid form");
      case "review":
        return _("Look at it once more, then seal");
      case "seal":
        return _("Sealing on this device");
      case "secret":
        return _("Save your own secret");
      case "done":
        return _("Sealed on this device");
    }
  }

  #body(): TemplateResult {
    const draft = this.#draft;
    switch (this.#step) {
      case "key":
        return this.#keyFile();
      case "words":
        return html`${keyStep(draft)} ${this.#go(_("The words are the same"))}`;
      case "files":
        return html`<kb-bid-files .bidding=${draft} @changed=${() => this.requestUpdate()}></kb-bid-files>
          ${this.#isTried ? filesSummary(draft) : nothing} ${this.#go(_("Continue"))}`;
      case "form":
        return html`${this.#isTried ? formSummary(draft) : nothing}
          <kb-bid-form .bidding=${draft} .isTried=${this.#isTried} @input=${() => this.requestUpdate()}></kb-bid-form>
          ${this.#go(_("Continue"))}`;
      case "review":
        return html`${reviewStep(draft)}
          <button class="button" type="button" ?disabled=${this.#act.isBusy()} @click=${this.#act.on("seal", () => this.#seal())}>${_("Seal the bid")}</button>`;
      case "seal":
        return progressView({ progress: this.#progress, isHeld: this.#isHeld, isOffline: false, hold: async (isHeld) => this.#hold(isHeld) });
      case "secret":
        return secretStep(() => this.#saveSecret(), (file) => void this.#act.run("secret", () => this.#checkSecret(file)), false);
      case "done":
        return this.#done();
    }
  }

  #keyFile(): TemplateResult {
    return html`<p class="prose">${_("Choose the key's file that you saved on the page of your bid. The notice, its signature and the key are checked here once more.")}</p>
      <label class="button">
        ${_("Choose the key's file")}
        <input class="over-label" type="file" accept=".json,application/json" @change=${(event: Event) => {
          const input = event.currentTarget as HTMLInputElement;
          const [file] = input.files ?? [];
          if (file !== undefined) void this.#act.run("key", () => this.#open(file));
          input.value = "";
        }} />
      </label>`;
  }

  #done(): TemplateResult {
    const { order, sealed } = this.#carried as Carried;
    return html`<dl class="facts">
        <div><dt>${_("Bid")}</dt><dd class="mono wrap">${order.bid}</dd></div>
        <div><dt>${_("Sealed file")}</dt><dd class="nums">${sizeText(sealed.size)}</dd></div>
        <div><dt>${_("Root over its slices")}</dt><dd class="mono wrap">${sealed.root}</dd></div>
        <div><dt>${_("Opened again on this device")}</dt><dd><span class="tag tag-green">${_("Yes, whole")}</span></dd></div>
      </dl>
      <p class="prose">${_("Save the sealed bid, carry it to a machine with a line, and bring it in on the page of your bid; or submit it with the command line. Closing this page loses what is not saved.")}</p>
      <button class="button" type="button" @click=${() => saveAs(`${order.bid.slice(0, 8)}-sealed-bid.zip`, (this.#carried as Carried).file)}>${_("Save the sealed bid")}</button>`;
  }

  #go(text: string): TemplateResult {
    return html`<button class="button" type="button" @click=${() => this.#next()}>${text}</button>`;
  }

  #next(): void {
    void this.#draft.lookAtBlind().then(() => this.requestUpdate());
    const draft = this.#draft;
    const isHeldUp =
      (this.#step === "files" && draft.fileProblems.length > 0) ||
      (this.#step === "form" && draft.blocking.length > 0);
    this.#isTried = isHeldUp;
    if (!isHeldUp) this.#step = ORDER[ORDER.indexOf(this.#step) + 1] ?? this.#step;
    this.requestUpdate();
  }

  async #open(file: File): Promise<void> {
    try {
      const read = readKeyFile(await file.text());
      this.#draft.trusted = await openBundle(read.bundle, read.keys);
      this.#draft.file = read;
      this.#draft.filled = { bidder: read.name };
      this.#step = "words";
    } catch (error) {
      throw new Said(distrustInWords(error));
    }
  }

  async #seal(): Promise<void> {
    const { trusted, file, files, form } = this.#draft;
    if (trusted === undefined || file === undefined) return;
    const last = file.bundle.own.at(-1);
    this.#secret = trusted.key.start.coOpen ? hex(fresh(32)) : undefined;
    const numbered = {
      bid: hex(fresh(16)),
      revision: (last?.[0] ?? 0) + 1,
      ...(last !== undefined && { supersedes: last[1] }),
      created: Date.now(),
    };
    const order = this.#draft.order(trusted, numbered, file.organisation, form.form, this.#secret);
    this.#step = "seal";
    const pace = new Pace();
    this.#run = new OfflineRun(order, files, (phase, done, total) => this.#told(pace, phase, done, total));
    try {
      this.#carried = await this.#run.done;
      this.#step = this.#secret === undefined ? "done" : "secret";
    } catch (error) {
      this.#step = "review";
      throw new Said(sealingInWords(error));
    }
  }

  #told(pace: Pace, phase: Phase, done: number, total: number): void {
    pace.note(performance.now(), done);
    this.#progress = { phase, done, total, speed: pace.speed, left: pace.left(total) };
    this.requestUpdate();
  }

  #hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#run?.hold(isHeld);
    this.requestUpdate();
  }

  #saveSecret(): void {
    const bid = this.#carried?.order.bid ?? "";
    saveAs(`${bid.slice(0, 8)}-secret.json`, secretText(bid, this.#secret ?? ""));
  }

  async #checkSecret(file: File): Promise<void> {
    if (!isSecretOf(await file.text(), this.#carried?.order.bid ?? "", this.#secret ?? "")) {
      throw new Said(_("This is not the file of this bid's secret. Save it again, then choose the file you saved."));
    }
    this.#step = "done";
  }
}
