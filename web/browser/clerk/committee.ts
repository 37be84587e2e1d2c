/** The committee 评标委员会 of a section: named by the clerk, followed, its members replaced. */

import { html, nothing, type TemplateResult } from "lit";
import { command, get } from "../app/api.ts";
import { confirmTyped } from "../app/ask.ts";
import { _ } from "../app/texts.ts";
import { seatsTable, stepsLine } from "../committee/progress.ts";
import { isLocked, type Evaluation, type MemberView } from "../committee/view.ts";
import { openOne } from "../committee/reevaluation.ts";
import { tag } from "../hall/pieces.ts";
import { area, choice } from "./fields.ts";
import { LiveStep } from "./live.ts";
import { Pausing, type Clerking } from "./pausing.ts";
import { Reevaluating } from "./reevaluating.ts";
import { asked, askedList, placeAndCapacity, seatFields, seatFor, type SeatDraft } from "./seats.ts";
import { Kept } from "./step.ts";
import { bound, GOES_ON, type Account, type Project, type Section } from "./view.ts";

interface Replacing {
  readonly seat: SeatDraft;
  readonly reason: string;
}

/** By what members stand beside what they say. */
type Naming = "name" | "seat";

const NAMED: ReadonlySet<string> = new Set(["opened1", "evaluating1"]);
const MANY = 8;

/** `<kb-clerk-committee data-project data-section>`. */
export class Committee extends LiveStep {
  #accounts: readonly Account[] | undefined;
  #evaluation: Evaluation | undefined;
  #seats: readonly SeatDraft[] = [];
  /** The seats as they were kept when the page began. */
  #begun: readonly SeatDraft[] | undefined;
  #replacing: Replacing | undefined;
  readonly #pausing = new Pausing();
  readonly #reevaluating = new Reevaluating();
  #shownBy: Naming = "name";
  #search = "";

  protected override async load(): Promise<void> {
    this.#accounts ??= await experts();
    const isConvened = this.known().sections.some(
      (one) => one.section === this.#section && one.evaluation !== undefined,
    );
    const found = isConvened ? await this.#read() : undefined;
    if (found !== undefined) await this.#reevaluating.load(this.project, this.#section, found);
    const isFirst = this.#evaluation === undefined;
    this.#evaluation = found;
    if (isFirst && this.#reevaluating.isAsked) this.#showOrder();
    // once: what is typed meanwhile is newer than what was kept
    this.#begun ??= await this.#kept().read().then((seats) => (this.#seats = seats ?? []));
  }

  /** Go to the order that a link asked for. */
  #showOrder(): void {
    this.requestUpdate();
    void this.updateComplete.then(() => {
      const there = this.querySelector<HTMLElement>("#reevaluate");
      there?.scrollIntoView();
      there?.focus();
    });
  }

