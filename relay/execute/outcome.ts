// Turns what a transport said into the outcome record of a command: never a success without an exit status of zero.

import type { RunResult } from '#relay/transport/transport.ts';
import type { DeviceId, ManifestId } from '#shared/base/id.ts';
import type { Outcome } from '#shared/base/outcome.ts';
import type { OutcomeRecord } from '#shared/model/record.ts';

interface Frame {
  manifest: ManifestId;
  device: DeviceId;
  at: number;
  startedAt: number;
}

/** Room for a sentence; the record's schema stops at 2,000. */
const DETAIL_CHARACTERS = 1_000;
export const cutDetail = (text: string): string => text.slice(0, DETAIL_CHARACTERS);

function endOf(result: RunResult): Pick<OutcomeRecord, 'state' | 'exitCode' | 'signal' | 'detail'> {
  switch (result.end.kind) {
    case 'exit':
      return { state: result.end.code === 0 ? 'succeeded' : 'failed', exitCode: result.end.code };
    case 'signal':
      return { state: 'failed', signal: result.end.signal.slice(0, 32) };
    case 'no-status':
      return { state: 'unknown', detail: 'the device ended the command without saying how' };
  }
}

/** `timed-out` and `cancelled` are failures we caused; a lost connection leaves the outcome unknown. */
export function outcomeOf(frame: Frame, outcome: Outcome<RunResult>): OutcomeRecord {
  const base = { type: 'outcome' as const, ...frame, finishedAt: frame.at };
  if (outcome.ok) {
    const { stdout, stderr, isTruncated } = outcome.value;
    return { ...base, ...endOf(outcome.value), stdout, stderr, isTruncated };
  }
  const { reason } = outcome;
  const detail = cutDetail(outcome.detail);
  if (reason === 'cancelled') return { ...base, state: 'cancelled', reason, detail };
  if (reason === 'lost') return { ...base, state: 'unknown', reason, detail };
  return { ...base, state: 'failed', reason, detail };
}
