// What a browser must load before it shows anything, from the manifest of the build: bytes after gzip, as they travel at worst.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { PROJECT } from '#test/architecture/source-files.ts';
import type { Figures } from '#test/judge.ts';

interface Chunk {
  file: string;
  isEntry?: boolean;
  isDynamicEntry?: boolean;
  css?: string[];
  imports?: string[];
}

const DIST = path.join(PROJECT, 'console/web/dist');
const KB = 1_000;
/** The screen of a terminal is no page: it comes while the relay opens the shell that somebody has signed. */
const SCREEN = /\/terminal-view\.tsx$/;

const gzipped = (file: string): number => gzipSync(readFileSync(path.join(DIST, file)), { level: 9 }).length;

/** A chunk with all it imports at once, each file counted once. */
function closure(manifest: Readonly<Record<string, Chunk>>, key: string, seen = new Set<string>()): Set<string> {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key]?.imports ?? []) closure(manifest, next, seen);
  return seen;
}

/** Figures of "web sizes": what the entry loads, and the heaviest page beyond it. */
export function webSizes(): Figures {
  const manifest: Record<string, Chunk> = JSON.parse(readFileSync(path.join(DIST, '.vite/manifest.json'), 'utf8'));
  const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry === true);
  if (entry === undefined) throw new Error('the manifest of the web build names no entry');
  const first = closure(manifest, entry);
  const sizeOf = (keys: Iterable<string>, pick: (chunk: Chunk) => readonly string[]) =>
    [...new Set([...keys].flatMap((key) => pick(manifest[key] ?? { file: '' })))].reduce(
      (sum, file) => sum + gzipped(file),
      0,
    );
  const js = (keys: Iterable<string>) => sizeOf(keys, (chunk) => [chunk.file]);
  const css = (keys: Iterable<string>) => sizeOf(keys, (chunk) => chunk.css ?? []);
  const later = Object.keys(manifest).filter((key) => manifest[key]?.isDynamicEntry === true);
  const pages = later.filter((key) => !SCREEN.test(key));
  const beyond = (key: string) => [...closure(manifest, key)].filter((part) => !first.has(part));
  return {
    entryJsKb: js(first) / KB,
    entryCssKb: css(first) / KB,
    largestPageJsKb: Math.max(0, ...pages.map((key) => js(beyond(key)) / KB)),
    terminalJsKb: Math.max(0, ...later.filter((key) => SCREEN.test(key)).map((key) => js(beyond(key)) / KB)),
  };
}