  get #section(): string {
    return this.dataset["section"] ?? "";
  }

  get #path(): string {
    return `/api/projects/${this.project}/sections/${this.#section}`;
  }

  #kept(): Kept<readonly SeatDraft[]> {
    return new Kept<readonly SeatDraft[]>(`${this.project}/committee/${this.#section}`);
  }

  async #read(): Promise<Evaluation> {
    return get<Evaluation>(`${this.#path}/evaluation`);
  }

  protected shown(view: Project): TemplateResult {
    const section = view.sections.find((one) => one.section === this.#section);
    if (section === undefined) return html``;
    if (this.#evaluation !== undefined) return this.#work(this.#evaluation, section, view);
    if (section.rule === undefined) {
      return html`<p class="note">${_("{section} has no scoring rule and is not evaluated here.", { section: section.title })}</p>`;
    }
    if (!NAMED.has(section.phase)) {
      return html`<p class="note">${_("The committee is named once the bids are opened and the session is over.")}</p>`;
    }
    return this.#naming(section, view);
  }

  #naming(section: Section, view: Project): TemplateResult {
    const seats = this.#seats;
    return html`${this.#candidates(
        _("Experts"),
        view,
        (one) => seats.some((seat) => seat.account === one.account),
        (one) => this.#give(one),
      )}
      <section class="card form" aria-labelledby="seats">
        <h2 id="seats">${_("Seats of the committee")} · ${section.title}</h2>
        ${seats.length === 0 ? html`<p class="quiet">${_("Nobody has a seat yet.")}</p>` : nothing}
        ${seats.map((one) => this.#seat(one))} ${askedList(seats)}
        ${choice<Naming>("shown-by", _("In their discussion members are shown"), this.#shownBy, [
          ["name", _("by name")],
          ["seat", _("by seat")],
        ], (naming) => {
          this.#shownBy = naming;
          this.requestUpdate();
        })}
        <div class="acts">
          ${this.button("convene", _("Convene the committee"), () => this.#convene(section), {
            isBlocked: !asked(seats).every((one) => one.isMet),
          })}
        </div>
        <p class="hint">${_("What you fill in is kept in this browser until the committee is convened.")}</p>
      </section>`;
  }

  /** Those who may sit, each with one button. */
  #candidates(
    heading: string,
    view: Project,
    isTaken: (one: Account) => boolean,
    choose: (one: Account) => Promise<void>,
  ): TemplateResult {
    const all = this.#accounts ?? [];
    const found = all.filter((one) =>
      `${one.name} ${one.organisation_name} ${one.account}`.toLowerCase().includes(this.#search.toLowerCase()),
    );
    const names = new Set(bound(view, "expert").map((one) => one.account));
    return html`<section class="card" aria-labelledby="experts">
      <h2 id="experts">${heading}</h2>
      ${all.length > MANY || this.#search !== "" ? this.#filter() : nothing}
      <ul class="rows">
        ${found.map((one) => this.#candidate(one, names.has(one.account), isTaken(one), choose))}
      </ul>
      ${all.length === 0
        ? html`<p class="quiet">${_("No account has the role of an expert; an administrator gives it.")}</p>`
        : found.length === 0
          ? html`<p class="quiet">${_("No expert has these words in name or organisation.")}</p>`
          : nothing}
    </section>`;
  }

  #filter(): TemplateResult {
    const typing = (event: Event): void => {
      this.#search = (event.target as HTMLInputElement).value.trim();
      this.requestUpdate();
    };
    return html`<div class="field narrow">
      <label for="search">${_("Look for a name or an organisation")}</label>
      <input id="search" type="search" autocomplete="off" .value=${this.#search} @input=${typing} />
    </div>`;
  }

  #candidate(
    one: Account,
    isBound: boolean,
    isTaken: boolean,
    choose: (one: Account) => Promise<void>,
  ): TemplateResult {
    return html`<li class="row">
      <div class="row-main">
        ${one.name} ${isBound ? tag(_("bound"), "green") : nothing}
        ${one.signs || isBound ? nothing : tag(_("no signing key yet"), "amber")}
        <span class="sub">${one.organisation_name} · <span class="mono">${one.account}</span></span>
      </div>
      <div class="row-acts">
        ${isTaken
          ? tag(_("has a seat"), "blue")
          : this.button(`give-${one.account}`, _("Give a seat"), () => choose(one), {
              isQuiet: true,
              about: one.name,
              isBlocked: !one.signs && !isBound,
            })}
      </div>
    </li>`;
  }

  #seat(one: SeatDraft): TemplateResult {
    const name = this.#nameOf(one.account);
    return html`<fieldset class="seat">
      <legend>${name} <span class="sub">${this.#accountOf(one.account)?.organisation_name ?? ""}</span></legend>
      ${seatFields(one, (next) => this.#put(this.#seats.map((each) => (each === one ? next : each))))}
      <button
        class="button button-quiet"
        type="button"
        @click=${(): void => this.#put(this.#seats.filter((each) => each !== one))}
      >
        ${_("Take the seat away")}<span class="unseen"> · ${name}</span>
      </button>
    </fieldset>`;
  }

  #put(seats: readonly SeatDraft[]): void {
    this.#seats = seats;
    void this.#kept().write(seats);
    this.requestUpdate();
  }

  /** Bind somebody to the project where that is still to be done. */
  async #bind(one: Account): Promise<void> {
    if (bound(this.known(), "expert").some((other) => other.account === one.account)) return;
    await command(this.project, { type: "project.bind_participant", account: one.account, role: "expert" });
  }

  async #give(one: Account): Promise<void> {
    await this.#bind(one);
    this.#put([...this.#seats, seatFor(this.#seats, one.account)]);
    await this.refresh();
    this.say(_("{name} has a seat.", { name: one.name }));
  }

  async #convene(section: Section): Promise<void> {
    const isSure = await confirmTyped({
      title: _("Convene the committee"),
      text: html`<p>${section.title}</p>
        <ul>
          ${this.#seats.map(
            (one) => html`<li>${one.seat} · ${this.#nameOf(one.account)} · ${one.place} · ${_(`capacity ${one.capacity}`)}</li>`,
          )}
        </ul>
        <p>${_("It cannot be named anew; a member can only be replaced, with a reason.")}</p>`,
      word: this.known().number,
      action: _("Convene it"),
      isGrave: true,
    });
    if (!isSure) return;
    const members = this.#seats.map((one) => ({ ...one, place: one.place.trim() }));
    await command(this.project, { type: "evaluation.convene_committee", section: section.section, members, shown_by: this.#shownBy });
    await this.#kept().drop();
    this.#seats = [];
    await this.refresh();
    this.say(_("The committee is convened."));
  }

  #work(one: Evaluation, section: Section, view: Project): TemplateResult {
    const isPaused = one.paused !== undefined;
    const isOver = one.step === "finished";
    // the committee that signed marks again: nobody is replaced then
    const isFixed = isOver || isPaused || openOne(one.reevaluations) !== undefined;
    const clerking = this.#clerking();
    return html`${this.lineTag()}
      ${one.paused === undefined ? nothing : this.#pausing.locked(clerking, one.paused)}
      <section class="card" aria-labelledby="committee">
        <div class="card-head"><h2 id="committee">${section.title}</h2></div>
        <p class="sub">${one.rule.title}</p>
        ${stepsLine(one)}
        <p class="note ${one.step === "finished" ? "note-green" : ""}">${this.#due(one, section)}</p>
        ${seatsTable(one, isFixed ? {} : { acts: (member) => this.#replaceButton(one, member) })}
        ${this.#report(one)}
      </section>
      ${this.#reevaluating.past(clerking, one)}
      ${isOver && GOES_ON.has(section.phase) ? this.#reevaluating.form(clerking, one) : nothing}
      ${isPaused || isOver ? nothing : this.#pausing.form(clerking)}
      ${this.#replacing === undefined || isPaused ? nothing : this.#replacement(this.#replacing, view, one)}`;
  }

  #clerking(): Clerking {
    return {
      project: this.project,
      section: this.#section,
      number: this.known().number,
      button: (name, text, doing, more) => this.button(name, text, doing, more),
      done: async (said) => {
        await this.refresh();
        this.say(said);
      },
      again: () => this.requestUpdate(),
    };
  }

  #due(one: Evaluation, section: Section): TemplateResult {
    if (one.paused !== undefined) return html`${_("The evaluation is paused. Nothing is due until it goes on.")}`;
    const free = one.members.filter((member) => member.standing === "gone").map((member) => member.seat);
    if (free.length > 0) {
      return html`${_("Give these seats to other members; until then the committee cannot go on: {seats}", {
        seats: free.join(_(", ")),
      })}`;
    }
    if (isLocked(one) && section.phase === "evaluating1") {
      return html`${_("The marks are locked: what the committee found is ready to be signed.")}
        <a href="/clerk/${this.project}/result">${_("Result of the first envelope")}</a>`;
    }
    return html`${_(`awaits ${one.step}`)}`;
  }

  #report(one: Evaluation): TemplateResult | typeof nothing {
    if (one.report?.finished !== true) return nothing;
    return html`<h3>${_("Report of the evaluation")}</h3>
      <p class="hint">${_("SHA-256 of the PDF")} <code class="whole-hash">${one.report.pdf}</code></p>
      <p class="links">
        <a class="button" href="${this.#path}/report/pdf">${_("Fetch the report (PDF)")}</a>
        <a href="${this.#path}/report/json">${_("Its facts (JSON)")}</a>
      </p>`;
  }

  #replaceButton(one: Evaluation, member: MemberView): TemplateResult {
    const begin = (): void => {
      const seat = { seat: member.seat, place: member.place, account: "", capacity: member.capacity };
      this.#replacing = { seat, reason: "" };
      this.#search = "";
      this.requestUpdate();
      void this.updateComplete.then(() => this.querySelector<HTMLElement>("#replace")?.focus());
    };
    return html`<button
      class="button button-quiet"
      type="button"
      aria-label=${_("Replace {name}, seat {seat}", { name: member.name, seat: member.seat })}
      ?disabled=${this.act.isBusy() || one.step === "finished"}
      @click=${begin}
    >
      ${_("Replace")}
    </button>`;
  }

  #replacement(replacing: Replacing, view: Project, one: Evaluation): TemplateResult {
    const { seat, reason } = replacing;
    const put = (change: Partial<Replacing>): void => {
      this.#replacing = { ...replacing, ...change };
      this.requestUpdate();
    };
    const stop = (): void => {
      this.#replacing = undefined;
      this.requestUpdate();
    };
    const before = one.members.find((member) => member.seat === seat.seat)?.name ?? "";
    const isWhole = seat.account !== "" && seat.place.trim() !== "" && reason.trim() !== "";
    return html`<section class="card form" aria-labelledby="replace">
        <h2 id="replace" tabindex="-1">${_("Replace {name}, seat {seat}", { name: before, seat: seat.seat })}</h2>
        <p class="note note-amber">
          ${_("What this member gave is void; the new one begins anew, and the review is open again.")}
        </p>
        <p>
          <strong>${_("New member")}</strong>
          ${seat.account === "" ? html`<span class="quiet">${_("Choose one below.")}</span>` : this.#nameOf(seat.account)}
        </p>
        <div class="seat-fields">
          ${placeAndCapacity(seat, (next) => put({ seat: next }))}
        </div>
        ${area({
          name: "replace-reason",
          label: _("Reason, on the record"),
          value: reason,
          rows: 3,
          changed: (text) => put({ reason: text }),
        })}
        <div class="acts">
          ${this.button("replace", _("Replace the member"), () => this.#replace(before), {
            isGrave: true,
            isBlocked: !isWhole,
          })}
          <button class="button button-quiet" type="button" @click=${stop}>${_("Go back")}</button>
        </div>
      </section>
      ${this.#candidates(
        _("Experts"),
        view,
        (other) => other.account === seat.account || isSeated(one, other.account),
        async (other) => put({ seat: { ...seat, account: other.account } }),
      )}`;
  }

  async #replace(before: string): Promise<void> {
    const replacing = this.#replacing;
    const account = this.#accountOf(replacing?.seat.account ?? "");
    if (replacing === undefined || account === undefined) return;
    const isSure = await confirmTyped({
      title: _("Replace the member"),
      text: _("{before} leaves the committee, {name} takes seat {seat}.", {
        before,
        name: account.name,
        seat: replacing.seat.seat,
      }),
      action: _("Replace the member"),
      isGrave: true,
    });
    if (!isSure) return;
    await this.#bind(account);
    const member = { ...replacing.seat, place: replacing.seat.place.trim() };
    const body = { type: "evaluation.replace_member", section: this.#section, member, reason: replacing.reason.trim() };
    await command(this.project, body);
    this.#replacing = undefined;
    await this.refresh();
    this.say(_("{name} has a seat.", { name: account.name }));
  }

  #accountOf(name: string): Account | undefined {
    return this.#accounts?.find((one) => one.account === name);
  }

  #nameOf(name: string): string {
    return this.#accountOf(name)?.name ?? name;
  }
}

/** Whether an account has a seat, or has just left one that is still free. */
function isSeated(one: Evaluation, account: string): boolean {
  return Object.values(one.accounts ?? {}).includes(account);
}

/** All accounts that may sit on a committee. */
async function experts(): Promise<readonly Account[]> {
  const found: Account[] = [];
  for (let after: string | undefined = ""; after !== undefined; ) {
    const page: { items: Account[]; next?: string } = await get(`/api/registry/accounts?after=${after}`);
    found.push(...page.items);
    after = page.next;
  }
  return found.filter((one) => one.roles.includes("expert"));
}
