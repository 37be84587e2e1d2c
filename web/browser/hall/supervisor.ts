/** The supervisor's seat in the hall: alerts, notices, the minutes; it has no way to a trading act. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";
import { clock } from "../app/format.ts";
import { _ } from "../app/texts.ts";
import { keepTyped, typed } from "../app/typed.ts";
import { alertsOf, isWitnessBehind, keyChanges } from "./alerts.ts";
import { hasFalseDraw } from "./false_draw.ts";
import { sentence } from "./line.ts";
import { signMinutes } from "./minuting.ts";
import { keyCard, tag, turnButton } from "./pieces.ts";
import { atPlace, hasSigned, hasSignedIn, isSignInOpen, type Notice, type Scene } from "./scene.ts";

/** What a notice that is being written is kept by. */
const NOTICE = "notice";

/** `<kb-supervisor-seat>` with `scene` and `cosigned`, the time of the newest cosignature, ms. */
export class SupervisorSeat extends LitElement {
  static override properties = { scene: { attribute: false }, cosigned: { attribute: false } };
  declare scene: Scene;
  declare cosigned: number | undefined;
  readonly #act = new Act(this);
  #text = typed(NOTICE);
  #wantsPause = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { session } = this.scene;
    return html`<section class="card desk" aria-labelledby="h-supervise">
      <div class="card-bar">
        <h2 id="h-supervise">${_("Supervision")}</h2>
        ${tag(_("Read-only seat"), "blue")}
      </div>
      ${this.#alerts()} ${changedKeys(this.scene)}
      ${isSignInOpen(this.scene) && !hasSignedIn(this.scene, "supervisor")
        ? turnButton(this.#act, "sign_in", _("Sign in to the session"), () =>
            this.scene.outbox.send(
              _("Sign in to the session"),
              atPlace(this.scene, "opening.sign_in", { role: "supervisor" }),
            ),
          )
        : nothing}
      ${session.stage === "minutes" && !hasSigned(this.scene) && !hasFalseDraw(this.scene)
        ? html`${keyCard(this.scene, "supervisor")}
          ${turnButton(this.#act, "sign", _("Sign the minutes"), () => signMinutes(this.scene))}`
        : nothing}
      ${this.#raising()} ${this.#raised()} ${this.#act.problem()}
    </section>`;
  }

  #alerts(): TemplateResult {
    const found = alertsOf(this.scene);
    const newest = Math.max(0, ...this.scene.lines.map((line) => line.at));
    const { now } = this.scene;
    const { cosigned } = this;
    const isKnown = now !== undefined && cosigned !== undefined && newest > 0;
    if (isKnown && isWitnessBehind(newest, cosigned, now)) {
      found.push(_("The timekeeper has not witnessed what happened at {at}.", { at: clock(newest) }));
    }
    if (found.length === 0) return html`<p class="note note-green">${_("Nothing that cannot be right.")}</p>`;
    return html`<div class="summary alerts" role="alert">
      <h3>${_("This cannot be right")}</h3>
      <ul>
        ${found.map((text) => html`<li>${text}</li>`)}
      </ul>
    </div>`;
  }

  #raising(): TemplateResult {
    return html`<details class="desk-more">
      <summary>${_("Raise a notice")}</summary>
      <form class="form desk-form" @submit=${this.#raise}>
        <div class="field">
          <label for="notice">${_("Text of the notice")}</label>
          <textarea id="notice" rows="4" maxlength="20000" .value=${this.#text} @input=${this.#typed}></textarea>
          <p class="hint">
            ${_("The clerk must acknowledge it with a reply before the opening is ordered or the session ended.")}
          </p>
        </div>
        <label class="check">
          <input type="checkbox" .checked=${this.#wantsPause} @change=${this.#ticked} />
          ${_("I ask for a pause")}
        </label>
        <button class="button" data-step="notice" ?disabled=${this.#act.isBusy() || this.#text.trim() === ""}>
          ${_("Raise the notice")}
        </button>
      </form>
    </details>`;
  }

  readonly #typed = (event: Event): void => {
    this.#text = (event.currentTarget as HTMLTextAreaElement).value;
    keepTyped(NOTICE, this.#text);
    this.requestUpdate();
  };

  readonly #ticked = (event: Event): void => {
    this.#wantsPause = (event.currentTarget as HTMLInputElement).checked;
  };

  readonly #raise = (event: SubmitEvent): void => {
    event.preventDefault();
    const { section, outbox } = this.scene;
    const body = {
      type: "project.raise_notice",
      section,
      text: this.#text.trim(),
      pause: this.#wantsPause,
    };
    void this.#act.run("notice", async () => {
      await outbox.send(_("Raise the notice"), body);
      this.#text = "";
      keepTyped(NOTICE, "");
      this.#wantsPause = false;
    });
  };

  #raised(): TemplateResult | typeof nothing {
    const all = Object.entries(this.scene.desk.notices ?? {}).filter(
      ([, one]) => one.section === this.scene.section,
    );
    if (all.length === 0) return nothing;
    return html`<h3>${_("Notices")}</h3>
      ${all.sort(([, one], [, other]) => other.at - one.at).map(([, one]) => noticed(one))}`;
  }
}

/** Who changed a signing key: nobody else's hand can be told from their own by the record alone. */
function changedKeys(scene: Scene): TemplateResult | typeof nothing {
  const changes = keyChanges(scene);
  if (changes.length === 0) return nothing;
  return html`<div class="note note-amber key-changes">
    <h3>${_("To be looked at")}</h3>
    <ul>
      ${changes.map((line) => html`<li>${clock(line.at)} ${sentence(line)}</li>`)}
    </ul>
    <p>${_("Ask whoever is named whether they made the change themselves.")}</p>
  </div>`;
}

function noticed(one: Notice): TemplateResult {
  const isOpen = one.reply === undefined;
  return html`<article class="entry">
    <p class="entry-head">
      ${clock(one.at)} ${isOpen ? tag(_("Not acknowledged"), "amber") : tag(_("Acknowledged"), "green")}
    </p>
    <p class="prose">${one.text}</p>
    ${one.reply === undefined
      ? nothing
      : html`<div class="answer">
          <p class="prose">${one.reply}</p>
          <p class="sub">${_("Answered {at}", { at: clock(one.replied_at ?? one.at) })}</p>
        </div>`}
  </article>`;
}
