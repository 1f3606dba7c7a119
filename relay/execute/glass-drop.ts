// The folder through which a person at this machine speaks to its relay: no port, no socket, a file of root or of the relay's own user.
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import { writePrivateFile } from '#shared/crypto/private-file.ts';

export const glassFolder = (data: string): string => path.join(data, 'break-glass');
export const requestFile = (data: string, id: string): string => path.join(glassFolder(data), `request-${id}.json`);
export const answerFile = (data: string, id: string): string => path.join(glassFolder(data), `answer-${id}.json`);

const Words = z.array(z.string().min(1).max(255)).min(1).max(100);
const Common = { at: z.int(), by: z.string().min(1).max(200) };
/** Devices by name or id, as the roster of the relay knows them. */
export const GlassRequest = z.discriminatedUnion('kind', [
  z.strictObject({
    ...{ kind: z.literal('open'), ...Common, devices: Words },
    minutes: z.int().min(1).max(60),
    reason: z.string().min(1).max(500),
    isThroughFreeze: z.boolean(),
  }),
  z.strictObject({
    ...{ kind: z.literal('run'), ...Common, devices: Words },
    command: z.string().min(1).max(65_536),
    timeoutMs: z.int().min(1_000).max(3_600_000),
  }),
  z.strictObject({ kind: z.literal('close'), ...Common }),
]);
export type GlassRequest = z.infer<typeof GlassRequest>;

export const GlassAnswer = z.strictObject({
  ok: z.boolean(),
  text: z.string().max(1_048_576),
  /** Of the permit in force, after `open`. */
  expiresAt: z.int().optional(),
});
export type GlassAnswer = z.infer<typeof GlassAnswer>;

/** A command with its escapes. */
const MAX_BYTES = 256 * 1024;
/** What lay about longer was meant for another moment. */
const FRESH_MS = 60_000;
/** More at once is nobody at a terminal. */
const MAX_REQUESTS = 8;
const REQUEST = /^request-([0-9a-f-]{36})\.json$/;

/** The relay's own folder, empty: what was asked of its last life is nothing to this one. Throws when others may write there. */
export function openGlassFolder(data: string): void {
  const folder = glassFolder(data);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(folder);
  if (!lstatSync(folder).isDirectory() || uid !== process.getuid?.() || (mode & 0o077) !== 0)
    throw new AppError('config-invalid', `${folder}: must be a folder of the relay's own user alone (mode 0700)`);
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { force: true, recursive: true });
}

export interface Dropped {
  id: string;
  /** What was asked, or why it counts for nothing. */
  read: () => GlassRequest;
}

/** Takes what was dropped, each once: a file is gone before it is acted on. */
export function takeRequests(data: string, now: number): Dropped[] {
  const names = readdirSync(glassFolder(data)).filter((name) => REQUEST.test(name));
  return names.slice(0, MAX_REQUESTS).map((name) => {
    const file = path.join(glassFolder(data), name);
    const id = REQUEST.exec(name)?.[1] ?? '';
    let read: () => GlassRequest;
    try {
      const request = readRequest(file, now);
      read = () => request;
    } catch (error) {
      read = () => {
        throw error;
      };
    }
    rmSync(file, { force: true, recursive: true });
    return { id, read };
  });
}

function readRequest(file: string, now: number): GlassRequest {
  // No link is followed, and what is judged is what is read.
  const fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { uid, mode, nlink, size, ...stat } = fstatSync(fd);
    const isOwn = uid === 0 || uid === process.getuid?.();
    if ((mode & constants.S_IFMT) !== constants.S_IFREG || nlink !== 1 || (mode & 0o077) !== 0 || !isOwn)
      throw new AppError('denied', `a request of user ${uid} (mode ${(mode & 0o7777).toString(8)}) counts for nothing`);
    if (size > MAX_BYTES) throw new AppError('too-large', `a request of ${stat.blocks} blocks`);
    const bytes = Buffer.alloc(size);
    readSync(fd, bytes, 0, size, 0);
    const parsed = GlassRequest.safeParse(JSON.parse(bytes.toString('utf8')));
    if (!parsed.success)
      throw new AppError('bad-request', `the request has not its form: ${z.prettifyError(parsed.error)}`);
    if (Math.abs(now - parsed.data.at) > FRESH_MS) throw new AppError('manifest-expired', 'the request is old');
    return parsed.data;
  } finally {
    closeSync(fd);
  }
}

export function answer(data: string, id: string, said: GlassAnswer): void {
  writePrivateFile(answerFile(data, id), `${JSON.stringify(said)}\n`);
}
