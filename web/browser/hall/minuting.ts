/** Signing the minutes: they are fetched whole and compared with the record before anything is signed. */

import { bytes } from "../app/api.ts";
import { sign } from "../app/signing.ts";
import { _ } from "../app/texts.ts";
import { hex } from "../crypto/bytes.ts";
import { declined } from "./declined.ts";
import { atPlace, type Scene } from "./scene.ts";

/** Where the minutes of a session are fetched. */
export function minutesPath(scene: Scene): string {
  return `/api/projects/${scene.project}/sections/${scene.section}/${scene.envelope}/minutes`;
}

/**
 * Fetch the minutes, compare them with their hashes on the record, and sign.
 *
 * @throws Problem they are not those on the record.
 */
export async function signMinutes(scene: Scene): Promise<void> {
  const told = scene.session.minutes;
  if (told === undefined) throw declined(_("There are no minutes yet."));
  const path = minutesPath(scene);
  const [pdf, facts] = await Promise.all([digest(`${path}/pdf`), digest(`${path}/json`)]);
  if (pdf !== told.pdf || facts !== told.facts) {
    throw declined(_("The minutes that were fetched are not those on the record. Do not sign; tell the clerk and the supervisor."));
  }
  const { project, section, envelope } = scene;
  const message = await sign("minutes", { v: 1, project, section, envelope, facts, pdf });
  await scene.outbox.send(_("Sign the minutes"), atPlace(scene, "opening.sign_minutes", { message }));
}

async function digest(path: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", await bytes(path))));
}
