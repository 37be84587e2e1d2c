/**
 * A key ceremony played by one hand, with every message signed; its ciphertexts are noise, which
 * no public check reads.
 */

import { base64, hex, join, utf8, type Bytes } from "../../web/browser/crypto/bytes.ts";
import { dumps, type JsonObject } from "../../web/browser/crypto/canonical.ts";
import {
  ceremonyContext,
  possessionMessage,
  transcript,
} from "../../web/browser/crypto/cocktail.ts";
import { freshSigner, signEnvelope, type Signer } from "../../web/browser/crypto/dsse.ts";
import { H, sha256, u32 } from "../../web/browser/crypto/hashing.ts";
import { compressed, type Point } from "../../web/browser/crypto/points.ts";
import { fresh } from "../../web/browser/crypto/random.ts";
import {
  ORDER,
  encodeScalar,
  freshScalar,
  numberOf,
  response,
} from "../../web/browser/crypto/scalars.ts";
import { secretFrom } from "../../web/browser/crypto/secret.ts";

export const N = 3;
export const K = 2;

/** What a played ceremony gives; `payloads` may be changed and signed again with `envelopes`. */
export interface Played {
  readonly clerk: Bytes;
  /** The key's whole secret, which no real ceremony ever has in one place. */
  readonly secret: bigint;
  readonly payloads: readonly Message[];
  envelopes(change?: (payloads: Message[]) => void): Promise<JsonObject[]>;
}

/** One message before it is signed. */
export interface Message {
  readonly kind: string;
  readonly signer: Signer;
  readonly payload: Record<string, JsonObject[string]>;
}

interface Pair {
  readonly secret: bigint;
  readonly point: Point;
}

/** Play a ceremony of 2 of 3. */
export async function played(): Promise<Played> {
  const [clerk, timekeeper] = [await freshSigner(), await freshSigner()];
  const signers = await Promise.all(Array.from({ length: N }, freshSigner));
  const start = startPayload(signers, timekeeper);
  const sid = H("sid", dumps(start));
  const y = await pair();
  const statics = await pairs(N);
  const ephemerals = await pairs(N);
  const polynomials = await Promise.all(statics.map(() => pairs(K)));
  const context = ceremonyContext(
    sid,
    statics.map(({ point }) => point),
  );

  const popT = await schnorr(y, join(context, utf8("timekeeper"), compressed(y.point)));
  const deals = await Promise.all(
    polynomials.map(async (polynomial, j) => {
      const commitments = polynomial.map(({ point }) => point);
      const ephemeral = at(ephemerals, j).point;
      const pop = await schnorr(
        at(polynomial, 0),
        possessionMessage(context, { commitments, ephemeral }),
      );
      return { commitments, ephemeral, pop, shares: Array.from({ length: N }, () => fresh(48)) };
    }),
  );
  const extension = H(
    "dkg-ext",
    compressed(y.point),
    popT,
    ...deals.flatMap((deal) => deal.shares),
  );
  const signed = transcript(
    context,
    K,
    statics.map(({ point }) => point),
    deals,
    extension,
  );
  const keyId = hex(sha256(signed));
  const base = { v: 1, sid: hex(sid) };
  const points = (list: readonly Point[]): string[] => list.map((point) => hex(compressed(point)));
  const certificates = await Promise.all([y, ...statics].map((signer) => schnorr(signer, signed)));

  const payloads: Message[] = [
    { kind: "ceremony-start", signer: clerk, payload: start },
    message("ceremony-join", timekeeper, {
      ...base,
      i: 0,
      commit: commitOf(sid, 0, compressed(y.point)),
    }),
    ...deals.map((deal, j) =>
      message("ceremony-join", at(signers, j), {
        ...base,
        i: j + 1,
        commit: commitOf(
          sid,
          j + 1,
          join(...deal.commitments.map(compressed)),
          compressed(deal.ephemeral),
        ),
        p: hex(compressed(at(statics, j).point)),
      }),
    ),
    message("ceremony-deal", timekeeper, {
      ...base,
      i: 0,
      y: hex(compressed(y.point)),
      pop: hex(popT),
    }),
    ...deals.map((deal, j) =>
      message("ceremony-deal", at(signers, j), {
        ...base,
        i: j + 1,
        c: points(deal.commitments),
        pop: hex(deal.pop),
        e: hex(compressed(deal.ephemeral)),
        shares: deal.shares.map(hex),
      }),
    ),
    ...[timekeeper, ...signers].map((signer, i) =>
      message("ceremony-certify", signer, {
        ...base,
        i,
        key_id: keyId,
        sig: hex(at(certificates, i)),
      }),
    ),
  ];
  const secret = polynomials.reduce(
    (sum, [constant]) => (sum + (constant?.secret ?? 0n)) % ORDER,
    y.secret,
  );
  return {
    clerk: clerk.spki,
    secret,
    payloads,
    envelopes: (change) => signedAll(payloads, change),
  };
}

async function signedAll(
  payloads: readonly Message[],
  change?: (payloads: Message[]) => void,
): Promise<JsonObject[]> {
  const copy = structuredCloneOf(payloads);
  change?.(copy);
  return Promise.all(
    copy.map(({ kind, payload, signer }) => signEnvelope(kind, dumps(payload), signer)),
  );
}

function structuredCloneOf(payloads: readonly Message[]): Message[] {
  return payloads.map((one) => ({ ...one, payload: structuredClone(one.payload) }));
}

function startPayload(signers: readonly Signer[], timekeeper: Signer): Message["payload"] {
  return {
    v: 1,
    project: "ab".repeat(16),
    section: "s1",
    envelope: 1,
    attempt: 1,
    suite: "P256-SHA256-A256GCM",
    n: N,
    k: K,
    roster: signers.map(({ spki }, j) => ({
      name: `甲${j}`,
      organisation: `o${j}`,
      key: hex(spki),
    })),
    timekeeper: {
      name: "t",
      key: hex(timekeeper.spki),
      witness: `w+00000000+${base64(fresh(33))}`,
    },
    join_by: 1,
    deal_by: 2,
    certify_by: 3,
    co_open: false,
  };
}

function message(kind: string, signer: Signer, payload: Message["payload"]): Message {
  return { kind, signer, payload };
}

function commitOf(sid: Bytes, i: number, ...revealed: readonly Bytes[]): string {
  return hex(H("dkg-commit", sid, u32(i), ...revealed));
}

async function pair(): Promise<Pair> {
  const secret = freshScalar();
  return { secret, point: (await secretFrom(secret)).publicPoint };
}

function pairs(count: number): Promise<Pair[]> {
  return Promise.all(Array.from({ length: count }, pair));
}

async function schnorr(signer: Pair, data: Bytes): Promise<Bytes> {
  const nonce = await pair();
  const commitment = compressed(nonce.point);
  const input = join(
    utf8("COCKTAIL-DKG-P256-SHA256-H7"),
    commitment,
    compressed(signer.point),
    data,
  );
  const wide = join(
    sha256(join(Uint8Array.of(1), input)),
    sha256(join(Uint8Array.of(2), input)).subarray(0, 16),
  );
  return join(
    commitment,
    encodeScalar(response(nonce.secret, numberOf(wide) % ORDER, signer.secret)),
  );
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`no item ${index}`);
  return item;
}
