/** The result of a section in public 公示: the candidates signed and published, objections, the award. */

import { html, nothing, type TemplateResult } from "lit";
import { command, get, Problem } from "../app/api.ts";
import { confirmTyped, Said } from "../app/ask.ts";
import { moment } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { tag, when } from "../hall/pieces.ts";
import { area, choice, field } from "./fields.ts";
import { candidatesTable, formerResults } from "./former.ts";
import { LiveStep } from "./live.ts";
import { candidates, type Objection, type ResultView, type Shown, type Withdrawn } from "./messages.ts";
import { bytesBox } from "./preview.ts";
import { Kept } from "./step.ts";
import { fromLocal, toLocal } from "./units.ts";
import { GOES_ON, type Project, type Section } from "./view.ts";

/** How much longer than it must a publication is proposed to last, ms: reading it takes time too. */
const SPARE = 2 * 3_600_000;
const MINUTE = 60_000;

/** `<kb-clerk-publication data-project data-section>`. */
export class Publication extends LiveStep {
  #result: Shown | undefined;
  #until = "";
  #winner = "";
  #reason = "";
  #answers: Readonly<Record<string, string>> | undefined;

  protected override async load(): Promise<void> {
    const result = await this.#read();
    this.#result = result;
    if (result?.step !== "reported") this.#until = "";
    else if (this.#until === "") {
      const end = this.known().now + (result.period ?? 0) + SPARE;
      this.#until = toLocal(Math.ceil(end / MINUTE) * MINUTE);
    }
    // what is published anew may have other candidates
    const bids = result === undefined || result.step === "withdrawn" ? [] : result.candidates.map(({ bid }) => bid);
    if (!bids.includes(this.#winner)) this.#winner = bids[0] ?? "";
    this.#answers ??= (await this.#kept().read()) ?? {};
  }

  async #read(): Promise<Shown | undefined> {
    try {
      return await get<Shown>(`/api/projects/${this.project}/sections/${this.#section}/result`);
    } catch (error) {
      // before the report stands there is no result
      if (error instanceof Problem && error.status === 404) return undefined;
      throw error;
    }
  }

  get #section(): string {
    return this.dataset["section"] ?? "";
  }

