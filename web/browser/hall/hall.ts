/** The hall of one opening session: holds the line to its room and shows what comes. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { clock as timeOfDay, moment, span } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { board } from "./board.ts";
import { minutes, objections } from "./closing.ts";
import { Connection, type LineState } from "./connection.ts";
import { draws } from "./draws.ts";
import { sentence } from "./line.ts";
import { signIns } from "./people.ts";
import { tag, when } from "./pieces.ts";
import { steps } from "./steps.ts";
import { openingTable } from "./table.ts";
import { linesOf, timeline } from "./timeline.ts";
import type { HallView, Line, Section, Session } from "./view.ts";

const FRESH_MS = 6_000;
const WINDOWS: Readonly<Record<string, string>> = {
  secrets: "Time left to release secrets",
  draw: "Time left for the draw",
  confirm: "Time left to confirm",
  objections: "Time left to object",
};

/** `<kb-hall data-project data-place data-channels data-own>`; light DOM. */
export class Hall extends LitElement {
  #connection: Connection | undefined;
  #state: LineState = "connecting";
  #isWhole = false;
  #isBig = false;
  #wasDown = false;
  #fresh = new Set<string>();
  #known: Set<string> | undefined;
  #said = "";
  #tick = 0;

  /** A child of its own: what the service wrote stays beside it until there is more to show. */
  protected override createRenderRoot(): HTMLElement {
    return document.createElement("div");
  }

