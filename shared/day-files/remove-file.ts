// Takes a file away bit by bit: a file system that frees a gigabyte at once lets everybody else's commits wait for it.
import { closeSync, ftruncateSync, openSync, renameSync, rmSync, statSync } from 'node:fs';

/** Freed at a time: some 15 ms on ext4. */
const STEP_BYTES = 64 * 2 ** 20;

/** The name is free when the first step begins; what a killed process leaves as `.gone` is taken away at the next start. */
export function removeFile(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) return;
  if (size <= STEP_BYTES) {
    rmSync(file, { force: true });
    return;
  }
  const gone = `${file}.gone`;
  renameSync(file, gone);
  const fd = openSync(gone, 'r+');
  try {
    for (let left = size - STEP_BYTES; left > 0; left -= STEP_BYTES) ftruncateSync(fd, left);
  } finally {
    closeSync(fd);
  }
  rmSync(gone, { force: true });
}
