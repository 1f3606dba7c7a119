// Puts a file in place only when it is whole: filled under a temporary name, renamed by the handle that filled it, or removed by it.
import type { RandomBytes } from '#shared/base/id.ts';
import type { Window } from './download.ts';
import { ACCESS, closeRequest, DISPOSITION, OPTION, type Opened, open, SHARING } from './opened.ts';
import { encodePath } from './path.ts';
import { cutRequest, removeRequest, renameRequest } from './set-info.ts';
import { NEVER, type Share, type ShareRequest } from './share.ts';
import { SmbError } from './smb-fault.ts';

export interface InPlace {
  share: Share;
  random: RandomBytes;
  write: Window;
}

export interface Target {
  path: string;
  isReplacing: boolean;
  /** Kept when it breaks, and gone on from; else a name that nobody else has. */
  temporary: string | undefined;
}

const HOW = {
  access: ACCESS.readData | ACCESS.writeData | ACCESS.readAttributes | ACCESS.delete | ACCESS.synchronize,
  options: OPTION.file | OPTION.asItself,
  // Nobody else writes to it meanwhile.
  sharing: SHARING.readAndDelete,
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/**
 * What a broken upload surely left: pieces are written side by side, so the last window may have holes. It may be less than
 * there is; what is there twice is written twice.
 */
function kept({ write }: InPlace, sizeBytes: number): number {
  const sure = Math.max(0, sizeBytes - write.pieceBytes * write.depth);
  return sure - (sure % write.pieceBytes);
}

export async function inPlace<T>(
  place: InPlace,
  target: Target,
  signal: AbortSignal,
  fill: (opened: Opened, keptBytes: number) => Promise<T>,
): Promise<T> {
  const { share, random } = place;
  const isResumable = target.temporary !== undefined;
  const temporary = target.temporary ?? `${target.path}.${hex(random(new Uint8Array(8)))}.tmp`;
  const disposition = isResumable ? DISPOSITION.openIf : DISPOSITION.create;
  const destination = encodePath(target.path);
  const opened = await open(share, encodePath(temporary), { ...HOW, disposition }, signal);
  try {
    const keptBytes = isResumable ? kept(place, opened.entry.sizeBytes) : 0;
    // What lies behind is of the former try.
    if (opened.entry.sizeBytes > keptBytes)
      (await share.send(cutRequest(opened.id, keptBytes), 'cut', signal)).release();
    const result = await fill(opened, keptBytes);
    (await share.send(renameRequest(opened.id, destination, target.isReplacing), 'rename', signal)).release();
    return result;
  } catch (error) {
    // What differs would differ again; what merely broke is gone on from.
    const isKept = isResumable && !(error instanceof SmbError && error.fault === 'hash-differs');
    if (!isKept) await quietly(share, removeRequest(opened.id));
    throw error;
  } finally {
    // Waited for: it is gone only then, or whoever opens it next finds nobody in the way.
    await quietly(share, closeRequest(opened.id));
  }
}

/** Cleaning up: what failed before is what the caller hears. */
async function quietly(share: Share, request: ShareRequest): Promise<void> {
  if (share.channel.failure !== undefined) return;
  await share.ask(request, NEVER).then(
    (reply) => reply.release(),
    () => undefined,
  );
}
