// What a server says on port 445 to somebody who shows no login: dialects, signing, encryption, and whether SMB 1 still lives.

import { startDeadline } from '#relay/transport/deadline.ts';
import { succeed } from '#shared/base/outcome.ts';
import { greet } from './connect.ts';
import { FRAME_BYTES, writeFrameLength } from './header.ts';
import { openLine } from './line.ts';
import type { Negotiated } from './negotiate.ts';
import { CONNECT_MS, REPLY_MS, SMB_PORT } from './patience.ts';
import { failureOf, SmbError } from './smb-fault.ts';
import type { ProbeSmbPosture, SmbDeps, SmbDialect, SmbTarget } from './smb-files.ts';

type ProbeDeps = Pick<SmbDeps, 'clock' | 'random' | 'connectMs' | 'replyMs'>;

const DIALECTS: readonly SmbDialect[] = ['2.0.2', '2.1', '3.0', '3.0.2', '3.1.1'];

/** Undefined where the server does not take these: it says so, or hangs up. */
async function takes(
  target: SmbTarget,
  dialects: readonly SmbDialect[],
  deps: ProbeDeps,
  signal: AbortSignal,
): Promise<Negotiated | undefined> {
  try {
    const { channel, negotiated } = await greet(target, dialects, deps, signal);
    channel.fail(new SmbError('lost', 'closed by us'));
    return negotiated;
  } catch (error) {
    if (error instanceof SmbError && (error.fault === 'dialect-too-old' || error.fault === 'lost')) return undefined;
    throw error;
  }
}

/** MS-SMB 2.2.4.5.1 (MS-CIFS 2.2.4.52.1): the one dialect of SMB 1 that is left, and nothing that leads to SMB 2. */
function smb1Negotiate(): Buffer {
  const dialect = Buffer.from('\u0002NT LM 0.12\0', 'latin1');
  const header = Buffer.alloc(32);
  header.write('\u00ffSMB', 0, 'latin1');
  header.writeUInt8(0x72, 4);
  // Flags and Flags2 as every client of it sets them: case-insensitive; Unicode, NT status, long names, extended security.
  header.writeUInt8(0x18, 9);
  header.writeUInt16LE(0xc801, 10);
  const size = Buffer.from([0, dialect.length & 0xff, dialect.length >> 8]);
  const length = Buffer.alloc(FRAME_BYTES);
  writeFrameLength(length, header.length + size.length + dialect.length);
  return Buffer.concat([length, header, size, dialect]);
}

/** 0xFF "SMB" answers to a negotiation of SMB 1; the index behind it says whether the dialect was taken. */
function isSmb1(answer: Buffer): boolean {
  const isAnswer = answer.readUInt32BE(FRAME_BYTES) === 0xff534d42 && answer[FRAME_BYTES + 4] === 0x72;
  // WordCount, then DialectIndex: 0 is ours, 0xFFFF none (MS-CIFS 2.2.4.52.2).
  return isAnswer && (answer[FRAME_BYTES + 32] ?? 0) > 0 && answer.readUInt16LE(FRAME_BYTES + 33) === 0;
}

// The head of the answer and the index.
const ANSWER_BYTES = FRAME_BYTES + 32 + 3;

async function speaksSmb1(target: SmbTarget, deps: ProbeDeps, signal: AbortSignal): Promise<boolean> {
  const { clock, connectMs = CONNECT_MS, replyMs = REPLY_MS } = deps;
  using deadline = startDeadline(clock, replyMs, signal);
  const answer = Buffer.alloc(ANSWER_BYTES);
  let filled = 0;
  let settle: (isAnswered: boolean) => void = () => undefined;
  const answered = new Promise<boolean>((resolve) => {
    settle = resolve;
  });
  const reader = {
    // Never empty: what comes behind the head is read and forgotten.
    room: () => (filled < ANSWER_BYTES ? answer.subarray(filled) : Buffer.alloc(1)),
    advance: (bytes: number) => {
      filled = Math.min(ANSWER_BYTES, filled + bytes);
      if (filled === ANSWER_BYTES) settle(true);
    },
    onEnd: () => settle(false),
  };
  const where = { host: target.host, port: target.port ?? SMB_PORT, clock, connectMs };
  const line = await openLine(where, reader, deadline.signal);
  const onAbort = () => settle(false);
  deadline.signal.addEventListener('abort', onAbort, { once: true });
  try {
    line.write([smb1Negotiate()]);
    return (await answered) && isSmb1(answer);
  } finally {
    deadline.signal.removeEventListener('abort', onAbort);
    line.destroy();
  }
}

/** One connection for all dialects, one for SMB 1, one for each dialect that was not picked: at most seven, one after another. */
export const probePosture: ProbeSmbPosture = async (target, deps, signal) => {
  try {
    const all = await takes(target, DIALECTS, deps, signal);
    const hasSmb1 = await speaksSmb1(target, deps, signal);
    const dialects: SmbDialect[] = [];
    for (const dialect of all === undefined ? [] : DIALECTS) {
      const isBest = dialect === all?.dialect;
      if (isBest || (await takes(target, [dialect], deps, signal)) !== undefined) dialects.push(dialect);
    }
    if (all === undefined && !hasSmb1) throw new SmbError('refused', 'what listens there speaks no SMB');
    return succeed({
      dialects,
      isSigningRequired: all?.isSigningRequired ?? false,
      cipher: all?.cipher,
      signing: all?.signing ?? 'HMAC-SHA256',
      hasSmb1,
    });
  } catch (error) {
    return failureOf(target.name, error);
  }
};
