// What this browser remembers of a person's taste: small words in the local storage, harmless when it refuses.

/** A browser that blocks storage throws at the mere look at it; taste is then that of the first visit. */
export function readStored(name: string): string | null {
  try {
    return globalThis.localStorage?.getItem(name) ?? null;
  } catch {
    return null;
  }
}

export function writeStored(name: string, value: string): void {
  try {
    globalThis.localStorage?.setItem(name, value);
  } catch {
    // Nothing is lost but the memory of a choice.
  }
}
