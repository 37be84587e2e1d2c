/** The evaluations of one project as its supervisor sees them, live; there is nothing to do here. */

import { html, nothing, type TemplateResult } from "lit";
import { inWords } from "../app/ask.ts";
import { Beside } from "../app/beside.ts";
import { clock, iso } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { blindParts } from "../committee/aliases.ts";
import { Discussion } from "../committee/discussion.ts";
import { ReportFacts } from "../committee/outcome.ts";
import { pricesLine } from "../committee/prices.ts";
import { pausedBox } from "../committee/paused.ts";
import { namesOf, reevaluationBox } from "../committee/reevaluation.ts";
import { seatsTable, stepsLine } from "../committee/progress.ts";
import { isLocked, type Evaluation, type MemberView, type ReportView } from "../committee/view.ts";
import { doer, sentence } from "../hall/line.ts";
import { lookingBack } from "../hall/looking_back.ts";
import { hash, tag } from "../hall/pieces.ts";
import { Replay } from "../hall/replay.ts";
import type { Line } from "../hall/view.ts";
import { marksTable } from "./marks.ts";
import { asItWas, isOf } from "./past.ts";
import { Room } from "./room.ts";

/** How many lines of an evaluation are shown unless all are asked for. */
const SHOWN = 12;

/**
 * `<kb-watch data-project data-titles data-reader data-file-worker data-pdf>`; the titles of sections by
 * id, as JSON.
 */
export class Watch extends Beside {
  #room: Room | undefined;
  /** What was read last; whoever shows a part of it hears of it by the event `evaluations`. */
  found: readonly Evaluation[] = [];
  #whole = new Set<string>();
  #discussions = new Map<string, Discussion>();
  #outcomes = new Map<string, ReportFacts>();
  /** The section whose files are looked at. */
  #looking = "";
  #replay: { readonly section: string; readonly of: Replay; readonly n: number } | undefined;
  #problem = "";

  override connectedCallback(): void {
    this.#room = Room.of(this.#project);
    this.#room.addEventListener("line", this.#again);
    this.#room.addEventListener("read", this.#read);
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    this.#room?.removeEventListener("line", this.#again);
    this.#room?.removeEventListener("read", this.#read);
    super.disconnectedCallback();
  }

  readonly #again = (): void => this.requestUpdate();

