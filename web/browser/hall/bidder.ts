/** The bidder's turn in the hall: one thing at a time, with what it needs; the service decides. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";
import { confirmTyped } from "../app/ask.ts";
import { amount } from "../app/format.ts";
import { store } from "../app/store.ts";
import { _ } from "../app/texts.ts";
import { keepTyped, typed } from "../app/typed.ts";
import { type Difference, differences, type SealedForm } from "./compare.ts";
import { sayFalseDraw } from "./false_draw.ts";
import { signMinutes } from "./minuting.ts";
import { keyCard, turnButton } from "./pieces.ts";
import { atPlace, ownBid, placeName, type Scene } from "./scene.ts";
import { readSecret } from "./secret_file.ts";
import { type Turn, turnOf } from "./turn.ts";
import type { BidLine } from "./view.ts";

/** What an objection that is being written is kept by. */
const OBJECTION = "objection";

/** `<kb-bidder-turn>` with `scene`; light DOM. */
export class BidderTurn extends LitElement {
  static override properties = { scene: { attribute: false } };
  declare scene: Scene;
  readonly #act = new Act(this);
  #bid = "";
  #secret: string | undefined;
  #form: SealedForm | undefined;
  #text = typed(OBJECTION);

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(): void {
    const bid = ownBid(this.scene)?.[0] ?? "";
    if (bid === this.#bid) return;
    this.#bid = bid;
    void this.#look(bid);
  }

  /** See what the bidder page kept of this bid in this browser. */
  async #look(bid: string): Promise<void> {
    const kept = store("bids");
    this.#secret = (await kept.get<{ secret: string }>(`secret/${bid}`))?.secret;
    this.#form = await kept.get<SealedForm>(`form/${bid}`);
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const turn = turnOf(this.scene);
    const isMine = ["sign_in", "secret", "confirm", "object", "sign"].includes(turn);
    return html`<section class="card desk ${isMine ? "is-turn" : ""}" aria-labelledby="h-turn">
      <div class="card-bar">
        <h2 id="h-turn">${isMine ? _("Your turn") : _("Nothing to do now")}</h2>
      </div>
      <div aria-live="polite">${this.#said(turn)}</div>
      ${this.#act.problem()}
    </section>`;
  }

