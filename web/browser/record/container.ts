/**
 * Reading an exported record strictly: its container, its checkpoints, each entry's proof.
 *
 * It must not judge what events say; `fold.ts` folds them. Hidden entries keep their number and
 * their leaf. The record is read line by line and is never in memory as a whole.
 */

import { hex, unhex, utf8, type Bytes } from "../crypto/bytes.ts";
import { loads, type JsonObject, type JsonValue } from "../crypto/canonical.ts";
import { Fields } from "../crypto/fields.ts";
import { H, u64 } from "../crypto/hashing.ts";
import { Invalid } from "../crypto/invalid.ts";
import { checkInclusion, leafHash } from "../crypto/merkle.ts";
import { readCheckpoints, type Head, type Heads, type Keys } from "./checkpoints.ts";
import { checkEvent } from "./events.ts";
import { NotTrusted, trusted, type Fault } from "./not_trusted.ts";
import { bytesOf, filesOf, linesOf } from "./ustar.ts";

/** The longest line of an entry: a message of 16 MiB and what base64 and the proof add to it. */
const LONGEST = 25 << 20;
const ABOUT = 1 << 20;
const HIDDEN = "index,leaf,proof,seq";
const OPEN = "entry,index,place_salt,proof,salt,seq";
const TRACED = "entry,index,place_salt,proof,salt,seq,trace,trace_salt";
const ENTRY = "actor,at,body,command,place,project,trace,type,v";

/** What the record adds to an event. */
export interface Stamp {
  readonly seq: number;
  /** By the service's clock, ms. */
  readonly at: number;
  readonly account: string;
  /** The timekeeper's time of the first checkpoint that holds the entry, seconds. */
  readonly cosignedAt: number;
}

/** One open entry. */
export interface Told {
  readonly type: string;
  readonly body: JsonObject;
  readonly stamp: Stamp;
}

/** What a whole record comes to, besides what its entries say. */
export interface Container {
  readonly project: string;
  /** The keys it says it was signed with; equal to the pinned ones. */
  readonly service: string;
  readonly entries: number;
  readonly hidden: number;
  readonly heads: Heads;
  readonly newest: Head;
}

/** Who listens while a record is read. */
export interface Listener {
  /** Every open entry, in order. */
  entry(told: Told): void;
  /** How many of all entries are read. */
  progress?(read: number, all: number): void;
}

/**
 * Read a record from its file and check everything that can be checked without knowing events.
 *
 * @throws NotTrusted something in it does not hold.
 */
export async function readRecord(
  source: Blob,
  keys: Keys,
  project: string,
  listener: Listener,
): Promise<Container> {
  try {
    const files = await filesOf(source);
    const about = readAbout(await bytesOf(files.about, 0, Math.min(files.about.size, ABOUT + 1)));
    trusted(about.project === project, "record.other_project", about.project);
    const isOurs = about.log === keys.log && about.witness === keys.timekeeper;
    trusted(isOurs, "record.other_keys", about.log);
    const heads = await readCheckpoints(files.checkpoints, keys);
    const reading = new Reading(project, heads.heads, listener, about.entries);
    for await (const line of linesOf(files.entries, LONGEST)) reading.line(line);
    const isCounted = about.entries === reading.read && about.checkpoints === heads.heads.length;
    trusted(isCounted, "record.counts");
    const newest = heads.heads.at(-1);
    trusted(newest !== undefined, "record.unwitnessed");
    const { read: entries, hidden } = reading;
    return { project, service: about.service, entries, hidden, heads, newest };
  } catch (error) {
    throw error instanceof Invalid ? new NotTrusted("record.malformed", "", error.code) : error;
  }
}

interface About {
  readonly project: string;
  readonly log: string;
  readonly witness: string;
  readonly service: string;
  readonly entries: number;
  readonly checkpoints: number;
}

