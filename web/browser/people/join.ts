/**
 * Accepts an invitation: the token comes from behind the #, leaves the address at once, and is
 * posted with the password its holder chooses.
 */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";
import { post } from "../app/api.ts";
import { Said } from "../app/ask.ts";
import { account } from "../app/signing.ts";
import { _ } from "../app/texts.ts";

interface Invited {
  readonly account: string;
  readonly name: string;
  readonly organisation_name: string;
  readonly until: number;
}

/** Take the token out of the address; empty where there is none. */
export function takeToken(): string {
  const token = location.hash.slice(1);
  if (token !== "") history.replaceState(null, "", location.pathname);
  return token;
}

/** `<kb-join>`: shows nothing where no invitation was opened. */
export class Join extends LitElement {
  readonly #act = new Act(this);
  #token = "";
  #invited: Invited | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", this.#opened);
    this.#opened();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("hashchange", this.#opened);
  }

  readonly #opened = (): void => {
    const token = takeToken();
    if (token === "") return;
    this.#token = token;
    for (const other of document.querySelectorAll<HTMLElement>("[data-without-token]")) {
      other.hidden = true;
    }
    void this.#act.run("look", () => this.#look());
  };

  async #look(): Promise<void> {
    const path = "/api/registry/invitations/look";
    this.#invited = await post<Invited>(path, { token: this.#token });
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.#token === "") return nothing;
    if (this.#invited === undefined) {
      return html`<p class="quiet">${this.#act.isBusy() ? _("Looking at the invitation …") : ""}</p>
        ${this.#act.problem()}`;
    }
    return this.#form(this.#invited);
  }

  #form(invited: Invited): TemplateResult {
    const other = account();
    return html`<dl class="facts">
        <div><dt>${_("Name")}</dt><dd>${invited.name}</dd></div>
        <div><dt>${_("Account")}</dt><dd class="mono">${invited.account}</dd></div>
        <div><dt>${_("Organisation")}</dt><dd>${invited.organisation_name}</dd></div>
      </dl>
      ${other !== "" && other !== invited.account
        ? html`<p class="note note-amber">
            ${_("This browser is signed in as {account}. Accepting signs that account out here.", { account: other })}
          </p>`
        : nothing}
      <form class="form card" @submit=${this.#accept}>
        <input type="hidden" name="username" autocomplete="username" .value=${invited.account} />
        ${this.#password("join-password", "password", _("Choose a password"), _("At least 10 characters; a sentence is good."))}
        ${this.#password("join-again", "again", _("The same again"), "")}
        <button class="button" type="submit" ?disabled=${this.#act.isBusy()}>${_("Accept the invitation")}</button>
        ${this.#act.problem()}
      </form>`;
  }

  #password(id: string, name: string, label: string, hint: string): TemplateResult {
    return html`<div class="field">
      <label for=${id}>${label}</label>
      ${hint === "" ? nothing : html`<p class="hint" id="${id}-hint">${hint}</p>`}
      <input
        id=${id}
        name=${name}
        type="password"
        autocomplete="new-password"
        required
        minlength="10"
        maxlength="1000"
        aria-describedby=${hint === "" ? nothing : `${id}-hint`}
      />
    </div>`;
  }

  readonly #accept = (event: SubmitEvent): void => {
    event.preventDefault();
    const said = new FormData(event.currentTarget as HTMLFormElement);
    void this.#act.run("accept", async () => {
      const password = String(said.get("password"));
      if (password !== String(said.get("again"))) throw new Said(_("The two passwords differ."));
      await post("/api/registry/invitations", { token: this.#token, password });
      location.assign("/join");
    });
  };
}
