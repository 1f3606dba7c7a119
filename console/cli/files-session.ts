// Files of a device from the command line: one signed session, taken up again after each cut until its work is done.
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { AppError, describeError } from '#shared/base/errors.ts';
import type { DeviceTarget } from '#shared/contract/device-contract.ts';
import { createPrivateFile, readPrivateFile } from '#shared/crypto/private-file.ts';
import { FileClient } from '#shared/remote/file-client.ts';
import { FileError } from '#shared/remote/file-error.ts';
import { SessionStream } from '#shared/remote/session-stream.ts';
import type { OpenSession } from '#shared/seal/attached-session.ts';
import type { CommandContext } from './command-context.ts';
import { endText } from './end-text.ts';
import { attachSession, openSession, type SessionWish } from './open-session.ts';

export interface FilesWish extends Omit<SessionWish, 'args'> {
  isReadOnly: boolean;
}

/** As long as a relay keeps a session that nobody is attached to. */
const COME_BACK_MS = 60_000;
const TRY_EVERY_MS = 500;
/** 15 minutes: hashing a large file on a slow disk says nothing for a while. */
const IDLE_MS = 900_000;
/** 1 TiB, the most a session may carry. */
export const MAX_SESSION_BYTES = 1024 ** 4;

type Context = Pick<CommandContext, 'api' | 'console' | 'clock' | 'data'>;

/** `<device>:<path>`; a path of Windows has a colon of its own. */
export function splitPlace(text: string): { device: string; path: string } {
  const at = text.indexOf(':');
  if (at < 1) throw new AppError('bad-request', `${text}: say <device>:<path>, such as web-1:/var/log`);
  return { device: text.slice(0, at), path: text.slice(at + 1).replaceAll('\\', '/') };
}

export async function targetOf({ api }: Context, device: string): Promise<DeviceTarget> {
  const { targets } = await api.devices.targets({ devices: [device] });
  const [target] = targets;
  if (target === undefined) throw new AppError('not-found', `no device ${device}`);
  return target;
}

export async function openFiles(context: CommandContext, wish: FilesWish): Promise<OpenSession> {
  const { isReadOnly, ...terms } = wish;
  const readOnly = isReadOnly ? { isReadOnly: true as const } : {};
  const args = { kind: 'files' as const, idleMs: IDLE_MS, maxBytes: MAX_SESSION_BYTES, ...readOnly };
  return await openSession(context, { ...terms, args });
}

/** Runs `act` until it is through; after a cut once more from its beginning, which is to go on from what is there. */
export async function withFiles<T>(
  context: Context,
  session: OpenSession,
  act: (client: FileClient) => Promise<T>,
): Promise<T> {
  const { clock } = context;
  let lostAt: number | undefined;
  for (;;) {
    const tried = await once(context, session, act, () => {
      lostAt = undefined;
    });
    if ('value' in tried) return tried.value;
    lostAt ??= clock.monotonic();
    if (clock.monotonic() - lostAt > COME_BACK_MS)
      throw new AppError('unavailable', 'the line did not come back within a minute');
    await clock.sleep(TRY_EVERY_MS);
  }
}

async function once<T>(
  context: Context,
  session: OpenSession,
  act: (client: FileClient) => Promise<T>,
  onStanding: () => void,
): Promise<{ value: T } | { isCut: true }> {
  const stream = await attached(context, session);
  if (stream === undefined) return { isCut: true };
  const client = new FileClient(stream);
  try {
    const value = await act(client);
    await client.leave();
    return { value };
  } catch (error) {
    if (!(error instanceof FileError) || client.isOpen) {
      await client.leave();
      throw told(error);
    }
    onStanding();
    const why = await stream.ended;
    if (why !== undefined) throw new AppError('unavailable', endText(why), { cause: error });
    return { isCut: true };
  }
}

/** Undefined while the console or its relay is away. */
async function attached(context: Context, session: OpenSession): Promise<SessionStream | undefined> {
  try {
    return await SessionStream.attach((options) => attachSession(context, session, options));
  } catch (error) {
    const { code, message } = describeError(error);
    if (code === 'unavailable' || code === 'internal') return undefined;
    throw code === 'not-found' || code === 'conflict'
      ? new AppError('unavailable', `the session is over: ${message}`, { cause: error })
      : error;
  }
}

/** The codes of files are not those of the console. */
function told(error: unknown): unknown {
  if (!(error instanceof FileError)) return error;
  const code = error.code === 'not-found' ? 'not-found' : error.code === 'already-there' ? 'conflict' : 'unavailable';
  return new AppError(code, `${error.code}: ${error.message}`, { cause: error });
}

/** Made once on this machine: within it a relay keeps what came from here, and asks for it once. */
export function realmOf(data: string): string {
  const file = path.join(data, 'cli', 'files.realm');
  const known = readPrivateFile(file)?.trim();
  if (known !== undefined && /^[0-9a-f]{64}$/.test(known)) return known;
  const realm = randomBytes(32).toString('hex');
  createPrivateFile(file, `${realm}\n`);
  return realm;
}
