// `rmm on-call`, `escalation`, `notification`: who has it now, how it climbs, and what was told.
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import { IncidentId, NotificationId } from '#shared/base/id.ts';
import type {
  EscalationSummary,
  Notification,
  NotificationDetail,
  OnCallSummary,
  OnCallTurn,
  Verdict,
} from '#shared/contract/notify-contract.ts';
import { Escalation, OnCallSchedule } from '#shared/model/on-call.ts';
import type { Api } from './client.ts';
import { oneOf } from './named.ts';
import { removable, verdictTable } from './notify-commands.ts';
import { age, duration, pairs, table } from './output.ts';
import { act, look, wholeNumber } from './verb.ts';

const DAY_MS = 86_400_000;

/** A schedule or an escalation as its JSON; what is wrong is named by its place. */
function fileOf<T>(file: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw new AppError('bad-request', `${file}: ${first?.path.join('.') ?? ''}: ${first?.message ?? 'is wrong'}`);
}

const scheduleNamed = async (api: Api, word: string) =>
  oneOf('on-call schedule', (await api.onCall.list()).items, word);
const escalationNamed = async (api: Api, word: string) =>
  oneOf('escalation', (await api.escalations.list()).items, word);
const iso = (at: number | null): string => (at === null ? '-' : new Date(at).toISOString().slice(0, 16));

export function addOnCallCommands(program: Command): void {
  const onCall = program.command('on-call').description('who is on call, and when');
  look<OnCallSummary[]>(onCall, 'list', {
    summary: 'list schedules, and who has it now',
    examples: ['on-call list', 'on-call list --json'],
    run: async ({ context }) => (await context.api.onCall.list()).items,
    text: (items) =>
      table(
        ['NAME', 'ZONE', 'NOW', 'UNTIL'],
        items.map(({ name, zone, now }) => [name, zone, now?.name ?? 'nobody', iso(now?.until ?? null)]),
      ),
  });
  act<OnCallSummary>(onCall, 'put <file>', {
    summary: 'make or change the schedule that a JSON file describes, by its name',
    examples: ['on-call put berlin.json'],
    run: async ({ context: { api }, args: [file = ''] }) => {
      const value = fileOf(file, OnCallSchedule);
      const known = (await api.onCall.list()).items.find(({ name }) => name === value.name);
      return known === undefined ? api.onCall.create(value) : api.onCall.update({ id: known.id, value });
    },
    text: (one) => `${one.name}: ${one.now?.name ?? 'nobody'} is on call now`,
  });
  look<OnCallTurn[], { days: number }>(onCall, 'turns <schedule>', {
    summary: 'who has it when, from now on',
    examples: ['on-call turns Berlin --days 30'],
    options: (command) => command.option('--days <days>', 'so far ahead', wholeNumber(1, 100), 14),
    run: async ({ context: { api }, args: [word = ''], options: { days }, now }) => {
      const { id } = await scheduleNamed(api, word);
      return (await api.onCall.turns({ id, from: now, until: now + days * DAY_MS })).items;
    },
    text: (items) =>
      table(
        ['FROM', 'UNTIL', 'WHO', 'BY'],
        items.map(({ from, until, name, because }) => [iso(from), iso(until), name, because]),
      ),
  });
  act<{ text: string }>(onCall, 'calendar <schedule>', {
    summary: 'the same as iCalendar, for calendar programs',
    examples: ['on-call calendar Berlin > berlin.ics'],
    run: async ({ context: { api }, args: [word = ''] }) =>
      api.onCall.calendar({ id: (await scheduleNamed(api, word)).id }),
    text: ({ text }) => text,
  });
  removable(onCall, 'schedule', async (api, word) => {
    const { id } = await scheduleNamed(api, word);
    await api.onCall.remove({ id });
    return id;
  });
}

