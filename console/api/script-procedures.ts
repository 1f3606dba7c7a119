// The script library over the API: a script belongs to no site, so whoever changes one has to see the whole estate.
import type { StoredVersion } from '#console/scripts/script-library.ts';
import { AppError } from '#shared/base/errors.ts';
import type { ScriptHead } from '#shared/contract/script-contract.ts';
import type { Signer } from '#shared/model/charter.ts';
import { readScript } from '#shared/seal/script-seal.ts';
import { type Guarded, mustSeeAll } from './guard.ts';
import type { ApiServices } from './services.ts';

export function scriptProcedures(os: Guarded, { scripts, scriptSync }: ApiServices) {
  return {
    list: os.scripts.list.handler(async () => {
      const people = await scripts.people();
      return { items: (await scripts.list()).map((one) => headOf(one, people)) };
    }),
    show: os.scripts.show.handler(async ({ input: { id, version } }) => {
      const [all, people] = [await scripts.versions(id), await scripts.people()];
      const shown = version === undefined ? all[0] : all.find((one) => one.version === version);
      if (shown === undefined) throw new AppError('not-found', `script ${id}: has no version ${version}`);
      const { text, signatures } = shown;
      return {
        shown: { ...headOf(shown, people), text, signatures },
        versions: all.map((one) => headOf(one, people)),
      };
    }),
    put: os.scripts.put.handler(async ({ input, context }) => {
      mustSeeAll(context.scope);
      const { document, hash } = await scripts.put(context, { ...input, origin: '' });
      return { id: document.id, version: document.version, hash };
    }),
    sources: os.scripts.sources.handler(({ context }) => {
      mustSeeAll(context.scope);
      return { items: scriptSync.sources.map(({ name, url, branch, folder }) => ({ name, url, branch, folder })) };
    }),
    sync: os.scripts.sync.handler(({ input, context }) => {
      mustSeeAll(context.scope);
      return scriptSync.sync(context, input.name);
    }),
    remove: os.scripts.remove.handler(async ({ input, context }) => {
      mustSeeAll(context.scope);
      await scripts.remove(context, input.id);
      return { removed: true as const };
    }),
  };
}

function headOf(stored: StoredVersion, people: ReadonlyMap<string, Signer>): ScriptHead {
  const { id, version, hash, signers, origin, createdAt, createdBy } = stored;
  const { name, shell, description } = readScript(stored.text);
  return {
    ...{ id, name, version, shell, description, hash, origin, createdAt, createdBy },
    signers: signers.map((key) => ({ key, name: people.get(key)?.name ?? null })),
  };
}
