/**
 * The notice and the keys as a bidder must see them: proved, signed, and the same in both.
 *
 * It must not take the service's word for a key: whoever could exchange it would read the bids.
 */

import { breath } from "../app/breath.ts";
import { hex, unbase64, unhex, utf8, type Bytes } from "../crypto/bytes.ts";
import { loads, type JsonObject, type JsonValue } from "../crypto/canonical.ts";
import { checkCertificate, type CheckedKey } from "../crypto/certificate.ts";
import { openEnvelope } from "../crypto/dsse.ts";
import { fingerprint } from "../crypto/fingerprint.ts";
import { H } from "../crypto/hashing.ts";
import { Invalid, must } from "../crypto/invalid.ts";
import { uncompressed } from "../crypto/points.ts";
import { checkReceipt } from "../crypto/receipts.ts";
import type { FormField } from "./form.ts";

/** The keys a receipt is checked against. */
export interface LogKeys {
  readonly log: string;
  readonly timekeeper: string;
}

/**
 * What sealing needs of a service, fetched once; it can be taken to a machine without a line, where
 * everything in it is checked again. The command line writes and reads the same file.
 */
export interface Bundle {
  readonly project: string;
  readonly section: string;
  readonly envelope: 1 | 2;
  /** Receipts of the notice and its amendments. */
  readonly notice: readonly string[];
  /** Receipts of the ceremony and its key. */
  readonly key: readonly string[];
  /** The clerks' keys as the service told them: key id -> SPKI hex. */
  readonly clerks: Readonly<Record<string, string>>;
  /** This organisation's bids at the place, by revision: revision and bid. */
  readonly own: readonly (readonly [number, string])[];
}

