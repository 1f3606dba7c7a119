// Tags: listed, renamed, taken off every device, and put back when that was a slip.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { toast } from '#console/web/src/ui/toast.ts';
import { tagFilter } from './label-filter.ts';
import { t } from './text.ts';

export interface TagRow {
  tag: string;
  devices: number;
}

export const useTags = () =>
  useQuery({
    queryKey: ['tags'],
    queryFn: async ({ signal }) => (await api.tags.list(undefined, { signal })).items,
  });

/** The API's largest page, and no reading of any device. */
const PAGE = { limit: 1_000, names: 'none' };

/** Who has it: asked before it goes, so that it can come back. */
async function devicesWith(tag: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: Array<{ id: string }>; nextCursor: string | null } = await api.devices.list({
      ...PAGE,
      q: tagFilter(tag),
      ...(cursor === null ? {} : { cursor }),
    });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return ids;
}

export function useRereadTags(): () => void {
  const queries = useQueryClient();
  return () => {
    for (const key of ['tags', 'fleet']) void queries.invalidateQueries({ queryKey: [key] });
  };
}

export function useRemoveTag() {
  const reread = useRereadTags();
  const putBack = async (tag: string, devices: string[]) => {
    try {
      await api.tags.change({ devices, add: [tag] });
      toast.say(t('tagBack', { tag, count: devices.length }));
    } catch (error) {
      toast.fault(error, t('tagNotBack', { tag }));
    } finally {
      reread();
    }
  };
  return useMutation({
    mutationFn: async (tag: string) => {
      const devices = await devicesWith(tag);
      await api.tags.remove({ tag });
      return devices;
    },
    onSuccess: (devices, tag) => {
      const undo = devices.length === 0 ? {} : { onUndo: () => void putBack(tag, devices) };
      toast.say(t('tagRemoved', { tag, count: devices.length }), undo);
    },
    onError: (error, tag) => toast.fault(error, t('tagNotRemoved', { tag })),
    onSettled: reread,
  });
}