export function addEscalationCommands(program: Command): void {
  const escalation = program.command('escalation').description('whom an incident climbs to while nobody has taken it');
  look<EscalationSummary[]>(escalation, 'list', {
    summary: 'list escalations with their tiers',
    examples: ['escalation list'],
    run: async ({ context }) => (await context.api.escalations.list()).items,
    text: (items) =>
      table(
        ['NAME', 'TIERS', 'ANY TIME FROM'],
        items.map(({ name, tiers, anyTimeFrom }) => [
          name,
          tiers.map((tier) => `${tier.name} ${duration(tier.afterMs)}`).join(', '),
          anyTimeFrom,
        ]),
      ),
  });
  act<EscalationSummary>(escalation, 'put <file>', {
    summary: 'make or change the escalation that a JSON file describes, by its name',
    examples: ['escalation put usual.json'],
    run: async ({ context: { api }, args: [file = ''] }) => {
      const value = fileOf(file, Escalation);
      const known = (await api.escalations.list()).items.find(({ name }) => name === value.name);
      return known === undefined ? api.escalations.create(value) : api.escalations.update({ id: known.id, value });
    },
    text: ({ name, tiers }) => `${name}: ${tiers.length} tiers`,
  });
  removable(escalation, 'escalation', async (api, word) => {
    const { id } = await escalationNamed(api, word);
    await api.escalations.remove({ id });
    return id;
  });
}

const toldTable = (items: readonly Notification[], now: number): string =>
  table(
    ['AGE', 'STATE', 'WHY', 'WHAT', 'WHO', 'BY', 'TRIES', 'ERROR', 'ID'],
    items.map((one) => [
      ...[age(one.at, now), one.state, one.reason, one.title, one.contactName || one.to, one.channelName],
      ...[String(one.attempts), one.error ?? '', one.id],
    ]),
  );

export function addNotificationCommands(program: Command): void {
  const notification = program.command('notification').description('what people were told, and why');
  look<Notification[], { limit: number; incident?: string; dead?: boolean }>(notification, 'list', {
    summary: 'what was told, newest first',
    examples: ['notification list', 'notification list --dead'],
    options: (command) =>
      command
        .option('--limit <count>', 'at most so many', wholeNumber(1, 1_000), 50)
        .option('--incident <id>', 'of one incident')
        .option('--dead', 'only what was given up'),
    run: async ({ context, options: { limit, incident, dead } }) =>
      (
        await context.api.notifications.list({
          limit,
          ...(incident === undefined ? {} : { incidentId: IncidentId.parse(incident) }),
          ...(dead === true ? { state: 'dead' as const } : {}),
        })
      ).items,
    text: (items, { now }) => toldTable(items, now),
  });
  look<NotificationDetail>(notification, 'show <id>', {
    summary: 'one with its words and its attempts',
    examples: ['notification show 01a2b3c4-...'],
    run: ({ context, args: [id = ''] }) => context.api.notifications.show({ id: NotificationId.parse(id) }),
    text: (one, { now }) =>
      [
        pairs([
          ['state', one.state],
          ['to', `${one.contactName} ${one.to} by ${one.channelName}`.trim()],
          ['error', one.error ?? ''],
        ]),
        one.text,
        table(
          ['AGE', 'HOW', 'TOOK', 'ANSWER'],
          one.log.map(({ at, ok, tookMs, detail }) => [age(at, now), ok ? 'ok' : 'failed', duration(tookMs), detail]),
        ),
      ].join('\n\n'),
  });
  look<Verdict[]>(notification, 'why <incident>', {
    summary: 'why people were told of an incident, or were not',
    examples: ['notification why 01a2b3c4-...'],
    run: async ({ context, args: [id = ''] }) =>
      (await context.api.notifications.why({ incidentId: IncidentId.parse(id) })).items,
    text: verdictTable,
  });
  act<Notification>(notification, 'retry <id>', {
    summary: 'try one again that was given up',
    examples: ['notification retry 01a2b3c4-...'],
    run: ({ context, args: [id = ''] }) => context.api.notifications.retry({ id: NotificationId.parse(id) }),
    text: ({ title }) => `${title}: is tried again`,
  });
}
