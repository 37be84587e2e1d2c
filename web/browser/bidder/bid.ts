/** A bid at one place, one thing a page: from the check of this browser to the receipt. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { command } from "../app/api.ts";
import { Act } from "../app/act.ts";
import { confirmTyped, inWords, Said } from "../app/ask.ts";
import { receipt as fetchReceipt } from "../app/trust.ts";
import { _ } from "../app/texts.ts";
import { account } from "../app/signing.ts";
import { Bidding } from "./bidding.ts";
import type { Place } from "./draft.ts";
import { keyFile } from "./keyfile.ts";
import { historyView, type HistoryActions } from "./history.ts";
import { isSecretOf, nextOf, secretText, type BidRecord } from "./record.ts";
import { fileName } from "./names.ts";
import { saveAs } from "./saving.ts";
import { progressView, receiptStep, sealedFacts, secretStep } from "./sendsteps.ts";
import { secretOf, sweep } from "./shelf.ts";
import { checkStep, filesSummary, formSummary, keyStep, reviewStep } from "./steps.ts";
import { receiptPage, withdrawn } from "./submit.ts";
import { takeSealed } from "./taking.ts";
import { PREPARING, titleOf, type Preparing, type Step } from "./titles.ts";
import { distrustInWords, sealingInWords, takingInWords } from "./words.ts";
import { Work } from "./work.ts";

/** `<kb-bid data-project data-section data-envelope data-worker>`. */
export class Bid extends LitElement {
  readonly #act = new Act(this);
  #bidding!: Bidding;
  #work!: Work;
  #step: Step = "start";
  #isLoaded = false;
  #isElsewhere = false;
  #isTried = false;
  #failure = "";
  /** The bid that the page is about once it is sealed. */
  #record: BidRecord | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    // what stands here for those without scripts
    this.replaceChildren();
    super.connectedCallback();
    const { project = "", section = "", envelope, worker = "" } = this.dataset;
    const place: Place = {
      project,
      section,
      envelope: envelope === "2" ? 2 : 1,
      account: account(),
      organisation: document.body.dataset["organisation"] ?? "",
    };
    this.#bidding = new Bidding(place, worker);
    this.#work = new Work(this.#bidding, () => this.requestUpdate());
    window.addEventListener("beforeunload", this.#leaving);
    window.addEventListener("popstate", this.#moved);
    void this.#begin(`bid/${place.account}/${project}/${section}-${place.envelope}`);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("beforeunload", this.#leaving);
    window.removeEventListener("popstate", this.#moved);
  }

  /** Two windows at one place would cut each other short: the second one waits. */
  async #begin(lock: string): Promise<void> {
    const waiting = window.setTimeout(() => {
      this.#isElsewhere = true;
      this.requestUpdate();
    }, 800);
    await navigator.locks.request(lock, async () => {
      window.clearTimeout(waiting);
      this.#isElsewhere = false;
      await this.#load();
      // held until the page goes
      await new Promise<never>(() => undefined);
    });
  }

  async #load(): Promise<void> {
    try {
      await this.#bidding.load();
      this.#isLoaded = true;
      const { current } = this.#bidding;
      if (current === undefined) this.#step = "start";
      else this.#resume(current);
    } catch (error) {
      this.#failure = inWords(error);
    }
    this.requestUpdate();
  }

