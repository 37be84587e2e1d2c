/** Tender documents: brought with progress, named, and taken out again while nobody relies on them. */

import { html, nothing, type TemplateResult } from "lit";
import { Problem, Unreachable, get } from "../app/api.ts";
import { language, _ } from "../app/texts.ts";
import { hash, tag } from "../hall/pieces.ts";
import { field } from "./fields.ts";
import { Step } from "./step.ts";
import { sizeText } from "./units.ts";
import type { Project, TenderDocument } from "./view.ts";

interface Stored {
  readonly size: number;
  readonly sha256: string;
}

interface Bringing {
  readonly name: string;
  readonly percent: number;
}

/** `<kb-clerk-documents data-project>`. */
export class Documents extends Step {
  #published: ReadonlySet<string> = new Set();
  #file: File | undefined;
  #title = "";
  #bringing: Bringing | undefined;

  protected override async load(): Promise<void> {
    this.#published = await publishedDocuments(this.project);
  }

  protected shown(view: Project): TemplateResult {
    return html`${view.published
        ? html`<p class="note">
            ${_("A document put in now stays unpublished until an amendment names it.")}
          </p>`
        : html`<p class="lead">
            ${_("They are published with the notice, which names each with its hash.")}
          </p>`}
      <ul class="rows">
        ${view.documents.map((one) => this.#row(one))}
      </ul>
      ${view.documents.length === 0
        ? html`<p class="quiet">${_("No tender document is put in yet")}</p>`
        : nothing}
      ${this.#form()}`;
  }

  #row(one: TenderDocument): TemplateResult {
    const isPublished = this.#published.has(one.document);
    return html`<li class="card row">
      <div class="row-main">
        <a href="/api/projects/${this.project}/documents/${one.document}">${one.title}</a>
        ${isPublished ? tag(_("published"), "green") : tag(_("Not published"), "grey")}
        <span class="sub"
          >${one.name} · <span class="nums">${sizeText(one.size)}</span> · SHA-256
          ${hash(one.sha256)}</span
        >
      </div>
      ${isPublished
        ? nothing
        : html`<div class="row-acts">
            ${this.button(`remove-${one.document}`, _("Remove"), () => this.#remove(one), {
              isQuiet: true,
              about: one.title,
            })}
          </div>`}
    </li>`;
  }

  #form(): TemplateResult {
    return html`<form
      class="form card"
      novalidate
      @submit=${(event: Event): void => this.#submit(event)}
    >
      <h2>${_("Add a document")}</h2>
      <div class="field">
        <input
          id="file"
          class="file-input"
          type="file"
          @change=${(event: Event): void => this.#chosen(event)}
        />
        <label class="button button-quiet" for="file">${_("Choose a file")}</label>
        <p class="file-name">
          ${this.#file === undefined
            ? html`<span class="quiet">${_("None chosen yet")}</span>`
            : html`${this.#file.name} · <span class="nums">${sizeText(this.#file.size)}</span>`}
        </p>
      </div>
      ${field({
        name: "title",
        label: _("Title on the notice"),
        value: this.#title,
        changed: (title) => this.#named(title),
      })}
      ${this.#bringing === undefined
        ? nothing
        : html`<div class="field">
            <label for="progress"
              >${_("Bringing {name}", { name: this.#bringing.name })}
              <span class="nums">${this.#bringing.percent} %</span></label
            >
            <progress id="progress" max="100" .value=${this.#bringing.percent}></progress>
          </div>`}
      <button
        class="button"
        type="submit"
        ?disabled=${this.act.isBusy() || this.#file === undefined}
      >
        ${_("Add the document")}
      </button>
      ${this.act.problem("add")}
    </form>`;
  }

  #named(title: string): void {
    this.#title = title;
    this.requestUpdate();
  }

  #chosen(event: Event): void {
    this.#file = (event.target as HTMLInputElement).files?.[0];
    const name = this.#file?.name ?? "";
    const dot = name.lastIndexOf(".");
    if (this.#title === "") this.#title = dot > 0 ? name.slice(0, dot) : name;
    this.requestUpdate();
  }

  #submit(event: Event): void {
    event.preventDefault();
    const file = this.#file;
    if (file !== undefined) void this.act.run("add", () => this.#add(file));
  }

  async #add(file: File): Promise<void> {
    try {
      const stored = await bring(file, (percent) => {
        this.#bringing = { name: file.name, percent };
        this.requestUpdate();
      });
      const title = this.#title.trim() === "" ? file.name : this.#title.trim();
      const { size, sha256 } = stored;
      await this.ask(
        { type: "project.add_document", title, name: file.name, size, sha256 },
        _("{name} is put in.", { name: title }),
      );
    } finally {
      this.#bringing = undefined;
    }
    this.#file = undefined;
    this.#title = "";
    this.querySelector("form")?.reset();
  }

  async #remove(one: TenderDocument): Promise<void> {
    const body = { type: "project.remove_document", document: one.document };
    await this.ask(body, _("{name} is taken out.", { name: one.title }));
  }
}

/** Return the ids of the documents that everybody may see. */
export async function publishedDocuments(project: string): Promise<ReadonlySet<string>> {
  const told = await get<{ view: { documents?: Record<string, unknown> } }>(
    `/api/projects/${project}/channels/hall`,
  );
  return new Set(Object.keys(told.view.documents ?? {}));
}

/** Bring a file's bytes; fetch tells no progress of what is sent, so this does not use it. */
async function bring(file: File, told: (percent: number) => void): Promise<Stored> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/documents");
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("accept-language", language());
    request.upload.onprogress = (event): void =>
      told(Math.floor((100 * event.loaded) / Math.max(1, event.total)));
    request.onerror = (): void => reject(new Unreachable());
    request.onload = (): void => {
      const answer = JSON.parse(request.responseText || "{}") as Stored & {
        code?: string;
        detail?: string;
      };
      if (request.status === 201) resolve(answer);
      else reject(new Problem(request.status, answer.code ?? "", answer.detail ?? "", {}));
    };
    told(0);
    request.send(file);
  });
}
