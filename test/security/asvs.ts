// docs/asvs.csv counted: how many requirements of OWASP ASVS 5.0.0 level 1 are met, and whether each row's link leads somewhere.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '#shared/base/clock.ts';
import { LEVEL_ONE_NUMBERS, proofsOf, readTable, tableFaults } from '#test/architecture/asvs-table.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import type { Attack } from './security.ts';

export const checkAsvs: Attack = async ({ say }) => {
  const startedAt = systemClock.monotonic();
  const rows = readTable(readFileSync(path.join(PROJECT, 'docs/asvs.csv'), 'utf8'));
  const faults = tableFaults(rows, PROJECT);
  for (const fault of faults) say(fault);
  for (const row of rows) if (row.status === 'not met') say(`${row.requirement} is not met: ${row.reason}`);
  const count = (status: string) => rows.filter((row) => row.status === status).length;
  return {
    name: 'security asvs',
    figures: {
      requirements: LEVEL_ONE_NUMBERS.length,
      met: count('met'),
      notApplicable: count('not applicable'),
      notMet: count('not met'),
      proofs: rows.flatMap(proofsOf).length,
      faults: faults.length,
    },
    durationMs: systemClock.monotonic() - startedAt,
  };
};
