// Reads the POSIX form of df (`df -Pk`), the same on every system.
import { boundInstances, type SampleSet, wholeNumber } from './sample-set.ts';

const KIB = 1_024;

/** Filesystem (may hold blanks), three numbers, per cent, mount point (may hold blanks). */
const LINE = /^\S.*?[ \t]+(\d+)[ \t]+(\d+)[ \t]+(-?\d+)[ \t]+(?:\d+%|-)[ \t]+(\/.*)$/;

/** Adds size, used and available per mount point. */
export function addFilesystems(lines: readonly string[] | undefined, set: SampleSet, notices: string[]): void {
  const rows = (lines ?? []).flatMap((line) => {
    const match = LINE.exec(line);
    if (match === null) return [];
    const [, size, used, available, mount = ''] = match;
    return [{ mount, size: wholeNumber(size), used: wholeNumber(used), available: availableBlocks(available) }];
  });
  // A filesystem without blocks (a pseudo one) holds nothing.
  const real = rows.filter((row) => row.size !== 0);
  for (const row of boundInstances('filesystems', real, notices)) {
    set.setInstance(row.mount, {
      'filesystem.size': kib(row.size),
      'filesystem.used': kib(row.used),
      'filesystem.available': kib(row.available),
    });
  }
}

/** Below zero where root's reserve is in use (BSD): nothing is available then. */
const availableBlocks = (text: string | undefined): number | undefined =>
  text?.startsWith('-') ? 0 : wholeNumber(text);

const kib = (blocks: number | undefined): number | undefined => (blocks === undefined ? undefined : blocks * KIB);
