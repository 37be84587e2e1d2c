/** Fetches what a bidder goes by; each thing is checked here before anything is shown of it. */

import { hex, textOf } from "../crypto/bytes.ts";
import { get } from "../app/api.ts";
import { pinned, proven } from "../app/trust.ts";
import { openBundle, type Bundle, type LogKeys, type TrustedKey } from "./notices.ts";

/** One section of a project's view, as far as bidding goes by it. */
export interface SectionView {
  readonly section: string;
  readonly title: string;
  readonly envelopes: 1 | 2;
  readonly currency: string;
  readonly limit?: number;
  readonly max_size: number;
  readonly co_open: boolean;
  readonly deadline: number;
  readonly question_deadline: number;
  readonly phase: string;
  /** The scoring rule, once a notice binds it. */
  readonly rule?: { readonly stages: readonly { readonly items: readonly { readonly blind?: boolean }[] }[] };
}

/** One's own bid as the service has it. */
export interface OwnBid {
  readonly bid: string;
  readonly section: string;
  readonly envelope: 1 | 2;
  readonly revision: number;
  readonly status: string;
  readonly size: number;
  readonly at: number;
  readonly command: string;
  readonly account: string;
}

export interface Participant {
  readonly account: string;
  readonly role: string;
  readonly organisation: string;
  readonly organisation_name: string;
  readonly key?: string | null;
  readonly keyid?: string | null;
}

/** A project as its bidder sees it. */
export interface ProjectView {
  readonly project: string;
  readonly number: string;
  readonly title: string;
  readonly now: number;
  readonly published: boolean;
  readonly sections: readonly SectionView[];
  readonly participants: readonly Participant[];
  /** The clerks' keys, those of released clerks too: key id -> SubjectPublicKeyInfo hex. */
  readonly clerk_keys: Readonly<Record<string, string>>;
  readonly bids: readonly OwnBid[];
}

/** Return a project as this visitor may see it. */
export async function projectView(project: string): Promise<ProjectView> {
  return get<ProjectView>(`/api/projects/${project}`);
}

/** Return one's own bids at a place, by revision. */
export function ownBids(view: ProjectView, section: string, envelope: number): readonly OwnBid[] {
  return view.bids
    .filter((bid) => bid.section === section && bid.envelope === envelope)
    .sort((left, right) => left.revision - right.revision);
}

/** Fetch what sealing needs; the log must continue what this browser has seen. */
export async function fetchBundle(
  view: ProjectView,
  section: string,
  envelope: 1 | 2,
): Promise<Bundle> {
  const { project } = view;
  const notice = await proven(project, { kind: "notice" });
  const key = await proven(project, { kind: "key", section, envelope });
  return {
    project,
    section,
    envelope,
    notice: notice.map(({ receipt }) => textOf(receipt)),
    key: key.map(({ receipt }) => textOf(receipt)),
    clerks: view.clerk_keys,
    own: ownBids(view, section, envelope).map(({ revision, bid }) => [revision, bid] as const),
  };
}

/** Fetch and check the key of an envelope. */
export async function trustedKey(
  view: ProjectView,
  section: string,
  envelope: 1 | 2,
): Promise<{ bundle: Bundle; trusted: TrustedKey; keys: LogKeys }> {
  const bundle = await fetchBundle(view, section, envelope);
  const { log, timekeeper } = await pinned();
  const keys = { log, timekeeper };
  return { bundle, trusted: await openBundle(bundle, keys), keys };
}

/** Return the hash of a whole content, hex. */
export async function sha256Of(content: Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", content)));
}
