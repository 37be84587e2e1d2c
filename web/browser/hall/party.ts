/** A party's part in the draw that goes on: commit at a click, reveal once all have committed. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Act } from "../app/act.ts";
import { hex } from "../crypto/bytes.ts";
import { _ } from "../app/texts.ts";
import { commitment, dueOf, secretOf } from "./drawing.ts";
import { turnButton } from "./pieces.ts";
import { runningDraw, type Scene } from "./scene.ts";

/** `<kb-draw-party>` with `scene`; light DOM; shows nothing to whoever is no party. */
export class DrawParty extends LitElement {
  static override properties = { scene: { attribute: false } };
  declare scene: Scene;
  readonly #act = new Act(this);
  /** Draws whose revelation was tried from this page by itself. */
  readonly #tried = new Set<string>();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Once a person has committed here the page reveals by itself: nothing is left to choose. */
  protected override updated(): void {
    const found = runningDraw(this.scene.session);
    if (found === undefined || dueOf(found[1], this.scene.seat.account) !== "reveal") return;
    if (this.#tried.has(found[0])) return;
    this.#tried.add(found[0]);
    void this.#act.run("draw", () => this.#reveal(found[0]));
  }

  protected override render(): TemplateResult | typeof nothing {
    const found = runningDraw(this.scene.session);
    if (found === undefined || !found[1].parties.includes(this.scene.seat.account)) return nothing;
    const [draw, told] = found;
    const due = dueOf(told, this.scene.seat.account);
    const isTurn = due !== undefined;
    return html`<section class="card desk ${isTurn ? "is-turn" : ""}" aria-labelledby="h-party">
      <div class="card-bar"><h2 id="h-party">${_("You take part in the draw")}</h2></div>
      <p class="desk-say" aria-live="polite">${said(due, told.root !== undefined)}</p>
      ${due === "commit" ? turnButton(this.#act, "draw", _("Commit to my secret"), () => this.#commit(draw)) : nothing}
      ${due === "reveal" ? turnButton(this.#act, "draw", _("Reveal my secret"), () => this.#reveal(draw)) : nothing}
      ${this.#act.problem()}
    </section>`;
  }

  async #commit(draw: string): Promise<void> {
    const { account } = this.scene.seat;
    const commit = commitment(draw, account, await secretOf(draw, account));
    const body = { type: "opening.commit_draw", draw, commit };
    await this.scene.outbox.send(_("Commit to my secret"), body);
  }

  async #reveal(draw: string): Promise<void> {
    const secret = hex(await secretOf(draw, this.scene.seat.account));
    const body = { type: "opening.reveal_draw", draw, secret };
    await this.scene.outbox.send(_("Reveal my secret"), body);
  }
}

function said(due: "commit" | "reveal" | undefined, isSealed: boolean): string {
  if (due === "commit") return _("This browser makes a secret for you and commits to it. Nobody can change theirs afterwards.");
  if (due === "reveal") return _("All have committed. Your secret is revealed.");
  return isSealed ? _("You have revealed. The timekeeper reveals last.") : _("You have committed. The others are to commit as well.");
}
