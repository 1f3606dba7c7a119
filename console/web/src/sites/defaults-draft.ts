// What new devices of a site begin with, as a form holds it: empty is "as usual".
import { DEVICE_TRANSPORTS } from '#shared/model/device-words.ts';
import type { SiteDefaults } from '#shared/model/site.ts';

type Transport = (typeof DEVICE_TRANSPORTS)[number];

export interface DefaultsDraft {
  relayId: string;
  transport: '' | Transport;
  port: string;
  credential: string;
  realm: string;
  share: string;
  intervalMs: string;
  tags: string[];
  groupIds: string[];
}

type Stored = { [Key in keyof SiteDefaults]?: unknown };

const textOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value));
const listOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

/** A word that this page does not know is shown as none. */
export const transportOf = (text: unknown): '' | Transport => DEVICE_TRANSPORTS.find((one) => one === text) ?? '';

export function draftOfDefaults(defaults: Stored): DefaultsDraft {
  const { relayId, transport, port, credential, realm, share, intervalMs, tags, groupIds } = defaults;
  return {
    relayId: textOf(relayId),
    transport: transportOf(transport),
    port: textOf(port),
    credential: textOf(credential),
    realm: textOf(realm),
    share: textOf(share),
    intervalMs: textOf(intervalMs),
    tags: listOf(tags),
    groupIds: listOf(groupIds),
  };
}

export const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;

/** What is empty is left out; a port has been checked before. */
export function defaultsOf(draft: DefaultsDraft) {
  const { relayId, transport, port, credential, realm, share, intervalMs, tags, groupIds } = draft;
  return {
    ...(relayId !== '' && { relayId }),
    ...(transport !== '' && { transport }),
    ...(port.trim() !== '' && { port: Number(port) }),
    ...(credential.trim() !== '' && { credential: credential.trim() }),
    ...(realm.trim() !== '' && { realm: realm.trim() }),
    ...(share.trim() !== '' && { share: share.trim() }),
    ...(intervalMs !== '' && { intervalMs: Number(intervalMs) }),
    ...(tags.length > 0 && { tags }),
    ...(groupIds.length > 0 && { groupIds }),
  };
}
