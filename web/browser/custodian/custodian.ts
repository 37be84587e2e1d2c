/**
 * The custodian's page: the kit, and the tasks of all projects in which this account keeps a share.
 *
 * It follows each project's room, so that a task is there as soon as the clerk starts it; what a
 * step needs is read anew from the proven record each time, so a reload loses nothing.
 */

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { Act } from "../app/act.ts";
import { command } from "../app/api.ts";
import { inWords } from "../app/ask.ts";
import { Beside } from "../app/beside.ts";
import { me } from "../app/signing.ts";
import { _ } from "../app/texts.ts";
import { signedOut } from "../hall/banner.ts";
import { Connection, type LineState } from "../hall/connection.ts";
import { Actions } from "./actions.ts";
import type { KitCard } from "./kit_card.ts";
import { KitUse, type Opened } from "./kit_use.ts";
import { KitSeat } from "./seat.ts";
import { taskCard } from "./task_card.ts";
import { inOrder, isDue, tasksOf, type Task } from "./tasks.ts";
import { ownProjects, participants, type Participant } from "./work.ts";

const AGAIN_MS = 20_000;
const CHANNELS = ["hall", "custodians"];

/** `<kb-custodian data-worker data-release-worker>`; light DOM. */
export class Custodian extends Beside {
  readonly #act = new Act(this);
  readonly #rooms = new Map<string, Connection>();
  readonly #states = new Map<string, LineState>();
  /** Project -> how this account is bound there as a custodian. */
  readonly #bound = new Map<string, Participant>();
  #seat: KitSeat | undefined;
  #kit: KitUse | undefined;
  #actions: Actions | undefined;
  #opened: Opened | undefined;
  #keys = new Set<string>();
  #isLoaded = false;
  #problem = "";
  #tick = 0;
  #poll = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#seat = new KitSeat(this.dataset["worker"] ?? "");
    const account = document.body.dataset["account"] ?? "";
    this.#kit = new KitUse(this.#seat, account, (opened) => this.#took(opened));
    this.#actions = new Actions(this, this.#seat, this.dataset["releaseWorker"] ?? "");
    this.#tick = window.setInterval(() => this.#changed(), 1_000);
    this.#poll = window.setInterval(() => {
      if (document.visibilityState === "visible") void this.#look();
    }, AGAIN_MS);
    void this.#look();
  }

  override disconnectedCallback(): void {
    window.clearInterval(this.#tick);
    window.clearInterval(this.#poll);
    for (const room of this.#rooms.values()) room.stop();
    super.disconnectedCallback();
  }

  protected override shouldUpdate(): boolean {
    return this.#isLoaded || this.#problem !== "";
  }

  /**
   * Find the projects of this account, and follow those that are new.
   *
   * @param isAll look at those that are known too.
   */
  async #look(isAll = false): Promise<void> {
    try {
      if (isAll || !this.#isLoaded) this.#keys = new Set((await me()).keys.map(({ key }) => key));
      for (const project of await ownProjects()) {
        const isNew = !this.#rooms.has(project);
        if (isNew) this.#follow(project);
        if (isNew || isAll) await this.#lookAt(project);
      }
      [this.#isLoaded, this.#problem] = [true, ""];
    } catch (error) {
      this.#problem = inWords(error);
    }
    this.requestUpdate();
  }

  async #lookAt(project: string): Promise<void> {
    const account = document.body.dataset["account"];
    const own = (await participants(project)).find(
      (one) => one.role === "custodian" && one.account === account,
    );
    if (own !== undefined) this.#bound.set(project, own);
  }

  #follow(project: string): void {
    const room = new Connection(project, CHANNELS, {
      changed: () => this.#changed(),
      state: (state) => {
        this.#states.set(project, state);
        this.requestUpdate();
      },
    });
    this.#rooms.set(project, room);
    room.start();
  }

  #changed(): void {
    this.requestUpdate();
    this.#actions?.goOn(this.#tasks());
  }

  #tasks(): Task[] {
    const bound = [...this.#bound.values()].map(({ key }) => key ?? "");
    const keys = new Set([...this.#keys, ...bound, this.#opened?.spki ?? ""]);
    const found = [...this.#rooms].flatMap(([project, { channels }]) =>
      tasksOf(project, channels.view("hall"), channels.view("custodians"), keys),
    );
    return inOrder(found);
  }

  protected override render(): TemplateResult {
    const tasks = this.#tasks();
    return html`${this.#banner()}
      <div class="custodian-grid">
        <div class="custodian-tasks">
          <h2>${_("Your tasks")}</h2>
          ${this.#unbound()} ${tasks.length === 0 ? this.#none() : repeat(tasks, ({ sid }) => sid, (task) => this.#card(task))}
        </div>
        <div class="custodian-side">
          <kb-kit .use=${this.#kit}></kb-kit>
        </div>
      </div>
      <p class="unseen" aria-live="polite">${this.#news(tasks)}</p>`;
  }

  #took(opened: Opened | undefined): void {
    this.#opened = opened;
    if (this.#actions !== undefined) {
      this.#actions.opened = opened;
      this.#actions.holder = opened === undefined ? undefined : this.#seat?.holder(opened.spki);
    }
    void this.#look(true);
  }

  #none(): TemplateResult {
    return html`<div class="card empty">
      <p>${_("Nothing waits for you.")}</p>
      <p class="quiet">
        ${_("A task appears here by itself when a clerk starts a ceremony or an opening with you.")}
      </p>
    </div>`;
  }

  /** Projects that know this person by another key than the kit's. */
  #unbound(): TemplateResult | typeof nothing {
    const opened = this.#opened;
    if (opened?.isRegistered !== true) return nothing;
    const other = [...this.#rooms.keys()].filter((project) => this.#isOther(project, opened));
    return html`${other.map(
      (project) => html`<div class="note note-amber">
        <p>
          ${_("{title} knows you by another signing key. A ceremony needs the kit's.", { title: this.#title(project) })}
        </p>
        <button class="button" type="button" ?disabled=${this.#act.isBusy()}
          @click=${this.#act.on(`bind-${project}`, () => this.#bind(project, opened.keyid))}>
          ${_("Use the kit's key in this project")}
        </button>
        ${this.#act.problem(`bind-${project}`)}
      </div>`,
    )}`;
  }

  #isOther(project: string, opened: Opened): boolean {
    const bound = this.#bound.get(project)?.keyid;
    const isTaken = this.#tasks().some((task) => task.project === project && task.kind !== "dead");
    return bound !== undefined && bound !== opened.keyid && !isTaken;
  }

  #title(project: string): string {
    const view = this.#rooms.get(project)?.channels.view("hall") as { project?: { title: string } };
    return view.project?.title ?? project.slice(0, 8);
  }

  async #bind(project: string, keyid: string): Promise<void> {
    const reason = _("The custodian signs with the key of the kit");
    await command(project, { type: "project.change_key", role: "custodian", keyid, reason });
    await this.#lookAt(project);
  }

  #card(task: Task): TemplateResult {
    const now = this.#rooms.get(task.project)?.clock.at(performance.now());
    return taskCard(task, { actions: this.#actions?.of(task) ?? nothing, now });
  }

  #banner(): TemplateResult | typeof nothing {
    if (this.#problem !== "") return html`<p class="banner" role="alert">${this.#problem}</p>`;
    const states = [...this.#states.values()];
    if (states.includes("signed_out")) return signedOut();
    if (!states.includes("down")) return nothing;
    return html`<div class="banner" role="alert">
      <p>${_("The line to the service is down. What you see may be old.")}</p>
      <button class="button button-quiet" type="button"
        @click=${(): void => this.#rooms.forEach((room) => room.retryNow())}>${_("Retry now")}</button>
    </div>`;
  }

  /** How much waits, for those who listen instead of looking. */
  #news(tasks: readonly Task[]): string {
    return _("{count} tasks wait for you", { count: tasks.filter(isDue).length });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "kb-kit": KitCard;
  }
}
