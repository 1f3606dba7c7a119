// What the pages of logins read: sealed logins with the keys of their relays, and devices that got none.
import { useQuery } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import type { SealingKey } from '#shared/model/charter.ts';
import type { Login } from './login-rows.ts';

/** A relay says within a second that it holds a login; nobody waits longer than this to see it. */
const FRESH_MS = 5_000;

export const CREDENTIALS = ['credentials'];

export interface Credentials {
  items: readonly Login[];
  /** By relay, as it told it. */
  keys: ReadonlyMap<string, SealingKey>;
}

export const useCredentials = () =>
  useQuery({
    queryKey: CREDENTIALS,
    refetchInterval: FRESH_MS,
    queryFn: async ({ signal }): Promise<Credentials> => {
      const { items, vaults } = await api.credentials.list(undefined, { signal });
      return { items, keys: new Map(vaults.map(({ relayId, sealingKey }) => [relayId, sealingKey])) };
    },
  });

/** More than one looks at at once; how many there are beyond is said. */
const SHOWN_DEVICES = 20;

/** Devices whose relay offered them no login: new, moved or rebuilt ones. */
export const useDevicesWithoutLogin = () =>
  useQuery({
    queryKey: ['devices-without-login'],
    refetchInterval: 3 * FRESH_MS,
    queryFn: async ({ signal }) => {
      const q = 'reason:credential-not-allowed';
      return api.devices.list({ q, limit: SHOWN_DEVICES, names: 'none' }, { signal });
    },
  });
export type DeviceWithoutLogin = NonNullable<ReturnType<typeof useDevicesWithoutLogin>['data']>['items'][number];

/** Devices of a relay, to bind a login to some of them. */
export const useDevicesOfRelay = (siteId: string | undefined, relayId: string) =>
  useQuery({
    queryKey: ['devices-of-relay', relayId],
    enabled: siteId !== undefined && relayId !== '',
    queryFn: async ({ signal }) => {
      const { items } = await api.devices.list({ siteId, limit: 200, names: 'none' }, { signal });
      return items.filter((device) => device.relayId === relayId);
    },
  });
