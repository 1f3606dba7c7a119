// What all verbs that give orders share: their options, the devices that are asked for, and the bounds that were given.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceTarget } from '#shared/contract/device-contract.ts';
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

/** Twice the largest order that is promised to work in one go; how many one signature may reach is the charter's word. */
const MAX_DEVICES = 20_000;
/** As many as the console names identities of in one answer. */
const MAX_TARGETS = 2_000;

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

export const withFilterOption = (command: Command): Command =>
  command.option('--filter <filter>', 'every device that fits, as `rmm device list` shows them');

export const withDeviceOptions = (command: Command): Command =>
  withFilterOption(command.option('--device <device...>', 'devices by name or id'));

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

/** The devices that were named and those that the filter finds, each once; `usage` is what to type instead of nothing. */
export async function targetsAsked(
  { api }: Pick<CommandContext, 'api'>,
  { device = [], filter }: DeviceOptions,
  usage: string,
): Promise<DeviceTarget[]> {
  if (device.length === 0 && filter === undefined)
    throw new AppError('bad-request', `no device: ${usage} --device <device...>, or --filter <filter>`);
  const query = { q: filter ?? '', names: 'none' as const };
  const found = filter === undefined ? [] : (await listDevices(api, query, MAX_DEVICES + 1)).devices;
  if (found.length > MAX_DEVICES) throw new AppError('bad-request', `more than ${MAX_DEVICES} devices fit the filter`);
  const names = [...new Set([...device, ...found.map(({ id }) => id)])];
  if (names.length === 0) throw new AppError('not-found', 'no device fits the filter');
  const targets: DeviceTarget[] = [];
  for (let from = 0; from < names.length; from += MAX_TARGETS)
    targets.push(...(await api.devices.targets({ devices: names.slice(from, from + MAX_TARGETS) })).targets);
  // One that was named and fits the filter too is one target.
  return [...new Map(targets.map((target) => [target.id, target])).values()];
}
