/**
 * What a bid's encryption is bound to; its canonical bytes travel unchanged as the text `params`.
 */

import { hex, type Bytes } from "./bytes.ts";
import { dumps, loads, type JsonObject } from "./canonical.ts";
import { Fields } from "./fields.ts";
import { sha256 } from "./hashing.ts";
import { must } from "./invalid.ts";
import { uncompressed, type Point } from "./points.ts";

export const SUITE = "P256-SHA256-A256GCM";
export const MEDIA_TYPE = "application/zip";

/**
 * The place and the past of a bid, in the units of the wire: hex for bytes, milliseconds for
 * times.
 */
export interface BidParams {
  readonly project: string;
  readonly section: string;
  readonly envelope: 1 | 2;
  readonly key: string;
  readonly keyId: string;
  readonly bidder: string;
  readonly bid: string;
  readonly revision: number;
  /** The bid id of the revision before; absent in revision 1 and only there. */
  readonly supersedes?: string;
  /** There if and only if the bidder co-opens. */
  readonly bidderSecretCommit?: string;
  readonly created: number;
}

/** Return the canonical bytes of params. */
export function encodeParams(params: BidParams): Bytes {
  const optional: Record<string, string> = {};
  if (params.supersedes !== undefined) optional["supersedes"] = params.supersedes;
  if (params.bidderSecretCommit !== undefined) {
    optional["bidder_secret_commit"] = params.bidderSecretCommit;
  }
  const value: JsonObject = {
    ...optional,
    v: 1,
    suite: SUITE,
    project: params.project,
    section: params.section,
    envelope: params.envelope,
    key: params.key,
    key_id: params.keyId,
    bidder: params.bidder,
    bid: params.bid,
    revision: params.revision,
    media_type: MEDIA_TYPE,
    created: params.created,
  };
  const bytes = dumps(value);
  readParams(bytes);
  return bytes;
}

/** Read params strictly: known fields only, each of its own form. */
export function readParams(data: Uint8Array): BidParams {
  const fields = new Fields(loads(data, 4096), "params").version();
  must(fields.text("suite") === SUITE, "params.suite");
  must(fields.text("media_type") === MEDIA_TYPE, "params.media_type");
  const envelope = fields.integer("envelope", 1);
  must(envelope === 1 || envelope === 2, "params.envelope");
  const params: BidParams = {
    project: fields.text("project"),
    section: fields.text("section"),
    envelope,
    key: hex(fields.bytes("key", 32)),
    keyId: hex(fields.bytes("key_id", 32)),
    bidder: fields.text("bidder"),
    bid: hex(fields.bytes("bid", 16)),
    revision: fields.integer("revision", 1),
    created: fields.integer("created"),
    ...(fields.has("supersedes") && { supersedes: hex(fields.bytes("supersedes", 16)) }),
    ...(fields.has("bidder_secret_commit") && {
      bidderSecretCommit: hex(fields.bytes("bidder_secret_commit", 32)),
    }),
  };
  fields.done();
  must((params.revision === 1) === (params.supersedes === undefined), "params.supersedes");
  return params;
}

/** Refuse params that name another key than `pk`. */
export function checkKey(params: BidParams, pk: Point): void {
  must(params.key === hex(sha256(uncompressed(pk))), "params.key");
}
