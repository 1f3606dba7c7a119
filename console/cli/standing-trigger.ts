// The triggers of a standing order as words of the command line.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import type { Trigger } from '#shared/model/standing-order.ts';
import type { Api } from './client.ts';
import { deviceNamed } from './named.ts';
import { wholeNumber } from './verb.ts';

export interface TriggerOptions {
  every?: number;
  daily?: string;
  whenBack?: number | true;
  whenDown?: string;
  downFor: number;
}

const SECOND = 1_000;

export async function triggerOf(api: Api, options: TriggerOptions): Promise<Trigger> {
  const { every, daily, whenBack, whenDown, downFor } = options;
  const given = [every, daily, whenBack, whenDown].filter((one) => one !== undefined).length;
  if (given !== 1) throw new AppError('bad-request', 'name one trigger: --every, --daily, --when-back or --when-down');
  if (every !== undefined) return { type: 'interval', everyMs: every * SECOND };
  if (whenDown !== undefined)
    return { type: 'device-unreachable', device: (await targetNamed(api, whenDown)).id, forMs: downFor * SECOND };
  if (whenBack !== undefined) return { type: 'device-returned', afterMs: whenBack === true ? 0 : whenBack * SECOND };
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(daily ?? '') ?? [];
  if (hours === undefined || minutes === undefined)
    throw new AppError('bad-request', '--daily: a time of day in UTC, 03:30');
  return { type: 'daily', minuteUtc: Number(hours) * 60 + Number(minutes) };
}

async function targetNamed(api: Api, word: string) {
  const [target] = (await api.devices.targets({ devices: [await deviceNamed(api, word)] })).targets;
  if (target === undefined) throw new AppError('not-found', `no device ${word}`);
  return target;
}

export const triggerOptions = (command: Command): Command =>
  command
    .option('--every <seconds>', 'trigger: once in each span, 300 or more', wholeNumber(300, 2_592_000))
    .option('--daily <time>', 'trigger: each day at this time of UTC, such as 03:30')
    .option('--when-back [seconds]', 'trigger: a device was down and is up again, so long', wholeNumber(0, 86_400))
    .option('--when-down <device>', 'trigger: this device is down')
    .option('--down-for <seconds>', 'how long it has to be down', wholeNumber(30, 86_400), 300);
