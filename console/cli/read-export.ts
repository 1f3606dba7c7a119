// Reads the audit trail as the console writes it: line by line, with one line in memory.
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { AppError } from '#shared/base/errors.ts';
import { type AuditFilter, auditContract, ExportedRow } from '#shared/contract/audit-contract.ts';
import type { AuditLink } from '#shared/crypto/audit-chain.ts';
import type { ConsoleAddress } from './client.ts';
import { openFile, parsedJson } from './export-file.ts';

/** The bytes of the trail; throws when the console refuses or is not there. */
export function openExport(console: ConsoleAddress, filter: AuditFilter = {}): Promise<Readable> {
  const { path = '' } = auditContract.export['~orpc'].route;
  return openFile(console, path, filter);
}

/** Its rows, each as the chain has it. */
export async function* exportedRows(bytes: Readable): AsyncGenerator<AuditLink> {
  for await (const line of createInterface({ input: bytes, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line === '') continue;
    const row = ExportedRow.safeParse(parsedJson(line));
    if (!row.success) throw new AppError('conflict', 'audit: a line of the export is no row of a trail');
    yield row.data;
  }
}
