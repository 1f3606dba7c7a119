// Fingerprints of relays' keys that somebody compared in this browser: asked for once, as the command line does.
import { z } from 'zod';
import { readStored, writeStored } from '#console/web/src/settings/stored.ts';

const NAME = 'rmm-compared-keys';
/** Relays of one browser; the oldest is compared anew. */
const MAX_KEYS = 500;

/** Public, and no more than a memory: whoever could change it could change this page too. */
const Kept = z.array(z.tuple([z.string(), z.string()])).max(MAX_KEYS);

function readAll(): z.infer<typeof Kept> {
  try {
    return Kept.parse(JSON.parse(readStored(NAME) ?? '[]'));
  } catch {
    return []; // what is not ours is written over
  }
}

/** Empty where nobody compared it here. */
export const comparedKey = (relay: string): string => readAll().find(([id]) => id === relay)?.[1] ?? '';

export function rememberCompared(relay: string, fingerprint: string): void {
  const others = readAll().filter(([id]) => id !== relay);
  writeStored(NAME, JSON.stringify([...others, [relay, fingerprint]].slice(-MAX_KEYS)));
}
