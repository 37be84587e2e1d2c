/**
 * Seals one bid in Node with the very code that pages run; it sends nothing and reads no clock.
 *
 *   node seal.mjs < request.json
 *
 * The request, one JSON object:
 *   pk           the section's key, 130 hex characters
 *   params       {project, section, envelope, key_id, bidder, revision, created, supersedes?, bid?};
 *                a missing bid id is drawn; key, suite, media_type and the commitment are filled in
 *   files        [{name, path}]: what goes into the package and where it lies
 *   bid_form     the value of bid-form.json
 *   signing_key  path of the bidder's ECDSA P-256 key, PKCS #8 as DER or PEM; left out: no envelope
 *   co_open      true where the policy has bidders co-open: a bidder secret is drawn and kept
 *   out          folder to write to; it is made when missing
 *
 * Written there: `sealed` (the sealed file), `bid.json` (the payload of the `bid` message),
 * `envelope.json` (its signature envelope, canonical) and, with co_open, `bidder-secret` (64 hex).
 * Printed: one JSON line {bid, size, root, package}, after the sealed file was opened again.
 * Exit status: 0, or 1 with one line on the standard error.
 */

import { createReadStream, statSync } from "node:fs";
import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hex, textOf, unbase64, type Bytes } from "../crypto/bytes.ts";
import { dumps, type JsonObject, type JsonValue } from "../crypto/canonical.ts";
import { signEnvelope, signerFrom } from "../crypto/dsse.ts";
import { Fields } from "../crypto/fields.ts";
import { sha256 } from "../crypto/hashing.ts";
import { metered } from "../crypto/meter.ts";
import { planPackage, type Package, type PackageFile } from "../crypto/package.ts";
import { encodeParams } from "../crypto/params.ts";
import { decode65 } from "../crypto/points.ts";
import { fresh } from "../crypto/random.ts";
import {
  beginBid,
  bidderSecretCommit,
  finishBid,
  reopenPackage,
  sealPackage,
  type Begun,
  type SealedBody,
} from "../crypto/sealing.ts";

interface Request {
  readonly pk: Bytes;
  readonly params: JsonValue;
  readonly files: readonly PackageFile[];
  readonly bidForm: JsonValue;
  readonly signingKey: string | undefined;
  readonly isCoOpened: boolean;
  readonly out: string;
}

async function main(): Promise<void> {
  const request = readRequest(JSON.parse(await standardInput()) as JsonObject);
  await mkdir(request.out, { recursive: true });
  const secret = request.isCoOpened ? fresh(32) : undefined;
  const params = paramsOf(request, secret);
  const begun = await beginBid(params.bytes, decode65(request.pk), secret);
  const plan = planPackage(request.files, request.bidForm);
  const sealed = join(request.out, "sealed");
  const body = await writeSealed(begun, plan, sealed);
  await checkReopens(begun, plan, sealed, secret);
  // The secret is on disk before there is a bid that cannot be opened without it.
  if (secret !== undefined)
    await writeFile(join(request.out, "bidder-secret"), hex(secret), { mode: 0o600 });
  const payload = await finishBid(begun, body);
  await writeFile(join(request.out, "bid.json"), payload);
  if (request.signingKey !== undefined) {
    const envelope = await signEnvelope(
      "bid",
      payload,
      await signerFrom(await readKey(request.signingKey)),
    );
    await writeFile(join(request.out, "envelope.json"), dumps(envelope));
  }
  const told = { bid: params.bid, size: body.size, root: hex(body.root), package: plan.length };
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

function readRequest(value: JsonObject): Request {
  const fields = new Fields(value, "request");
  const request: Request = {
    pk: fields.bytes("pk", 65),
    params: fields.take("params"),
    files: fields.list("files").map((item) => {
      const file = new Fields(item, "file");
      const [name, path] = [file.text("name"), file.text("path")];
      file.done();
      const read = () => createReadStream(path, { highWaterMark: 1 << 20 });
      // looked at only after the name
      return {
        name,
        get size() {
          return statSync(path).size;
        },
        open: () => metered(read()),
      };
    }),
    bidForm: fields.take("bid_form"),
    signingKey: fields.has("signing_key") ? fields.text("signing_key") : undefined,
    isCoOpened: fields.has("co_open") && fields.flag("co_open"),
    out: fields.text("out"),
  };
  fields.done();
  return request;
}

function paramsOf(request: Request, secret: Bytes | undefined): { bid: string; bytes: Bytes } {
  const fields = new Fields(request.params, "params");
  const bid = hex(fields.has("bid") ? fields.bytes("bid", 16) : fresh(16));
  const bytes = encodeParams({
    project: fields.text("project"),
    section: fields.text("section"),
    envelope: fields.integer("envelope", 1) === 1 ? 1 : 2,
    key: hex(sha256(request.pk)),
    keyId: fields.text("key_id"),
    bidder: fields.text("bidder"),
    bid,
    revision: fields.integer("revision", 1),
    created: fields.integer("created"),
    ...(fields.has("supersedes") && { supersedes: fields.text("supersedes") }),
    ...(secret !== undefined && { bidderSecretCommit: hex(bidderSecretCommit(secret, bid)) }),
  });
  fields.done();
  return { bid, bytes };
}

/** Write the sealed file durably before anything is said about it. */
async function writeSealed(begun: Begun, plan: Package, path: string): Promise<SealedBody> {
  const file = await open(path, "w");
  try {
    const pieces = sealPackage(begun, plan.open(), plan.length);
    for (;;) {
      const next = await pieces.next();
      if (next.done === true) {
        await file.sync();
        return next.value;
      }
      await file.write(next.value.data, 0, next.value.data.length, next.value.at);
    }
  } finally {
    await file.close();
  }
}

/** Open the file just written as the opening will, down to its last byte. */
async function checkReopens(
  begun: Begun,
  plan: Package,
  path: string,
  secret: Bytes | undefined,
): Promise<void> {
  let length = 0;
  for await (const part of reopenPackage(
    begun,
    createReadStream(path, { highWaterMark: 1 << 20 }),
    secret,
  )) {
    length += part.length;
  }
  if (length !== plan.length) throw new Error("the sealed file does not open again");
}

async function readKey(path: string): Promise<Bytes> {
  const data = new Uint8Array(await readFile(path));
  if (data[0] === 0x30) return data;
  const [, body] =
    /-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----/u.exec(textOf(data)) ?? [];
  if (body === undefined) throw new Error("the signing key is not PKCS #8");
  return unbase64(body.replaceAll(/\s/gu, ""));
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
