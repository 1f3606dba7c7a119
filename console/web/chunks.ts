// Which modules of the web travel together: over HTTP/1.1 fifty small files cost more than their bytes.
import type { Rolldown } from 'vite';

type Context = Rolldown.ChunkingContext;

/** Raw bytes: what several pages share comes in a few files of at least this, and a page may load a little more than it uses. */
const MIN_SHARED = 10_000;

/** What a module needs before it runs: not what it asks for later, and not itself, which stays the entry. */
function needed(entry: string, context: Context): Set<string> {
  const found = new Set([entry]);
  // A set that grows is walked to its end.
  for (const id of found) for (const next of context.getModuleInfo(id)?.importedIds ?? []) found.add(next);
  found.delete(entry);
  return found;
}

/** One file for all that comes before the first page, few for what pages share, and one for each page. */
export function chunkGroups(entry: string): Rolldown.CodeSplittingOptions {
  let first: Set<string> | undefined;
  const isFirst = (id: string, context: Context) => {
    first ??= needed(entry, context);
    return first.has(id);
  };
  const named = { debugName: 'first', name: (id: string, context: Context) => (isFirst(id, context) ? 'first' : null) };
  return {
    groups: [
      { ...named, priority: 2 },
      { name: 'shared', minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: MIN_SHARED, priority: 1 },
    ],
  };
}

/** The bundler names what is shared after all who share it, styles too. */
export const chunkName = ({ name }: { name: string }): string => `assets/${shortly(name, '[name]')}-[hash].js`;
export const assetName = ({ names }: { names: readonly string[] }): string =>
  `assets/${shortly(names[0] ?? '', '[name]')}-[hash].[ext]`;
const shortly = (name: string, pattern: string): string => (name.startsWith('shared~') ? 'shared' : pattern);
