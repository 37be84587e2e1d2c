/** The evaluations of one project as its supervisor sees them, live; there is nothing to do here. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { get } from "../app/api.ts";
import { clock, iso } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { ReportFacts } from "../committee/outcome.ts";
import { pricesLine } from "../committee/prices.ts";
import { seatsTable, stepsLine } from "../committee/progress.ts";
import { isLocked, type Evaluation, type MemberView, type ReportView } from "../committee/view.ts";
import { Connection, type LineState } from "../hall/connection.ts";
import { doer, sentence } from "../hall/line.ts";
import { hash, tag } from "../hall/pieces.ts";
import type { Line } from "../hall/view.ts";
import { marksTable } from "./marks.ts";

const GATHER_MS = 150;
/** How many lines of an evaluation are shown unless all are asked for. */
const SHOWN = 12;

/** `<kb-watch data-project data-titles>`; the titles of sections by id, as JSON. */
export class Watch extends LitElement {
  #connection: Connection | undefined;
  #state: LineState = "connecting";
  /** What was read last; whoever shows a part of it hears of it by the event `evaluations`. */
  found: readonly Evaluation[] = [];
  #seen = -1;
  #gathering = 0;
  #whole = new Set<string>();
  #outcomes = new Map<string, ReportFacts>();

  /** A child of its own: what the service wrote stays until there is more to show. */
  protected override createRenderRoot(): HTMLElement {
    return document.createElement("div");
  }

  override connectedCallback(): void {
    this.#connection = new Connection(this.#project, ["hall", "supervisor"], {
      changed: () => this.#changed(),
      state: (state) => {
        this.#state = state;
        this.requestUpdate();
      },
    });
    this.#connection.start();
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    this.#connection?.stop();
    window.clearTimeout(this.#gathering);
    super.disconnectedCallback();
  }

  protected override shouldUpdate(): boolean {
    return this.found.length > 0;
  }

  protected override update(changed: Map<PropertyKey, unknown>): void {
    super.update(changed);
    if (!this.renderRoot.isConnected) this.replaceChildren(this.renderRoot);
  }

  get #project(): string {
    return this.dataset["project"] ?? "";
  }

  #changed(): void {
    const n = this.#connection?.channels.n("supervisor") ?? 0;
    this.requestUpdate();
    if (n === this.#seen) return;
    this.#seen = n;
    window.clearTimeout(this.#gathering);
    this.#gathering = window.setTimeout(
      () =>
        void this.#read().catch(() => {
          // the next sign of life from the room asks again
          this.#seen = -1;
        }),
      GATHER_MS,
    );
  }

  /** Ask for every evaluation that the channel knows of. */
  async #read(): Promise<void> {
    const view = this.#connection?.channels.view("supervisor") ?? {};
    const sections = Object.keys((view["evaluations"] ?? {}) as object).sort();
    const path = (one: string): string => `/api/projects/${this.#project}/sections/${one}/evaluation`;
    this.found = await Promise.all(sections.map((one) => get<Evaluation>(path(one))));
    this.dispatchEvent(new CustomEvent("evaluations", { bubbles: true, detail: this.found }));
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    return html`${this.found.map((one) => this.#panel(one))}`;
  }

  #panel(one: Evaluation): TemplateResult {
    const name = `watch-${this.#project}-${one.section}`;
    const isUp = this.#state === "live" || this.#state === "polling";
    return html`<section class="watch" aria-labelledby=${name}>
      <div class="card-bar">
        <h3 id=${name}>${_("Evaluation")} · ${this.#title(one.section)}</h3>
        <span class="line ${isUp ? "is-up" : ""}"
          ><span class="line-dot" aria-hidden="true"></span>${isUp ? _("Live") : _("Connecting")}</span
        >
      </div>
      <p class="sub">${one.rule.title} · ${hash(one.rule_hash)}</p>
      ${stepsLine(one)} ${seatsTable(one, { presence: (member) => this.#presence(member) })}
      ${one.report === undefined ? nothing : this.#report(one, one.report)}
      ${pricesLine(one)}
      ${isLocked(one) ? marksTable(one) : html`<p class="hint">${_("Marks are shown once every member's are locked.")}</p>`}
      ${this.#timeline(one)}
    </section>`;
  }

  #title(section: string): string {
    const titles = JSON.parse(this.dataset["titles"] ?? "{}") as Record<string, string>;
    return titles[section] ?? section;
  }

  #presence(member: MemberView): TemplateResult {
    const line = this.#connection?.here[`expert/${member.name}`]?.line;
    if (line === "up") return tag(_("present"), "green");
    return line === "dropped" ? tag(_("dropped"), "amber") : tag(_("not here"), "grey");
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

  #timeline(one: Evaluation): TemplateResult | typeof nothing {
    const lines = [...(this.#connection?.channels.lines.values() ?? [])]
      .reverse()
      .filter((line) => line.type.startsWith("evaluation.") && line.section === one.section)
      .sort((a, b) => b.at - a.at);
    if (lines.length === 0) return nothing;
    const isWhole = this.#whole.has(one.section);
    const names = new Map((one.bids ?? []).map(({ bid, name }) => [bid, name]));
    const showAll = (): void => {
      this.#whole.add(one.section);
      this.requestUpdate();
    };
    return html`<h4>${_("Timeline of the evaluation")}</h4>
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
