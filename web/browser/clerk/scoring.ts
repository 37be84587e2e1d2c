/** The scoring rule of a section: chosen from the library, changed in a form or as JSON, then set. */

import { html, nothing, type TemplateResult } from "lit";
import { get, Problem } from "../app/api.ts";
import { Said } from "../app/ask.ts";
import { _ } from "../app/texts.ts";
import { ruleHash, type Rule } from "../committee/rule.ts";
import { ruleTable } from "../committee/rule_table.ts";
import { summary, type FieldProblem } from "./fields.ts";
import { problemsOf, wrongIn } from "./scoring_mistakes.ts";
import { ruleForm, toRule, toTyped } from "./scoring_form.ts";
import { Kept, Step } from "./step.ts";
import { Trying } from "./trying.ts";
import type { Project, Section } from "./view.ts";

interface Offered {
  readonly family: string;
  readonly rule: Rule;
}

const SETTABLE: ReadonlySet<string> = new Set(["draft", "keys"]);

/** `<kb-clerk-scoring data-project data-section>`. */
export class Scoring extends Step {
  #library: readonly Offered[] = [];
  #chosen = "";
  #draft: Rule | undefined;
  #json = "";
  #wrong: readonly FieldProblem[] = [];
  #trying: Trying | undefined;

  protected override async load(): Promise<void> {
    if (this.#library.length === 0) {
      this.#library = (await get<{ items: Offered[] }>("/api/scoring-rules")).items;
    }
    this.#draft ??= await this.#kept().read();
  }