  readonly #read = (): void => {
    this.found = this.#room?.evaluations ?? [];
    this.dispatchEvent(new CustomEvent("evaluations", { bubbles: true, detail: this.found }));
    this.requestUpdate();
  };

  protected override shouldUpdate(): boolean {
    return this.found.length > 0;
  }

  get #project(): string {
    return this.dataset["project"] ?? "";
  }

  protected override render(): TemplateResult {
    return html`${this.found.map((one) => this.#panel(one))}`;
  }

  #panel(one: Evaluation): TemplateResult {
    const name = `watch-${this.#project}-${one.section}`;
    const isUp = this.#room?.state === "live" || this.#room?.state === "polling";
    const replay = this.#replay?.section === one.section ? this.#replay : undefined;
    return html`<section class="watch" aria-labelledby=${name}>
      <div class="card-bar">
        <h3 id=${name}>${_("Evaluation")} · ${this.#title(one.section)}</h3>
        <span class="line ${isUp ? "is-up" : ""}"
          ><span class="line-dot" aria-hidden="true"></span>${isUp ? _("Live") : _("Connecting")}</span
        >
      </div>
      <p class="sub">${one.rule.title} · ${hash(one.rule_hash)}</p>
      ${replay === undefined ? this.#now(one) : this.#then(one, replay.of, replay.n)}
    </section>`;
  }

  #now(one: Evaluation): TemplateResult {
    return html`${one.paused === undefined ? nothing : pausedBox(one.paused, _("Every site is locked, and the bids' files too. You see what was done up to the pause."), { of: one.section })}
      ${stepsLine(one)} ${seatsTable(one, { presence: (member) => this.#presence(member) })}
      ${one.report === undefined ? nothing : this.#report(one, one.report)}
      ${this.#reevaluations(one)} ${pricesLine(one)}
      ${isLocked(one) ? marksTable(one) : html`<p class="hint">${_("Marks are shown once every member's are locked.")}</p>`}
      ${this.#files(one)} ${this.#discussion(one)}
      ${this.#timeline(one, [...(this.#room?.connection.channels.lines.values() ?? [])].filter((line) => isOf(line, one.section)), true)}`;
  }

  /** What stood there at a moment; nothing of now is beside it. */
  #then(one: Evaluation, replay: Replay, n: number): TemplateResult {
    const { views, lines } = replay.at(n);
    const to = (moment: number): void => {
      this.#replay = { section: one.section, of: replay, n: moment };
      this.requestUpdate();
    };
    const live = (): void => {
      this.#replay = undefined;
      this.requestUpdate();
    };
    return html`${lookingBack(replay, n, { to, live })} ${seatsTable(asItWas(one, views["supervisor"] ?? {}))}
      ${this.#timeline(one, lines, false)}`;
  }

  async #lookBack(section: string): Promise<void> {
    this.#problem = "";
    try {
      const of = await Replay.load(this.#project, ["supervisor"], ({ event }) => isOf(event, section));
      if (of.length > 0) this.#replay = { section, of, n: of.length };
    } catch (error) {
      this.#problem = inWords(error);
    }
    this.requestUpdate();
  }

  /** The bids' files; nothing of them is asked for before somebody says so. */
  #files(one: Evaluation): TemplateResult | typeof nothing {
    if ((one.bids ?? []).length === 0 || one.paused !== undefined) return nothing;
    const { reader = "", fileWorker: worker = "", pdf = "" } = this.dataset;
    const isShown = this.#looking === one.section;
    const change = (): void => {
      this.#looking = isShown ? "" : one.section;
      this.requestUpdate();
    };
    return html`<h4>${_("The bids' files")}</h4>
      <p class="hint">${_("Looking at them goes on the record, with your name and the hour; every page shows your name.")}</p>
      <button class="button button-quiet" type="button" aria-expanded=${isShown ? "true" : "false"} @click=${change}>
        ${isShown ? _("Close the files") : _("Look at the files")}
      </button>
      ${isShown
        ? html`<kb-documents .isBeside=${false} .base=${`/api/projects/${this.#project}/sections/${one.section}`}
            .reader=${`${reader} · ${_("role supervisor")} ·`} .tools=${{ worker, folder: pdf }} .bids=${[...(one.bids ?? []), ...blindParts(one.blind)]}></kb-documents>`
        : nothing}`;
  }

  /** What the committee says among itself, to be read here and nowhere else outside of it. */
  #discussion(one: Evaluation): TemplateResult | typeof nothing {
    if (one.said === undefined || one.said === 0) return nothing;
    const path = `/api/projects/${this.#project}/sections/${one.section}/discussion`;
    const messages = this.#discussions.get(one.section) ?? new Discussion(path, () => this.requestUpdate());
    this.#discussions.set(one.section, messages);
    void messages.upTo(one.said);
    return html`<details class="discussion"><summary>${_("Discussion")} ${tag(String(one.said), "grey")}</summary>${messages.list()}</details>`;
  }

  #title(section: string): string {
    const titles = JSON.parse(this.dataset["titles"] ?? "{}") as Record<string, string>;
    return titles[section] ?? section;
  }

  #presence(member: MemberView): TemplateResult {
    const line = this.#room?.connection.here[`expert/${member.name}`]?.line;
    if (line === "up") return tag(_("present"), "green");
    return line === "dropped" ? tag(_("dropped"), "amber") : tag(_("not here"), "grey");
  }

  /** What is or was marked again, who has, and what changed. */
  #reevaluations(one: Evaluation): TemplateResult[] {
    const names = namesOf(one, (bid) => one.bids?.find((of) => of.bid === bid)?.name ?? bid.slice(0, 8));
    const path = `/api/projects/${this.#project}/sections/${one.section}/report`;
    const seats = one.members.map(({ seat }) => seat);
    return (one.reevaluations ?? []).map((each, index) => reevaluationBox(each, index + 1, names, { path, seats, isDeep: true }));
  }

  #report(one: Evaluation, report: ReportView): TemplateResult {
    const path = `/api/projects/${this.#project}/sections/${one.section}/report`;
    return html`${this.#outcome(one.section).render(path, report.facts, one.rule)}
      <p class="links">
      ${report.finished ? tag(_("progress finished"), "green") : tag(_("progress report"), "amber")}
      <a href="${path}/pdf">${_("Fetch the report (PDF)")}</a>
      <a href="${path}/json">${_("Its facts (JSON)")}</a>
      ${hash(report.pdf)}
    </p>`;
  }

  #outcome(section: string): ReportFacts {
    const known = this.#outcomes.get(section) ?? new ReportFacts(() => this.requestUpdate());
    this.#outcomes.set(section, known);
    return known;
  }

  #timeline(one: Evaluation, told: readonly Line[], isNow: boolean): TemplateResult | typeof nothing {
    const lines = [...told].reverse().sort((a, b) => b.at - a.at);
    if (lines.length === 0) return nothing;
    const isWhole = this.#whole.has(one.section);
    const names = new Map((one.bids ?? []).map(({ bid, name }) => [bid, name]));
    const showAll = (): void => {
      this.#whole.add(one.section);
      this.requestUpdate();
    };
    return html`<div class="card-bar"><h4>${_("Timeline of the evaluation")}</h4>
        ${isNow ? html`<button class="button button-quiet" type="button" data-step="replay" @click=${(): void => void this.#lookBack(one.section)}>${_("Look back")}</button>` : nothing}</div>
      ${this.#problem === "" ? nothing : html`<p class="problem-line" role="alert">${this.#problem}</p>`}
      <ol class="timeline">
        ${(isWhole ? lines : lines.slice(0, SHOWN)).map((line) => row(line, names))}
      </ol>
      ${isWhole || lines.length <= SHOWN
        ? nothing
        : html`<button class="button button-quiet" type="button" @click=${showAll}>
            ${_("Show earlier events")}
          </button>`}`;
  }
}

function row(line: Line, names: ReadonlyMap<string, string>): TemplateResult {
  return html`<li>
    <time datetime=${iso(line.at)}>${clock(line.at)}</time>
    <p class="line-what">${sentence(line, names)}</p>
    <p class="line-who sub">${doer(line)}</p>
    <p class="line-proof">${hash(line.hash)}</p>
  </li>`;
}
