/**
 * The custodian's page: the kit, and the tasks of all projects in which this account keeps a share.
 *
 * It follows each project's room, so that a task is there as soon as the clerk starts it; what a
 * step needs is read anew from the proven record each time, so a reload loses nothing.
 */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";
import { command } from "../app/api.ts";
import { confirmTyped, inWords } from "../app/ask.ts";
import { me } from "../app/signing.ts";
import { _ } from "../app/texts.ts";
import { Connection, type LineState } from "../hall/connection.ts";
import type { KitHolder } from "./holder.ts";
import type { KitCard, Opened } from "./kit_card.ts";
import { KitSeat } from "./seat.ts";
import { partyName, partyNames, taskCard, words } from "./task_card.ts";
import { inOrder, isDue, tasksOf, type CeremonyTask, type KeyTask, type Task } from "./tasks.ts";
import { Work, ownProjects, participants } from "./work.ts";
import { told } from "./words.ts";

const AGAIN_MS = 20_000;
const CHANNELS = ["hall", "custodians"];

/** `<kb-custodian data-worker data-release-worker>`; light DOM. */
export class Custodian extends LitElement {
  readonly #act = new Act(this);
  readonly #rooms = new Map<string, Connection>();
  readonly #states = new Map<string, LineState>();
  /** Project -> the id of the key that counts there for this account. */
  readonly #bound = new Map<string, string>();
  /** Ceremonies whose next steps are taken without asking again, while the page is open. */
  readonly #auto = new Set<string>();
  #seat: KitSeat | undefined;
  #work: Work | undefined;
  #opened: Opened | undefined;
  #holder: KitHolder | undefined;
  #keys = new Set<string>();
  #isLoaded = false;
  #problem = "";
  #doing = "";
  #tick = 0;
  #poll = 0;

  /** A child of its own: what the service wrote stays until there is more to show. */
  protected override createRenderRoot(): HTMLElement {
    return document.createElement("div");
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#seat = new KitSeat(this.dataset["worker"] ?? "");
    this.#work = new Work(this.#seat, (what) => this.#tell(what));
    this.#tick = window.setInterval(() => this.requestUpdate(), 1_000);
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

  protected override update(changed: Map<PropertyKey, unknown>): void {
    super.update(changed);
    if (!this.renderRoot.isConnected) this.replaceChildren(this.renderRoot);
  }

  /** Find the projects of this account, and follow those that are new. */
  async #look(): Promise<void> {
    try {
      this.#keys = new Set((await me()).keys.map(({ key }) => key));
      for (const project of await ownProjects()) {
        if (!this.#rooms.has(project)) this.#follow(project);
        await this.#lookAt(project);
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
    if (own?.keyid !== undefined) this.#bound.set(project, own.keyid);
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
    const next = this.#tasks().find((task) => this.#isAuto(task));
    if (next?.kind === "ceremony" && !this.#act.isBusy()) this.#start(next);
  }

  #isAuto(task: Task): boolean {
    const isClear = this.#work?.accusations.has(task.sid) === false;
    return task.kind === "ceremony" && task.isOwn && isClear && this.#auto.has(task.sid);
  }

  #tasks(): Task[] {
    const keys = new Set(this.#keys);
    if (this.#opened !== undefined) keys.add(this.#opened.spki);
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
          ${this.#unbound()} ${tasks.length === 0 ? this.#none() : tasks.map((task) => this.#card(task))}
        </div>
        <div class="custodian-side">
          <kb-kit
            .seat=${this.#seat}
            .account=${document.body.dataset["account"] ?? ""}
            @kit=${(event: CustomEvent<Opened | undefined>): void => this.#took(event.detail)}
          ></kb-kit>
        </div>
      </div>
      <p class="unseen" aria-live="polite">${this.#news(tasks)}</p>`;
  }

  #took(opened: Opened | undefined): void {
    this.#opened = opened;
    this.#holder = opened === undefined ? undefined : this.#seat?.holder(opened.spki);
    void this.#look();
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
    const bound = this.#bound.get(project);
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
    return taskCard(task, { actions: this.#actions(task), now });
  }

  #actions(task: Task): TemplateResult | typeof nothing {
    switch (task.kind) {
      case "ceremony":
        return html`${this.#ceremony(task)} ${this.#act.problem(task.sid)}`;
      case "key":
        return html`${this.#key(task)} ${this.#act.problem(task.sid)}`;
      case "release":
        return html`${words(task.keyId)}
          <kb-release
            data-project=${task.project}
            data-section=${task.section}
            data-envelope=${task.envelope}
            data-worker=${this.dataset["releaseWorker"] ?? ""}
            .holder=${this.#holder}
          ></kb-release>`;
      case "dead":
        return nothing;
    }
  }

  #ceremony(task: CeremonyTask): TemplateResult {
    const accused = this.#work?.accusations.get(task.sid);
    if (accused !== undefined) return this.#accusation(task, accused.offender);
    if (!task.isOwn) {
      return html`<p class="quiet" role="status">
        ${_("Waiting for {names}", { names: partyNames(task, task.missing) })}
      </p>`;
    }
    if (this.#isForeign(task)) return this.#foreign();
    const labels = {
      join: _("Join: commit to my part"),
      deal: _("Deal the shares"),
      certify: _("Check my shares and certify"),
    };
    return html`<label class="check">
        <input type="checkbox" .checked=${this.#auto.has(task.sid)}
          @change=${(event: Event): void => this.#setAuto(task.sid, event)} />
        <span>${_("Take the following steps by themselves while this page stays open")}</span>
      </label>
      <div class="kit-actions">
        ${this.#button(task, labels[task.step], () => this.#start(task))}
        <button class="button button-quiet" type="button" ?disabled=${this.#act.isBusy()}
          @click=${(): void => void this.#giveUp(task)}>${_("I cannot go on")}</button>
        ${this.#progress(task.sid)}
      </div>`;
  }

  #accusation(task: CeremonyTask, offender: number): TemplateResult {
    const name = partyName(task, offender);
    return html`<div class="summary" role="alert">
        <h4>${_("The share from {name} is bad", { name })}</h4>
        <p>
          ${_("Nothing was certified. The evidence opens your own secret of this attempt, and of this attempt alone: everybody can then see who dealt what. The attempt ends with it.")}
        </p>
      </div>
      <div class="kit-actions">
        <button class="button button-grave" type="button" ?disabled=${this.#act.isBusy()}
          @click=${this.#act.on(task.sid, () => this.#accuse(task, name))}>
          ${_("End the attempt with the evidence")}
        </button>
      </div>`;
  }

  #key(task: KeyTask): TemplateResult | typeof nothing {
    if (task.isClosed) return nothing;
    if (this.#isForeign(task)) return this.#foreign();
    const again = task.rehearsed === undefined ? _("Rehearse: show that I still have my share") : _("Rehearse again");
    return html`<div class="kit-actions">
      ${this.#button(task, again, () => void this.#do(task.sid, async () => this.#work?.rehearse(task.project, task.sid)))}
      ${this.#progress(task.sid)}
    </div>`;
  }

  #button(task: Task, text: string, doing: () => void): TemplateResult {
    if (this.#opened === undefined) {
      return html`<p class="note">${_("Open your kit to go on.")}</p>`;
    }
    return html`<button class="button" type="button" ?disabled=${this.#act.isBusy()} @click=${doing}>
      ${this.#act.isBusy(task.sid) ? _("One moment …") : text}
    </button>`;
  }

  #progress(name: string): TemplateResult | typeof nothing {
    return this.#act.isBusy(name) ? html`<span class="quiet" role="status">${this.#doing}</span>` : nothing;
  }

  /** Whether the kit that is open is another one than the roster names. */
  #isForeign(task: Task): boolean {
    return this.#opened !== undefined && task.attempt.roster[task.i - 1]?.key !== this.#opened.spki;
  }

  #foreign(): TemplateResult {
    return html`<p class="note note-amber">
      ${_("The kit that is open is not the one this ceremony names. Close it and open the other.")}
    </p>`;
  }

  #setAuto(sid: string, event: Event): void {
    if ((event.target as HTMLInputElement).checked) this.#auto.add(sid);
    else this.#auto.delete(sid);
  }

  #start(task: CeremonyTask): void {
    if (this.#opened === undefined || this.#isForeign(task)) return;
    void this.#do(task.sid, async () => {
      const outcome = await this.#work?.step(task.project, task.sid, task.step);
      if (outcome === "waiting") throw new Error(_("The timekeeper has not witnessed it yet; try again in a moment."));
    });
  }

