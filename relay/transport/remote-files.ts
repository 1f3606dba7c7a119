// The port to the files of a device, whatever leads to them: SFTP or SMB. Failures are thrown as `FileError` and told at the session's door.
import type { FileEntry } from '#shared/remote/file-message.ts';

/** Fills what it is given and says by how many bytes; 0 at the end. */
export interface FileSource {
  read(into: Uint8Array): Promise<number>;
}

export interface PutOptions {
  sizeBytes: number;
  /** What the content must hash to; another hash puts nothing in place. */
  sha256: string | undefined;
  onProgress: (doneBytes: number) => void;
}

/** A chunk is the sink's until what it returns is settled, and not any longer. */
export type FileSink = (chunk: Uint8Array) => Promise<void> | undefined;

/** Paths are the device's own, absolute, with "/". */
export interface RemoteFiles {
  /** Pages as the device gives them, without "." and "..". */
  list(path: string, signal: AbortSignal): AsyncGenerator<readonly FileEntry[]>;
  /** Of the name itself: a link is a link. */
  stat(path: string, signal: AbortSignal): Promise<FileEntry>;
  /** Where a path leads when every link is followed; throws `outside` where the device cannot say. */
  real(path: string, signal: AbortSignal): Promise<string>;
  /** In order from the offset. */
  read(
    path: string,
    from: { offset: number; length: number | undefined },
    sink: FileSink,
    signal: AbortSignal,
  ): Promise<void>;
  /** Under a temporary name, read back or hashed where it lies, then renamed over `path`; resolves with the SHA-256. */
  put(path: string, source: FileSource, options: PutOptions, signal: AbortSignal): Promise<string>;
  makeFolder(path: string, signal: AbortSignal): Promise<void>;
  rename(from: string, to: string, isReplacing: boolean, signal: AbortSignal): Promise<void>;
  /** A file, a link or an empty folder. */
  remove(path: string, signal: AbortSignal): Promise<void>;
  close(): void;
}
