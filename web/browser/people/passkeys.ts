/**
 * Passkeys: asks this device to make one or to sign with one, and hands its answer on.
 *
 * Source: Web Authentication, W3C, level 3, section 5.1. Bytes travel as base64url without padding.
 */

import { post } from "../app/api.ts";
import { Said } from "../app/ask.ts";
import { _ } from "../app/texts.ts";
import { all, onClick, onSubmit, reload, text } from "./doing.ts";

interface Descriptor {
  readonly id: string;
  readonly type: "public-key";
}

interface Asked {
  readonly challenge: string;
  readonly user?: { readonly id: string; readonly name: string; readonly displayName: string };
  readonly excludeCredentials?: readonly Descriptor[];
  readonly allowCredentials?: readonly Descriptor[];
}

/** Whether this browser knows passkeys at all. */
export function knowsPasskeys(): boolean {
  return "PublicKeyCredential" in window && window.isSecureContext;
}

/** Make a passkey on this device. */
export async function makePasskey(password: string, name: string): Promise<void> {
  const asked = await post<Asked>("/api/account/passkeys/options", { password, name });
  const made = await fromDevice(() =>
    navigator.credentials.create({
      publicKey: {
        ...(asked as unknown as PublicKeyCredentialCreationOptions),
        challenge: octets(asked.challenge),
        user: { ...asked.user, id: octets(asked.user?.id ?? "") } as PublicKeyCredentialUserEntity,
        excludeCredentials: (asked.excludeCredentials ?? []).map(described),
      },
    }),
  );
  const response = made.response as AuthenticatorAttestationResponse;
  await post("/api/account/passkeys", {
    credential: written(made, {
      attestationObject: base64url(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    }),
  });
}

/** Sign in with a passkey this device has for the site. */
export async function signIn(): Promise<void> {
  const asked = await post<Asked>("/api/session/passkey/options", {});
  const signed = await fromDevice(() =>
    navigator.credentials.get({
      publicKey: {
        ...(asked as unknown as PublicKeyCredentialRequestOptions),
        challenge: octets(asked.challenge),
        allowCredentials: (asked.allowCredentials ?? []).map(described),
      },
    }),
  );
  const response = signed.response as AuthenticatorAssertionResponse;
  await post("/api/session/passkey", {
    credential: written(signed, {
      authenticatorData: base64url(response.authenticatorData),
      signature: base64url(response.signature),
      userHandle: response.userHandle === null ? null : base64url(response.userHandle),
    }),
  });
}

/** Make the passkey's form of one's own page and the door's button work. */
export function passkeys(): void {
  for (const place of all<HTMLElement>("[data-passkey]")) place.hidden = !knowsPasskeys();
  for (const form of all<HTMLFormElement>("form[data-make-passkey]")) {
    onSubmit(form, async (said) => {
      await makePasskey(String(said.get("password")), text(said, "name"));
      reload(_("The passkey is set up. You can sign in with it from now on."));
    });
  }
  for (const button of all<HTMLButtonElement>("button[data-passkey-sign-in]")) {
    onClick(button, async () => {
      await signIn();
      location.assign(button.dataset["next"] ?? "/");
    });
  }
}

/** Wait for the device's answer; a person who goes back is told so in words. */
async function fromDevice(asking: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  let answer: Credential | null;
  try {
    answer = await asking();
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    if (name === "InvalidStateError") {
      throw new Said(_("This device has a passkey for your account already."));
    }
    throw new Said(_("The device gave no passkey: it was cancelled, took too long, or has none for this site."));
  }
  if (!(answer instanceof PublicKeyCredential)) throw new Error("no passkey");
  return answer;
}

function written(credential: PublicKeyCredential, more: object): object {
  return {
    id: credential.id,
    rawId: base64url(credential.rawId),
    type: credential.type,
    response: { clientDataJSON: base64url(credential.response.clientDataJSON), ...more },
  };
}

function described(one: Descriptor): PublicKeyCredentialDescriptor {
  return { type: one.type, id: octets(one.id) };
}

function octets(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replace(/-/gu, "+").replace(/_/gu, "/"));
  return Uint8Array.from(binary, (sign) => sign.charCodeAt(0));
}

function base64url(buffer: ArrayBuffer): string {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replace(/\+/gu, "-").replace(/\//gu, "_").replace(/=+$/u, "");
}
