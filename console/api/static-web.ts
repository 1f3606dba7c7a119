// Serves the built web console from memory: a request names a key in a map, so no path can leave the folder.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

export interface StaticFile {
  body: Uint8Array<ArrayBuffer>;
  type: string;
  etag: string;
  /** Files with their hash in the name never change. */
  isImmutable: boolean;
}

/** Every file of `folder` by its URL path; an unknown extension is not served. Empty when the web was not built. */
export function loadStaticFiles(folder: string): Map<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  if (!existsSync(folder)) return files;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const type = TYPES[path.extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const file = path.join(entry.parentPath, entry.name);
    const url = `/${path.relative(folder, file).split(path.sep).join('/')}`;
    const body = new Uint8Array(readFileSync(file));
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    files.set(url, { body, type, etag, isImmutable: url.startsWith('/assets/') });
  }
  return files;
}

/** The file for a path; every other path without an extension is a view of the one page. */
export function findStatic(files: ReadonlyMap<string, StaticFile>, urlPath: string): StaticFile | undefined {
  return files.get(urlPath) ?? (path.extname(urlPath) === '' ? files.get('/index.html') : undefined);
}
