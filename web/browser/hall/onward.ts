/** Where the hall leads: to what others are waiting for elsewhere, and on from a finished session. */

import { html, nothing, type TemplateResult } from "lit";
import type { Act } from "../app/act.ts";
import { _ } from "../app/texts.ts";
import { minutesPath } from "./minuting.ts";
import { turnButton } from "./pieces.ts";
import { atPlace, hasSignedIn, isSignInOpen, placeName, type Scene } from "./scene.ts";

/** What a custodian does elsewhere at this moment; signing in to the session it does here. */
export function taskHint(scene: Scene, act: Act): TemplateResult {
  const key = scene.view.keys?.[placeName(scene)];
  const roster = key === undefined ? [] : (scene.view.attempts?.[key.sid]?.roster ?? []);
  const i = roster.findIndex((one) => one.name === scene.seat.name) + 1;
  const isTurn =
    scene.session.stage === "decrypting" &&
    scene.session.released === undefined &&
    i > 0 &&
    scene.session.partials?.[String(i)] === undefined;
  return html`<section class="card desk ${isTurn ? "is-turn" : ""}" aria-labelledby="h-task">
    <h2 id="h-task">${isTurn ? _("Your turn") : _("You hold a share of the key")}</h2>
    <p class="desk-say">
      ${isTurn
        ? _("The opening is ordered. Check the list and release your share.")
        : _("What you are to do stands on your own page.")}
    </p>
    ${isSignInOpen(scene) && !hasSignedIn(scene, "custodian") ? signIn(scene, act) : nothing}
    <p><a class="button ${isTurn ? "" : "button-quiet"}" href="/custodian">${_("Go to my tasks")}</a></p>
  </section>`;
}

function signIn(scene: Scene, act: Act): TemplateResult {
  const what = _("Sign in to the session");
  const body = atPlace(scene, "opening.sign_in", { role: "custodian" });
  return html`<div class="desk-entry">${turnButton(act, "sign_in", what, () => scene.outbox.send(what, body))}</div>
    ${act.problem("sign_in")}`;
}

/** A finished session leads on. */
export function onward(scene: Scene): TemplateResult | typeof nothing {
  if (scene.session.stage !== "ended") return nothing;
  const { project, section, envelope, terms, seat } = scene;
  const second = envelope === 1 && terms.envelopes === 2;
  const table = `/api/projects/${project}/sections/${section}/${envelope}/table`;
  return html`<section class="card onward" aria-labelledby="h-onward">
    <h2 id="h-onward">${_("The session is over")}</h2>
    <ul class="onward-links">
      <li><a href="${minutesPath(scene)}/pdf">${_("Minutes of the opening (PDF)")}</a></li>
      <li><a href="${table}.xlsx">${_("Opening table (XLSX)")}</a></li>
      <li><a href="/projects/${project}">${_("To the project")}</a></li>
      <li><a href="/public/${project}">${_("What the public sees")}</a></li>
      ${second ? html`<li><a href="/projects/${project}/hall/${section}-2">${_("To the hall of the second envelope")}</a></li>` : nothing}
      ${seat.has("clerk") ? html`<li><a href="/clerk/${project}">${_("To the clerk's desk")}</a></li>` : nothing}
      ${seat.has("supervisor") ? html`<li><a href="/supervisor">${_("To the projects I supervise")}</a></li>` : nothing}
      ${seat.has("bidder") ? html`<li><a href="/bidder">${_("To my tasks")}</a></li>` : nothing}
    </ul>
  </section>`;
}
