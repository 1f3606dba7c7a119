// Tells one boot of a Windows machine from the next, which has no name: only the times of start and of now, both of a clock that is set now and then.

export interface Boot {
  /** 32 bits: the second it began in, as it was first seen. */
  number: number;
  uptimeMs: number;
}

/**
 * The start is reckoned back from the clock, so setting the clock by a second moves it by a second. What moves it further than this
 * is another boot, or a clock that made a leap: differences are worth nothing either way.
 */
const SAME_START_MS = 60_000;

/** Undefined when a time is missing, or the machine says it began after now. `former` is what this returned last. */
export function bootOf(
  former: Boot | undefined,
  startMs: number | undefined,
  nowMs: number | undefined,
): Boot | undefined {
  if (startMs === undefined || nowMs === undefined || nowMs < startMs) return undefined;
  const uptimeMs = nowMs - startMs;
  const isSame =
    former !== undefined && uptimeMs >= former.uptimeMs && Math.abs(former.number * 1_000 - startMs) <= SAME_START_MS;
  // The low 32 bits: enough until 2106, and a clock of nonsense stays a small integer.
  return { number: isSame ? former.number : Math.floor(startMs / 1_000) >>> 0, uptimeMs };
}
