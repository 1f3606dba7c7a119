// Opening and closing (MS-SMB2 2.2.13 to 2.2.16): a handle on the server, which is closed whatever happens.
import type { Reply } from './channel.ts';
import { Fields } from './fields.ts';
import { COMMAND, newRequest } from './header.ts';
import { NEVER, type Share, type ShareRequest } from './share.ts';
import type { SmbEntry } from './smb-files.ts';

/** 2.2.13.1.1; what an open may do. */
export const ACCESS = {
  readData: 0x1,
  writeData: 0x2,
  readAttributes: 0x80,
  delete: 0x10000,
  synchronize: 0x100000,
} as const;
/** 2.2.13, CreateDisposition. */
export const DISPOSITION = { open: 1, create: 2, openIf: 3 } as const;
/** 2.2.13, CreateOptions. A reparse point is opened as itself: a link of a device leads us nowhere. */
export const OPTION = { folder: 0x1, file: 0x40, asItself: 0x200000 } as const;
/** 2.2.13, ShareAccess: others may go on as if we were not there; a writer lets nobody else write. */
export const SHARING = { all: 7, readAndDelete: 5, readAndWrite: 3 } as const;
/** MS-FSCC 2.6. */
const ATTRIBUTE = { folder: 0x10, reparse: 0x400, normal: 0x80 } as const;
const IMPERSONATION = 2;

/** In a compound: the file that the first request opens (3.2.4.1.4). */
export const SAME_FILE = Buffer.alloc(16, 0xff);

export interface OpenOptions {
  access: number;
  disposition: number;
  options: number;
  sharing: number;
}

export interface Opened {
  id: Buffer;
  entry: SmbEntry;
}

export const entryOf = (
  name: string,
  attributes: number,
  numbers: Pick<SmbEntry, 'sizeBytes' | 'createdAt' | 'changedAt'>,
): SmbEntry => ({
  name,
  isFolder: (attributes & ATTRIBUTE.folder) !== 0,
  isLink: (attributes & ATTRIBUTE.reparse) !== 0,
  ...numbers,
});

export function createRequest(path: Buffer, how: OpenOptions): ShareRequest {
  // The structure promises one byte behind its head, also for the empty path.
  const { frame, body } = newRequest(56 + Math.max(8, path.length));
  body.writeUInt16LE(57, 0);
  body.writeUInt32LE(IMPERSONATION, 4);
  body.writeUInt32LE(how.access, 24);
  body.writeUInt32LE(how.options & OPTION.folder ? 0 : ATTRIBUTE.normal, 28);
  body.writeUInt32LE(how.sharing, 32);
  body.writeUInt32LE(how.disposition, 36);
  body.writeUInt32LE(how.options, 40);
  body.writeUInt16LE(64 + 56, 44);
  body.writeUInt16LE(path.length, 46);
  path.copy(body, 56);
  return { command: COMMAND.create, frame };
}

export function decodeOpened({ body }: Reply, name: string): Opened {
  const fields = new Fields(body, 'opened file');
  return {
    id: Buffer.from(fields.slice(64, 16)),
    entry: entryOf(name, fields.u32(56), {
      sizeBytes: fields.u64(48),
      createdAt: fields.time(8),
      changedAt: fields.time(24),
    }),
  };
}

export function closeRequest(id: Buffer): ShareRequest {
  const { frame, body } = newRequest(24);
  body.writeUInt16LE(24, 0);
  id.copy(body, 8);
  return { command: COMMAND.close, frame };
}

/** In the background: nobody waits for it, and where it fails the connection is over. */
export function closeQuietly(share: Share, { id }: Pick<Opened, 'id'>): void {
  share.ask(closeRequest(id), NEVER).then(
    (reply) => reply.release(),
    () => undefined,
  );
}

const lastName = (path: Buffer): string => path.toString('utf16le').split('\\').pop() ?? '';

export async function open(share: Share, path: Buffer, how: OpenOptions, signal: AbortSignal): Promise<Opened> {
  const request = createRequest(path, how);
  const onLate = (reply: Reply) => {
    if (reply.header.status === 0) closeQuietly(share, decodeOpened(reply, ''));
  };
  return decodeOpened(await share.send({ ...request, onLate }, 'open', signal), lastName(path));
}

/** Runs `act` with the file and closes it afterwards, however that ends. */
export async function withOpened<T>(
  share: Share,
  path: Buffer,
  { how, signal }: { how: OpenOptions; signal: AbortSignal },
  act: (opened: Opened) => Promise<T>,
): Promise<T> {
  const opened = await open(share, path, how, signal);
  try {
    return await act(opened);
  } finally {
    closeQuietly(share, opened);
  }
}
