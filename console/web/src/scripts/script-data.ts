// What the pages of scripts read: heads of the newest versions, and versions as they were signed.
import { queryOptions, useQuery } from '@tanstack/react-query';
import { exactApi } from '#console/web/src/api/api.ts';
import type { ShownVersion } from '#shared/contract/script-contract.ts';
import type { ScriptVersion } from '#shared/model/script.ts';
import { readScript } from '#shared/seal/script-seal.ts';

export const useScripts = () =>
  useQuery({
    queryKey: ['scripts', 'list'],
    queryFn: async ({ signal }) => (await exactApi.scripts.list({}, { signal })).items,
  });

/** Read from the signed text: what the console says of it beside is not taken. */
export interface ReadVersion {
  shown: ShownVersion;
  document: ScriptVersion;
}

async function versionOf(id: string, version: number, signal: AbortSignal): Promise<ReadVersion> {
  const { shown } = await exactApi.scripts.show({ id, version }, { signal });
  return { shown, document: readScript(shown.text) };
}

export interface ReadScript extends ReadVersion {
  versions: Awaited<ReturnType<typeof exactApi.scripts.show>>['versions'];
  /** The version before it; undefined for the first. */
  former: ScriptVersion | undefined;
}

/** `version` undefined: the newest. */
export const scriptQuery = (id: string, version: number | undefined) =>
  queryOptions({
    queryKey: ['scripts', 'show', id, version ?? 0],
    queryFn: async ({ signal }): Promise<ReadScript> => {
      const asked = version === undefined ? { id } : { id, version };
      const { shown, versions } = await exactApi.scripts.show(asked, { signal });
      const former = shown.version === 1 ? undefined : (await versionOf(id, shown.version - 1, signal)).document;
      return { shown, versions, document: readScript(shown.text), former };
    },
  });
