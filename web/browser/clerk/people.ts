/** Who takes part: custodians, timekeeper, supervisor and further clerks, bound from the registry. */

import { html, nothing, type TemplateResult } from "lit";
import { command, get } from "../app/api.ts";
import { askText } from "../app/ask.ts";
import { account } from "../app/signing.ts";
import { _ } from "../app/texts.ts";
import { tag } from "../hall/pieces.ts";
import { Kept, Step } from "./step.ts";
import { bound, drafted, type Account, type Participant, type Project } from "./view.ts";

type Office = "custodian" | "timekeeper" | "supervisor" | "clerk";
interface Wanted {
  readonly account: string;
  readonly role: Office;
}

/** Roles one account cannot hold together with this one; the rules judge, this only says it before. */
const EXCLUDES: Readonly<Record<Office, readonly string[]>> = {
  clerk: ["supervisor", "timekeeper"],
  custodian: ["timekeeper"],
  timekeeper: ["clerk", "custodian", "supervisor"],
  supervisor: ["clerk", "timekeeper"],
};
const MANY = 8;

/** `<kb-clerk-people data-project>`. */
export class People extends Step {
  #accounts: readonly Account[] = [];
  #wanted: readonly Wanted[] = [];
  #search = "";

  protected override async load(): Promise<void> {
    const found: Account[] = [];
    for (let after: string | undefined = ""; after !== undefined; ) {
      const page: { items: Account[]; next?: string } = await get(
        `/api/registry/accounts?after=${after}`,
      );
      found.push(...page.items);
      after = page.next;
    }
    this.#accounts = found;
    const wanted = (await this.#kept().read()) ?? [];
    this.#wanted = wanted.filter((one) => !this.#isBound(one.account, one.role));
  }

  #kept(): Kept<readonly Wanted[]> {
    return new Kept<readonly Wanted[]>(`${this.project}/people`);
  }