  #kept(): Kept<Readonly<Record<string, string>>> {
    return new Kept<Readonly<Record<string, string>>>(`${this.project}/objections/${this.#section}`);
  }

  protected shown(view: Project): TemplateResult {
    const section = view.sections.find((one) => one.section === this.#section);
    const result = this.#result;
    if (section === undefined || result === undefined) {
      return html`<p class="note">${_("There is nothing to publish before the report of the evaluation stands.")}</p>`;
    }
    return html`${this.lineTag()} ${this.#now(result, section, view)}
      ${formerResults(result.former, section.currency, result.step === "published" || result.step === "awarded", (one) => this.#objection(one))}`;
  }

  /** What there is now: something to publish, something published, or nothing for the time being. */
  #now(result: Shown, section: Section, view: Project): TemplateResult {
    if (result.step === "withdrawn") return this.#withdrawn(result, section);
    return result.step === "reported" ? this.#toPublish(result, section) : this.#published(result, section, view);
  }

  #withdrawn(result: Withdrawn, section: Section): TemplateResult {
    const isPublished = (result.former ?? []).length > 0;
    return html`<section class="card" aria-labelledby="withdrawn">
      <h2 id="withdrawn">${section.title} ${tag(_("withdrawn"), "amber")}</h2>
      <p class="note note-amber">
        ${isPublished
          ? _("The committee has been marking again since {since}. What was published is withdrawn until the new report stands; then you publish the result anew.", { since: moment(result.since) })
          : _("The committee has been marking again since {since}. The result can be published once the new report stands.", { since: moment(result.since) })}
      </p>
      <p class="links"><a href="/clerk/${this.project}/committee/${this.#section}">${_("Committee")}</a></p>
    </section>`;
  }

  #toPublish(result: ResultView, section: Section): TemplateResult {
    const until = fromLocal(this.#until);
    return html`<section class="card form" aria-labelledby="publish">
      <h2 id="publish">${section.title}</h2>
      <p class="note">
        ${_("This is what the report found, as everybody will read it. It can only be signed as it is, once, and not be taken back.")}
        ${result.publish_by === undefined
          ? nothing
          : html`<span class="sub">${_("The law wants it published by {at}.", { at: moment(result.publish_by) })}</span>`}
      </p>
      ${result.reevaluation === undefined ? nothing : html`<p class="note">${result.replaces === undefined
        ? _("It is the result after the committee marked again.")
        : _("It is the result after the committee marked again, and replaces what was published before; both stay on the public page.")}</p>`}
      ${candidatesTable(result, section.currency)}
      <p class="hint">${_("SHA-256 of the report's facts")} <code class="whole-hash">${result.facts}</code></p>
      ${field({
        name: "until",
        label: _("Published until"),
        type: "datetime-local",
        value: this.#until,
        hint: _("Bidders may object until then; at least {days} days from now.", {
          days: Math.ceil((result.period ?? 0) / 86_400_000),
        }),
        changed: (text) => {
          this.#until = text;
          this.requestUpdate();
        },
      })}
      ${until === undefined ? nothing : bytesBox(candidates(this.project, result, until))}
      <div class="acts">
        ${this.button("publish", _("Sign and publish the candidates"), () => this.#publish(result, section), {
          isBlocked: until === undefined,
        })}
      </div>
    </section>`;
  }

  async #publish(result: ResultView, section: Section): Promise<void> {
    const until = fromLocal(this.#until);
    if (until === undefined) throw new Said(_("Give day and time."));
    const isSure = await confirmTyped({
      title: _("Publish the candidates"),
      text: html`<p>${section.title}</p>
        <ol>
          ${result.candidates.map((one) => html`<li>${one.name} · ${one.total}</li>`)}
        </ol>
        <p>${_("Published until {until}; it cannot be taken back.", { until: moment(until) })}</p>`,
      word: this.known().number,
      action: _("Sign and publish the candidates"),
      isGrave: true,
    });
    if (!isSure) return;
    const message = await this.signed("candidates", candidates(this.project, result, until));
    await command(this.project, { type: "evaluation.publish_candidates", section: this.#section, message });
    await this.refresh();
    this.say(_("The candidates are published."));
  }

  #published(result: ResultView, section: Section, view: Project): TemplateResult {
    const { until = 0, at = 0, objections = [] } = result;
    return html`<section class="card" aria-labelledby="published">
        <div class="card-head">
          <h2 id="published">
            ${section.title}
            ${result.award !== undefined
              ? tag(_("awarded"), "green")
              : until > this.#clock(view)
                ? tag(_("being published"), "blue")
                : tag(_("publication over"), "grey")}
          </h2>
        </div>
        <p class="quiet">
          ${_("Published {at}; bidders may object until {until}.", { at: moment(at), until: moment(until) })}
        </p>
        ${candidatesTable(result, section.currency)}
        <p class="links"><a href="/public/${this.project}">${_("As everybody sees it")}</a></p>
      </section>
      <section class="card" aria-labelledby="objections">
        <h2 id="objections">${_("Objections to the result")} ${tag(String(objections.length))}</h2>
        ${objections.length === 0 ? html`<p class="quiet">${_("Nobody has objected.")}</p>` : nothing}
        ${objections.map((one) => this.#objection(one))}
      </section>
      ${this.#end(result, section, view)}`;
  }

  #clock(view: Project): number {
    return this.serverNow() ?? view.now;
  }

  /** Whether the committee can be asked to mark again: nothing is awarded, and it does not yet. */
  get #canOrder(): boolean {
    const phase = this.known().sections.find((one) => one.section === this.#section)?.phase ?? "";
    return GOES_ON.has(phase) && this.#result?.step === "published";
  }

  #objection(one: Objection): TemplateResult {
    const name = `o-${one.objection.slice(0, 8)}`;
    const text = this.#answers?.[one.objection] ?? "";
    const write = (answer: string): void => {
      this.#answers = { ...this.#answers, [one.objection]: answer };
      void this.#kept().write(this.#answers);
      this.requestUpdate();
    };
    return html`<article class="entry form" aria-labelledby=${name}>
      <p class="entry-head" id=${name}>${one.name} · ${when(one.at)}</p>
      <blockquote class="prose asked">${one.text}</blockquote>
      ${one.answer === undefined
        ? html`<p class="hint">${_("To be answered by {at}; nothing is awarded before.", { at: moment(one.due) })}</p>
            ${area({ name: `${name}-answer`, label: _("Answer to {name}", { name: one.name }), value: text, rows: 4, most: 5000, changed: write })}
            <div class="acts">
              ${this.button(name, _("Answer the objection to the result"), () => this.#answer(one, text.trim()), {
                isBlocked: text.trim() === "",
                about: one.name,
              })}
            </div>`
        : html`<p class="prose answer"><strong class="qa">${_("A")}</strong>${one.answer}</p>`}
      ${this.#canOrder
        ? html`<p class="links"><a href="/clerk/${this.project}/committee/${this.#section}?objection=${one.objection}">${_("Order a re-evaluation from this objection")}<span class="unseen"> · ${one.name}</span></a></p>`
        : nothing}
    </article>`;
  }

  async #answer(one: Objection, answer: string): Promise<void> {
    const isSure = await confirmTyped({
      title: _("Answer the objection to the result"),
      text: html`<p>${answer}</p>
        <p>${_("The objector and the supervisor read it; it is given once.")}</p>`,
      action: _("Send the answer to the objector"),
    });
    if (!isSure) return;
    const body = {
      type: "evaluation.answer_result_objection",
      section: this.#section,
      objection: one.objection,
      answer,
    };
    await this.ask(body, _("The objection to the result is answered."));
  }

  /** What ends the section: the award, or its end without one. */
  #end(result: ResultView, section: Section, view: Project): TemplateResult | typeof nothing {
    if (result.award !== undefined) {
      return html`<p class="note note-green">
        <strong>${_("Awarded to {name}", { name: result.award.name })}</strong>
        ${result.award.reason === undefined
          ? nothing
          : _("Why not the first candidate: {reason}", { reason: result.award.reason })}
      </p>`;
    }
    if (section.phase === "terminated") {
      return html`<p class="note">${_("The section is ended; nothing is awarded. Objections are still owed their answer.")}</p>`;
    }
    if (result.candidates.length === 0) {
      return html`<p class="note">
        ${_("Nothing is awarded where there is no candidate; end the section, with the reason, and tender anew.")}
        <a href="/clerk/${this.project}/manage">${_("Suspend, resume, end")}</a>
      </p>`;
    }
    const all = [...(result.former ?? []), result].flatMap((one) => one.objections ?? []);
    const isOpen = all.some((one) => one.answer === undefined);
    const isOver = this.#clock(view) >= (result.until ?? 0);
    return html`<section class="card form" aria-labelledby="award">
      <h2 id="award">${_("Award the section")}</h2>
      ${isOver ? nothing : html`<p class="note">${_("The award is possible from {at} on.", { at: moment(result.until ?? 0) })}</p>`}
      ${isOpen ? html`<p class="note note-amber">${_("Objections wait for their answer; nothing is awarded before.")}</p>` : nothing}
      ${isOver && !isOpen ? this.#award(result, section) : nothing}
    </section>`;
  }

  #award(result: ResultView, section: Section): TemplateResult {
    const isFirst = this.#winner === result.candidates[0]?.bid;
    const put = (change: () => void): void => {
      change();
      this.requestUpdate();
    };
    return html`${choice(
        "winner",
        _("Who wins"),
        this.#winner,
        result.candidates.map((one) => [one.bid, `${one.place} · ${one.name}`] as const),
        (bid) => put(() => (this.#winner = bid)),
      )}
      ${isFirst
        ? nothing
        : area({
            name: "award-reason",
            label: _("Why it is not the first candidate"),
            hint: _("The law wants the first candidate to win, unless it gives up, cannot perform, gives no security, or is found to have broken the law (Regulation, article 55). The reason is published."),
            value: this.#reason,
            rows: 3,
            changed: (text) => put(() => (this.#reason = text)),
          })}
      <div class="acts">
        ${this.button("award", _("Award"), () => this.#give(result, section), {
          isGrave: true,
          isBlocked: !isFirst && this.#reason.trim() === "",
        })}
      </div>`;
  }

  async #give(result: ResultView, section: Section): Promise<void> {
    const winner = result.candidates.find((one) => one.bid === this.#winner);
    if (winner === undefined) return;
    const isFirst = winner.bid === result.candidates[0]?.bid;
    const isSure = await confirmTyped({
      title: _("Award the section"),
      text: _("{section} goes to {name}, for good; everybody is told.", { section: section.title, name: winner.name }),
      word: this.known().number,
      action: _("Award"),
      isGrave: true,
    });
    if (!isSure) return;
    const reason = isFirst ? {} : { reason: this.#reason.trim() };
    await this.ask(
      { type: "evaluation.award_section", section: this.#section, bid: winner.bid, ...reason },
      _("The section is awarded."),
    );
    await this.#kept().drop();
  }
}
