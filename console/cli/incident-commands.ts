// `rmm incident list, show, acknowledge, resolve, reopen, snooze, assign, note`, and `rmm alert list, show`.
import { type Command, InvalidArgumentError } from 'commander';
import { AlertId, IncidentId } from '#shared/base/id.ts';
import type { AlertSummary, IncidentDetail, IncidentSummary } from '#shared/contract/alert-contract.ts';
import { ALERT_STATES, type AlertState, SEVERITIES, type Severity } from '#shared/model/alert-words.ts';
import type { Api } from './client.ts';
import { alertsTable, incidentsTable, incidentText } from './incident-text.ts';
import { deviceNamed, oneOf, siteNamed } from './named.ts';
import { act, look, wholeNumber } from './verb.ts';

interface ListOptions {
  state: AlertState | 'open' | 'any';
  severity?: Severity;
  site?: string;
  device?: string;
  muted?: boolean;
  limit: number;
}

const EXAMPLE = '01890000-0000-7000-8000-000000000000';

const wordOf =
  <T extends string>(words: readonly T[]) =>
  (text: string): T => {
    const word = words.find((one) => one === text);
    if (word === undefined) throw new InvalidArgumentError(`one of ${words.join(', ')}`);
    return word;
  };

const listOptions = (command: Command): Command =>
  command
    .option('--state <state>', 'open, any, or one state', wordOf(['open', 'any', ...ALERT_STATES] as const), 'open')
    .option('--severity <severity>', 'at least so bad', wordOf(SEVERITIES))
    .option('--site <site>', 'of this site')
    .option('--device <device>', 'of this device')
    .option('--muted', 'those in a maintenance window too')
    .option('--limit <count>', 'at most so many', wholeNumber(1, 1_000), 50);

async function filterOf(api: Api, { site, device, severity, muted, state, limit }: ListOptions) {
  return {
    ...{ state, limit, muted: muted === true ? 'true' : 'false' },
    ...(severity === undefined ? {} : { severity }),
    ...(site === undefined ? {} : { siteId: (await siteNamed(api, site)).id }),
    ...(device === undefined ? {} : { deviceId: await deviceNamed(api, device) }),
  };
}

/** Each id is an incident, or with --alert a single alert of one. */
const subjectsOf = (ids: readonly string[], isAlert = false) =>
  isAlert
    ? { incidents: [], alerts: ids.map((id) => AlertId.parse(id)) }
    : { incidents: ids.map((id) => IncidentId.parse(id)), alerts: [] };

interface ActOptions {
  alert?: boolean;
  note?: string;
}

const actOptions = (command: Command): Command =>
  command.option('--alert', 'the ids are of single alerts').option('--note <text>', 'why, for whoever comes next');

const noteOf = ({ note }: ActOptions) => (note === undefined ? {} : { note });
const changedText = ({ changed }: { changed: number }): string =>
  changed === 0 ? 'nothing changed: gone, not seen, or so already' : `${changed} changed`;

export function addIncidentCommands(program: Command): void {
  const incident = program.command('incident').description('what is wrong, as people are told of it');
  look<IncidentSummary[], ListOptions>(incident, 'list', {
    summary: 'list incidents, newest first',
    examples: ['incident list', 'incident list --severity high --site Main', 'incident list --state any'],
    options: listOptions,
    run: async ({ context: { api }, options }) => (await api.incidents.list(await filterOf(api, options))).items,
    text: (items, { now }) => incidentsTable(items, now),
  });
  look<IncidentDetail>(incident, 'show <id>', {
    summary: 'one incident with its alerts, its timeline and what changed before',
    examples: [`incident show ${EXAMPLE}`],
    run: ({ context: { api }, args: [id = ''] }) => api.incidents.show({ id }),
    text: (one, { now }) => incidentText(one, now),
  });
  addActs(incident);
}

