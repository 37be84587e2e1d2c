/**
 * What is done with a kit on this device: made, saved, opened, registered, kept, forgotten.
 *
 * It must not let a kit be used that was not opened from its saved file, and holds no secret.
 */

import { registry } from "../app/api.ts";
import { me } from "../app/signing.ts";
import { newestCheckpoint, pinned, see } from "../app/trust.ts";
import type { Bytes } from "../crypto/bytes.ts";
import { Invalid } from "../crypto/invalid.ts";
import { forget, keep, kept, save, thisDevice, type Copy } from "./copy.ts";
import type { KitSeat } from "./seat.ts";

/** A kit that is open in the worker. */
export interface Opened {
  readonly spki: string;
  readonly keyid: string;
  readonly isRegistered: boolean;
}

/** One account's kit on this device. */
export class KitUse {
  /** The encrypted copy that this device keeps. */
  copy: Copy | undefined;
  /** Made, and not yet opened from its saved file. */
  made: { readonly file: Bytes; readonly keyid: string } | undefined;
  opened: Opened | undefined;
  device = thisDevice();

  constructor(
    private readonly seat: KitSeat,
    private readonly account: string,
    /** Told whenever another kit is open, or none. */
    private readonly changed: (opened: Opened | undefined) => void,
  ) {}

  /** Look for the copy of this device. */
  async look(): Promise<void> {
    this.copy = await kept(this.account);
  }

  /**
   * Make a kit for this installation.
   *
   * @throws Invalid `kit.no_timekeeper`: there is none yet.
   */
  async make(passphrase: string): Promise<void> {
    const { log, timekeeper } = await pinned();
    if (timekeeper === "") throw new Invalid("kit.no_timekeeper");
    const origin = { log, timekeeper, checkpoint: await newestCheckpoint() };
    this.made = await this.seat.ask("make", { passphrase, origin });
  }

  /** Hand the file to the person: what was just made, or the copy. */
  save(): void {
    const found = this.made ?? this.copy;
    if (found === undefined) return;
    save(found.file, `kaibiao-kit-${this.account}-${found.keyid.slice(0, 8)}.age`);
  }

  /** Open a kit from a file; one that was just made is registered as soon as it opened. */
  async openFile(file: Bytes, passphrase: string, isKept: boolean): Promise<void> {
    const { keyid, isRegistered } = await this.unlock(file, passphrase);
    if (isKept) {
      this.copy = { file, keyid, device: this.device, at: Date.now() };
      await keep(this.account, this.copy);
    } else if (this.copy?.keyid !== keyid) {
      this.copy = undefined;
    }
    const isNew = this.made !== undefined;
    this.made = undefined;
    if (isNew && !isRegistered) await this.register();
  }

  /** Open the copy of this device. */
  async openCopy(passphrase: string): Promise<void> {
    if (this.copy !== undefined) await this.unlock(this.copy.file, passphrase);
  }

  /** Make the kit's signing key known to the service as this account's. */
  async register(): Promise<void> {
    if (this.opened === undefined) return;
    await registry(await this.seat.ask("registration", { account: this.account }));
    this.become({ ...this.opened, isRegistered: true });
  }

  /** Close what is open; what was made and not yet opened is given up. */
  async close(): Promise<void> {
    this.made = undefined;
    await this.seat.ask("close", {});
    this.become(undefined);
    await this.look();
  }

  /** Forget the copy of this device. */
  async forget(): Promise<void> {
    await forget(this.account);
    this.copy = undefined;
  }

  /** Open a kit in the worker; what it knows of the log must be continued by what is shown here. */
  private async unlock(file: Bytes, passphrase: string): Promise<Opened> {
    const trust = await pinned();
    const { log, timekeeper } = trust;
    const asked = { file, passphrase, log, timekeeper };
    const { spki, keyid, origin } = await this.seat.ask("open", asked);
    try {
      await see(origin.checkpoint, trust);
      const isRegistered = (await me()).keys.some((one) => one.keyid === keyid);
      const opened = { spki, keyid, isRegistered };
      this.become(opened);
      return opened;
    } catch (error) {
      await this.seat.ask("close", {});
      throw error;
    }
  }

  private become(opened: Opened | undefined): void {
    this.opened = opened;
    this.changed(opened);
  }
}
