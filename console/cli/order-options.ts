// What all verbs that give orders share: their options, the devices that are asked for, and the bounds that were given.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import type { Manifest } from '#shared/model/manifest.ts';
import type { CommandContext } from './command-context.ts';
import { listDevices } from './named.ts';
import { wholeNumber } from './verb.ts';

export interface OrderOptions {
  wait: number;
  reason: string;
  canary?: number;
  haltPercent?: number;
  key?: string;
}

export interface DeviceOptions {
  device?: string[];
  filter?: string;
}

/** As many as one manifest names; one more tells that the filter is too wide. */
const MAX_DEVICES = 2_000;

/** What was ordered waits for devices and relays that are away as long as any signature holds. */
export const DAY_SECONDS = 86_400;
export const WAIT_WORDS = 'how long it waits for devices and relays that are away';

/** How long it waits, how it spreads, why, and whose key: the same words at every verb. */
export const withOrderOptions = (command: Command): Command =>
  command
    .option('--wait <seconds>', WAIT_WORDS, wholeNumber(1, 86_400), DAY_SECONDS)
    .option('--canary <count>', 'devices that run alone first; never more than the charter says', wholeNumber(1, 1_000))
    .option('--halt-percent <percent>', 'failures at which the rest is not run', wholeNumber(0, 100))
    .option('--reason <text>', 'why, for the audit', '')
    .option('--key <file>', 'a signing key of your own instead of the one in the data folder');

export const withDeviceOptions = (command: Command): Command =>
  command
    .option('--device <device...>', 'devices by name or id')
    .option('--filter <filter>', 'every device that fits, as `rmm device list` shows them');

/** More care than the charter asks for; undefined when nobody asked. */
const rolloutAsked = ({ canary, haltPercent }: OrderOptions): Manifest['rollout'] =>
  canary === undefined && haltPercent === undefined
    ? undefined
    : { ...(canary === undefined ? {} : { canary }), ...(haltPercent === undefined ? {} : { haltPercent }) };

/** The part of an order that these options say. */
export const orderAsked = (options: OrderOptions) => ({
  reason: options.reason,
  validForMs: options.wait * 1_000,
  rollout: rolloutAsked(options),
  keyFile: options.key,
});

/** Names and ids as they were given and as the filter finds them, each once; `usage` is what to type instead of nothing. */
export async function devicesAsked(
  context: Pick<CommandContext, 'api'>,
  { device = [], filter }: DeviceOptions,
  usage: string,
): Promise<string[]> {
  if (device.length === 0 && filter === undefined)
    throw new AppError('bad-request', `no device: ${usage} --device <device...>, or --filter <filter>`);
  const query = { q: filter ?? '', names: 'none' as const };
  const found = filter === undefined ? [] : (await listDevices(context.api, query, MAX_DEVICES + 1)).devices;
  if (found.length > MAX_DEVICES) throw new AppError('bad-request', `more than ${MAX_DEVICES} devices fit the filter`);
  const names = [...new Set([...device, ...found.map(({ id }) => id)])];
  if (names.length === 0) throw new AppError('not-found', 'no device fits the filter');
  return names;
}