/** A tender document as the notice names it. */
export interface NoticeDocument {
  readonly document: string;
  readonly title: string;
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

/** A section as the notice announces it, as far as a bid goes by it. */
export interface NoticeSection {
  readonly section: string;
  readonly title: string;
  readonly envelopes: 1 | 2;
  readonly limit?: number;
  readonly max_size: number;
  readonly co_open: boolean;
  readonly deadline: number;
  readonly form: readonly FormField[];
  readonly keys: readonly JsonObject[];
}

/** The tender notice. */
export interface Notice {
  readonly number: string;
  readonly title: string;
  readonly tenderer: string;
  readonly currency: string;
  readonly documents: readonly NoticeDocument[];
  readonly sections: readonly NoticeSection[];
}

/** The key of one envelope, certificate and notice agreeing on it. */
export interface TrustedKey {
  readonly project: string;
  readonly notice: Notice;
  readonly section: NoticeSection;
  readonly envelope: 1 | 2;
  readonly key: CheckedKey;
}

/** An entry that a receipt proves. */
interface ProvenEntry {
  readonly type: string;
  readonly body: JsonObject;
}

const MESSAGE_LIMIT = 16 << 20;
const CEREMONY: Readonly<Record<string, number>> = {
  "opening.ceremony_joined": 1,
  "opening.ceremony_dealt": 2,
  "opening.ceremony_certified": 3,
};

/** Read a bundle's file; throws Invalid when it is none. */
export function readBundle(text: string): Bundle {
  let told: Bundle;
  try {
    told = JSON.parse(text) as Bundle;
  } catch {
    throw new Invalid("bundle.malformed");
  }
  const isText = (value: unknown): boolean => typeof value === "string";
  must(typeof told === "object" && told !== null, "bundle.malformed");
  must(isText(told.project) && isText(told.section), "bundle.malformed");
  must(told.envelope === 1 || told.envelope === 2, "bundle.malformed");
  must(Array.isArray(told.notice) && told.notice.every(isText), "bundle.malformed");
  must(Array.isArray(told.key) && told.key.every(isText), "bundle.malformed");
  must(typeof told.clerks === "object" && Array.isArray(told.own), "bundle.malformed");
  return told;
}

/**
 * Return the key of an envelope: complete certificate, proved, and equal to the notice's.
 *
 * @throws Invalid anything about it does not hold; nothing is to be sealed to it.
 */
export async function openBundle(bundle: Bundle, trust: LogKeys): Promise<TrustedKey> {
  const notice = await signedNotice(await entries(bundle.notice, trust, bundle.project), bundle);
  const sections = notice.sections.filter((one) => one.section === bundle.section);
  const [section] = sections;
  must(sections.length === 1 && section !== undefined, "notice.section");
  const keys = section.keys.filter((one) => one["envelope"] === bundle.envelope);
  const [printed] = keys;
  must(keys.length === 1 && printed !== undefined, "notice.key");
  const found = await entries(bundle.key, trust, bundle.project);
  const { envelopes, started } = attemptOf(found, String(printed["sid"]));
  const key = await checkCertificate(envelopes, clerkOf(bundle, started));
  checkPlace(key, bundle);
  checkPrinted(printed, key, found, payloadOf(started));
  return { project: bundle.project, notice, section, envelope: bundle.envelope, key };
}

/**
 * Return the documents that the notice names, and those of its amendments, each signed by a clerk;
 * of one named twice the later counts.
 */
export async function announcedDocuments(
  bundle: Pick<Bundle, "project" | "notice" | "clerks">,
  trust: LogKeys,
): Promise<ReadonlyMap<string, NoticeDocument>> {
  const found = await entries(bundle.notice, trust, bundle.project);
  const { documents } = await signedNotice(found, bundle);
  const all = new Map(documents.map((one) => [one.document, one]));
  for (const { type, body } of found) {
    if (type !== "project.amended") continue;
    const envelope = body["envelope"] ?? {};
    const payload = await openEnvelope(envelope, "amendment", clerkOf(bundle, envelope));
    const told = loads(payload, MESSAGE_LIMIT) as unknown as {
      readonly project: string;
      readonly documents: readonly NoticeDocument[];
    };
    must(told.project === bundle.project, "notice.project");
    for (const one of told.documents) all.set(one.document, one);
  }
  return all;
}

/** Check receipts one by one; each takes milliseconds, and the page answers in between. */
async function entries(
  receipts: readonly string[],
  trust: LogKeys,
  project: string,
): Promise<ProvenEntry[]> {
  const found: ProvenEntry[] = [];
  for (const text of receipts) {
    const { entry } = checkReceipt(utf8(text), trust.log, trust.timekeeper);
    must(entry["project"] === project, "receipt.project");
    const body = entry["body"];
    must(typeof body === "object" && !Array.isArray(body), "receipt.entry");
    found.push({ type: String(entry["type"]), body: body as JsonObject });
    await breath();
  }
  return found;
}

async function signedNotice(
  found: readonly ProvenEntry[],
  bundle: Pick<Bundle, "project" | "clerks">,
): Promise<Notice> {
  const published = found.find(({ type }) => type === "project.notice_published");
  must(published !== undefined, "notice.not_proven");
  const envelope = published.body["envelope"] ?? {};
  const payload = await openEnvelope(envelope, "notice", clerkOf(bundle, envelope));
  const notice = loads(payload, MESSAGE_LIMIT) as JsonObject;
  must(notice["v"] === 1 && notice["project"] === bundle.project, "notice.project");
  return notice as unknown as Notice;
}

/** Return the key of the clerk that an envelope names. */
function clerkOf(bundle: Pick<Bundle, "clerks">, envelope: JsonValue): Bytes {
  const { signatures } = envelope as { signatures?: readonly { keyid?: string }[] };
  const key = bundle.clerks[signatures?.[0]?.keyid ?? ""];
  must(typeof key === "string", "notice.clerk");
  return unhex(key);
}

/** Return the messages of one attempt in the order of a certificate. */
function attemptOf(
  found: readonly ProvenEntry[],
  sid: string,
): { envelopes: JsonValue[]; started: JsonValue } {
  const started = found.find(
    ({ type, body }) =>
      type === "opening.ceremony_started" && hex(H("sid", payloadOf(body["envelope"]))) === sid,
  )?.body["envelope"];
  must(started !== undefined, "key.not_proven");
  const messages = found.flatMap(({ type, body }) => {
    const step = CEREMONY[type];
    if (step === undefined) return [];
    const envelope = body["envelope"] ?? {};
    const told = loads(payloadOf(envelope), MESSAGE_LIMIT) as JsonObject;
    return told["sid"] === sid ? [{ step, i: Number(told["i"]), envelope }] : [];
  });
  messages.sort((left, right) => left.step - right.step || left.i - right.i);
  return { envelopes: [started, ...messages.map(({ envelope }) => envelope)], started };
}

function payloadOf(envelope: JsonValue | undefined): Bytes {
  const payload = (envelope as { payload?: JsonValue } | undefined)?.payload;
  must(typeof payload === "string", "envelope.payload");
  return unbase64(payload);
}

function checkPlace({ start }: CheckedKey, bundle: Bundle): void {
  const isHere =
    start.project === bundle.project &&
    start.section === bundle.section &&
    start.envelope === bundle.envelope;
  must(isHere, "key.place");
}

/** Refuse a key that the notice prints, or the record has, otherwise than the ceremony gives it. */
function checkPrinted(
  printed: JsonObject,
  key: CheckedKey,
  found: readonly ProvenEntry[],
  start: Bytes,
): void {
  const told = loads(start, MESSAGE_LIMIT) as JsonObject;
  const [keyId, pk] = [hex(key.keyId), hex(uncompressed(key.pk))];
  const numbers = fingerprint(key.keyId).map(({ number }) => number);
  must(printed["key_id"] === keyId && printed["key"] === pk, "notice.key");
  must(isEqual(printed["fingerprint"], numbers), "notice.fingerprint");
  must(printed["k"] === key.start.k, "notice.k");
  must(isEqual(printed["roster"], told["roster"]), "notice.roster");
  must(isEqual(printed["timekeeper"], told["timekeeper"]), "notice.timekeeper");
  const made = found.filter(({ type }) => type === "opening.key_made");
  const [one] = made;
  must(made.length === 1 && one !== undefined, "key.made");
  must(one.body["key_id"] === keyId && one.body["pk"] === pk, "key.made");
}

function isEqual(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  return left !== undefined && JSON.stringify(left) === JSON.stringify(right);
}
