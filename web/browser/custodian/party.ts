/**
 * What a custodian does with its kit: the ceremony's steps, rehearsals, and shares of what was
 * ordered. Each gives a command ready to be sent, signed with the kit's own key.
 *
 * It must not send anything, and answers no step that is not proved to be due.
 */

import { hex, unhex, utf8, type Bytes } from "../crypto/bytes.ts";
import { dumps, type JsonObject } from "../crypto/canonical.ts";
import { checkCertificate } from "../crypto/certificate.ts";
import type { Session } from "../crypto/ceremony.ts";
import { certify, commitTo, deal, dealerSecrets, type DealerSecrets } from "../crypto/dkg.ts";
import { signEnvelope } from "../crypto/dsse.ts";
import { lp } from "../crypto/hashing.ts";
import { must } from "../crypto/invalid.ts";
import { derive, type OpenKit } from "../crypto/kit.ts";
import { parseCheckpoint } from "../crypto/notes.ts";
import { partialPayload } from "../crypto/partials.ts";
import { compressed } from "../crypto/points.ts";
import { encodeScalar } from "../crypto/scalars.ts";
import { signSchnorr } from "../crypto/schnorr.ts";
import { scalarOf, secretFrom, type Secret } from "../crypto/secret.ts";
import { BadShare, secretShare } from "../crypto/shares.ts";
import {
  acceptKey,
  dealsOf,
  isMissing,
  placeOf,
  readAttempt,
  signerOf,
  stepOf,
  type Attempt,
  type Proved,
  type Step,
} from "./attempt.ts";
import type { PartialRequest } from "./holder.ts";

/** What a custodian may do now in an attempt. */
export type Due =
  /** The step is due, and this is its command. */
  | { readonly due: Step; readonly command: JsonObject }
  /** A share is bad: the command ends the attempt and shows who dealt it. */
  | { readonly due: "abort"; readonly command: JsonObject; readonly offender: number }
  /** Done as far as it goes: others have to act, or the proof of what they did is still to come. */
  | { readonly due: "nothing"; readonly step: Step }
  | { readonly due: "over"; readonly status: "made" | "dead" };

/** A kit at work. */
export class Party {
  constructor(private readonly kit: OpenKit) {}

  /** The public signing key. */
  get spki(): Bytes {
    return this.kit.signer.spki;
  }

  /** Return the command that registers the kit's signing key for an account. */
  async registration(account: string): Promise<JsonObject> {
    const payload = { v: 1, account, key: hex(this.spki) };
    const message = await this.sign("key-registration", payload);
    return { type: "registry.register_key", message };
  }

  /** Return the next command of an attempt, from nothing but kit and proved entries. */
  async next(project: string, sid: string, entries: readonly Proved[]): Promise<Due> {
    const attempt = await readAttempt(project, sid, entries);
    const i = placeOf(attempt.start, this.spki);
    if (attempt.status !== "open") return { due: "over", status: attempt.status };
    const step = stepOf(attempt);
    if (!isMissing(attempt, i)) return { due: "nothing", step };
    if (step === "join") return { due: step, command: await this.join(attempt, i) };
    const { session } = attempt;
    must(session !== undefined, "attempt.not_all_joined");
    if (step === "deal") return { due: step, command: await this.deal(session, i) };
    return this.certify(attempt, session, i);
  }

  /** Return the command by which a custodian says that it cannot go on itself. */
  async giveUp(project: string, sid: string, entries: readonly Proved[]): Promise<JsonObject> {
    const attempt = await readAttempt(project, sid, entries);
    const i = placeOf(attempt.start, this.spki);
    return this.abort({ v: 1, sid, i, offender: i, cause: "kit" });
  }

  /**
   * Return the command that proves that the share of a key is still at hand.
   *
   * @param clerks the clerks' keys: key id -> SubjectPublicKeyInfo hex.
   * @param checkpoint the text of a recent cosigned checkpoint, three lines.
   */
  async rehearse(
    project: string,
    sid: string,
    entries: readonly Proved[],
    clerks: Readonly<Record<string, string>>,
    checkpoint: string,
  ): Promise<JsonObject> {
    const attempt = await readAttempt(project, sid, entries);
    const clerk = clerks[signerOf(attempt.started)];
    must(clerk !== undefined, "attempt.no_clerk");
    const key = await acceptKey(attempt, unhex(clerk));
    const i = placeOf(attempt.start, this.spki);
    parseCheckpoint(checkpoint);
    const said = lp(utf8("rehearsal"), key.keyId, utf8(checkpoint));
    const signature = await signSchnorr(await this.share(attempt, i), said);
    const payload = { v: 1, key_id: hex(key.keyId), i, checkpoint, sig: hex(signature) };
    return { type: "opening.rehearse_key", message: await this.sign("rehearsal", payload) };
  }