function addActs(incident: Command): void {
  act<{ changed: number }, ActOptions>(incident, 'acknowledge <id...>', {
    summary: 'say that you look after it: nobody is told again while it stays as it is',
    examples: [`incident acknowledge ${EXAMPLE}`],
    options: actOptions,
    run: ({ context: { api }, args, options }) =>
      api.incidents.acknowledge({ ...subjectsOf(args, options.alert), ...noteOf(options) }),
    text: changedText,
  });
  act<{ changed: number }, ActOptions>(incident, 'resolve <id...>', {
    summary: 'say that it is over',
    examples: [`incident resolve ${EXAMPLE} --note "the fuse was replaced"`],
    options: actOptions,
    run: ({ context: { api }, args, options }) =>
      api.incidents.resolve({ ...subjectsOf(args, options.alert), ...noteOf(options) }),
    text: changedText,
  });
  act<{ changed: number }, ActOptions>(incident, 'reopen <id...>', {
    summary: 'say that it is not over',
    examples: [`incident reopen ${EXAMPLE}`],
    options: actOptions,
    run: ({ context: { api }, args, options }) =>
      api.incidents.reopen({ ...subjectsOf(args, options.alert), ...noteOf(options) }),
    text: changedText,
  });
  act<{ changed: number }, { minutes?: number }>(incident, 'snooze <id...>', {
    summary: 'be silent about it for a while; without a time, speak again',
    examples: [`incident snooze ${EXAMPLE} --minutes 120`, `incident snooze ${EXAMPLE}`],
    options: (command) => command.option('--minutes <count>', 'for so long', wholeNumber(1, 30 * 24 * 60)),
    run: ({ context: { api }, args, options: { minutes } }) =>
      api.incidents.snooze({ ...subjectsOf(args), ...(minutes === undefined ? {} : { forMs: minutes * 60_000 }) }),
    text: changedText,
  });
  act<{ changed: number }, { to?: string }>(incident, 'assign <id...>', {
    summary: 'give it to somebody, or to nobody',
    examples: [`incident assign ${EXAMPLE} --to Ada`, `incident assign ${EXAMPLE}`],
    options: (command) => command.option('--to <person>', 'name or id'),
    run: async ({ context: { api }, args, options: { to } }) => {
      const assignee = to === undefined ? null : oneOf('person', (await api.people.list()).items, to).id;
      return await api.incidents.assign({ ...subjectsOf(args), assignee });
    },
    text: changedText,
  });
  act<{ changed: number }>(incident, 'note <text> <id...>', {
    summary: 'write something down',
    examples: [`incident note "the provider is on it" ${EXAMPLE}`],
    run: ({ context: { api }, args: [note = '', ...ids] }) => api.incidents.note({ ...subjectsOf(ids), note }),
    text: changedText,
  });
}

export function addAlertCommands(program: Command): void {
  const alert = program.command('alert').description('single alerts, each a part of an incident');
  look<AlertSummary[], ListOptions & { incident?: string; check?: string }>(alert, 'list', {
    summary: 'list alerts, newest first',
    examples: ['alert list --device db-1', `alert list --incident ${EXAMPLE} --state any`],
    options: (command) =>
      listOptions(command).option('--incident <id>', 'of this incident').option('--check <id>', 'of this check'),
    run: async ({ context: { api }, options }) => {
      const { incident, check } = options;
      const more = {
        ...(incident === undefined ? {} : { incidentId: IncidentId.parse(incident) }),
        ...(check === undefined ? {} : { check }),
      };
      return (await api.alerts.list({ ...(await filterOf(api, options)), ...more })).items;
    },
    text: (items, { now }) => alertsTable(items, now),
  });
  look<AlertSummary>(alert, 'show <id>', {
    summary: 'one alert',
    examples: [`alert show ${EXAMPLE}`],
    run: ({ context: { api }, args: [id = ''] }) => api.alerts.show({ id }),
    text: (one, { now }) => alertsTable([one], now),
  });
}
