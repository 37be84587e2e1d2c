/** One-click verification: asks the service to run the verifier and shows its numbered checks. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";
import { post } from "../app/api.ts";
import { moment, named } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { saveAs } from "../bidder/saving.ts";
import { tag } from "./pieces.ts";

/** So many findings are shown at once; of more only how many there are. */
const FEW = 5;

interface Counts {
  readonly passed: number;
  readonly found: number;
  readonly left: number;
}

interface Outcome {
  readonly at: number;
  readonly holds: boolean;
  readonly checks: Readonly<Record<string, Counts>>;
  readonly findings: readonly {
    readonly check: string;
    readonly what: string;
    readonly entry?: number;
    readonly expected: string;
    readonly found: string;
  }[];
  readonly not_checked: readonly {
    readonly check: string;
    readonly what: string;
    readonly entry?: number;
    readonly why: string;
  }[];
}

/** `<kb-verification data-project data-number data-minutes>`; light DOM. */
export class Verification extends LitElement {
  readonly #act = new Act(this);
  #outcome: Outcome | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const project = this.dataset["project"] ?? "";
    return html`<section class="card" aria-labelledby="h-verify">
      <div class="card-bar"><h2 id="h-verify">${_("Verify the record")}</h2></div>
      <p class="hint">
        ${_("The verifier shares no code with the service. Here it runs on the server; download both and run it at home to trust nobody.")}
      </p>
      <div class="desk-steps">
        <button
          class="button"
          type="button"
          data-step="verify"
          ?disabled=${this.#act.isBusy()}
          @click=${this.#act.on("verify", () => this.#verify(project))}
        >
          ${this.#act.isBusy() ? _("Verifying …") : _("Verify now")}
        </button>
        <button
          class="button button-quiet"
          type="button"
          data-step="evidence"
          ?disabled=${this.#act.isBusy()}
          @click=${this.#act.on("evidence", () => this.#pack(project))}
        >
          ${_("Verify and save the evidence pack")}
        </button>
        <a class="button button-quiet" href="/api/projects/${project}/record" download>${_("Download the export")}</a>
        <a class="button button-quiet" href="/downloads">${_("Get the verifier")}</a>
      </div>
      ${this.#act.problem()}
      <div aria-live="polite">${this.#outcome === undefined ? nothing : shown(this.#outcome)}</div>
    </section>`;
  }

  async #verify(project: string): Promise<void> {
    this.#outcome = await post<Outcome>(`/api/projects/${project}/verification`, {});
  }

  async #pack(project: string): Promise<void> {
    // what was found before may be of an older record
    await this.#verify(project);
    const { number = "", minutes = "" } = this.dataset;
    const outcome = this.#outcome as Outcome;
    const { evidencePack } = await import("./evidence.ts");
    const pack = await evidencePack({ project, minutes, outcome, at: outcome.at });
    saveAs(`${number}-evidence-${named(outcome.at)}.zip`, pack);
  }
}

function shown(told: Outcome): TemplateResult {
  const verdict = told.holds ? tag(_("The record holds"), "green") : tag(_("The record does not hold"), "red");
  return html`<p class="verdict">${verdict} <span class="sub">${moment(told.at)}</span></p>
    <table class="table checks">
      <thead>
        <tr>
          <th scope="col">${_("Check")}</th>
          <th scope="col">${_("What is checked")}</th>
          <th scope="col" class="num">${_("Hold")}</th>
          <th scope="col" class="num">${_("Findings")}</th>
          <th scope="col" class="num">${_("Not checked")}</th>
        </tr>
      </thead>
      <tbody>
        ${Object.entries(told.checks).map(([name, counts]) => row(name, counts))}
      </tbody>
    </table>
    ${told.findings.length === 0
      ? nothing
      : html`<details ?open=${told.findings.length <= FEW}>
          <summary>${_("{n} findings", { n: told.findings.length })}</summary>
          <ul class="found">
            ${told.findings.map(
              (one) => html`<li>
                <p><strong>${one.check}</strong> ${place(one.entry)} ${tag(_("does not hold"), "red")}</p>
                <p>${one.what}</p>
                <p class="sub">
                  ${_("The verifier's own words: must be {expected}, is {found}", { expected: one.expected, found: one.found })}
                </p>
              </li>`,
            )}
          </ul>
        </details>`}
    ${told.not_checked.length === 0
      ? nothing
      : html`<details>
          <summary>${_("Why something was not checked")}</summary>
          <ul>
            ${told.not_checked.map(
              (one) => html`<li>
                <p><strong>${one.check}</strong> ${place(one.entry)} ${one.what}</p>
                <p class="sub">${one.why}</p>
              </li>`,
            )}
          </ul>
        </details>`}`;
}

function row(name: string, counts: Counts): TemplateResult {
  return html`<tr class=${counts.found > 0 ? "is-found" : ""}>
    <th scope="row" class="mono">${name}</th>
    <td>${_(`check ${name}`)}</td>
    <td class="num nums">${counts.passed}</td>
    <td class="num nums">${counts.found}</td>
    <td class="num nums">${counts.left}</td>
  </tr>`;
}

function place(entry: number | undefined): string {
  return entry === undefined ? "" : _("entry {n}", { n: entry });
}
