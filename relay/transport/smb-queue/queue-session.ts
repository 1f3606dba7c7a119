// A device behind a file queue as every other device: it says who it is, and runs scripts of PowerShell.

import type { RemoteFiles } from '#relay/transport/remote-files.ts';
import { printable } from '#relay/transport/script-output.ts';
import type { SmbConnection } from '#relay/transport/smb/smb-files.ts';
import { SmbRemote } from '#relay/transport/smb/smb-remote.ts';
import type { RunRequest, RunResult, Session, SessionWay } from '#relay/transport/transport.ts';
import { powershellBlock } from '#relay/transport/winrm/powershell.ts';
import type { Clock } from '#shared/base/clock.ts';
import { type Failure, type FailureReason, fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { cleanIdentity, type DeviceIdentity } from '#shared/model/device-identity.ts';
import type { Answer, AnswerStatement } from './answer-text.ts';
import type { JobRunner } from './job-runner.ts';
import { type JobDevice, type JobLane, MAX_SCRIPT_BYTES } from './job-text.ts';

// 8 MiB of each output: it is held in memory twice while it is read, and no poll has a tenth of it.
const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;
// 20 s: the device answers from what it holds; this bounds how long it may be busy with another job.
const HELLO_MS = 20_000;

interface Met {
  identity: DeviceIdentity;
  hostname: string | undefined;
  /** Of the key the device signs with; it is the host key of its identity. */
  fingerprint: string;
}

/** Asks the device who it is. The key that signs the answer is part of what it is from then on. */
export async function meetDevice(
  runner: JobRunner,
  lane: JobLane,
  name: string,
  signal: AbortSignal,
): Promise<Outcome<Met>> {
  const ask = {
    kind: 'hello',
    lane,
    script: '',
    timeoutMs: HELLO_MS,
    maxOutputBytes: 0,
    keepTruncated: false,
  } as const;
  const answered = await runner.run(ask, signal);
  if (!answered.ok) return answered;
  const { statement, fingerprint } = answered.value;
  if (statement.kind === 'refused') return refusalOf(name, statement, undefined);
  if (statement.kind !== 'hello') return fail('malformed', `${name}: no answer to "who are you"`);
  const hostname = printable(statement.hostname ?? '', 253);
  return succeed({
    identity: identityOf(statement.identity, fingerprint),
    hostname: hostname === '' ? undefined : hostname,
    fingerprint,
  });
}

type Shown = Extract<AnswerStatement, { kind: 'hello' }>['identity'];

/** As over WinRM: a board's serial speaks for machines whose maker left the product's empty. */
function identityOf({ smbiosUuid, serial, boardSerial, machineId, macs }: Shown, hostKey: string): DeviceIdentity {
  const read = (said: string | null) =>
    cleanIdentity({
      smbiosUuid: smbiosUuid ?? undefined,
      serial: said ?? undefined,
      machineId: machineId ?? undefined,
      ...{ macs, hostKey },
    });
  const product = read(serial);
  return product.serial === undefined ? read(boardSerial) : product;
}

interface SessionParts {
  name: string;
  clock: Clock;
  runner: JobRunner;
  met: Met;
  address: string | undefined;
  way: SessionWay;
  isOpen: () => boolean;
  close: () => void;
  /** Another share of the same connection, which has shown who the device is. */
  connection: Pick<SmbConnection, 'tree'>;
}

export class QueueSession implements Session {
  readonly system = 'windows';
  readonly #parts: SessionParts;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  get identity(): DeviceIdentity {
    return this.#parts.met.identity;
  }

  get hostname(): string | undefined {
    return this.#parts.met.hostname;
  }

  get address(): string | undefined {
    return this.#parts.address;
  }

  get way(): SessionWay {
    return this.#parts.way;
  }

  get isOpen(): boolean {
    return this.#parts.isOpen();
  }

  async run(request: RunRequest, signal: AbortSignal): Promise<Outcome<RunResult>> {
    const { name, clock, runner, met } = this.#parts;
    const misfit = misfitOf(request);
    if (misfit !== undefined) return fail(misfit.reason, `${name}: ${misfit.detail}`);
    const { script, timeoutMs, order, keepTruncated = false } = request;
    const maxOutputBytes = Math.min(request.maxOutputBytes, MAX_OUTPUT_BYTES);
    const startedAt = clock.monotonic();
    const lane = order === undefined ? 'monitor' : 'act';
    const stated = {
      kind: 'run',
      lane,
      order,
      device: deviceOf(met),
      timeoutMs,
      maxOutputBytes,
      keepTruncated,
    } as const;
    // As over WinRM: the same ends, the same encoding.
    const asked = { ...stated, script: powershellBlock(script), fingerprint: met.fingerprint };
    const answered = await runner.run(asked, signal);
    if (!answered.ok) return answered;
    const durationMs = Math.round(clock.monotonic() - startedAt);
    return resultOf(answered.value, { name, sentAt: clock.now() - durationMs, durationMs, timeoutMs });
  }

  read(path: string): Promise<Outcome<Uint8Array>> {
    return Promise.resolve(fail('unsupported', `${path}: no files are read through a file queue`));
  }

  write(path: string): Promise<Outcome<void>> {
    return Promise.resolve(fail('unsupported', `${path}: no files are written through a file queue`));
  }

  files(_signal: AbortSignal, onClose: () => void): Promise<Outcome<RemoteFiles>> {
    return Promise.resolve(succeed(new SmbRemote(this.#parts.connection, onClose)));
  }

  close(): void {
    this.#parts.close();
  }
}

function misfitOf({ script, variables }: RunRequest): Failure | undefined {
  // The file lies on a share: what stands in it is read by whoever reads that.
  if (variables !== undefined && variables.size > 0)
    return fail('unsupported', 'variables of a site do not go through a file queue');
  if (script.includes('\0')) return fail('unsupported', 'the script holds a NUL byte');
  return Buffer.byteLength(powershellBlock(script)) > MAX_SCRIPT_BYTES
    ? fail('too-large', 'the script is over 256 KiB')
    : undefined;
}

function deviceOf({ identity: { smbiosUuid, machineId }, fingerprint: key }: Met): JobDevice {
  return {
    key,
    ...(smbiosUuid === undefined ? {} : { smbiosUuid }),
    ...(machineId === undefined ? {} : { machineId }),
  };
}

interface Asked {
  name: string;
  sentAt: number;
  durationMs: number;
  timeoutMs: number;
}

function resultOf({ statement, stdout, stderr }: Answer, asked: Asked): Outcome<RunResult> {
  const { name, durationMs, timeoutMs } = asked;
  if (statement.kind === 'refused') return refusalOf(name, statement, asked.sentAt);
  if (statement.kind !== 'ran')
    return fail('malformed', `${name}: it answers who it is, and was asked to run something`);
  const { end, isTruncated } = statement;
  switch (end.kind) {
    case 'exit':
      return succeed({ end, stdout, stderr, isTruncated, hasOpenChild: false, durationMs });
    case 'timed-out':
      return fail('timed-out', `${name}: no end within ${timeoutMs} ms`);
    case 'stopped':
      return fail('cancelled', `${name}: somebody with access to the share stopped it`);
    case 'too-large':
      return fail('too-large', `${name}: more output than was asked for`);
    case 'not-started':
      return fail('refused', `${name}: ${printable(end.detail)}`);
  }
}

type Refused = Extract<AnswerStatement, { kind: 'refused' }>;

/** Why a device ran nothing, and what a person has to do. */
const WHY: Record<Refused['why'], readonly [FailureReason, string]> = {
  'not-a-job': ['malformed', 'what stood in its queue was no job; somebody else writes there'],
  'wrong-key': ['denied', 'its queue is pinned to the key of another relay: run the kit of this relay on it'],
  altered: ['malformed', 'the job was altered on its way; somebody else writes to the share'],
  misnamed: ['malformed', 'the job was moved to another name; somebody else writes to the share'],
  'other-device': ['identity-changed', 'another machine took the job: its share serves more than one'],
  early: ['refused', 'its clock is behind'],
  expired: ['refused', 'its clock is ahead, or the job lay too long'],
  replayed: ['refused', 'the job came to it before'],
  'too-large': ['too-large', 'the job is larger than it reads'],
  interrupted: ['lost', 'it stopped while the job ran: what became of it is not known'],
};

function refusalOf(name: string, { why, at }: Refused, sentAt: number | undefined): Failure {
  const [reason, text] = WHY[why];
  const isAboutTime = (why === 'early' || why === 'expired') && sentAt !== undefined;
  const apart = isAboutTime ? ` (${Math.round((at - sentAt) / 1_000)} s apart from the relay's)` : '';
  return fail(reason, `${name}: refused in writing: ${text}${apart}`);
}
