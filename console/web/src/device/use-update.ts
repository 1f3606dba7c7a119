// Changes what the console holds of a device; the page shows the answer at once, and a fault says what was not done.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { toast } from '#console/web/src/ui/toast.ts';
import type { DeviceData } from './device-data.ts';

export type DevicePatch = Omit<Parameters<typeof api.devices.update>[0], 'id'>;

export interface Update {
  /** Throws what the console said. */
  save: (patch: DevicePatch) => Promise<DeviceData>;
  /** Says what went wrong in a note; true when it was done. */
  trySave: (patch: DevicePatch, what: string) => Promise<boolean>;
  /** Puts tags on and takes them off. */
  tag: (change: { add?: string[]; remove?: string[] }, what: string) => Promise<boolean>;
}

export function useUpdate(id: string): Update {
  const queries = useQueryClient();
  const save = useCallback(
    async (patch: DevicePatch) => {
      const saved = await api.devices.update({ id, ...patch });
      queries.setQueryData(['device', id], saved);
      void queries.invalidateQueries({ queryKey: ['device', id, 'timeline'] });
      return saved;
    },
    [id, queries],
  );
  const trySave = useCallback((patch: DevicePatch, what: string) => told(save(patch), what), [save]);
  const tag = useCallback(
    async (change: { add?: string[]; remove?: string[] }, what: string) => {
      const isDone = await told(api.tags.change({ devices: [id], ...change }), what);
      await queries.invalidateQueries({ queryKey: ['device', id], exact: true });
      void queries.invalidateQueries({ queryKey: ['tags'] });
      return isDone;
    },
    [id, queries],
  );
  return { save, trySave, tag };
}

async function told(work: Promise<unknown>, what: string): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    toast.fault(error, what);
    return false;
  }
}
