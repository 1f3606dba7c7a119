// Jobs that take a core or a disk for a while: each has its entry here and runs in a thread of its own, beside everything else.
import { databaseFaults } from './check-backup.ts';
import { type BackupReport, type BackupWish, makeBackup } from './make-backup.ts';

export const HEAVY = {
  backup: (wish: BackupWish): Promise<BackupReport> => makeBackup(wish),
  /** The control plane's database, page by page. */
  integrity: ({ file }: { file: string }): Promise<string[]> => Promise.resolve(databaseFaults(file)),
} as const;

export type HeavyName = keyof typeof HEAVY;
export type HeavyAsk<N extends HeavyName> = Parameters<(typeof HEAVY)[N]>[0];
export type HeavyAnswer<N extends HeavyName> = Awaited<ReturnType<(typeof HEAVY)[N]>>;
