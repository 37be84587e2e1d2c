/** The hall of one opening session: holds the line to its room, shows what comes, lets a seat act. */

import { html, nothing, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";
import { Problem } from "../app/api.ts";
import { Beside } from "../app/beside.ts";
import { _ } from "../app/texts.ts";
import { lineBanner, outboxNote } from "./banner.ts";
import { board } from "./board.ts";
import { minutes, objections } from "./closing.ts";
import { Connection, type LineState } from "./connection.ts";
import { draws } from "./draws.ts";
import { head, notes } from "./head.ts";
import { bidders, sentence } from "./line.ts";
import { lookingBack } from "./looking_back.ts";
import { minutesPath } from "./minuting.ts";
import { onward, taskHint } from "./onward.ts";
import { Outbox, type Sender } from "./outbox.ts";
import { signIns } from "./people.ts";
import { tag } from "./pieces.ts";
import { projector } from "./projector.ts";
import { Replay } from "./replay.ts";
import type { PrivateView, Scene } from "./scene.ts";
import { Seat } from "./seat.ts";
import { aloud, canSpeak, Speech } from "./speech.ts";
import { steps } from "./steps.ts";
import { openingTable } from "./table.ts";
import { linesOf, timeline } from "./timeline.ts";
import type { HallView, Line, Session } from "./view.ts";
import { WitnessWatch } from "./witness.ts";

const FRESH_MS = 6_000;
/** How long after the last news the service is asked again for what channels do not tell, ms. */
const SETTLE_MS = 250;
/** How long after an answer that did not come it is asked again, ms. */
const AGAIN_MS = 3_000;

/** `<kb-hall data-project data-place data-channels data-own data-roles data-account ...>`; light DOM. */
export class Hall extends Beside {
  #connection: Connection | undefined;
  #seat = new Seat("", {});
  #outbox = new Outbox("", "", this.#sender());
  readonly #act = new Act(this);
  readonly #speech = new Speech();
  #witness: WitnessWatch | undefined;
  #state: LineState = "connecting";
  #isWhole = false;
  #isBig = false;
  #wasDown = false;
  #wasBeaten = false;
  #fresh = new Set<string>();
  #known: Set<string> | undefined;
  #said = "";
  #heard = "";
  #tick = 0;
  #settling = 0;
  #replay: { readonly of: Replay; readonly n: number } | undefined;

  override connectedCallback(): void {
    const project = this.dataset["project"] ?? "";
    this.#seat = new Seat(project, this.dataset);
    const again = (): void => this.requestUpdate();
    this.#outbox = new Outbox(project, this.#seat.account, this.#sender());
    this.#connection = new Connection(project, this.#channels(), {
      changed: () => this.#changed(),
      state: (state) => this.#become(state),
    });
    this.#connection.start();
    this.#settle(0);
    if (this.#seat.acts) void this.#outbox.resume();
    if (this.#seat.has("supervisor")) this.#witness = new WitnessWatch(again);
    this.#tick = window.setInterval(again, 1_000);
    for (const name of ["ready", "rekeyed"]) this.addEventListener(name, () => this.#settle());
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    this.#connection?.stop();
    this.#witness?.stop();
    window.clearInterval(this.#tick);
    super.disconnectedCallback();
  }

  /** Until the first snapshot the page stays as the service made it. */
  protected override shouldUpdate(): boolean {
    return this.#view("hall").sections !== undefined || this.#state === "signed_out";
  }

  #channels(): string[] {
    return (this.dataset["channels"] ?? "hall").split(" ");
  }

  #view(name: string): HallView {
    return (this.#connection?.channels.view(name) ?? {}) as HallView;
  }

  #become(state: LineState): void {
    if (state === "live" && this.#state === "down") {
      this.#wasDown = true;
      this.#later(() => (this.#wasDown = false));
    }
    this.#state = state;
    this.requestUpdate();
  }

  #later(doing: () => void): void {
    window.setTimeout(() => {
      doing();
      this.requestUpdate();
    }, FRESH_MS);
  }

  #sender(): Sender {
    return {
      changed: () => this.requestUpdate(),
      beaten: () => this.#beaten(),
      signedOut: () => this.#signedOut(),
    };
  }

  #signedOut(): void {
    this.#connection?.stop();
    this.#become("signed_out");
  }

  /** Somebody else was quicker: what this page shows is brought up to date. */
  #beaten(): void {
    this.#wasBeaten = true;
    this.#later(() => (this.#wasBeaten = false));
    this.#connection?.refresh();
    this.#settle();
  }

  /** Ask the service for what channels do not tell, once things have calmed down. */
  #settle(pause: number = SETTLE_MS): void {
    if (!this.#seat.acts || this.#state === "signed_out") return;
    window.clearTimeout(this.#settling);
    this.#settling = window.setTimeout(() => {
      void this.#seat.refresh().then(
        () => this.requestUpdate(),
        (error: unknown) => {
          if (error instanceof Problem && error.status === 401) this.#signedOut();
          else this.#settle(AGAIN_MS);
        },
      );
    }, pause);
  }

  #changed(): void {
    const bids = Object.entries(this.#session().bids ?? {});
    const read = bids.filter(([, row]) => row.read_out !== undefined);
    if (this.#known !== undefined) {
      for (const [bid, row] of read) if (!this.#known.has(bid)) this.#readOut(bid, aloud(row));
    }
    if (this.#view("hall").sections !== undefined) this.#known = new Set(read.map(([bid]) => bid));
    const news = this.#newsForSeat();
    if (news !== this.#heard) this.#settle();
    this.#heard = news;
    this.requestUpdate();
  }

  /** What changes when the service is to be asked again; pongs and other people's lines do not. */
  #newsForSeat(): string {
    const { stage, signatures, sign_ins, windows } = this.#session();
    const channels = this.#channels().filter((name) => name !== "hall");
    const own = channels.map((name) => this.#connection?.channels.n(name) ?? 0);
    // a hall full of bidders must not ask for each other's signatures
    const others = this.#seat.has("clerk")
      ? [Object.keys(sign_ins ?? {}).length, Object.keys(signatures ?? {}).length]
      : [];
    return [stage, ...Object.keys(windows ?? {}), ...own, ...others, this.#keyChanges()].join();
  }

  /** How often another key came to count for a person in office: it may have been this one. */
  #keyChanges(): number {
    const lines = [...(this.#connection?.channels.lines.values() ?? [])];
    return lines.filter((line) => line.type === "opening.participant_key_changed").length;
  }

  #readOut(bid: string, text: string): void {
    this.#speech.say(text);
    this.#fresh.add(bid);
    this.#later(() => this.#fresh.delete(bid));
  }

  #session(): Session {
    return this.#view("hall").sessions?.[this.dataset["place"] ?? ""] ?? {};
  }

  /** What is shown: now, or the moment a supervisor looks back to. */
  #scene(): Scene | undefined {
    const place = this.dataset["place"] ?? "";
    const cut = place.lastIndexOf("-");
    const section = place.slice(0, cut);
    const past = this.#replay?.of.at(this.#replay.n);
    const view = (name: string): PrivateView =>
      (past === undefined ? this.#view(name) : (past.views[name] ?? {})) as PrivateView;
    const hall = view("hall");
    const terms = hall.sections?.[section];
    if (terms === undefined) return undefined;
    const lines = past?.lines ?? this.#connection?.channels.lines.values() ?? [];
    const envelope = Number(place.slice(cut + 1));
    return {
      project: this.dataset["project"] ?? "",
      section,
      envelope,
      view: hall,
      terms,
      session: hall.sessions?.[place] ?? {},
      own: view(this.dataset["own"] ?? ""),
      desk: { ...view("clerk"), ...view("supervisor") },
      lines: linesOf(lines, section, envelope),
      here: past === undefined ? (this.#connection?.here ?? {}) : {},
      seat: this.#seat,
      outbox: this.#outbox,
      now: past?.at ?? this.#connection?.clock.at(performance.now()),
    };
  }

  protected override render(): TemplateResult | typeof nothing {
    const scene = this.#scene();
    const banner = lineBanner(this.#state, this.#wasDown, this.#connection);
    if (scene === undefined) return html`${banner} ${this.#replayBar()}`;
    const { session, terms } = scene;
    return html`
      ${banner} ${outboxNote(this.#outbox, this.#wasBeaten)} ${this.#replayBar()}
      ${head(scene, this.#lineTag(), this.#tools())} ${steps(terms, session, scene.envelope)}
      ${notes(terms, session)} ${this.#isBig ? projector(session) : nothing}
      <div class="hall-grid ${this.#replay === undefined ? "" : "is-past"}">
        <div class="hall-main">
          ${this.#replay === undefined ? this.#seatOf(scene) : nothing} ${onward(scene)}
          ${openingTable(scene, this.#fresh)} ${draws(scene)} ${objections(session)}
          ${minutes(scene)} ${this.#verification(scene)}
          ${timeline(scene.lines, bidders(scene.view), this.#isWhole, () => this.#showAll())}
        </div>
        <div class="hall-side">
          ${this.#board(scene)} ${signIns(session, scene.own.sessions?.[this.dataset["place"] ?? ""] ?? {}, scene.here)}
        </div>
      </div>
      <p class="unseen" aria-live="polite">${this.#news(scene)}</p>
    `;
  }

  /** What each role may do here; whoever only looks on sees nothing of it. */
  #seatOf(scene: Scene): TemplateResult | typeof nothing {
    const { seat, session } = scene;
    const isOver = session.stage === "ended";
    if (!seat.acts || (isOver && !seat.has("supervisor"))) return nothing;
    return html`
      ${seat.has("clerk") ? html`<kb-clerk-desk .scene=${scene}></kb-clerk-desk>` : nothing}
      ${seat.has("bidder") ? html`<kb-bidder-turn .scene=${scene}></kb-bidder-turn>` : nothing}
      ${seat.has("custodian") ? taskHint(scene, this.#act) : nothing}
      <kb-draw-party .scene=${scene}></kb-draw-party>
      ${seat.has("supervisor")
        ? html`<kb-supervisor-seat .scene=${scene} .cosigned=${this.#witness?.at}></kb-supervisor-seat>`
        : nothing}
    `;
  }

  #verification(scene: Scene): TemplateResult | typeof nothing {
    if (!scene.seat.has("supervisor") || this.#replay !== undefined) return nothing;
    return html`<kb-verification
      data-project=${scene.project}
      data-number=${scene.view.project?.number ?? ""}
      data-minutes=${scene.session.minutes === undefined ? "" : minutesPath(scene)}
    ></kb-verification>`;
  }

  #lineTag(): TemplateResult {
    if (this.#replay !== undefined) return tag(_("Replay"), "amber");
    const isUp = this.#state === "live" || this.#state === "polling";
    const text = isUp ? _("Live") : _("Connecting");
    return html`<span class="line ${isUp ? "is-up" : ""}"><span class="line-dot"></span>${text}</span>`;
  }

  #tools(): TemplateResult {
    const tool = (name: string, text: string, isOn: boolean | undefined, doing: () => void): TemplateResult =>
      html`<button class="link" type="button" data-tool=${name} aria-pressed=${isOn ?? nothing} @click=${doing}>
        ${text}
      </button>`;
    return html`
      ${tool("big", this.#isBig ? _("Leave the big view") : _("Big view"), this.#isBig, () => this.#toggleBig())}
      ${canSpeak()
        ? tool("speak", this.#speech.isOn ? _("Stop reading aloud") : _("Read aloud"), this.#speech.isOn, () => this.#toggleSpeech())
        : nothing}
      ${this.#seat.has("supervisor") && this.#replay === undefined
        ? tool("replay", _("Look back"), undefined, this.#act.on("replay", () => this.#lookBack()))
        : nothing}
      ${this.#act.problem("replay")}
    `;
  }

  async #lookBack(): Promise<void> {
    const of = await Replay.load(this.dataset["project"] ?? "", this.#channels());
    if (of.length > 0) this.#replay = { of, n: of.length };
  }

  #replayBar(): TemplateResult | typeof nothing {
    if (this.#replay === undefined) return nothing;
    const { of, n } = this.#replay;
    const to = (next: number): void => {
      this.#replay = { of, n: Math.max(1, Math.min(next, of.length)) };
      this.requestUpdate();
    };
    const live = (): void => {
      this.#replay = undefined;
      this.requestUpdate();
    };
    return lookingBack(of, n, { to, live });
  }

  #board(scene: Scene): TemplateResult | typeof nothing {
    const key = scene.view.keys?.[this.dataset["place"] ?? ""];
    const attempt = key === undefined ? undefined : scene.view.attempts?.[key.sid];
    if (attempt === undefined) return nothing;
    return board(attempt, scene.session, scene.here);
  }

  /** The newest line, for those who listen instead of looking. */
  #news(scene: Scene): string {
    const newest: Line | undefined = scene.lines[0];
    const isNow = this.#state === "live" && this.#replay === undefined;
    if (newest !== undefined && isNow) this.#said = sentence(newest, bidders(scene.view));
    return this.#said;
  }

  #showAll(): void {
    this.#isWhole = true;
    this.requestUpdate();
  }

  #toggleSpeech(): void {
    this.#speech.toggle();
    this.requestUpdate();
  }

  #toggleBig(): void {
    this.#isBig = !this.#isBig;
    document.documentElement.classList.toggle("is-big", this.#isBig);
    this.requestUpdate();
  }
}
