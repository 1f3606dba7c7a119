// Reads what strace saw of one thread: writes, syncs and truncations of files under a folder, and what the thread said on stdout.

export type DiskStep =
  | { kind: 'write'; file: string; at: number; bytes: Buffer }
  | { kind: 'truncate'; file: string; size: number }
  | { kind: 'sync'; file: string }
  | { kind: 'remove'; file: string }
  | { kind: 'said'; text: string };

/** What strace has to be told so that this reader understands it. */
export const STRACE_ARGS = [
  '-ff', // a file per thread: no call is cut in two by another thread's
  '-y', // the file behind each descriptor
  '-xx', // all strings in hex
  '-s',
  '65536', // SQLite writes a page at a time; nothing of ours is larger
  '--seccomp-bpf', // the calls that are not traced cost nothing
  '-e',
  'trace=pwrite64,fdatasync,fsync,ftruncate,write,unlink',
] as const;

const CALL = /^(\w+)\((.*)\)\s+= (-?\d+)/;
const DESCRIPTOR = /^(\d+)<((?:\\x[0-9a-f]{2})*)>/;

const unhex = (text: string): Buffer => Buffer.from(text.replaceAll('\\x', ''), 'hex');

/** Steps on files whose path begins with `folder`, in order; calls that failed changed nothing. */
export function readDiskTrace(trace: string, folder: string): DiskStep[] {
  return trace.split('\n').flatMap((line): DiskStep[] => {
    const [, name = '', args = '', result = '-1'] = CALL.exec(line) ?? [];
    if (Number(result) < 0) return [];
    const step = name === 'unlink' ? removed(args) : stepOf(name, args);
    return step !== undefined && (step.kind === 'said' || step.file.startsWith(folder)) ? [step] : [];
  });
}

const removed = (args: string): DiskStep => ({ kind: 'remove', file: unhex(args.replaceAll('"', '')).toString() });

function stepOf(name: string, args: string): DiskStep | undefined {
  const [whole = '', descriptor, path = ''] = DESCRIPTOR.exec(args) ?? [];
  const file = unhex(path).toString();
  const [first = '', ...rest] = args
    .slice(whole.length)
    .split(', ')
    .filter((part) => part !== '');
  switch (name) {
    case 'fsync':
    case 'fdatasync':
      return { kind: 'sync', file };
    case 'ftruncate':
      return { kind: 'truncate', file, size: Number(first) };
    case 'pwrite64':
      return { kind: 'write', file, at: Number(rest.at(-1)), bytes: unhex(first.replaceAll('"', '')) };
    case 'write':
      return descriptor === '1' ? { kind: 'said', text: unhex(first.replaceAll('"', '')).toString() } : undefined;
    default:
      return undefined;
  }
}
