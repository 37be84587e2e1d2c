/**
 * What other parts of a page may ask of an opened kit; its secrets stay in the worker that holds it.
 *
 * `<kb-release>` is handed one as its property `holder`, undefined while no kit is open.
 */

import type { JsonObject, JsonValue } from "../crypto/canonical.ts";

/** An order that was checked on the record, and the ceremony its key came from. */
export interface PartialRequest {
  readonly project: string;
  readonly keyId: string;
  readonly openingId: string;
  /** The order's bids in its order; `enc` is 130 hex characters. */
  readonly bids: readonly { readonly bid: string; readonly enc: string }[];
  /** The certificate: start, joins 0..n, deals 0..n, certifies 0..n, as envelopes. */
  readonly certificate: readonly JsonValue[];
  /** The clerk's key that started the ceremony, SubjectPublicKeyInfo in hex. */
  readonly clerk: string;
}

/** An opened kit. */
export interface KitHolder {
  /** The public signing key, SubjectPublicKeyInfo in hex: how a roster names its custodian. */
  readonly spki: string;
  /**
   * Compute the shares of every bid of a checked order and sign them.
   *
   * @returns the envelope of the message `partial`, ready for `opening.post_partial`.
   */
  partial(asked: PartialRequest): Promise<JsonObject>;
}
