/** Signing the minutes: they are fetched whole and compared with the record before anything is signed. */

import { bytes } from "../app/api.ts";
import { confirmTyped, Said } from "../app/ask.ts";
import { sign } from "../app/signing.ts";
import { _ } from "../app/texts.ts";
import { hex } from "../crypto/bytes.ts";
import { loads, type JsonObject } from "../crypto/canonical.ts";
import { hasFalseDraw, hasFalseDrawIn } from "./false_draw.ts";
import { atPlace, type Scene } from "./scene.ts";

/** The most bytes of facts that are looked at. */
const MOST = 64 << 20;

/** Where the minutes of a session are fetched. */
export function minutesPath(scene: Scene): string {
  return `/api/projects/${scene.project}/sections/${scene.section}/${scene.envelope}/minutes`;
}

/**
 * Ask whether to sign; fetch the minutes, compare them with their hashes on the record, and sign.
 *
 * @throws Said they are not those on the record.
 */
export async function signMinutes(scene: Scene): Promise<void> {
  const isSure = await confirmTyped({
    title: _("Sign the minutes"),
    text: _("The minutes are fetched and compared with the record, then signed with this browser's key. Read them before you sign."),
    action: _("Sign"),
  });
  if (!isSure) return;
  const told = scene.session.minutes;
  if (told === undefined) throw new Said(_("There are no minutes yet."));
  const path = minutesPath(scene);
  const files = await Promise.all([bytes(`${path}/pdf`), bytes(`${path}/json`)]);
  const [pdf, facts] = [await digest(files[0]), await digest(files[1])];
  if (pdf !== told.pdf || facts !== told.facts) {
    throw new Said(_("The minutes that were fetched are not those on the record. Do not sign; tell the clerk and the supervisor."));
  }
  if (hasFalseDraw(scene) || hasFalseDrawIn(loads(files[1], MOST) as JsonObject, scene)) {
    throw new Said(_("The result of the draw in these minutes does not follow from what was committed and revealed. Nothing was signed: object on record, and tell the supervisor."));
  }
  const { project, section, envelope } = scene;
  const message = await sign("minutes", { v: 1, project, section, envelope, facts, pdf });
  await scene.outbox.send(_("Sign the minutes"), atPlace(scene, "opening.sign_minutes", { message }));
}

async function digest(file: Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", file)));
}
