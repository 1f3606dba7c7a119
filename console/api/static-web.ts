// Serves the built web console from memory: a request names a key in a map, so no path can leave the folder.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { acceptedEncodings, type Encoding, encode, isText } from './content-encoding.ts';

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
  /** Smaller forms: those that are being made, and those that are. */
  forms: Partial<Record<Encoding, Promise<Uint8Array<ArrayBuffer>>>>;
  made: Partial<Record<Encoding, Uint8Array<ArrayBuffer>>>;
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
    files.set(url, { body, type, etag, isImmutable: url.startsWith('/assets/'), forms: {}, made: {} });
  }
  return files;
}

/** The file for a path; every other path without an extension is a view of the one page. */
export function findStatic(files: ReadonlyMap<string, StaticFile>, urlPath: string): StaticFile | undefined {
  return files.get(urlPath) ?? (path.extname(urlPath) === '' ? files.get('/index.html') : undefined);
}

/** What of a request decides how a file is sent. */
interface FileRequest {
  acceptEncoding: string | undefined;
  ifNoneMatch: string | undefined;
}

/** The file in the form this client takes. Each form has a tag of its own, because caches keep them apart by it. */
export async function staticResponse(file: StaticFile, request: FileRequest): Promise<Response> {
  const { form, body } = await formOf(file, acceptedEncodings(request.acceptEncoding));
  const etag = form === undefined ? file.etag : file.etag.replace(/"$/, `-${form}"`);
  const headers: Record<string, string> = {
    'content-type': file.type,
    etag,
    vary: 'accept-encoding',
    'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
  if (tagsOf(request.ifNoneMatch).includes(etag)) return new Response(null, { status: 304, headers });
  if (form !== undefined) headers['content-encoding'] = form;
  return new Response(body, { headers });
}

interface Form {
  /** Undefined: as it is. */
  form: Encoding | undefined;
  body: Uint8Array<ArrayBuffer>;
}

/**
 * Forms are made when first asked for, so that a console nobody looks at makes none. The best one takes a second: the first
 * visitor gets what is quick, those after it what is smallest.
 */
async function formOf(file: StaticFile, accepted: readonly Encoding[]): Promise<Form> {
  const asItIs = { form: undefined, body: file.body };
  if (!isText(file.type)) return asItIs;
  for (const form of accepted) {
    file.forms[form] ??= smallerForm(file, form);
    const quick = form === 'gzip' || !accepted.includes('gzip') ? file.forms[form] : undefined;
    const body = file.made[form] ?? (await quick);
    if (body !== undefined) return body.length < file.body.length ? { form, body } : asItIs;
  }
  return asItIs;
}

async function smallerForm(file: StaticFile, form: Encoding): Promise<Uint8Array<ArrayBuffer>> {
  // A form that cannot be made is the file itself: nobody may be there to hear of it.
  const body = await encode(file.body, form, true).catch(() => file.body);
  file.made[form] = body;
  return body;
}

/** Proxies that encode by themselves weaken tags; the bytes are the same all the same. */
const tagsOf = (header: string | undefined): string[] =>
  (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
