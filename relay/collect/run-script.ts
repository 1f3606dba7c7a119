// Runs a collector script in a session and gives its sections; a fresh nonce per call makes old or forged output worthless.

import type { Session } from '#relay/transport/transport.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import type { Outcome } from '#shared/base/outcome.ts';
import { type Sections, sectionsOf } from './framed-output.ts';

export interface CollectorScript {
  system: string;
  /** The script's text for a nonce. */
  text: (nonce: string) => string;
  timeoutMs: number;
  maxOutputBytes: number;
}

export async function runScript(
  script: CollectorScript,
  session: Session,
  random: RandomBytes,
  signal: AbortSignal,
): Promise<Outcome<Sections>> {
  const nonce = makeNonce(random);
  const { timeoutMs, maxOutputBytes } = script;
  const outcome = await session.run({ script: script.text(nonce), timeoutMs, maxOutputBytes }, signal);
  return outcome.ok ? sectionsOf(outcome.value, nonce, script.system) : outcome;
}

/** 128 bits in hex: no text that a device printed before can hold it. */
export function makeNonce(random: RandomBytes): string {
  return Array.from(random(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
