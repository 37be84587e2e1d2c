/**
 * Does a custodian's part in Node with the very code that pages run; it sends nothing.
 *
 *   node custodian.mjs < request.json
 *
 * The request, one JSON object; `do` says which:
 *   make      {kit, passphrase, origin: {log, timekeeper, checkpoint}}: make a kit and write its file
 *   show      {kit, passphrase}: open a kit
 *   next      {kit, passphrase, project, sid, entries: [{type, body}]}: the next step of an attempt
 *   give_up   as next: the command that says this custodian cannot go on
 *   rehearse  as next, with {clerks: {keyid: key}, checkpoint}: prove that the share is at hand
 *   partial   {kit, passphrase, project, key_id, opening_id, bids: [{bid, enc}], certificate, clerk}
 *
 * Printed: one JSON line. `make` and `show` tell the public key, the others the command or, where
 * nothing is due, why. Exit status: 0, or 1 with one line on the standard error.
 */

import { readFile, writeFile } from "node:fs/promises";
import { hex } from "../crypto/bytes.ts";
import type { JsonObject, JsonValue } from "../crypto/canonical.ts";
import { Fields } from "../crypto/fields.ts";
import { freshKit, lockKit, unlockKit, useKit, type OpenKit } from "../crypto/kit.ts";
import type { Proved } from "../custodian/attempt.ts";
import { Party } from "../custodian/party.ts";

async function main(): Promise<void> {
  const fields = new Fields(JSON.parse(await standardInput()) as JsonObject, "request");
  const told = await answer(fields, fields.text("do"));
  fields.done();
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

async function answer(fields: Fields, what: string): Promise<unknown> {
  if (what === "make") return make(fields);
  const kit = await open(fields);
  if (what === "show") return { spki: hex(kit.signer.spki), origins: kit.origins };
  const party = new Party(kit);
  const project = fields.text("project");
  if (what === "partial") return party.partial({ project, ...ordered(fields) });
  const [sid, entries] = [fields.text("sid"), fields.list("entries") as unknown as Proved[]];
  if (what === "next") return party.next(project, sid, entries);
  if (what === "give_up") return party.giveUp(project, sid, entries);
  if (what !== "rehearse") throw new Error(`unknown: ${what}`);
  const clerks = fields.take("clerks") as Readonly<Record<string, string>>;
  return party.rehearse(project, sid, entries, clerks, fields.text("checkpoint"));
}

async function make(fields: Fields): Promise<unknown> {
  const read = new Fields(fields.take("origin"), "origin");
  const origin = {
    log: read.text("log"),
    timekeeper: read.text("timekeeper"),
    checkpoint: read.text("checkpoint"),
  };
  read.done();
  const kit = await freshKit(origin);
  const locked = await lockKit(kit, fields.text("passphrase"));
  await writeFile(fields.text("kit"), locked, { mode: 0o600 });
  return { spki: hex((await useKit(kit)).signer.spki) };
}

async function open(fields: Fields): Promise<OpenKit> {
  const file = new Uint8Array(await readFile(fields.text("kit")));
  return useKit(await unlockKit(file, fields.text("passphrase")));
}

function ordered(fields: Fields): {
  keyId: string;
  openingId: string;
  bids: { bid: string; enc: string }[];
  certificate: readonly JsonValue[];
  clerk: string;
} {
  return {
    keyId: fields.text("key_id"),
    openingId: fields.text("opening_id"),
    bids: fields.list("bids") as unknown as { bid: string; enc: string }[],
    certificate: fields.list("certificate"),
    clerk: fields.text("clerk"),
  };
}

async function standardInput(): Promise<string> {
  let text = "";
  process.stdin.setEncoding("utf8");
  for await (const part of process.stdin) text += String(part);
  return text;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
