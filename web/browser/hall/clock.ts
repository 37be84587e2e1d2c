/** The service's clock as this page knows it: the quickest of the last answers counts. */

const KEPT = 8;

interface Sample {
  readonly trip: number;
  readonly ahead: number;
}

/** How far the service's clock is ahead of a local one that only ever grows. */
export class ServerClock {
  #samples: Sample[] = [];
  #ahead: number | undefined;

  /** Take in an answer: when it was asked and came, local ms, and the service's time in it. */
  sample(asked: number, came: number, now: number): void {
    const trip = came - asked;
    this.#samples = [...this.#samples, { trip, ahead: now - (asked + trip / 2) }].slice(-KEPT);
    const best = this.#samples.reduce((one, other) => (other.trip < one.trip ? other : one));
    this.#ahead = best.ahead;
  }

  /** The service's time at a local moment; undefined before the first answer. */
  at(local: number): number | undefined {
    return this.#ahead === undefined ? undefined : local + this.#ahead;
  }
}
