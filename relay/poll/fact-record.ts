// A fact in the form that travels: canonical text and its hash.
import { createHash } from 'node:crypto';
import type { Fact } from '#relay/collect/collector.ts';
import type { EpochMs } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { FactRecord } from '#shared/model/record.ts';
import { canonicalJson } from '#shared/seal/canonical.ts';

/** What FactRecord's body may hold; collectors bound their lists far below. */
const MAX_BODY_CHARS = 512 * 1_024;

export function factRecord(device: DeviceId, at: EpochMs, { kind, body }: Fact): FactRecord {
  const text = canonicalJson(body);
  if (text.length > MAX_BODY_CHARS)
    throw new AppError('too-large', `device ${device}: its ${kind} take ${text.length} characters`);
  return { type: 'fact', device, at, kind, hash: createHash('sha256').update(text).digest('hex'), body: text };
}
