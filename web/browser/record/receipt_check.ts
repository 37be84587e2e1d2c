/**
 * Checks a receipt that somebody brings as a file, and says in words what is wrong with one that
 * does not hold; it fetches nothing and believes nothing in the file.
 */

import type { Trust } from "../app/trust.ts";
import { _ } from "../app/texts.ts";
import { unbase64, utf8, type Bytes } from "../crypto/bytes.ts";
import { dumps, loads, type JsonObject, type JsonValue } from "../crypto/canonical.ts";
import { H } from "../crypto/hashing.ts";
import { Invalid, must } from "../crypto/invalid.ts";
import { checkInclusion, leafHash } from "../crypto/merkle.ts";
import { checkNote, parseCheckpoint, parseVkey } from "../crypto/notes.ts";
import { readParams } from "../crypto/params.ts";
import { checkReceipt } from "../crypto/receipts.ts";
import { parseTlogProof } from "../crypto/tlogproof.ts";

const LIMIT = 32 << 20;

/** What the entry of a receipt says; believed only where the receipt holds. */
export interface ReceiptEvent {
  /** Such as `opening.bid_admitted`. */
  readonly type: string;
  readonly project: string;
  readonly account: string;
  readonly command: string;
  /** When the service had it, ms, by its own clock. */
  readonly receivedAt: number;
  /** The leaf of the log it is, from 0, and how many leaves the checkpoint has. */
  readonly index: number;
  readonly size: number;
  /** Of an admitted bid, as its bidder signed it. */
  readonly bid?: ReceiptBid;
  readonly body: JsonObject;
}

/** The bid that a receipt is for. */
export interface ReceiptBid {
  readonly bid: string;
  readonly section: string;
  readonly envelope: 1 | 2;
  readonly revision: number;
  readonly organisation: string;
  readonly keyId: string;
  readonly size: number;
  readonly root: string;
}

/** The outcome of checking a file. */
export interface CheckedFile {
  readonly holds: boolean;
  /** What the file says; undefined where not even that could be read. */
  readonly event: ReceiptEvent | undefined;
  /** The timekeeper's time, ms; there only where the receipt holds. */
  readonly at: number | undefined;
  /** Sentences for people, the one that counts first; none where the receipt holds. */
  readonly problems: readonly string[];
}

/**
 * Check the text of a file that is said to be a receipt.
 *
 * Spaces and the order of fields may have changed on its way: what is proved is the text of the
 * entry inside, to the byte.
 *
 * @param trust the pinned keys; without them nothing can hold.
 */
export function checkReceiptFile(text: string, trust?: Trust): CheckedFile {
  const found = receiptIn(text);
  if (typeof found === "string") return failed(found);
  const event = eventOf(found);
  if (trust === undefined) {
    return failed(_("No keys of this installation are known here, so nothing was checked."), event);
  }
  try {
    const data = dumps({ v: 1, entry: found.entry, proof: found.proof });
    const checked = checkReceipt(data, trust.log, trust.timekeeper);
    if (event === undefined) return failed(_("The receipt's entry is not one of a project."));
    return { holds: true, event, at: checked.cosignedAt * 1000, problems: [] };
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return failed(diagnosis(found, trust), event);
  }
}

interface Receipt {
  readonly entry: string;
  readonly proof: string;
}

/** Take a receipt out of a file, the one inside an answer that still waits too; or say why not. */
function receiptIn(text: string): Receipt | string {
  if (text.startsWith("%PDF")) {
    return _("This is a PDF. Save the file receipt.json that is attached to it, and check that.");
  }
  let value: unknown;
  try {
    value = text.length <= LIMIT ? JSON.parse(text.replace(/^\ufeff/u, "")) : undefined;
  } catch {
    value = undefined;
  }
  const outer = objectOf(value);
  const inner = objectOf(outer?.["receipt"]) ?? outer;
  const { v, entry, proof, ...rest } = inner ?? {};
  const isReceipt = v === 1 && typeof entry === "string" && typeof proof === "string";
  if (!isReceipt || Object.keys(rest).length > 0) {
    return _("This file is not a receipt. A receipt is a JSON file with an entry and its proof.");
  }
  return { entry, proof };
}

/** Say which link of the proof fails first. */
function diagnosis(receipt: Receipt, trust: Trust): string {
  let step = _("The receipt is damaged: it is cut short or was changed.");
  try {
    const [log, entry] = [parseVkey(trust.log), utf8(receipt.entry)];
    const proof = parseTlogProof(receipt.proof);
    must(proof.extra?.length === 32, "receipt.salt");
    const head = parseCheckpoint(proof.note.text);
    loads(entry, LIMIT);
    if (head.origin !== log.name) {
      return _("The receipt is of another installation: {name}.", { name: head.origin });
    }
    step = _("The checkpoint in the receipt is not signed by this installation's log.");
    checkNote(proof.note, log);
    step = _("The entry is not in the log: it was changed after the receipt was issued.");
    const leaf = leafHash(H("leaf", proof.extra, entry));
    checkInclusion(leaf, proof.index, head.size, proof.path, head.root);
    return isCosigned(receipt.proof)
      ? _("The timekeeper's signature in the receipt does not hold.")
      : _("The log has the entry, but the timekeeper had not witnessed it yet. Fetch the receipt again.");
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return step;
  }
}

/** Tell whether anybody but the log signed the checkpoint. */
function isCosigned(proof: string): boolean {
  return parseTlogProof(proof).note.signatures.length > 1;
}

/** Read what the entry says, as far as it can be read. */
function eventOf(receipt: Receipt): ReceiptEvent | undefined {
  try {
    const entry = objectOf(loads(utf8(receipt.entry), LIMIT));
    const [actor, body] = [objectOf(entry?.["actor"]), objectOf(entry?.["body"])];
    const { type, project, command, at } = entry ?? {};
    const account = actor?.["account"];
    if (typeof type !== "string" || typeof project !== "string") return undefined;
    if (typeof command !== "string" || typeof at !== "number") return undefined;
    if (typeof account !== "string" || body === undefined) return undefined;
    const proof = parseTlogProof(receipt.proof);
    const { size } = parseCheckpoint(proof.note.text);
    const bid = type === "opening.bid_admitted" ? bidOf(body) : undefined;
    const told = { type, project, account, command, receivedAt: at, body };
    return { ...told, index: proof.index, size, ...(bid !== undefined && { bid }) };
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return undefined;
  }
}

/** Read the bid out of an admission; its signature is for those who know the bidder's key. */
function bidOf(body: JsonObject): ReceiptBid {
  const message = objectOf(loads(payloadOf(body["envelope"])));
  const { params, size, root } = message ?? {};
  must(typeof params === "string" && typeof size === "number", "bid.malformed");
  must(typeof root === "string", "bid.malformed");
  const { bid, section, envelope, revision, bidder, keyId } = readParams(utf8(params));
  return { bid, section, envelope, revision, organisation: bidder, keyId, size, root };
}

function payloadOf(envelope: JsonValue | undefined): Bytes {
  const payload = objectOf(envelope)?.["payload"];
  must(typeof payload === "string", "envelope.payload");
  return unbase64(payload);
}

function objectOf(value: unknown): JsonObject | undefined {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as JsonObject) : undefined;
}

function failed(problem: string, event?: ReceiptEvent): CheckedFile {
  return { holds: false, event, at: undefined, problems: [problem] };
}
