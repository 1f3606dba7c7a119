// Reads the audit trail as the console writes it: line by line, with one line in memory.
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { AppError } from '#shared/base/errors.ts';
import { type AuditFilter, auditContract, ExportedRow } from '#shared/contract/audit-contract.ts';
import { API_PREFIX } from '#shared/contract/contract.ts';
import { Problem } from '#shared/contract/problem.ts';
import type { AuditLink } from '#shared/crypto/audit-chain.ts';
import type { ConsoleAddress } from './client.ts';
import { pinnedFetch } from './pinned-fetch.ts';

/** The bytes of the trail; throws when the console refuses or is not there. */
export function openExport(console: ConsoleAddress, filter: AuditFilter = {}): Promise<Readable> {
  const { path = '' } = auditContract.export['~orpc'].route;
  return openFile(console, path, filter);
}

/** A file that the console writes as it is read. `path` is below the API's prefix. */
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
  const problem = Problem.safeParse(parsed(text));
  if (problem.success) return new AppError(problem.data.code, problem.data.detail);
  return new AppError(answer.status === 403 ? 'denied' : 'unavailable', `the export was refused: ${answer.status}`);
}

/** Its rows, each as the chain has it. */
export async function* exportedRows(bytes: Readable): AsyncGenerator<AuditLink> {
  for await (const line of createInterface({ input: bytes, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line === '') continue;
    const row = ExportedRow.safeParse(parsed(line));
    if (!row.success) throw new AppError('conflict', 'audit: a line of the export is no row of a trail');
    yield row.data;
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // no row, as the caller says
  }
}
