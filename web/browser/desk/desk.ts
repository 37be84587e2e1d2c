/**
 * The expert's desk: one panel at a time is the one to act in, what is done folds away.
 *
 * What it shows is the service's own view of the evaluation, read again whenever the committee's
 * channel says something; it works nothing out that others have not been shown.
 */

import { html, nothing, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";
import { get, Problem } from "../app/api.ts";
import { inWords, Said } from "../app/ask.ts";
import { Beside } from "../app/beside.ts";
import { clock } from "../app/format.ts";
import { account, keyState, ownKey, sign } from "../app/signing.ts";
import { _ } from "../app/texts.ts";
import { blindParts } from "../committee/aliases.ts";
import type { JsonObject } from "../crypto/canonical.ts";
import { keyId } from "../crypto/dsse.ts";
import { pausedBox, type Paused } from "../committee/paused.ts";
import { openOne } from "../committee/reevaluation.ts";
import { lineBanner, outboxNote, signedOut } from "../hall/banner.ts";
import { Connection, type LineState } from "../hall/connection.ts";
import { Outbox, type Sender } from "../hall/outbox.ts";
import { showAside, standAside } from "./aside.ts";
import { Clarifying } from "./clarifying.ts";
import { Competing } from "./competing.ts";
import type { Documents } from "./documents.ts";
import { Discussing } from "./discussing.ts";
import { Draft } from "./draft.ts";
import { matrix } from "./matrix.ts";
import { Notes } from "./notes.ts";
import { remarked, remarking } from "./remarking.ts";
import { Reporting } from "./reporting.ts";
import { Reviewing } from "./reviewing.ts";
import type { Scene } from "./scene.ts";
import { Ballot, bidders, chair, declared, names, signIn, Ties } from "./seating.ts";
import { corrections, Pricing } from "./pricing.ts";
import { locked, sheet } from "./sheet.ts";
import { type Evaluation, standing } from "./view.ts";
import { Closing, rejected, votes } from "./voting.ts";

const GATHER_MS = 120;
const AGAIN_MS = 3_000;
const FRESH_MS = 6_000;
const BEFORE = ["sign_in", "ties", "names", "ballot", "review"] as const;
const OF_ONE = [...BEFORE, "prices", "marks", "report"] as const;
/** Of two envelopes the prices are opened after the marks. */
const OF_TWO = [...BEFORE, "marks", "prices", "report"] as const;
type Panel = (typeof OF_ONE)[number] | "remarks";

/** `<kb-desk data-project data-section data-bound data-promise>`; light DOM. */
export class Desk extends Beside {
  readonly #act = new Act(this);
  readonly #ties = new Ties();
  readonly #ballot = new Ballot();
  readonly #reviewing = new Reviewing();
  readonly #closing = new Closing();
  readonly #competing = new Competing();
  readonly #pricing = new Pricing();
  readonly #clarifying = new Clarifying();
  readonly #reporting = new Reporting();
  readonly #discussing = new Discussing();
  #view: Evaluation | undefined;
  #draft = new Draft("", () => undefined);
  #notes: Notes | undefined;
  #outbox = new Outbox("", "", this.#sender());
  #connection: Connection | undefined;
  #state: LineState = "connecting";
  #wasDown = false;
  #wasPaused = false;
  #isLoaded = false;
  #hasLeft = false;
  #problem = "";
  #keyid = "";
  #bound = "";
  #seen = -1;
  #looked = "";
  #reviewed = "";
  #gathering = 0;
  #tick = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    const { project = "", section = "", bound = "" } = this.dataset;
    this.#bound = bound;
    const again = (): void => this.requestUpdate();
    this.#draft = new Draft(`/api/projects/${project}/sections/${section}/draft`, again);
    this.#outbox = new Outbox(project, account(), this.#sender());
    this.#connection = new Connection(project, [`committee/${section}`], {
      changed: () => this.#changed(),
      state: (state) => this.#become(state),
    });
    this.addEventListener("ready", () => void this.#lookAtKey());
    this.addEventListener("rekeyed", (event) => this.#rekeyed(event as CustomEvent<string>));
    document.addEventListener("visibilitychange", this.#leaving);
    this.#tick = window.setInterval(() => {
      if (this.#state === "down") this.requestUpdate();
    }, 1_000);
    void this.#start();
  }

  override disconnectedCallback(): void {
    this.#connection?.stop();
    window.clearInterval(this.#tick);
    window.clearTimeout(this.#gathering);
    document.removeEventListener("visibilitychange", this.#leaving);
    super.disconnectedCallback();
  }

  readonly #now = (): number | undefined => this.#connection?.clock.at(performance.now());

  readonly #leaving = (): void => {
    if (document.visibilityState === "hidden") this.#draft.now();
  };

  protected override shouldUpdate(): boolean {
    return this.#view !== undefined || this.#problem !== "" || this.#hasLeft;
  }

  protected override updated(): void {
    // the review goes on to the next bid by itself
    const reviewed = this.querySelector<HTMLElement>(".review")?.dataset["bid"] ?? "";
    if (reviewed === this.#reviewed) return;
    this.#reviewed = reviewed;
    if (reviewed !== "") this.#look(reviewed);
  }

  async #start(): Promise<void> {
    try {
      await this.#read();
      await this.#lookAtKey();
      this.#connection?.start();
      void this.#outbox.resume();
    } catch (error) {
      this.#problem = inWords(error);
      this.requestUpdate();
    }
  }

  async #read(): Promise<void> {
    const { project = "", section = "" } = this.dataset;
    try {
      this.#view = await get<Evaluation>(`/api/projects/${project}/sections/${section}/evaluation`);
      await this.#drafted(this.#view);
      if (this.#view.own.marks_submitted) this.#draft.forget();
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 404 || this.#view === undefined) throw error;
      this.#hasLeft = true;
      this.#connection?.stop();
    }
    this.requestUpdate();
  }

  /** Read the draft once, which is locked during a pause; keep what was typed at its beginning. */
  async #drafted(view: Evaluation): Promise<void> {
    const isPaused = view.paused !== undefined;
    if (isPaused) this.#draft.hold();
    else if (!this.#isLoaded) {
      this.#isLoaded = true;
      await this.#draft.load();
    } else if (this.#wasPaused) this.#draft.now();
    if (!isPaused) this.#draft.follow(view.blind?.draw);
    this.#wasPaused = isPaused;
  }

  /** Read the evaluation again once things have calmed down; again later where that fails. */
  #soon(pause: number): void {
    window.clearTimeout(this.#gathering);
    this.#gathering = window.setTimeout(() => {
      void this.#read().catch((error: unknown) => {
        if (error instanceof Problem && error.status === 401) this.#signedOut();
        else this.#soon(AGAIN_MS);
      });
    }, pause);
  }

  #changed(): void {
    const n = this.#connection?.channels.n(`committee/${this.dataset["section"] ?? ""}`) ?? 0;
    if (n === this.#seen) return;
    this.#seen = n;
    this.#soon(GATHER_MS);
  }

  #become(state: LineState): void {
    if (state === "live" && this.#state === "down") {
      this.#wasDown = true;
      this.#draft.now();
      this.#notes?.now();
      this.#soon(0);
      window.setTimeout(() => {
        this.#wasDown = false;
        this.requestUpdate();
      }, FRESH_MS);
    }
    this.#state = state;
    this.requestUpdate();
  }

  /** One's own notes on pages, from when the names are confirmed until the report stands. */
  #noted(view: Evaluation): Notes | undefined {
    if (view.step === "finished") return undefined;
    if (this.#notes === undefined) {
      const { project = "", section = "" } = this.dataset;
      const again = (): void => this.querySelector<Documents>("kb-documents")?.requestUpdate();
      this.#notes = new Notes(`/api/projects/${project}/sections/${section}/notes`, again);
      void this.#notes.load();
    }
    return this.#notes;
  }

  #sender(): Sender {
    return {
      changed: () => this.requestUpdate(),
      beaten: () => this.#soon(0),
      signedOut: () => this.#signedOut(),
    };
  }

  #signedOut(): void {
    this.#connection?.stop();
    this.#become("signed_out");
  }

  async #lookAtKey(): Promise<void> {
    const signer = (await keyState()) === "ready" ? await ownKey() : undefined;
    this.#keyid = signer === undefined ? "" : keyId(signer.spki);
    this.requestUpdate();
  }

  #rekeyed(event: CustomEvent<string>): void {
    this.#bound = event.detail;
    this.requestUpdate();
  }

  #scene(view: Evaluation): Scene {
    const { project = "", section = "", promise = "" } = this.dataset;
    const canSign = this.#keyid !== "" && this.#keyid === this.#bound;
    return {
      project,
      section,
      view,
      act: this.#act,
      draft: this.#draft,
      promise,
      canSign,
      keyCard: html`<kb-signing-key data-project=${project} data-role="expert" data-bound=${this.#bound}></kb-signing-key>`,
      send: async (what, type, fields) => this.#send(what, { type: `evaluation.${type}`, section, ...fields }),
      sign: async (message, fields) => {
        if (!canSign) throw new Said(_("This browser's key does not sign in this project yet."));
        return sign(message, { v: 1, project, section, seat: view.seat, ...fields });
      },
      now: this.#now,
      again: () => this.requestUpdate(),
    };
  }

  async #send(what: string, body: JsonObject): Promise<void> {
    await this.#outbox.send(what, body);
    // the act stands: where the page cannot be read at once, the channel makes it read again
    await this.#read().catch(() => this.#soon(AGAIN_MS));
  }

  protected override render(): TemplateResult {
    if (this.#hasLeft) {
      return html`<p class="note" role="status">${_("You have left this committee.")} <a href="/expert">${_("My committees")}</a></p>`;
    }
    const view = this.#view;
    if (view === undefined) return html`<p class="problem-line" role="alert">${this.#problem}</p>`;
    const now = panelOf(view);
    if (view.paused !== undefined) return this.#paused(view, view.paused, now);
    const scene = this.#scene(view);
    const isDone = view.step === "finished";
    return html`${this.#state === "signed_out" ? signedOut() : lineBanner(this.#state, this.#wasDown, this.#connection)}
      ${outboxNote(this.#outbox, false)} ${stages(panelsOf(view), now, isDone)}
      <div class="desk-room">
        <div class="desk-documents">${this.#documents(view)}</div>
        <div class="desk-work" @focusin=${this.#looks} @click=${this.#looks}>
          ${panelsOf(view).map((panel) => this.#panel(scene, panel, now))} ${this.#clarifying.render(scene)} ${this.#discussing.render(scene)}
        </div>
        <div class="desk-side">${matrix(view)} ${isDone || openOne(view.reevaluations) !== undefined ? nothing : standAside(scene)}</div>
      </div>`;
  }

  /** Everything is locked: nothing of a bid is shown, and nothing can be done. */
  #paused(view: Evaluation, paused: Paused, now: Panel): TemplateResult {
    return html`${this.#state === "signed_out" ? signedOut() : lineBanner(this.#state, this.#wasDown, this.#connection)}
      ${stages(panelsOf(view), now, false)}
      <div class="desk-room">
        <div class="desk-work">
          ${pausedBox(paused, _("Your seat is locked, as all are: files, marks and questions are back when the clerk resumes the evaluation. What you were typing is kept."))}
        </div>
        <div class="desk-side">${matrix(view)}</div>
      </div>`;
  }

  /** The bids' files, once the names are confirmed. */
  #documents(view: Evaluation): TemplateResult | typeof nothing {
    const { project = "", section = "", worker = "", pdf = "" } = this.dataset;
    if (view.bids === undefined) return nothing;
    const own = view.members.find(({ seat }) => seat === view.seat);
    const reader = `${own?.name ?? ""} · ${_("seat {seat}", { seat: view.seat })} ·`;
    return html`<kb-documents .base=${`/api/projects/${project}/sections/${section}`} .reader=${reader}
      .tools=${{ worker, folder: pdf }} .bids=${[...view.bids, ...blindParts(view.blind)]} .bid=${this.#looked} .notes=${this.#noted(view)}></kb-documents>`;
  }

  /** Let the files follow the bid that is worked on. */
  readonly #looks = (event: Event): void => {
    const bid = (event.target as HTMLElement).closest<HTMLElement>("[data-bid]")?.dataset["bid"];
    if (bid !== undefined) this.#look(bid);
  };

  #look(bid: string): void {
    if (bid === this.#looked) return;
    this.#looked = bid;
    this.requestUpdate();
  }

  #panel(scene: Scene, panel: Panel, now: Panel): TemplateResult | typeof nothing {
    const panels = panelsOf(scene.view);
    const [at, reached] = [panels.indexOf(panel), panels.indexOf(now)];
    if (at > reached) return nothing;
    const title = _(`panel ${panel}`);
    if (at < reached) {
      const body = this.#past(scene, panel);
      return html`<details class="folded"><summary><span class="folded-mark" aria-hidden="true">✓</span> ${title}</summary>
        <div class="folded-body">${body}</div></details>`;
    }
    const isDrafted = panel === "review" || (panel === "marks" && !scene.view.own.marks_submitted);
    return html`<section class="card panel" aria-labelledby="h-panel">
      <div class="card-bar"><h2 id="h-panel">${title}</h2>${isDrafted ? this.#saved() : nothing}</div>
      ${isDrafted && this.#draft.state === "newer" ? this.#conflict() : nothing}
      ${this.#present(scene, panel)}
    </section>`;
  }

  #present(scene: Scene, panel: Panel): TemplateResult | typeof nothing {
    switch (panel) {
      case "sign_in":
        return signIn(scene);
      case "ties":
        return this.#ties.render(scene);
      case "names":
        return names(scene, showAside);
      case "ballot":
        return this.#ballot.render(scene);
      case "review":
        if (scene.view.step === "competition") {
          return html`${this.#competing.render(scene)} ${rejected(scene)} ${votes(scene)}`;
        }
        return html`${this.#closing.render(scene)} ${votes(scene)} ${this.#reviewing.render(scene)}`;
      case "prices":
        return this.#pricing.render(scene);
      case "marks":
        return sheet(scene);
      case "remarks":
        return remarking(scene);
      case "report":
        return html`${this.#reporting.render(scene)}`;
    }
  }

  #past(scene: Scene, panel: Panel): TemplateResult | typeof nothing {
    switch (panel) {
      case "sign_in":
        return html`<p class="promise" lang="zh-CN">${scene.promise}</p>`;
      case "ties":
        return declared(scene);
      case "names":
        return bidders(scene);
      case "ballot":
        return chair(scene);
      case "review":
        return html`${this.#competing.render(scene)} ${rejected(scene)} ${votes(scene)}`;
      case "prices":
        return scene.view.corrections === undefined
          ? html`<p>${_("No price was corrected.")}</p>`
          : html`${corrections(scene)}`;
      case "marks":
        return locked(scene);
      case "remarks":
        return html`${remarked(scene)}`;
      case "report":
        return nothing;
    }
  }

  /** Whether what is typed is kept. */
  #saved(): TemplateResult | typeof nothing {
    const { state, at, problem } = this.#draft;
    if (state === "empty" || state === "newer") return nothing;
    const told = {
      changed: _("Saving …"),
      saved: _("Saved {at}", { at: clock(at) }),
      again: _("Not saved, trying again"),
      refused: problem,
    }[state];
    return html`<p class="draft-state is-${state}" role="status">${told}</p>`;
  }

  #conflict(): TemplateResult {
    return html`<div class="note note-amber" role="alert">
      <p>${_("This section is open in another window too, and a newer draft was saved there. Nothing is saved from here until you choose.")}</p>
      <div class="panel-actions">
        <button class="button" type="button" @click=${this.#act.on("kept", () => this.#draft.useKept())}>${_("Show the newer draft")}</button>
        <button class="button button-quiet" type="button" @click=${this.#act.on("own", () => this.#draft.useOwn())}>${_("Keep what is here")}</button>
      </div>
      ${this.#act.problem("kept")} ${this.#act.problem("own")}
    </div>`;
  }
}