  override connectedCallback(): void {
    const names = (this.dataset["channels"] ?? "hall").split(" ");
    this.#connection = new Connection(this.dataset["project"] ?? "", names, {
      changed: () => this.#changed(),
      state: (state) => this.#become(state),
    });
    this.#connection.start();
    this.#tick = window.setInterval(() => this.requestUpdate(), 1_000);
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    this.#connection?.stop();
    window.clearInterval(this.#tick);
    super.disconnectedCallback();
  }

  /** Until the first snapshot the page stays as the service made it. */
  protected override shouldUpdate(): boolean {
    return this.#view().sections !== undefined || this.#state === "signed_out";
  }

  protected override update(changed: Map<PropertyKey, unknown>): void {
    super.update(changed);
    if (!this.renderRoot.isConnected) this.replaceChildren(this.renderRoot);
  }

  #view(): HallView {
    return (this.#connection?.channels.view("hall") ?? {}) as HallView;
  }

  #place(): { section: string; envelope: number } {
    const place = this.dataset["place"] ?? "";
    const cut = place.lastIndexOf("-");
    return { section: place.slice(0, cut), envelope: Number(place.slice(cut + 1)) };
  }

  #now(): number | undefined {
    return this.#connection?.clock.at(performance.now());
  }

  #become(state: LineState): void {
    if (state === "live" && this.#state === "down") {
      this.#wasDown = true;
      window.setTimeout(() => {
        this.#wasDown = false;
        this.requestUpdate();
      }, FRESH_MS);
    }
    this.#state = state;
    this.requestUpdate();
  }

  #changed(): void {
    const session = this.#session();
    const read = Object.entries(session.bids ?? {}).filter(([, row]) => row.read_out !== undefined);
    const names = new Set(read.map(([bid]) => bid));
    if (this.#known !== undefined) {
      for (const bid of names) if (!this.#known.has(bid)) this.#highlight(bid);
    }
    if (this.#view().sections !== undefined) this.#known = names;
    this.requestUpdate();
  }

  #highlight(bid: string): void {
    this.#fresh.add(bid);
    window.setTimeout(() => {
      this.#fresh.delete(bid);
      this.requestUpdate();
    }, FRESH_MS);
  }

  #session(): Session {
    return this.#view().sessions?.[this.dataset["place"] ?? ""] ?? {};
  }

  #ownSession(): Session {
    const own = this.dataset["own"] ?? "";
    const view = (this.#connection?.channels.view(own) ?? {}) as HallView;
    return view.sessions?.[this.dataset["place"] ?? ""] ?? {};
  }

  protected override render(): TemplateResult | typeof nothing {
    const view = this.#view();
    const { section: name, envelope } = this.#place();
    const section = view.sections?.[name];
    if (section === undefined) return this.#banner();
    const session = this.#session();
    const lines = linesOf(this.#connection?.channels.lines.values() ?? [], name, envelope);
    return html`
      ${this.#banner()} ${this.#head(view, section, session, envelope)}
      ${steps(section, session, envelope)} ${this.#notes(section, session)}
      <div class="hall-grid">
        <div class="hall-main">
          ${openingTable(section, session, this.#fresh)} ${draws(session)} ${objections(session)}
          ${minutes(session, this.dataset["project"] ?? "", name, envelope)}
          ${timeline(lines, this.#isWhole, () => this.#showAll())}
        </div>
        <div class="hall-side">
          ${this.#board(view, session)}
          ${signIns(session, this.#ownSession(), this.#connection?.here ?? {})}
        </div>
      </div>
      <p class="unseen" aria-live="polite">${this.#news(lines)}</p>
    `;
  }

  #head(view: HallView, section: Section, session: Session, envelope: number): TemplateResult {
    const stage = session.stage ?? "lobby";
    const tone = stage === "ended" ? "green" : stage === "lobby" ? "blue" : "red";
    const part = section.envelopes === 2 ? ` · ${_("envelope {n}", { n: envelope })}` : "";
    return html`<header class="hall-head">
      <div class="hall-title">
        <p class="over">
          <span class="mono">${view.project?.number}</span> · ${section.title}${part}
        </p>
        <h1>${view.project?.title} ${tag(_(`stage ${stage}`), tone)}</h1>
        <p class="hall-line">
          ${this.#lineTag()}
          <span class="quiet nums">${_("Server time")} ${this.#clockText()}</span>
          <button class="link" type="button" @click=${(): void => this.#toggleBig()}>
            ${this.#isBig ? _("Leave the big view") : _("Big view")}
          </button>
        </p>
      </div>
      ${this.#countdown(section, session)}
    </header>`;
  }

  #lineTag(): TemplateResult {
    const isUp = this.#state === "live" || this.#state === "polling";
    const text = isUp ? _("Live") : _("Connecting");
    return html`<span class="line ${isUp ? "is-up" : ""}"><span class="line-dot"></span>${text}</span>`;
  }

  #clockText(): string {
    const now = this.#now();
    return now === undefined ? "" : timeOfDay(now);
  }

  #countdown(section: Section, session: Session): TemplateResult {
    const now = this.#now();
    const [window_, open] = Object.entries(session.windows ?? {})[0] ?? [];
    if (open !== undefined && window_ !== undefined) {
      return this.#box(_(WINDOWS[window_] ?? "Time left"), this.#left(open.until, now), open.until);
    }
    if (session.closed === undefined) {
      return this.#box(_("Deadline and opening"), this.#left(section.deadline, now), section.deadline);
    }
    const label = _("Deadline and opening");
    return html`<div class="hall-clock is-over">
      <p class="hall-clock-label">${label}</p>
      <p class="hall-clock-at">${when(session.closed.deadline)}</p>
    </div>`;
  }

  #left(until: number, now: number | undefined): string {
    return now === undefined ? "" : span(until - now);
  }

  #box(label: string, left: string, until: number): TemplateResult {
    return html`<div class="hall-clock" role="timer" aria-label=${label}>
      <p class="hall-clock-label">${label}</p>
      <p class="hall-clock-time">${left}</p>
      <p class="hall-clock-at">${when(until)}</p>
    </div>`;
  }

  #notes(section: Section, session: Session): TemplateResult {
    const note = (text: string): TemplateResult => html`<p class="note note-amber">${text}</p>`;
    const outage = section.outage;
    return html`
      ${session.paused ? note(`${_("Session paused")}: ${session.paused.reason}`) : nothing}
      ${section.suspended ? note(`${_("Suspended")}: ${section.suspended.reason}`) : nothing}
      ${section.terminated ? note(`${_("Terminated")}: ${section.terminated.reason}`) : nothing}
      ${section.failed && !section.approved
        ? note(_("Fewer bidders than the minimum: {count} of {minimum}. The bids stay sealed.", section.failed))
        : nothing}
      ${outage?.decide_by !== undefined && outage.decision === undefined
        ? note(_("The close waits for a decision on an outage until {at}.", { at: moment(outage.decide_by) }))
        : nothing}
    `;
  }

  #board(view: HallView, session: Session): TemplateResult | typeof nothing {
    const key = view.keys?.[this.dataset["place"] ?? ""];
    const attempt = key === undefined ? undefined : view.attempts?.[key.sid];
    if (attempt === undefined) return nothing;
    return board(attempt, session, this.#connection?.here ?? {});
  }

  #banner(): TemplateResult | typeof nothing {
    if (this.#state === "signed_out") {
      return html`<p class="banner" role="alert">
        ${_("You are signed out. Sign in again to go on.")}
        <a href="/sign-in?next=${encodeURIComponent(location.pathname)}">${_("Sign in")}</a>
      </p>`;
    }
    if (this.#state === "refused") {
      return html`<p class="banner" role="alert">${_("This page is not accepted here. Load it again.")}</p>`;
    }
    if (this.#state === "down") return this.#downBanner();
    if (this.#state === "polling") {
      return html`<p class="banner is-calm">${_("Without a live line the page asks every few seconds.")}</p>`;
    }
    if (!this.#wasDown) return nothing;
    return html`<p class="banner is-good" role="status">${_("Connected again. Nothing was missed.")}</p>`;
  }

  #downBanner(): TemplateResult {
    const since = this.#connection?.downSince ?? performance.now();
    const seconds = Math.floor((performance.now() - since) / 1000);
    return html`<div class="banner">
      <p class="unseen" role="alert">${_("Connecting")}</p>
      <p>${_("The line is down for {seconds} s. What you see may be old.", { seconds })}</p>
      <button class="button button-quiet" type="button" @click=${(): void => this.#connection?.retryNow()}>
        ${_("Retry now")}
      </button>
    </div>`;
  }

  /** The newest line, for those who listen instead of looking. */
  #news(lines: readonly Line[]): string {
    const newest = lines[0];
    if (newest !== undefined && this.#state === "live") this.#said = sentence(newest);
    return this.#said;
  }

  #showAll(): void {
    this.#isWhole = true;
    this.requestUpdate();
  }

  #toggleBig(): void {
    this.#isBig = !this.#isBig;
    document.documentElement.classList.toggle("is-big", this.#isBig);
    this.requestUpdate();
  }
}

