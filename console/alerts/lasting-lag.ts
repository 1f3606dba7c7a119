// Tells a console that is slow from a line that was cut: what waited for the line comes late too, and is soon over.
const MINUTE_MS = 60_000;
/** Live samples are stored within two seconds; half a minute is no passing load. */
export const LATE_MS = MINUTE_MS / 2;
/** The lag is that of the last minute; what a cut held back has passed after two of them. */
const LASTING_MS = 3 * MINUTE_MS;

export class LastingLag {
  #since: number | undefined;

  /** The lag once it has lasted, else 0; null as long as nobody knows. */
  read(lagMs: number | null, now: number): number | null {
    if (lagMs === null || lagMs < LATE_MS) {
      this.#since = undefined;
      return lagMs;
    }
    this.#since ??= now;
    return now - this.#since >= LASTING_MS ? lagMs : 0;
  }
}
