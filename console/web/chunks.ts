// Which modules of the web travel together: over HTTP/1.1 fifty small files cost more than their bytes.
import type { Rolldown } from 'vite';

type Context = Rolldown.ChunkingContext;

/** Raw bytes: what several pages share comes in a few files of at least this, and a page may load a little more than it uses. */
const MIN_SHARED = 5_000;

/** What this many pages need comes with the first of them: a file more is ten milliseconds of a slow machine. */
const MANY_PAGES = 4;

/** Rooms of several pages that are one subject: what only they share is needed by one. */
const ONE_SUBJECT = /^(.*\/src\/(?:notify|policies)\/)/;

/** Where every page is named. */
const ROUTER = /\/src\/router\.tsx$/;

/** A module with all that it needs before it runs, not what it asks for later. */
function closureOf(id: string, context: Context): Set<string> {
  const found = new Set([id]);
  // A set that grows is walked to its end.
  for (const of of found) for (const next of context.getModuleInfo(of)?.importedIds ?? []) found.add(next);
  return found;
}

/** What is needed before the first page runs or by many pages, and not the entry itself, which stays one. */
function needed(entry: string, context: Context): Set<string> {
  const first = closureOf(entry, context);
  const router = [...first].find((id) => ROUTER.test(id));
  const pages = new Set(router === undefined ? [] : context.getModuleInfo(router)?.dynamicallyImportedIds);
  const subjects = new Map<string, Set<string>>();
  for (const page of pages) {
    const subject = ONE_SUBJECT.exec(page)?.[1] ?? page;
    for (const id of closureOf(page, context)) subjects.set(id, (subjects.get(id) ?? new Set()).add(subject));
  }
  // A library that the entry does without is too large to come along.
  const isSmall = (id: string) =>
    [...closureOf(id, context)].every((of) => first.has(of) || !of.includes('/node_modules/'));
  const shared = [...subjects].filter(([id, of]) => of.size >= MANY_PAGES && isSmall(id));
  first.delete(entry);
  return new Set([...first, ...shared.map(([id]) => id)]);
}

/** Schemas and signatures: a third of what the heaviest page may weigh. */
const SIGNING = /\/node_modules\/(?:zod|jose)\//;

/** What one sets up to sign in with, and the picture of a QR code: no page of devices shall bring it along. */
const DOOR = /\/src\/door\/|\/node_modules\/qr\//;

/** What one may do and is signed in with lists every operation of the console: no page of places shall bring that along. */
const RIGHTS = /\/src\/(?:profile|rights)\//;

/** Incidents and who is told of them: many words, which no page of devices or orders shall bring along. */
const TELLING = /\/src\/(?:incidents|notify|policies)\//;

/** The drawing of charts is a half of what the heaviest page may weigh: nothing small is joined with it. */
const CHARTS = /\/src\/(?:chart|span|metrics)\/|\/node_modules\/uplot\//;

/** Joined with the form of orders, which they are shown beside, they would bring it along with the page of a site. */
const VARIABLES = /\/src\/trust\/variable(?:-rows|s-data)\./;

/** How numbers and moments are written: small, and wherever it is left it is drawn after a chart. */
const TEXT = /\/src\/text\//;

/** One file for all that comes before the first page, few for what pages share, and one for each page. */
export function chunkGroups(entry: string): Rolldown.CodeSplittingOptions {
  let first: Set<string> | undefined;
  const isFirst = (id: string, context: Context) => {
    first ??= needed(entry, context);
    return first.has(id) || TEXT.test(id);
  };
  // Small files are joined with others of their group: what many pages show must not bring along what few pages sign with.
  const isSigning = (id: string, context: Context) => [...closureOf(id, context)].some((of) => SIGNING.test(of));
  const signing = { name: (id: string, context: Context) => (isSigning(id, context) ? 'shared-signing' : null) };
  const shared = { minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: MIN_SHARED, priority: 1 };
  const named = { debugName: 'first', name: (id: string, context: Context) => (isFirst(id, context) ? 'first' : null) };
  return {
    groups: [
      { ...named, priority: 3 },
      { ...shared, name: (id: string) => (DOOR.test(id) ? 'shared-door' : null), priority: 2 },
      { ...shared, name: (id: string) => (RIGHTS.test(id) ? 'shared-rights' : null), priority: 2 },
      { ...shared, name: (id: string) => (TELLING.test(id) ? 'shared-telling' : null), priority: 2 },
      { ...shared, name: (id: string) => (CHARTS.test(id) ? 'shared-charts' : null), priority: 2 },
      { ...shared, name: (id: string) => (VARIABLES.test(id) ? 'shared-variables' : null), priority: 2 },
      { ...shared, ...signing, priority: 2 },
      { ...shared, name: 'shared' },
    ],
  };
}

/** The bundler names what is shared after all who share it, styles too. */
export const chunkName = ({ name }: { name: string }): string => `assets/${shortly(name, '[name]')}-[hash].js`;
export const assetName = ({ names }: { names: readonly string[] }): string =>
  `assets/${shortly(names[0] ?? '', '[name]')}-[hash].[ext]`;
const shortly = (name: string, pattern: string): string =>
  /^shared(?:-signing|-door|-rights|-telling|-charts|-variables)?~/.test(name) ? 'shared' : pattern;
