// Which modules of the web travel together: over HTTP/1.1 fifty small files cost more than their bytes.
import type { Rolldown } from 'vite';

type Context = Rolldown.ChunkingContext;

/** Raw bytes: what several pages share comes in a few files of at least this, and a page may load a little more than it uses. */
const MIN_SHARED = 10_000;

/** What this many of thirteen pages need comes with the first of them: a file more is ten milliseconds of a slow machine. */
const MOST_PAGES = 4;

/** What the bundler itself adds for modules to hold together. */
const RUNTIME = '\0rolldown/runtime.js';

/** A module with all that it needs before it runs, not what it asks for later. */
function closureOf(id: string, context: Context): Set<string> {
  const found = new Set([id]);
  // A set that grows is walked to its end.
  for (const of of found) for (const next of context.getModuleInfo(of)?.importedIds ?? []) found.add(next);
  return found;
}

/** What is needed before the first page runs or by most pages, and not the entry itself, which stays one. */
function needed(entry: string, context: Context): Set<string> {
  const first = closureOf(entry, context);
  const pages = new Set([...first].flatMap((id) => context.getModuleInfo(id)?.dynamicallyImportedIds ?? []));
  const counts = new Map<string, number>();
  for (const page of pages) for (const id of closureOf(page, context)) counts.set(id, (counts.get(id) ?? 0) + 1);
  for (const [id, count] of counts) if (count >= MOST_PAGES) first.add(id);
  first.add(RUNTIME);
  first.delete(entry);
  return first;
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
