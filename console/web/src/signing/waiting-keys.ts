// Passkeys that were made here and wait for an owner: kept by this browser alone, public parts only.
import { useSyncExternalStore } from 'react';
import { z } from 'zod';
import { readStored, writeStored } from '#console/web/src/settings/stored.ts';
import { PasskeyKey } from '#shared/model/charter.ts';

export const WaitingKey = z.strictObject({ name: z.string(), person: z.string(), key: PasskeyKey });
export type WaitingKey = z.infer<typeof WaitingKey>;

const SETTING = 'rmm-waiting-passkeys';
/** Of one browser more would be a mistake; the oldest go. */
const MAX_KEPT = 8;

/** Whatever does not read as it was written is nothing: the storage is anybody's who sits here. */
export function readWaiting(text: string | null): readonly WaitingKey[] {
  try {
    const parsed = z.array(WaitingKey).safeParse(JSON.parse(text ?? '[]'));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}

let kept: readonly WaitingKey[] | undefined;
const listeners = new Set<() => void>();
const current = (): readonly WaitingKey[] => {
  kept ??= readWaiting(readStored(SETTING));
  return kept;
};

function keep(next: readonly WaitingKey[]): void {
  kept = next.slice(-MAX_KEPT);
  writeStored(SETTING, JSON.stringify(kept));
  for (const listener of listeners) listener();
}

export const keepWaiting = (key: WaitingKey): void => keep([...current(), key]);
export const dropWaiting = (id: string): void => keep(current().filter(({ key }) => key.id !== id));

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
export const useWaitingKeys = (): readonly WaitingKey[] => useSyncExternalStore(subscribe, current);