  /** Return the envelope of `partial` for an order that was checked on the record. */
  async partial(asked: PartialRequest): Promise<JsonObject> {
    const { certificate, project, openingId, bids } = asked;
    const key = await checkCertificate(certificate, unhex(asked.clerk));
    must(hex(key.keyId) === asked.keyId, "ceremony.key_id");
    must(key.start.project === project, "ceremony.project");
    const i = placeOf(key.start, this.spki);
    const y = key.shares[i - 1];
    must(y !== undefined, "ceremony.static");
    const attempt = await readAttempt(project, hex(key.sid), asProved(certificate, key.start.n));
    const share = await this.share(attempt, i);
    const ordered = { project, keyId: key.keyId, openingId: unhex(openingId, 32), bids };
    return this.sign("partial", await partialPayload(ordered, share, y, i));
  }

  private async sign(message: string, payload: JsonObject): Promise<JsonObject> {
    return signEnvelope(message, dumps(payload), this.kit.signer);
  }

  private async join(attempt: Attempt, i: number): Promise<JsonObject> {
    const secrets = await this.secrets(attempt.sid, attempt.start.k);
    const commit = hex(await commitTo(attempt.sid, i, secrets));
    const p = hex(compressed(secrets.fixed.publicPoint));
    const payload = { v: 1, sid: hex(attempt.sid), i, commit, p };
    return { type: "opening.join_ceremony", message: await this.sign("ceremony-join", payload) };
  }

  private async deal(session: Session, i: number): Promise<JsonObject> {
    const dealt = await deal(session, i, await this.secrets(session.sid, session.k));
    const payload = {
      v: 1,
      sid: hex(session.sid),
      i,
      c: dealt.commitments.map((point) => hex(compressed(point))),
      pop: hex(dealt.pop),
      e: hex(compressed(dealt.ephemeral)),
      shares: dealt.shares.map(hex),
    };
    return { type: "opening.deal_ceremony", message: await this.sign("ceremony-deal", payload) };
  }

  private async certify(attempt: Attempt, session: Session, i: number): Promise<Due> {
    const sid = hex(attempt.sid);
    const fixed = await this.fixed(attempt.sid);
    try {
      await this.share(attempt, i);
    } catch (error) {
      if (!(error instanceof BadShare)) throw error;
      // the secret of this attempt alone: it shows everybody who lied, and the attempt is dead
      const d = hex(encodeScalar(await scalarOf(fixed)));
      const evidence = { v: 1, sid, i, offender: error.dealer, cause: "share", d };
      return { due: "abort", command: await this.abort(evidence), offender: error.dealer };
    }
    must(attempt.timekeeper !== undefined, "attempt.not_all_dealt");
    const made = await certify(session, fixed, dealsOf(attempt), attempt.timekeeper);
    const payload = { v: 1, sid, i, key_id: hex(made.keyId), sig: hex(made.signature) };
    const message = await this.sign("ceremony-certify", payload);
    return { due: "certify", command: { type: "opening.certify_ceremony", message } };
  }

  private async abort(payload: JsonObject): Promise<JsonObject> {
    return { type: "opening.abort_ceremony", message: await this.sign("ceremony-abort", payload) };
  }

  /** Recover x_i from kit and record, and check it against Y_i. */
  private async share(attempt: Attempt, i: number): Promise<Secret> {
    must(attempt.session !== undefined, "attempt.not_all_joined");
    return secretShare(attempt.session, i, await this.fixed(attempt.sid), dealsOf(attempt));
  }

  private async fixed(sid: Bytes): Promise<Secret> {
    return secretFrom(await derive(this.kit.master, "static", sid));
  }

  private async secrets(sid: Bytes, k: number): Promise<DealerSecrets> {
    return dealerSecrets(this.kit.master, sid, k);
  }
}

/** A certificate's envelopes as entries, for the one reader of attempts; the start comes first. */
function asProved(certificate: readonly JsonObject[string][], n: number): Proved[] {
  const parties = n + 1;
  return certificate.map((envelope, at) => {
    const step = Math.floor((at - 1) / parties);
    const types = ["opening.ceremony_joined", "opening.ceremony_dealt", "opening.ceremony_certified"];
    return { type: types[step] ?? "opening.ceremony_started", body: { envelope } };
  });
}
