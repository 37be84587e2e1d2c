/**
 * Checking the certificate of a section's key: the ceremony itself, all 3n + 4 signed messages.
 *
 * Every public check is repeated and the transcript rebuilt; that the entries stand in a cosigned
 * checkpoint, and that the notice names the same roster and key, is the caller's to check.
 */

import { hex, isSame, join, utf8, type Bytes } from "./bytes.ts";
import { loads, type JsonValue } from "./canonical.ts";
import {
  aggregate,
  ceremonyContext,
  possessionMessage,
  transcript,
  verificationShare,
  type Deal,
} from "./cocktail.ts";
import { openEnvelope } from "./dsse.ts";
import { Fields } from "./fields.ts";
import { H, sha256, u32 } from "./hashing.ts";
import { must } from "./invalid.ts";
import { checkPeer, compressed, decode33, uncompressed, type Point } from "./points.ts";
import { checkSchnorr } from "./schnorr.ts";
import { readStart, type CeremonyStart } from "./start.ts";

const LIMIT = 1 << 22;

/** A key whose certificate holds. */
export interface CheckedKey {
  readonly start: CeremonyStart;
  readonly sid: Bytes;
  readonly keyId: Bytes;
  /** The key bids are sealed to. */
  readonly pk: Point;
  readonly timekeeperShare: Point;
  readonly shares: readonly Point[];
}

/** A `key` entry's claim, to be compared with what the certificate gives. */
export interface KeyClaim {
  readonly sid: string;
  readonly keyId: string;
  readonly pk: string;
  readonly yT: string;
  readonly y: readonly string[];
}

interface Join {
  readonly commit: Bytes;
  readonly p: Point | undefined;
}

/** A dealing with its ciphertexts, which the transcript binds through its extension alone. */
interface CustodianDeal extends Deal {
  readonly shares: readonly Bytes[];
}

/**
 * Check a certificate, or throw the first thing that is wrong with it.
 *
 * @param envelopes start, joins 0..n, deals 0..n, certifies 0..n.
 * @param clerk the clerk's key, as the project's record binds it.
 */
export async function checkCertificate(
  envelopes: readonly JsonValue[],
  clerk: Bytes,
): Promise<CheckedKey> {
  const [first, ...rest] = envelopes;
  must(first !== undefined, "certificate.length");
  const startPayload = await openEnvelope(first, "ceremony-start", clerk);
  const start = readStart(startPayload);
  must(rest.length === 3 * (start.n + 1), "certificate.length");
  const ceremony = new Ceremony(start, H("sid", startPayload));
  await ceremony.readJoins(rest.slice(0, start.n + 1));
  await ceremony.readDeals(rest.slice(start.n + 1, 2 * (start.n + 1)));
  return ceremony.certified(rest.slice(2 * (start.n + 1)));
}

/** Refuse a `key` entry that claims anything else than its certificate gives. */
export function checkKeyClaim(claim: KeyClaim, key: CheckedKey): void {
  must(claim.sid === hex(key.sid) && claim.keyId === hex(key.keyId), "key.ids");
  must(claim.pk === hex(uncompressed(key.pk)), "key.pk");
  must(claim.yT === hex(compressed(key.timekeeperShare)), "key.y_t");
  const shares = key.shares.map((share) => hex(compressed(share)));
  must(claim.y.length === shares.length && claim.y.every((y, i) => y === shares[i]), "key.y");
}

/** One ceremony while its messages are read in order. */
class Ceremony {
  private joins: Join[] = [];
  private statics: Point[] = [];
  private deals: CustodianDeal[] = [];
  private context: Bytes = new Uint8Array(0);
  private timekeeper: { y: Point; pop: Bytes } | undefined;

  constructor(
    private readonly start: CeremonyStart,
    private readonly sid: Bytes,
  ) {}

  async readJoins(envelopes: readonly JsonValue[]): Promise<void> {
    this.joins = await Promise.all(
      envelopes.map(async (envelope, i) => {
        const fields = await this.open(envelope, "ceremony-join", i);
        const commit = fields.bytes("commit", 32);
        const p = i === 0 ? undefined : decode33(fields.bytes("p", 33));
        fields.done();
        if (p !== undefined) checkPeer(p);
        return { commit, p };
      }),
    );
    this.statics = this.joins.flatMap(({ p }) => (p === undefined ? [] : [p]));
    must(
      new Set(this.statics.map((p) => hex(compressed(p)))).size === this.start.n,
      "ceremony.same_static",
    );
    this.context = ceremonyContext(this.sid, this.statics);
  }