  async #do(name: string, doing: () => Promise<unknown>): Promise<void> {
    const isDone = await this.#act.run(name, async () => {
      try {
        await doing();
      } catch (error) {
        this.#auto.delete(name);
        throw told(error);
      }
    });
    if (isDone) this.#changed();
  }

  async #accuse(task: CeremonyTask, name: string): Promise<void> {
    const isSure = await confirmTyped({
      title: _("End this attempt?"),
      text: _("The record will show that the share from {name} was bad. This cannot be taken back.", { name }),
      action: _("End the attempt with the evidence"),
      isGrave: true,
    });
    if (isSure) await this.#work?.accuse(task.project, task.sid);
  }

  async #giveUp(task: CeremonyTask): Promise<void> {
    if (this.#opened === undefined) {
      await this.#do(task.sid, () => Promise.reject(new Error(_("Open your kit to go on."))));
      return;
    }
    const isSure = await confirmTyped({
      title: _("End this attempt?"),
      text: _("The record will say that you cannot go on. The clerk then starts another attempt, with you or with somebody else."),
      action: _("End the attempt"),
      isGrave: true,
    });
    if (isSure) await this.#do(task.sid, async () => this.#work?.giveUp(task.project, task.sid));
  }

  #tell(what: "proof" | "computing" | "sending" | "receipt"): void {
    const said = {
      proof: _("Fetching what the timekeeper has witnessed"),
      computing: _("Checking and computing in your kit"),
      sending: _("Sending"),
      receipt: _("Waiting for the receipt"),
    };
    this.#doing = said[what];
    this.requestUpdate();
  }

  #banner(): TemplateResult | typeof nothing {
    if (this.#problem !== "") return html`<p class="banner" role="alert">${this.#problem}</p>`;
    const states = [...this.#states.values()];
    if (states.includes("signed_out")) {
      return html`<p class="banner" role="alert">
        ${_("You are signed out. Sign in again to go on.")}
        <a href="/sign-in?next=/custodian">${_("Sign in")}</a>
      </p>`;
    }
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