/** The panels, in the order in which they come; marks are given again only where that was ordered. */
function panelsOf(view: Evaluation): readonly Panel[] {
  const panels = view.envelopes === 2 ? OF_TWO : OF_ONE;
  return view.reevaluations === undefined ? panels : panels.flatMap((one) => (one === "report" ? ["remarks", one] : [one]));
}

/** Which panel is the one to act in. */
function panelOf(view: Evaluation): Panel {
  const before = { named: "sign_in", signed_in: "ties", declared: "names", gone: "sign_in" } as const;
  const own = standing(view);
  if (own !== "confirmed") return before[own];
  switch (view.step) {
    case "convened":
    case "chair":
      return "ballot";
    case "review":
    case "competition":
      return "review";
    case "prices":
      return "prices";
    case "marks":
      return "marks";
    case "locked":
      return view.envelopes === 2 && view.prices_checked !== true && view.competition?.lacking !== true ? "prices" : "report";
    case "reevaluation":
      return "remarks";
    case "report":
    case "finished":
      return "report";
  }
}

function stages(panels: readonly Panel[], now: Panel, isDone: boolean): TemplateResult {
  const reached = panels.indexOf(now);
  const state = (index: number): string =>
    index < reached || isDone ? "is-done" : index === reached ? "is-now" : "";
  return html`<p class="steps-count" aria-hidden="true">${_("Step {number} of {all}", { number: reached + 1, all: panels.length })}</p>
    <ol class="steps" aria-label=${_("Stages of the evaluation")}>
      ${panels.map(
        (panel, index) => html`<li class=${state(index)} aria-current=${index === reached ? "step" : "false"}>
          <span class="step-dot" aria-hidden="true">${state(index) === "is-done" ? "✓" : index + 1}</span
          ><span class="step-name">${_(`panel ${panel}`)}</span></li>`,
      )}
    </ol>`;
}
