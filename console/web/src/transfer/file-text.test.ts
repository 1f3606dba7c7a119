// The ending of a file's name says its format.
import { expect, test } from 'vitest';
import { formatOf } from './file-text.ts';

test.each([
  ['devices.csv', 'csv'],
  ['Devices.XLSX', 'xlsx'],
  ['a.b.json', 'json'],
  ['devices.xls', undefined],
  ['csv', undefined],
  ['', undefined],
])('%s is %s', (name, format) => expect(formatOf(name)).toBe(format));
