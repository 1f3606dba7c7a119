// Which files stay open: few, and those of the newest days before all others.
import { expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { DayFiles } from './day-files.ts';

const TODAY = 20_500;

function someDays(days: number): DayFiles {
  const files = new DayFiles({ folder: tempFolder(onTestFinished), onDamage: () => undefined, maxOpen: 6 });
  onTestFinished(() => files.stop());
  for (let day = TODAY - days + 1; day <= TODAY; day += 1) files.writable(day);
  return files;
}

test('a walk through old days leaves the newest ones open', () => {
  const files = someDays(14);
  const open = [TODAY, TODAY - 1].map((day) => files.open(day));
  for (let day = TODAY - 13; day <= TODAY - 8; day += 1) files.open(day);
  expect(files.open(TODAY)).toBe(open[0]);
  expect(files.open(TODAY - 1)).toBe(open[1]);
});

test('of days that are all new the one used last stays open', () => {
  const files = someDays(8);
  const used = files.open(TODAY - 7);
  for (let day = TODAY - 6; day <= TODAY - 2; day += 1) files.open(day);
  expect(files.open(TODAY - 7)).toBe(used);
  files.open(TODAY);
  files.open(TODAY - 1);
  for (let day = TODAY - 6; day <= TODAY - 3; day += 1) files.open(day);
  expect(files.open(TODAY - 7)).not.toBe(used);
});