  #isBound(name: string, role: Office): boolean {
    return this.known().participants.some((one) => one.account === name && one.role === role);
  }

  protected shown(view: Project): TemplateResult {
    return html`${view.published
      ? html`<p class="note">
          ${_(
            "Custodians and timekeeper are fixed by the notice. New clerks and supervisors come only from organisations that hold a role here already.",
          )}
        </p>`
      : html`<p class="lead">
          ${_(
            "Bound people stand in the notice or act for it. An organisation that holds a role here cannot bid here.",
          )}
        </p>`}
    ${this.#copied()} ${this.#filter()}
    ${this.#group(
      view,
      "custodian",
      _("Custodians"),
      _("Each holds a part of the key; together they open."),
    )}
    ${this.#group(view, "timekeeper", _("Timekeeper"), _("Sees the log grow, and releases last."))}
    ${this.#group(
      view,
      "supervisor",
      _("Supervisor"),
      _("Watches, and can raise a notice that you must answer."),
    )}
    ${this.#group(
      view,
      "clerk",
      _("Clerks"),
      _("A deputy can do all you can; to hand over, bind a deputy who then releases you."),
    )}`;
  }

  #copied(): TemplateResult | typeof nothing {
    if (this.#wanted.length === 0 || this.known().published) return nothing;
    const names = this.#wanted.map((one) => this.#nameOf(one.account)).join(_(", "));
    return html`<div class="note">
      <p>${_("In the project you copied from these people took part: {names}", { names })}</p>
      <div class="acts">
        ${this.button("copied", _("Bind them here too"), () => this.#bindAll())}
        ${this.button("drop", _("No, choose anew"), () => this.#drop(), { isQuiet: true })}
      </div>
    </div>`;
  }

  #filter(): TemplateResult | typeof nothing {
    if (this.#accounts.length <= MANY) return nothing;
    return html`<div class="field narrow">
      <label for="search">${_("Look for a name or an organisation")}</label>
      <input
        id="search"
        type="search"
        autocomplete="off"
        .value=${this.#search}
        @input=${(event: Event): void => {
          this.#search = (event.target as HTMLInputElement).value.trim();
          this.requestUpdate();
        }}
      />
    </div>`;
  }

  #group(view: Project, role: Office, heading: string, hint: string): TemplateResult {
    const own = bound(view, role);
    const isFixed = view.published && (role === "custodian" || role === "timekeeper");
    const free = isFixed ? [] : this.#candidates(role);
    return html`<section class="card" aria-labelledby="group-${role}">
      <div class="card-head">
        <h2 id="group-${role}">${heading} ${this.#count(view, role, own.length)}</h2>
      </div>
      <p class="hint">${hint}</p>
      <ul class="rows">
        ${own.map((one) => this.#boundRow(one, role, isFixed))}
        ${free.map((one) => this.#freeRow(one, role))}
      </ul>
      ${own.length + free.length === 0
        ? html`<p class="quiet">${_("Nobody has this role; an administrator gives it.")}</p>`
        : nothing}
    </section>`;
  }

  #count(view: Project, role: Office, count: number): TemplateResult {
    const wanted = role === "custodian" ? Math.max(0, ...drafted(view).map((one) => one.n)) : 1;
    return tag(_("{count} of {wanted}", { count, wanted }), count >= wanted ? "green" : "amber");
  }

  #candidates(role: Office): readonly Account[] {
    return this.#accounts.filter((one) => {
      const isFound = `${one.name} ${one.organisation_name} ${one.account}`.includes(this.#search);
      return one.roles.includes(role) && isFound && !this.#isBound(one.account, role);
    });
  }

  #boundRow(one: Participant, role: Office, isFixed: boolean): TemplateResult {
    const isSelf = role === "clerk" && one.account === account();
    const about = _("{name} as {role}", { name: one.name, role: _(`role ${role}`) });
    return html`<li class="row">
      <div class="row-main">
        <strong>${one.name}</strong> ${tag(_("bound"), "green")}
        ${isSelf ? tag(_("you"), "blue") : nothing}
        <span class="sub">${one.organisation_name} · <span class="mono">${one.account}</span></span>
      </div>
      ${isFixed
        ? nothing
        : html`<div class="row-acts">
            ${this.button(
              `release-${role}-${one.account}`,
              _("Release"),
              () => this.#release(one, role),
              { isQuiet: true, about },
            )}
          </div>`}
    </li>`;
  }

  #freeRow(one: Account, role: Office): TemplateResult {
    const held = this.known()
      .participants.filter((other) => other.account === one.account)
      .map((other) => other.role);
    const conflict = held.find((other) => EXCLUDES[role].includes(other));
    const about = _("{name} as {role}", { name: one.name, role: _(`role ${role}`) });
    return html`<li class="row">
      <div class="row-main">
        ${one.name} ${one.signs ? nothing : tag(_("no signing key yet"), "amber")}
        <span class="sub">${one.organisation_name} · <span class="mono">${one.account}</span></span>
        ${one.signs
          ? nothing
          : html`<p class="hint">
              ${_(
                "Signs in once and makes a key in the browser, or registers one with the command line.",
              )}
            </p>`}
        ${conflict === undefined
          ? nothing
          : html`<p class="hint">
              ${_("Is {role} here, which does not go together.", { role: _(`role ${conflict}`) })}
            </p>`}
      </div>
      <div class="row-acts">
        ${this.button(`bind-${role}-${one.account}`, _("Bind"), () => this.#bind(one, role), {
          isQuiet: true,
          about,
          isBlocked: !one.signs || conflict !== undefined,
        })}
      </div>
    </li>`;
  }

  async #bind(one: Account, role: Office): Promise<void> {
    const body = { type: "project.bind_participant", account: one.account, role };
    await this.ask(body, _("{name} is bound.", { name: one.name }));
  }

  async #bindAll(): Promise<void> {
    try {
      for (const { account: name, role } of this.#wanted) {
        await command(this.project, { type: "project.bind_participant", account: name, role });
      }
    } finally {
      // those bound before one was refused stay bound, and are shown so
      await this.refresh();
    }
    await this.#drop();
  }

  async #drop(): Promise<void> {
    await this.#kept().drop();
    await this.refresh();
  }

  async #release(one: Participant, role: Office): Promise<void> {
    const isSelf = role === "clerk" && one.account === account();
    const reason = await askText({
      title: isSelf
        ? _("Hand over and leave this project")
        : _("Release {name}", { name: one.name }),
      label: _("Reason, on the record"),
      action: _("Release"),
    });
    if (reason === undefined) return;
    const body = { type: "project.release_participant", account: one.account, role, reason };
    if (!isSelf) {
      await this.ask(body, _("{name} is released.", { name: one.name }));
      return;
    }
    await command(this.project, body);
    location.assign("/clerk");
  }

  #nameOf(name: string): string {
    return this.#accounts.find((one) => one.account === name)?.name ?? name;
  }
}
