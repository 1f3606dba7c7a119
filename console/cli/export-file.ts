// A file that the console writes as it is read: opened, and kept on this machine piece by piece.
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { AppError } from '#shared/base/errors.ts';
import { API_PREFIX } from '#shared/contract/contract.ts';
import { Problem } from '#shared/contract/problem.ts';
import type { ConsoleAddress } from './client.ts';
import { pinnedFetch } from './pinned-fetch.ts';

/** `path` is below the API's prefix; throws when the console refuses or is not there. */
export async function openFile(console: ConsoleAddress, path: string, query: object): Promise<Readable> {
  const url = new URL(`${console.url.replace(/\/$/, '')}${API_PREFIX}${path}`);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  const request = new Request(url, { headers: { authorization: `Bearer ${console.token}` } });
  const send = console.authority === undefined ? fetch : pinnedFetch(console.authority);
  const answer = await send(request).catch((cause: unknown) => {
    throw new AppError('unavailable', `no console answers at ${console.url}`, { cause });
  });
  if (!answer.ok || answer.body === null) throw await refusalOf(answer);
  return Readable.fromWeb(answer.body as NodeStream<Uint8Array>); // one type, named twice
}

async function refusalOf(answer: Response): Promise<AppError> {
  const text = await answer.text();
  const problem = Problem.safeParse(parsedJson(text));
  if (problem.success) return new AppError(problem.data.code, problem.data.detail);
  return new AppError(answer.status === 403 ? 'denied' : 'unavailable', `the export was refused: ${answer.status}`);
}

export interface SavedFile {
  file: string;
  bytes: number;
}

/** "-" is standard output. A file is readable by nobody else: it holds names and addresses. */
export async function saveFile(source: Readable, file: string): Promise<SavedFile> {
  let bytes = 0;
  source.on('data', (piece: Uint8Array) => {
    bytes += piece.length;
  });
  if (file === '-') await pipeline(source, process.stdout, { end: false });
  else await pipeline(source, createWriteStream(file, { mode: 0o600 }));
  return { file, bytes };
}

export const savedText = ({ file, bytes }: SavedFile): string =>
  file === '-' ? '' : `${bytes} bytes written to ${file}`;

/** Undefined for what is no JSON: no row, no problem, as the caller says. */
export function parsedJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
