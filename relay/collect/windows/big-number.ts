// Numbers of 64 bits as numbers of ours, where they fit.

/** A counter that is no safe integer any more is unknown, not rounded. */
export function safeNumber(value: bigint | undefined): number | undefined {
  return value === undefined || value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(value);
}