  get #section(): string {
    return this.dataset["section"] ?? "";
  }

  #kept(): Kept<Rule> {
    return new Kept<Rule>(`${this.project}/scoring/${this.#section}`);
  }

  protected shown(view: Project): TemplateResult {
    const section = view.sections.find((one) => one.section === this.#section);
    if (section === undefined) return html``;
    const canSet = !view.published && SETTABLE.has(section.phase);
    if (canSet && this.#draft !== undefined) return this.#form(this.#draft, section);
    return html`${this.#stands(section, canSet)} ${canSet ? this.#choosing(section) : nothing}`;
  }

  #stands(section: Section, canSet: boolean): TemplateResult {
    const { rule } = section;
    if (rule === undefined) {
      return html`<p class="note">
        <strong>${section.title}</strong> ${_("has no scoring rule. Without one it is opened here, but not evaluated here.")}
      </p>`;
    }
    return html`<section class="card" aria-labelledby="rule-stands">
      <div class="card-head"><h2 id="rule-stands">${section.title}</h2></div>
      <p class="hint">SHA-256 <code class="whole-hash">${ruleHash(rule)}</code></p>
      ${ruleTable(rule, section.currency)}
      ${canSet
        ? html`<div class="acts">
            ${this.button("change", _("Change this rule"), async () => this.#begin(rule), {
              isQuiet: true,
            })}
          </div>`
        : html`<p class="hint">${_("The notice is published or being tendered: the rule stands.")}</p>`}
    </section>`;
  }

  #choosing(section: Section): TemplateResult {
    const chosen = this.#library.find((one) => one.family === this.#chosen);
    return html`<section class="card form" aria-labelledby="rule-choose">
        <h2 id="rule-choose">${_("Begin with a rule from the library")}</h2>
        <p class="hint">${_("It is copied; every word and number can be changed before it is set.")}</p>
        <fieldset class="choices">
          <legend>${_("How prices count")}</legend>
          ${this.#library.map((one) => this.#offered(one))}
        </fieldset>
        ${chosen === undefined
          ? nothing
          : html`${ruleTable(chosen.rule, section.currency)}
              <div class="acts">
                ${this.button("begin", _("Begin with this rule"), async () => this.#begin(chosen.rule))}
              </div>`}
      </section>
      ${this.#pasting()}`;
  }

  #offered({ family }: Offered): TemplateResult {
    const choose = (): void => {
      this.#chosen = family;
      this.requestUpdate();
    };
    return html`<div class="choice">
      <input
        type="radio"
        id="family-${family}"
        name="family"
        .checked=${family === this.#chosen}
        aria-describedby="family-${family}-hint"
        @change=${choose}
      />
      <label for="family-${family}">${_(`family ${family}`)}</label>
      <p class="hint" id="family-${family}-hint">${_(`about ${family}`)}</p>
    </div>`;
  }

  #pasting(): TemplateResult {
    const typing = (event: Event): void => {
      this.#json = (event.target as HTMLTextAreaElement).value;
      this.requestUpdate();
    };
    return html`<details class="card rule-json">
      <summary>${_("The rule as JSON")}</summary>
      <div class="form">
        <div class="field">
          <label for="rule-json">${_("Paste a rule, or copy this one")}</label>
          <textarea id="rule-json" class="mono" rows="10" spellcheck="false" .value=${this.#json} @input=${typing}></textarea>
        </div>
        <div class="acts">
          ${this.button("paste", _("Take this JSON over"), async () => this.#paste(), {
            isQuiet: true,
            isBlocked: this.#json.trim() === "",
          })}
        </div>
      </div>
    </details>`;
  }

  #begin(rule: Parameters<typeof toTyped>[0]): void {
    this.#put(toTyped(rule));
    this.#json = JSON.stringify(rule, null, 2);
    this.#wrong = [];
    window.scrollTo({ top: 0 });
  }

  #paste(): void {
    let told: unknown;
    try {
      told = JSON.parse(this.#json);
    } catch {
      throw new Said(_("This is not JSON; nothing was taken over."));
    }
    if (!isRule(told)) {
      throw new Said(_("This JSON is no scoring rule: it needs at least a title and a price part."));
    }
    this.#begin(told);
  }

  #put(draft: Rule): void {
    this.#draft = draft;
    void this.#kept().write(draft);
    this.requestUpdate();
  }

  #form(draft: Rule, section: Section): TemplateResult {
    return html`<form class="form card rule-form" novalidate @submit=${(event: Event): void => this.#submit(event, draft)}>
        ${summary(this.#wrong)}
        ${ruleForm({
          draft,
          currency: section.currency,
          problem: (name) => this.#wrong.find((one) => one.field === name)?.text,
          put: (next) => this.#put(next),
          focus: (id) => void this.updateComplete.then(() => this.querySelector<HTMLElement>(`#${id}`)?.focus()),
        })}
        <div class="acts">
          <button class="button" type="submit" ?disabled=${this.act.isBusy()}>${_("Set this rule")}</button>
          ${this.button("anew", _("Throw away and choose anew"), () => this.#anew(), { isQuiet: true })}
        </div>
        ${this.act.problem("set")}
        <p class="hint">${_("What you type is kept in this browser; setting it puts the whole rule on the record.")}</p>
      </form>
      ${this.#tried(section).render(draft)}
      <section class="card" aria-labelledby="rule-looks">
        <h2 id="rule-looks">${_("What it says")}</h2>
        ${ruleTable(toRule(draft), section.currency)}
      </section>
      ${this.#pasting()}`;
  }

  #tried(section: Section): Trying {
    this.#trying ??= new Trying(section.limit, section.currency, section.draw[0] ?? "", () => this.requestUpdate());
    return this.#trying;
  }

  async #anew(): Promise<void> {
    this.#draft = undefined;
    this.#wrong = [];
    await this.#kept().drop();
    this.requestUpdate();
  }

  #submit(event: Event, draft: Rule): void {
    event.preventDefault();
    this.#tell(wrongIn(draft));
    if (this.#wrong.length > 0) return;
    void this.act.run("set", async () => {
      const rule = toRule(draft);
      const body = { type: "evaluation.set_rule", section: this.#section, rule };
      try {
        await this.ask(body as never, _("The rule is set."));
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== "evaluation.rule_wrong") throw error;
        this.#tell(problemsOf(error, draft));
        return;
      }
      await this.#anew();
      window.scrollTo({ top: 0 });
    });
  }

  /** Say all that is wrong, and go there. */
  #tell(wrong: readonly FieldProblem[]): void {
    this.#wrong = wrong;
    this.requestUpdate();
    if (wrong.length === 0) return;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(".summary")?.focus());
  }
}

function isRule(told: unknown): told is Rule {
  if (typeof told !== "object" || told === null) return false;
  const { title, price, stages = [] } = told as Partial<Record<keyof Rule, unknown>>;
  const isPrice = typeof price === "object" && price !== null && "family" in price;
  return typeof title === "string" && isPrice && Array.isArray(stages) && stages.every(isPart);
}

function isPart(told: unknown): boolean {
  if (typeof told !== "object" || told === null) return false;
  const { items } = told as { items?: unknown };
  return Array.isArray(items) && items.every((one) => typeof (one as { title?: unknown } | null)?.title === "string");
}
