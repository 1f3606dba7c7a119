// What sealing may take for nothing, and what it must not write over.
import { expect, test } from 'vitest';
import { AppError } from '#shared/base/errors.ts';
import type { DayReader } from '#shared/day-files/day-store.ts';
import { deviceNo, HOUR } from '#test/fixtures/stream-kit.ts';
import { readRaw } from './last-rows.ts';

const readerThat = (error: unknown) =>
  ({
    raw: () => {
      throw error;
    },
  }) as unknown as DayReader; // the one method that is asked

const said = (cause?: unknown) => new AppError('frame-malformed', 'day 1: chunk', cause === undefined ? {} : { cause });
const coded = (code: string) => Object.assign(new Error('not now'), { code });

test('a chunk that the disk changed is as if there were none, so that late rows are kept', () => {
  for (const error of [said(), said(coded('SQLITE_CORRUPT')), said(new AppError('frame-malformed', 'checksum'))])
    expect(readRaw(readerThat(error), deviceNo(1), HOUR)).toBeUndefined();
});

test('a chunk that could not be read now is not written over: the hour is sealed again later', () => {
  const unread = ['SQLITE_BUSY', 'SQLITE_IOERR_READ', 'SQLITE_NOMEM', 'EIO', 'EMFILE'].map((code) => said(coded(code)));
  for (const error of [...unread, new TypeError('a bug'), new AppError('internal', 'a bug')])
    expect(() => readRaw(readerThat(error), deviceNo(1), HOUR)).toThrow(error as Error);
});
