// Which paths of a device a session may name: those below the folder that was signed, also when links lead elsewhere.
import type { RemoteFiles } from '#relay/transport/remote-files.ts';
import { FileError } from '#shared/remote/file-error.ts';

/** What a session may do with files, as a person has signed it. */
export interface FileRights {
  /** Absolute, with "/"; "/" is the whole device. */
  root: string;
  isReadOnly: boolean;
}

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '');

const isInside = (path: string, root: string): boolean => root === '/' || path === root || path.startsWith(`${root}/`);

/** The device's own path of what was asked for; nothing in it climbs. */
export function pathInside(root: string, asked: string): string {
  const parts = partsOf(asked);
  if (parts.some((part) => part === '.' || part === '..' || part.includes('\0')))
    throw new FileError('outside', 'a path does not climb: no part of it is "." or ".."');
  // What a device named in bytes that are no text has no name that we could say back.
  if (asked.includes('\u{FFFD}')) throw new FileError('bad-name', 'a name that is no text cannot be asked for');
  return `/${[...partsOf(root), ...parts].join('/')}`;
}

export class FileScope {
  readonly #files: RemoteFiles;
  readonly #root: string;
  #realRoot: Promise<string> | undefined;

  constructor(files: RemoteFiles, root: string) {
    this.#files = files;
    this.#root = `/${partsOf(root).join('/')}`;
  }

  /**
   * For what follows links (reading, listing) the whole path is looked up; for what acts on a name (removing, renaming,
   * writing) the folder it stands in. The device's own people could change a link between this and the act: it keeps a
   * session within bounds, not a device from itself.
   */
  async place(asked: string, act: 'follows' | 'names', signal: AbortSignal): Promise<string> {
    const path = pathInside(this.#root, asked);
    if (act === 'names' && path === this.#root)
      throw new FileError('outside', 'the folder of the session itself stays');
    if (this.#root === '/') return path;
    const looked = act === 'follows' ? path : path.slice(0, path.lastIndexOf('/')) || '/';
    const real = await this.#files.real(looked, signal);
    this.#realRoot ??= this.#files.real(this.#root, signal);
    if (!isInside(real, await this.#realRoot))
      throw new FileError('outside', 'a link leads out of the folder of the session');
    return path;
  }
}