  /** Go on with a bid from where it stands; what was on its way goes on by itself. */
  #resume(record: BidRecord): void {
    this.#record = record;
    const next = nextOf(record);
    if (next === "secret") this.#step = "secret";
    else if (record.stage === "sealed") this.#step = "sealed";
    else if (next !== "done" && next !== "seal") void this.#act.run("send", () => this.#submit());
  }

  protected override render(): TemplateResult {
    if (this.#isElsewhere) {
      return html`<p class="note note-amber" role="status">${_("This bid is open in another window of this browser. Go on there, or close it: this page goes on by itself.")}</p>`;
    }
    if (this.#failure !== "") return html`<p class="problem-line" role="alert">${this.#failure}</p>`;
    if (!this.#isLoaded) return html`<p class="quiet" role="status">${_("Loading …")}</p>`;
    return html`${this.#stepLine()}
      <section class="card bid-step" aria-labelledby="step-title">
        <h2 id="step-title" tabindex="-1">${titleOf(this.#step, this.#bidding.live !== undefined)}</h2>
        ${this.#body()} ${this.#act.problem()}
      </section>
      ${this.#step === "start" ? this.#beside() : nothing}`;
  }

  protected override updated(): void {
    const shown = this.querySelector<HTMLElement>("#step-title");
    if (shown === null || shown.dataset["step"] === this.#step) return;
    const isFirst = shown.dataset["step"] === undefined;
    shown.dataset["step"] = this.#step;
    if (!isFirst) shown.focus();
  }

  #stepLine(): TemplateResult | typeof nothing {
    const at = PREPARING.indexOf(this.#step as Preparing);
    if (at < 0) return nothing;
    return html`<p class="step-line">
      <button class="plain-link" type="button" @click=${() => history.back()}>‹ ${_("Back")}</button>
      <span class="quiet">${_("Step {n} of {total}", { n: at + 1, total: PREPARING.length })}</span>
    </p>`;
  }

  #body(): TemplateResult {
    const bidding = this.#bidding;
    switch (this.#step) {
      case "start":
        return this.#start();
      case "check":
        return html`${checkStep(bidding)} ${this.#go(bidding.probed !== undefined && bidding.probed.missing.length === 0)}`;
      case "key":
        return html`${keyStep(bidding)} ${this.#go(bidding.trusted !== undefined, _("The words are the same"))}`;
      case "files":
        return html`<kb-bid-files .bidding=${bidding} @changed=${() => this.requestUpdate()}></kb-bid-files>
          ${this.#fileProblems()} ${this.#go(true)}`;
      case "form":
        return html`${this.#formSummary()}
          <kb-bid-form .bidding=${bidding} .isTried=${this.#isTried} @input=${() => this.requestUpdate()}></kb-bid-form>
          ${this.#go(true)}`;
      case "review":
        return html`${reviewStep(bidding)}
          <button class="button" type="button" ?disabled=${this.#act.isBusy()} @click=${this.#act.on("seal", () => this.#seal())}>
            ${_("Seal the bid")}
          </button>`;
      case "seal":
      case "send":
        return progressView(this.#work);
      case "secret":
        return secretStep(() => void this.#saveSecret(), (file) => void this.#act.run("secret", () => this.#checkSecret(file)), false);
      case "sealed":
        return this.#sealed();
      case "waiting":
        return this.#waiting();
      case "receipt":
        return html`${receiptStep(this.#record as BidRecord, () => this.#saveReceipt(), () => void this.#act.run("pdf", () => this.#savePdf()))}
          ${this.#toStart()}`;
      case "refused":
        return html`<p class="problem-line" role="alert">${this.#record?.refusal?.detail}</p>
          <p class="hint">${_("The refusal is on the record, and its signed reason is kept in this browser.")}</p>
          ${this.#toStart()}`;
    }
  }

  #start(): TemplateResult {
    const bidding = this.#bidding;
    const { live, isOver, boundKey } = bidding;
    if (boundKey === "") return this.#takePart();
    return html`${live === undefined
        ? html`<p class="prose">${isOver ? _("The deadline has passed. No bid of yours is in.") : _("No bid of yours is in yet. What you seal here is encrypted on this device and can be opened by nobody before the deadline.")}</p>`
        : html`<p class="prose">${_("Until the deadline it can be replaced or withdrawn. Only the last one counts.")}</p>`}
      ${isOver
        ? nothing
        : html`<kb-signing-key
              data-project=${bidding.place.project}
              data-role="bidder"
              data-bound=${boundKey}
              @ready=${() => this.#keyed()}
            ></kb-signing-key>
            <div class="actions">
              <button class="button" type="button" ?disabled=${!this.#canSign || this.#act.isBusy()} @click=${() => this.#enter("check")}>
                ${live === undefined ? _("Begin") : _("Replace it")}
              </button>
              ${live === undefined
                ? nothing
                : html`<button class="button button-quiet" type="button" ?disabled=${!this.#canSign || this.#act.isBusy()} @click=${this.#act.on("withdraw", () => this.#withdraw())}>
                    ${_("Withdraw it")}
                  </button>`}
            </div>
            ${this.#offline()}`}`;
  }

  /** What is for machines without a line: the bundle out, the sealed file in. */
  #offline(): TemplateResult {
    return html`<details class="offline">
      <summary>${_("Seal on a machine without a line")}</summary>
      <p class="prose">${_("Take the offline sealer and the key's file to that machine, seal there, and bring the sealed bid back here: it is signed and submitted from this page.")}</p>
      <p><a href="/downloads#sealer">${_("Get the offline sealer")}</a></p>
      <div class="actions">
        <button class="button button-quiet" type="button" @click=${this.#act.on("bundle", () => this.#saveBundle())}>${_("Save the key's file")}</button>
        <label class="button button-quiet">
          ${_("Bring a sealed bid")}
          <input class="over-label" type="file" accept=".zip,application/zip" ?disabled=${!this.#canSign} @change=${(event: Event) => this.#brought(event)} />
        </label>
      </div>
    </details>`;
  }

  #takePart(): TemplateResult {
    if (this.#bidding.isOver) return html`<p class="prose">${_("The deadline has passed.")}</p>`;
    return html`<p class="prose">${_("Your organisation does not take part in this project yet. Who takes part is shown to nobody before the session is announced.")}</p>
      <kb-signing-key @ready=${() => this.#keyed()}></kb-signing-key>
      <button class="button" type="button" ?disabled=${!this.#canSign || this.#act.isBusy()} @click=${this.#act.on("part", () => this.#joins())}>
        ${_("Take part")}
      </button>`;
  }

  #canSign = false;

  #keyed(): void {
    this.#canSign = true;
    this.requestUpdate();
    // the key that counts in the project may be another one now
    void this.#bidding.refresh().then(
      () => this.requestUpdate(),
      // whatever is done next asks the service too, and says what it met
      () => undefined,
    );
  }

  async #joins(): Promise<void> {
    await command(this.#bidding.place.project, { type: "project.take_part" });
    this.#canSign = false;
    await this.#load();
  }

  /** What stands under the overview: what was submitted before, and practice. */
  #beside(): TemplateResult {
    const shown = historyView(this.#bidding, this.#historyActions);
    return html`${shown === nothing ? nothing : html`<section class="card">${shown}</section>`}
      <kb-practice data-worker=${this.#bidding.worker}></kb-practice>`;
  }

  readonly #historyActions: HistoryActions = {
    saveReceipt: (bid) => void this.#act.run("receipt", () => this.#saveOld(bid)),
    saveRefusal: (record) => saveAs(`${this.#name(record)}-refusal.json`, record.refusal?.signed ?? ""),
    saveSecret: (record) => {
      this.#record = record;
      void this.#saveSecret();
    },
  };

  #fileProblems(): TemplateResult | typeof nothing {
    return this.#isTried ? filesSummary(this.#bidding) : nothing;
  }

  #formSummary(): TemplateResult | typeof nothing {
    return this.#isTried ? formSummary(this.#bidding) : nothing;
  }

  #go(isReady: boolean, text: string = _("Continue")): TemplateResult {
    return html`<button class="button" type="button" ?disabled=${!isReady || this.#act.isBusy()} @click=${() => this.#next()}>${text}</button>`;
  }

  #next(): void {
    void this.#bidding.lookAtBlind().then(() => this.requestUpdate());
    const step = this.#step;
    this.#isTried = true;
    const isHeldUp =
      (step === "files" && this.#bidding.fileProblems.length > 0) ||
      (step === "form" && this.#bidding.blocking.length > 0);
    this.requestUpdate();
    if (isHeldUp) return;
    const after = PREPARING[PREPARING.indexOf(step as Preparing) + 1];
    if (after !== undefined) this.#enter(after);
  }

  #enter(step: Preparing): void {
    history.pushState({ step }, "");
    this.#show(step);
  }

  #show(step: Step): void {
    this.#step = step;
    this.#isTried = false;
    if (step === "check") void this.#act.run("check", () => this.#check());
    if (step === "key") void this.#act.run("key", () => this.#checkKey());
    this.requestUpdate();
    window.scrollTo({ top: 0 });
  }

  async #check(): Promise<void> {
    await this.#bidding.probe();
    // nothing waits for what the person answers, and a browser that keeps nothing said so before
    void this.#bidding.keepRoom().then(() => this.requestUpdate(), () => undefined);
  }

  readonly #moved = (event: PopStateEvent): void => {
    const isPreparing = this.#step === "start" || PREPARING.includes(this.#step as Preparing);
    if (!isPreparing) return;
    const { step } = (event.state ?? {}) as { step?: Preparing };
    const isReady = step === "check" || step === "key" || this.#bidding.trusted !== undefined;
    this.#show(step !== undefined && isReady ? step : "start");
  };

  async #checkKey(): Promise<void> {
    try {
      await this.#bidding.checkKey();
    } catch (error) {
      throw new Said(distrustInWords(error));
    }
  }

  async #seal(): Promise<void> {
    this.#step = "seal";
    try {
      this.#record = await this.#work.seal();
      this.#bidding.files = [];
      this.#step = nextOf(this.#record) === "secret" ? "secret" : "sealed";
    } catch (error) {
      this.#step = "review";
      throw new Said(sealingInWords(error));
    }
  }

  async #saveSecret(): Promise<void> {
    const record = this.#record as BidRecord;
    const secret = await secretOf(record.bid);
    if (secret !== undefined) saveAs(`${this.#name(record)}-secret.json`, secretText(record.bid, secret));
  }

  async #checkSecret(file: File): Promise<void> {
    const record = this.#record as BidRecord;
    const secret = (await secretOf(record.bid)) ?? "";
    if (!isSecretOf(await file.text(), record.bid, secret)) {
      throw new Said(_("This is not the file of this bid's secret. Save it again, then choose the file you saved."));
    }
    this.#record = { ...record, isSecretSaved: true };
    await this.#bidding.keep(this.#record);
    this.#step = "sealed";
  }

  #sealed(): TemplateResult {
    const record = this.#record as BidRecord;
    return html`${sealedFacts(record)}
      <p class="prose">${_("Nothing has left this device yet. When you submit, the sealed file is uploaded, your signature is added here, and the service answers with a receipt.")}</p>
      <kb-signing-key data-project=${record.project} data-role="bidder" data-bound=${this.#bidding.boundKey} @ready=${() => this.#keyed()}></kb-signing-key>
      <div class="actions">
        <button class="button" type="button" ?disabled=${!this.#canSign || this.#act.isBusy()} @click=${this.#act.on("send", () => this.#submit())}>${_("Sign and submit")}</button>
        <button class="button button-quiet" type="button" ?disabled=${this.#act.isBusy()} @click=${this.#act.on("drop", () => this.#giveUp())}>${_("Give it up")}</button>
      </div>`;
  }

  async #submit(): Promise<void> {
    this.#step = "send";
    try {
      this.#record = await this.#work.submit(this.#record as BidRecord);
    } catch (error) {
      // without a line the page goes on by what it keeps itself
      await this.#bidding.load().catch(() => undefined);
      this.#record = this.#bidding.records.find(({ bid }) => bid === this.#record?.bid);
      this.#step = this.#record?.stage === "waiting" ? "waiting" : "sealed";
      throw error;
    }
    await this.#settled();
  }

  /** Show what a bid has come to. */
  async #settled(): Promise<void> {
    const record = this.#record as BidRecord;
    this.#step = record.stage === "submitted" ? "receipt" : record.stage === "refused" ? "refused" : "waiting";
    await this.#bidding.load();
    await sweep(this.#bidding.records);
  }

  #waiting(): TemplateResult {
    return html`<p class="prose">${_("The service has your bid, and it counts from the moment it was received. The timekeeper has not witnessed it yet; as soon as it has, the receipt is checked here.")}</p>
      <button class="button" type="button" ?disabled=${this.#act.isBusy()} @click=${this.#act.on("receipt", async () => {
        this.#record = await this.#work.receipt(this.#record as BidRecord);
        await this.#settled();
      })}>${_("Look for the receipt again")}</button>`;
  }

  #toStart(): TemplateResult {
    return html`<p><button class="plain-link" type="button" @click=${() => {
      this.#record = undefined;
      this.#canSign = false;
      this.#show("start");
    }}>${_("To the overview of this bid")}</button></p>`;
  }

  #saveReceipt(): void {
    const record = this.#record as BidRecord;
    if (record.receipt !== undefined) saveAs(`${this.#name(record)}-receipt.json`, new Blob([record.receipt]));
  }

  async #savePdf(): Promise<void> {
    const record = this.#record as BidRecord;
    if (record.receipt !== undefined) saveAs(`${this.#name(record)}-receipt.pdf`, await receiptPage(record.receipt));
  }

  /** Save the receipt of a bid that may have been submitted elsewhere. */
  async #saveOld(bid: string): Promise<void> {
    const one = this.#bidding.own.find((each) => each.bid === bid);
    const found = one === undefined ? undefined : await fetchReceipt(this.#bidding.place.project, one.command);
    if (found === undefined) throw new Said(_("The receipt is not there yet."));
    saveAs(`${this.#name({ bid })}-receipt.json`, new Blob([found.receipt]));
  }

  async #saveBundle(): Promise<void> {
    await this.#checkKey();
    const { bundle, keys, place } = this.#bidding;
    if (bundle === undefined || keys === undefined) return;
    const content = keyFile({ bundle, keys, organisation: place.organisation, name: this.#bidding.organisationName });
    saveAs(`${this.#name()}-key.json`, content);
  }

  #brought(event: Event): void {
    const input = event.currentTarget as HTMLInputElement;
    const [file] = input.files ?? [];
    input.value = "";
    if (file === undefined) return;
    void this.#act.run("take", async () => {
      await this.#checkKey();
      this.#record = await takeSealed(this.#bidding, file).catch((error: unknown) => {
        throw new Said(takingInWords(error));
      });
      this.#step = "sealed";
    });
  }

  async #giveUp(): Promise<void> {
    const isSure = await confirmTyped({
      title: _("Give this sealed bid up?"),
      text: _("The sealed file is removed from this device. It was not submitted."),
      action: _("Give it up"),
      isGrave: true,
    });
    if (!isSure) return;
    await this.#bidding.giveUp(this.#record as BidRecord);
    this.#record = undefined;
    this.#show("start");
  }

  async #withdraw(): Promise<void> {
    const { live, place, section } = this.#bidding;
    if (live === undefined) return;
    const isSure = await confirmTyped({
      title: _("Withdraw your bid?"),
      text: section?.envelopes === 2
        ? _("Both envelopes are taken back and stay sealed for ever. An earlier one does not come back. Until the deadline you can submit anew.")
        : _("It stays sealed for ever. An earlier one does not come back. Until the deadline you can submit anew."),
      word: _("withdraw"),
      action: _("Withdraw it"),
      isGrave: true,
    });
    if (!isSure) return;
    const done = await withdrawn(place.project, live.bid);
    await this.#bidding.load();
    const found = await fetchReceipt(place.project, done.command);
    if (found !== undefined) saveAs(`${this.#name(live)}-withdrawal-receipt.json`, new Blob([found.receipt]));
  }

  #name(record?: { readonly bid: string }): string {
    return fileName(this.#bidding, record?.bid);
  }

  readonly #leaving = (event: BeforeUnloadEvent): void => {
    if (this.#step === "seal" && this.#work.isRunning) event.preventDefault();
  };
}
