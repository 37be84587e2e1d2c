/** What a bidder has to do in the hall at this moment; pure, the service decides. */

import { hasFalseDraw } from "./false_draw.ts";
import {
  hasSigned,
  hasSignedIn,
  isSignInOpen,
  ownBid,
  type Scene,
} from "./scene.ts";

/** The one thing that is this bidder's turn, or what it waits for. */
export type Turn =
  | "sign_in"
  | "secret"
  | "confirm"
  | "false_draw"
  | "object"
  | "sign"
  | "wait"
  | "not_yet"
  | "no_bid"
  | "spoiled"
  | "over";

/** Return what is this bidder's turn. */
export function turnOf(scene: Scene): Turn {
  const stage = scene.session.stage ?? "lobby";
  if (stage === "ended" || scene.terms.terminated !== undefined) return "over";
  if (isSignInOpen(scene) && !hasSignedIn(scene, "bidder")) return "sign_in";
  if (stage === "lobby") return isSignInOpen(scene) ? "wait" : "not_yet";
  const bid = ownBid(scene);
  if (bid === undefined) return stage === "closed" ? "wait" : "no_bid";
  return scene.session.paused === undefined && scene.terms.suspended === undefined
    ? withBid(scene, stage, bid[1])
    : "wait";
}

type Row = NonNullable<ReturnType<typeof ownBid>>[1];

function withBid(scene: Scene, stage: string, row: Row): Turn {
  if (stage === "minutes") return hasSigned(scene) ? "wait" : unlessFalse(scene, "sign");
  if (stage === "objections") return scene.session.windows?.["objections"] ? "object" : "wait";
  if (row?.spoiled !== undefined) return "spoiled";
  if (isSecretDue(scene, stage, row)) return "secret";
  const isConfirming = stage === "confirm" && scene.session.windows?.["confirm"] !== undefined;
  return isConfirming && row?.opened !== undefined && row.confirmed === undefined
    ? unlessFalse(scene, "confirm")
    : "wait";
}

/** Nobody confirms or signs while the hall shows a result that was not drawn. */
function unlessFalse(scene: Scene, turn: Turn): Turn {
  return hasFalseDraw(scene) ? "false_draw" : turn;
}

function isSecretDue(scene: Scene, stage: string, row: Row): boolean {
  return (
    scene.terms.co_open &&
    row?.secret === undefined &&
    ["announced", "secrets"].includes(stage)
  );
}
