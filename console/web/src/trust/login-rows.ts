// Sealed logins as people know them: one line per relay and name, with what is current and what waits beside it.
import type { CredentialSummary } from '#shared/contract/credential-contract.ts';
import type { CredentialSlot } from '#shared/model/credential.ts';

/** The API's answer; ids are plain texts here. */
export type Login = Omit<CredentialSummary, 'relayId' | 'siteId'> & { relayId: string; siteId: string };

export interface LoginRow {
  relayId: string;
  siteId: string;
  name: string;
  current: Login | undefined;
  next: Login | undefined;
}

export type LoginState = 'open' | 'waiting' | 'reseal' | 'revoked';

/** Whether its relay can use it: the worst word first. */
export function stateOf({ state, needsSealing }: Login): LoginState {
  if (needsSealing || state === 'unreadable') return 'reseal';
  return state;
}

export function loginRows(items: readonly Login[]): LoginRow[] {
  const rows = new Map<string, LoginRow>();
  for (const one of items) {
    const key = `${one.relayId} ${one.name}`;
    const { relayId, siteId, name } = one;
    const row = rows.get(key) ?? { relayId, siteId, name, current: undefined, next: undefined };
    rows.set(key, { ...row, [one.slot]: one });
  }
  return [...rows.values()];
}

export const slotsOf = ({ current, next }: LoginRow): Login[] => [current, next].filter((one) => one !== undefined);

/** The one that says what the login is for. */
export const mainOf = (row: LoginRow): Login | undefined => {
  const live = slotsOf(row).filter(({ state }) => state !== 'revoked');
  return live[0] ?? row.current ?? row.next;
};

/** What waits in the next slot is the current one by now. */
export const isPromoted = ({ current, next }: LoginRow): boolean =>
  current !== undefined && next !== undefined && current.promotes === next.version;

/** Version that the next seal or revocation of a slot has. */
export const nextVersion = (
  items: readonly Login[],
  place: { relayId: string; name: string; slot: CredentialSlot },
): number =>
  1 +
  (items.find(({ relayId, name, slot }) => relayId === place.relayId && name === place.name && slot === place.slot)
    ?.version ?? 0);