  async readDeals(envelopes: readonly JsonValue[]): Promise<void> {
    const [first, ...rest] = envelopes;
    must(first !== undefined, "certificate.length");
    this.timekeeper = await this.timekeeperDeal(first);
    this.deals = await Promise.all(rest.map((envelope, j) => this.custodianDeal(envelope, j + 1)));
  }

  async certified(envelopes: readonly JsonValue[]): Promise<CheckedKey> {
    must(this.timekeeper !== undefined, "certificate.length");
    const { y, pop } = this.timekeeper;
    const extension = H(
      "dkg-ext",
      compressed(y),
      pop,
      ...this.deals.flatMap((deal) => deal.shares),
    );
    const signed = transcript(this.context, this.start.k, this.statics, this.deals, extension);
    const keyId = sha256(signed);
    await Promise.all(
      envelopes.map(async (envelope, i) => {
        const fields = await this.open(envelope, "ceremony-certify", i);
        must(isSame(fields.bytes("key_id", 32), keyId), "ceremony.key_id");
        const signature = fields.bytes("sig", 65);
        fields.done();
        checkSchnorr(i === 0 ? y : this.staticOf(i), signed, signature);
      }),
    );
    return this.key(keyId, y);
  }

  private key(keyId: Bytes, y: Point): CheckedKey {
    const coefficients = aggregate(this.start.k, this.deals);
    const [constant] = coefficients;
    must(constant !== undefined, "ceremony.commitments");
    const pk = constant.add(y);
    must(!pk.is0(), "ceremony.key");
    const shares = this.statics.map((_, j) => verificationShare(coefficients, j + 1));
    return { start: this.start, sid: this.sid, keyId, pk, timekeeperShare: y, shares };
  }

  private async timekeeperDeal(envelope: JsonValue): Promise<{ y: Point; pop: Bytes }> {
    const fields = await this.open(envelope, "ceremony-deal", 0);
    const y = decode33(fields.bytes("y", 33));
    const pop = fields.bytes("pop", 65);
    fields.done();
    this.checkCommit(0, compressed(y));
    checkSchnorr(y, join(this.context, utf8("timekeeper"), compressed(y)), pop);
    return { y, pop };
  }

  private async custodianDeal(envelope: JsonValue, i: number): Promise<CustodianDeal> {
    const fields = await this.open(envelope, "ceremony-deal", i);
    const commitments = fields.hexList("c", 33, this.start.k).map(decode33);
    const pop = fields.bytes("pop", 65);
    const ephemeral = decode33(fields.bytes("e", 33));
    const shares = fields.hexList("shares", 48, this.start.n);
    fields.done();
    checkPeer(ephemeral);
    const deal = { commitments, pop, ephemeral, shares };
    this.checkCommit(i, join(...commitments.map(compressed)), compressed(ephemeral));
    const [constant] = commitments;
    must(constant !== undefined, "ceremony.commitments");
    checkSchnorr(constant, possessionMessage(this.context, deal), pop);
    return deal;
  }

  private checkCommit(i: number, ...revealed: readonly Bytes[]): void {
    const commit = H("dkg-commit", this.sid, u32(i), ...revealed);
    must(isSame(commit, this.joins[i]?.commit ?? new Uint8Array(0)), "ceremony.commit");
  }

  private staticOf(i: number): Point {
    const point = this.statics[i - 1];
    must(point !== undefined, "ceremony.static");
    return point;
  }

  private async open(envelope: JsonValue, message: string, i: number): Promise<Fields> {
    const key = i === 0 ? this.start.timekeeper.key : this.start.roster[i - 1]?.key;
    must(key !== undefined, "ceremony.roster");
    const payload = await openEnvelope(envelope, message, key);
    const fields = new Fields(loads(payload, LIMIT), message).version();
    must(isSame(fields.bytes("sid", 32), this.sid), "ceremony.sid");
    must(fields.integer("i") === i, "ceremony.index");
    return fields;
  }
}
