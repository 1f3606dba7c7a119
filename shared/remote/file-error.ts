// A file that cannot be had, as a code that both sides know; thrown inside a session and told at its door.
import type { FileFault } from './file-message.ts';

export class FileError extends Error {
  override readonly name = 'FileError';
  readonly code: FileFault;

  constructor(code: FileFault, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