function readAbout(data: Bytes): About {
  const fields = new Fields(loads(data, ABOUT), "record").version();
  const service = new Fields(fields.take("service"), "service");
  const about = {
    project: fields.text("project"),
    log: fields.text("log"),
    witness: fields.text("witness"),
    service: service.text("key"),
    entries: fields.integer("entries"),
    checkpoints: fields.integer("checkpoints"),
  };
  service.text("keyid");
  service.done();
  fields.integer("documents");
  fields.integer("sealed");
  fields.done();
  return about;
}

/** A record while its entries are read in order. */
class Reading {
  read = 0;
  hidden = 0;
  private before: Bytes = new Uint8Array(32);
  private index = -1;
  private which = 0;
  private at = 0;

  constructor(
    private readonly project: string,
    private readonly heads: readonly Head[],
    private readonly listener: Listener,
    private readonly all: number,
  ) {}

  /** Read one line: its number, its chain, its proof; and tell what it says. */
  line(data: Bytes): void {
    this.read += 1;
    const seq = this.read;
    const line = loads(data, LONGEST) as JsonObject;
    const shape = typeof line === "object" ? Object.keys(line).sort().join(",") : "";
    const isShaped = shape === HIDDEN || shape === OPEN || shape === TRACED;
    trusted(isShaped && line["seq"] === seq, "record.entries_order", seq);
    const index = line["index"];
    trusted(typeof index === "number" && index > this.index, "record.entries_order", seq);
    this.index = index;
    const head = this.headOf(index, seq);
    const told = shape === HIDDEN ? undefined : this.open(line, seq, head.cosignedAt);
    this.before = told?.leaf ?? unhex(String(line["leaf"]), 32);
    within("record.inclusion", seq, () => this.prove(index, head, line["proof"]));
    if (told === undefined) this.hidden += 1;
    else this.listener.entry(told);
    this.listener.progress?.(seq, this.all);
  }

  private headOf(index: number, seq: number): Head {
    for (;;) {
      const head = this.heads[this.which];
      trusted(head !== undefined, "record.no_checkpoint", seq);
      if (head.size > index) return head;
      this.which += 1;
    }
  }

  private prove(index: number, head: Head, proof: JsonValue | undefined): void {
    const path = Array.isArray(proof) ? proof.map((step) => unhex(String(step), 32)) : [];
    checkInclusion(leafHash(this.before), index, head.size, path, head.root);
  }

  private open(line: JsonObject, seq: number, cosignedAt: number): Told & { leaf: Bytes } {
    const text = utf8(String(line["entry"]));
    const entry = loads(text, LONGEST) as JsonObject;
    const isShaped = typeof entry === "object" && Object.keys(entry).sort().join(",") === ENTRY;
    trusted(isShaped && entry["v"] === 1, "record.malformed", seq);
    const { type, body, at, project } = entry;
    trusted(project === this.project, "record.other_project", seq);
    const place = H("place", unhex(String(line["place_salt"]), 32), u64(seq), this.before);
    trusted(entry["place"] === hex(place), "record.place", seq);
    if (line["trace"] !== undefined) checkTrace(line, entry, seq);
    trusted(typeof at === "number" && at >= this.at, "record.time", seq);
    this.at = at;
    const account = accountOf(entry["actor"]);
    const event = within("record.event", seq, () => checkEvent(String(type), body ?? ""));
    const leaf = H("leaf", unhex(String(line["salt"]), 32), text);
    return { type: String(type), body: event, stamp: { seq, at, account, cosignedAt }, leaf };
  }
}

function checkTrace(line: JsonObject, entry: JsonObject, seq: number): void {
  const salt = unhex(String(line["trace_salt"]), 32);
  const trace = H("trace", salt, utf8(String(line["trace"])));
  trusted(entry["trace"] === hex(trace), "record.trace", seq);
}

function accountOf(actor: JsonValue | undefined): string {
  const fields = new Fields(actor, "actor");
  const account = fields.text("account");
  if (fields.has("seat")) fields.text("seat");
  fields.done();
  return account;
}

/** Do something about an entry; what breaks a rule there is a fault of this kind. */
export function within<T>(fault: Fault, seq: number, doing: () => T): T {
  try {
    return doing();
  } catch (error) {
    throw error instanceof Invalid ? new NotTrusted(fault, String(seq), error.code) : error;
  }
}
