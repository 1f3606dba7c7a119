// `rmm check list, try, back-test`: the checks that ship, and what drafts of others would have told people.

import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { parse } from 'yaml';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import type { BackTestAnswer, CheckPreview } from '#shared/contract/check-contract.ts';
import { Check, CheckId } from '#shared/model/check.ts';
import { deviceNamed } from './named.ts';
import { duration, table } from './output.ts';
import { type OverOptions, overOf, withOver } from './over-option.ts';
import { look, wholeNumber } from './verb.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A file of drafts: one check, a list of them, or settings as a layer has them. JSON is YAML too. */
const DraftFile = z.union([
  Check.transform((check) => ({ checks: [check], off: [] as string[] })),
  z.array(Check).transform((checks) => ({ checks, off: [] as string[] })),
  z.object({ checks: z.array(Check).default([]), off: z.array(CheckId).default([]) }),
]);

async function readDraft(file: string): Promise<z.infer<typeof DraftFile>> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('bad-request', `${file}: cannot be read`, { cause });
  });
  const read = DraftFile.safeParse(parse(text));
  if (!read.success) throw new AppError('bad-request', `${file}: ${z.prettifyError(read.error)}`);
  return read.data;
}

const limitsText = ({ when }: Check): string => {
  if (!('limits' in when)) return when.severity;
  return Object.entries(when.limits)
    .map(([severity, limit]) => `${severity} ${limit}`)
    .join(', ');
};

function addList(checks: Command): void {
  look<Check[]>(checks, 'list', {
    summary: 'the checks that every device has until a layer says otherwise',
    examples: ['check list', 'check list --json'],
    run: async ({ context: { api } }) => (await api.checks.shipped()).items,
    text: (items) =>
      table(
        ['CHECK', 'TYPE', 'ON', 'LIMITS', 'NAME'],
        items.map((check) => [check.id, check.type, check.isOn ? 'yes' : 'no', limitsText(check), check.name]),
      ),
  });
}

function addTry(checks: Command): void {
  look<CheckPreview, { hours: number }>(checks, 'try <file> <device>', {
    summary: 'what a draft of a check would have found on one device, a week back at most',
    examples: ['check try cpu.yaml web-1', 'check try cpu.yaml web-1 --hours 168'],
    options: (command) => command.option('--hours <count>', 'how far back', wholeNumber(1, 168), 24),
    run: async ({ context: { api, clock }, args: [file = '', word = ''], options: { hours } }) => {
      const [check, ...others] = (await readDraft(file)).checks;
      if (check === undefined || others.length > 0)
        throw new AppError('bad-request', `${file}: one check is tried at a time; back-test takes many`);
      const to = clock.now();
      return await api.checks.preview({ device: await deviceNamed(api, word), check, from: to - hours * HOUR_MS, to });
    },
    text: previewText,
  });
}

const iso = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

function previewText({ episodes, more, notifications }: CheckPreview): string {
  const lasted = (from: number, to: number | null) => (to === null ? 'still fails' : duration(to - from));
  const rows = episodes.map(({ since, clearedAt, severity, instance, count }) => [
    ...[iso(since), lasted(since, clearedAt), severity, instance, String(count)],
  ]);
  const said = `${episodes.length + more} times; people would have heard of it ${notifications} times`;
  return rows.length === 0
    ? 'nothing'
    : `${table(['SINCE (UTC)', 'LASTED', 'SEVERITY', 'OF', 'COUNT'], rows)}\n\n${said}`;
}

function addBackTest(checks: Command): void {
  look<BackTestAnswer, OverOptions & { days: number }>(checks, 'back-test <file>', {
    summary: 'what drafts of checks would have told people of up to 1,000 devices; takes up to a minute',
    examples: ['check back-test drafts.yaml --site Main', 'check back-test drafts.yaml --days 30'],
    options: (command) => withOver(command).option('--days <count>', 'how far back', wholeNumber(1, 31), 30),
    run: async ({ context: { api, clock }, args: [file = ''], options: { days, ...over } }) => {
      const to = clock.now();
      const draft = await readDraft(file);
      return await api.checks.backTest({ over: await overOf(api, over), from: to - days * DAY_MS, to, ...draft });
    },
    text: backTestText,
  });
}

function backTestText({ devices, changedDevices, before, after, ...answer }: BackTestAnswer): string {
  const counts = (one: { findings: number; notifications: number }) => [
    ...[String(one.findings), String(one.notifications)],
  ];
  const rows = [
    ...answer.checks.map((line) => [line.check, ...counts(line.before), ...counts(line.after)]),
    ['all', ...counts(before), ...counts(after)],
  ];
  const lost = answer.lost.map(({ deviceName, check, from, why }) => [iso(from), deviceName, check ?? 'any', why]);
  const { read, passed, unkept, unseen } = answer.hours;
  return [
    table(['CHECK', 'FOUND NOW', 'TOLD NOW', 'FOUND THEN', 'TOLD THEN'], rows),
    `${changedDevices} of ${devices} devices; ${read + passed} hours of devices judged, ${unkept} no longer kept`,
    ...(unseen === 0
      ? []
      : [`${unseen} hours of devices were NOT judged: nothing of them is sealed yet, or nothing was heard in them`]),
    `${answer.lostCount} of ${answer.truths} real incidents would not have been found`,
    ...(lost.length === 0 ? [] : [table(['BEGAN (UTC)', 'DEVICE', 'CHECK', 'WHY REAL'], lost)]),
  ].join('\n\n');
}

export function addCheckCommands(program: Command): void {
  const checks = program.command('check').description('checks: what ships, and trying drafts on what is kept');
  addList(checks);
  addTry(checks);
  addBackTest(checks);
}