  #said(turn: Turn): TemplateResult {
    switch (turn) {
      case "sign_in":
        return html`<p class="desk-say">${_("Sign in to the session of your bid.")}</p>
          ${turnButton(this.#act, "sign_in", _("Sign in to the session"), () =>
            this.#send(_("Sign in to the session"), atPlace(this.scene, "opening.sign_in", { role: "bidder" })),
          )}`;
      case "secret":
        return this.#secretCard();
      case "confirm":
        return this.#confirmCard();
      case "object":
        return this.#objectCard();
      case "false_draw":
        return html`<p class="problem-line" role="alert">${sayFalseDraw("bidder")}</p>`;
      case "sign":
        return html`<p class="desk-say">${_("Read the minutes, then sign them.")}</p>
          ${keyCard(this.scene, "bidder")}
          ${turnButton(this.#act, "sign", _("Sign the minutes"), () => signMinutes(this.scene))}`;
      case "spoiled":
        return html`<p class="desk-say">${_("Your bid was not opened; its row tells the cause. You may object later.")}</p>`;
      case "no_bid":
        return html`<p class="desk-say">${_("No bid of yours is in this session. You look on.")}</p>`;
      case "not_yet":
        return html`<p class="desk-say">${_("Sign-in opens shortly before the deadline; this page tells you.")}</p>`;
      case "over":
        return html`<p class="desk-say">${_("The session is over. The minutes are published.")}</p>`;
      case "wait":
        return html`<p class="desk-say">${_("The page tells you as soon as it is your turn.")}</p>`;
    }
  }

  async #send(what: string, body: object): Promise<void> {
    await this.scene.outbox.send(what, body);
  }

  #secretCard(): TemplateResult {
    const say = html`<p class="desk-say">
      ${_("Release the secret of your bid. Without it your bid stays sealed and is deemed revoked.")}
    </p>`;
    if (this.#secret !== undefined) {
      return html`${say}
        <p class="hint">${_("The secret is kept in this browser.")}</p>
        ${turnButton(this.#act, "secret", _("Release my secret"), () => this.#release(this.#secret ?? ""))}`;
    }
    return html`${say}
      <div class="field drop" @dragover=${this.#over} @drop=${this.#dropped}>
        <label for="secret-file">${_("This browser does not have it. Choose or drop the backup, bidder-secret.json")}</label>
        <input id="secret-file" type="file" accept=".json,application/json" @change=${this.#chosen} />
      </div>`;
  }

  readonly #over = (event: DragEvent): void => event.preventDefault();

  readonly #dropped = (event: DragEvent): void => {
    event.preventDefault();
    this.#take(event.dataTransfer?.files[0]);
  };

  readonly #chosen = (event: Event): void => {
    this.#take((event.currentTarget as HTMLInputElement).files?.[0]);
  };

  #take(file: File | undefined): void {
    if (file === undefined) return;
    void this.#act.run("secret", async () => this.#release(await readSecret(file, this.#bid)));
  }

  async #release(secret: string): Promise<void> {
    const isSure = await confirmTyped({
      title: _("Release my secret"),
      text: _("After this the custodians and the timekeeper can open your bid together. This cannot be taken back."),
      action: _("Release my secret"),
    });
    if (!isSure) return;
    await this.#send(_("Release my secret"), { type: "opening.release_secret", bid: this.#bid, secret });
  }

  #confirmCard(): TemplateResult {
    const row = ownBid(this.scene)?.[1];
    const line = row?.line ?? this.scene.own.sessions?.[placeName(this.scene)]?.bids?.[this.#bid]?.line;
    const found = line === undefined || this.#form === undefined ? undefined : differences(this.#form, line);
    return html`<p class="desk-say">${_("Is your line as you sealed it?")}</p>
      ${line === undefined ? nothing : ownLine(line)} ${compared(found)}
      ${turnButton(this.#act, "confirm", _("Confirm my line"), () => this.#confirm(found))}
      <p class="hint">${_("If something is wrong do not confirm: object as soon as the window for objections opens.")}</p>`;
  }

  async #confirm(found: readonly Difference[] | undefined): Promise<void> {
    if (found !== undefined && found.length > 0) {
      const isSure = await confirmTyped({
        title: _("Confirm although it differs?"),
        text: _("What was read out differs from what this browser sealed."),
        word: _("word confirm"),
        action: _("Confirm my line"),
        isGrave: true,
      });
      if (!isSure) return;
    }
    await this.#send(_("Confirm my line"), { type: "opening.confirm_line", bid: this.#bid });
  }

  #objectCard(): TemplateResult {
    return html`<p class="desk-say">${_("You may object now. The clerk answers on the spot, and both stand in the minutes.")}</p>
      <form class="form desk-form" @submit=${this.#object}>
        <div class="field">
          <label for="objection">${_("Your objection")}</label>
          <textarea id="objection" rows="4" maxlength="20000" .value=${this.#text} @input=${this.#typed}></textarea>
        </div>
        <button class="button" data-step="object" ?disabled=${this.#act.isBusy() || this.#text.trim() === ""}>
          ${_("Object")}
        </button>
      </form>
      <p class="hint">${_("If you have nothing to object to you need do nothing.")}</p>`;
  }

  readonly #typed = (event: Event): void => {
    this.#text = (event.currentTarget as HTMLTextAreaElement).value;
    keepTyped(OBJECTION, this.#text);
    this.requestUpdate();
  };

  readonly #object = (event: SubmitEvent): void => {
    event.preventDefault();
    const body = atPlace(this.scene, "opening.raise_objection", { text: this.#text.trim() });
    void this.#act.run("object", async () => {
      await this.#send(_("Object"), body);
      this.#text = "";
      keepTyped(OBJECTION, "");
    });
  };
}

function ownLine(line: BidLine): TemplateResult {
  const { price } = line;
  const told = price?.amount === undefined ? price?.rate : `${amount(price.amount)} ${price.currency ?? ""}`;
  return html`<dl class="own-line">
    <div><dt>${_("Price")}</dt><dd class="price">${told ?? "—"}</dd></div>
    ${line.words === undefined ? nothing : html`<div><dt>${_("Price in words")}</dt><dd class="words">${line.words}</dd></div>`}
    ${line.duration_days === undefined
      ? nothing
      : html`<div><dt>${_("field duration_days")}</dt><dd>${line.duration_days}</dd></div>`}
    ${line.quality === undefined ? nothing : html`<div><dt>${_("field quality")}</dt><dd>${line.quality}</dd></div>`}
    ${line.leader === undefined ? nothing : html`<div><dt>${_("field leader")}</dt><dd>${line.leader}</dd></div>`}
  </dl>`;
}

function compared(found: readonly Difference[] | undefined): TemplateResult {
  if (found === undefined) {
    return html`<p class="hint">${_("What you sealed is not kept in this browser: compare with your own papers.")}</p>`;
  }
  if (found.length === 0) {
    return html`<p class="note note-green">${_("It is what was sealed in this browser, field by field.")}</p>`;
  }
  return html`<div class="summary" role="alert">
    <h3>${_("It differs from what was sealed in this browser")}</h3>
    <ul>
      ${found.map(
        (one) => html`<li>
          ${_("{field}: {problem}", {
            field: _(`field ${one.field}`),
            problem: _("sealed {sealed}, read out {told}", { sealed: one.sealed, told: one.told }),
          })}
        </li>`,
      )}
    </ul>
  </div>`;
}
