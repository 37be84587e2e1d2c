/**
 * The worker that holds an opened kit. Secrets live here and end with it; what leaves is a locked
 * file, a public key, or a message signed with the kit.
 */

import { hex, isSame, type Bytes } from "../crypto/bytes.ts";
import { keyId } from "../crypto/dsse.ts";
import { Invalid, must } from "../crypto/invalid.ts";
import { encodeKit, freshKit, lockKit, originOf, unlockKit, useKit } from "../crypto/kit.ts";
import { Party } from "./party.ts";
import type { FromWorker, Kind, Requests, ToWorker } from "./protocol.ts";

interface Scope {
  postMessage(message: FromWorker): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

const scope = globalThis as unknown as Scope;
/** What was made and is not yet opened from its saved file. */
let made: Bytes | undefined;
let held: Party | undefined;

scope.onmessage = ({ data }): void => {
  answer(data).then(
    (told) => scope.postMessage({ id: data.id, told }),
    (error: unknown) => scope.postMessage({ id: data.id, failed: failure(error) }),
  );
};

async function answer(message: ToWorker): Promise<Requests[Kind]["told"]> {
  switch (message.kind) {
    case "make":
      return make(message.asked);
    case "open":
      return open(message.asked);
    case "close":
      [made, held] = [undefined, undefined];
      return {};
    case "registration":
      return party().registration(message.asked.account);
    case "next":
      return party().next(message.asked.project, message.asked.sid, message.asked.entries);
    case "giveUp":
      return party().giveUp(message.asked.project, message.asked.sid, message.asked.entries);
    case "rehearse": {
      const { project, sid, entries, clerks, checkpoint } = message.asked;
      return party().rehearse(project, sid, entries, clerks, checkpoint);
    }
    case "partial":
      return party().partial(message.asked);
  }
}

async function make(asked: Requests["make"]["asked"]): Promise<Requests["make"]["told"]> {
  held = undefined;
  const kit = await freshKit(asked.origin);
  const file = await lockKit(kit, asked.passphrase);
  made = encodeKit(kit);
  return { file, keyid: keyId((await useKit(kit)).signer.spki) };
}

async function open(asked: Requests["open"]["asked"]): Promise<Requests["open"]["told"]> {
  const kit = await unlockKit(asked.file, asked.passphrase);
  must(made === undefined || isSame(encodeKit(kit), made), "kit.another");
  const opened = await useKit(kit);
  const origin = originOf(opened, asked.log, asked.timekeeper);
  [made, held] = [undefined, new Party(opened)];
  return { spki: hex(held.spki), keyid: keyId(held.spki), origin };
}

function party(): Party {
  must(held !== undefined, "kit.closed");
  return held;
}

function failure(error: unknown): { code: string; message: string } {
  const code = error instanceof Invalid ? error.code : "";
  return { code, message: error instanceof Error ? error.message : String(error) };
}
