// `--site`, `--group`, `--customer`: of which devices a question is asked; of the fleet when none is given.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import type { Api } from './client.ts';
import { customerNamed, groupNamed, siteNamed } from './named.ts';

export interface OverOptions {
  site?: string;
  group?: string;
  customer?: string;
}

export const withOver = (command: Command): Command =>
  command
    .option('--site <site>', 'of one site, by name or id')
    .option('--group <group>', 'of one group')
    .option('--customer <customer>', 'of one customer; of the fleet when none of these is given');

export async function overOf(api: Api, { site, group, customer }: OverOptions): Promise<string> {
  if ([site, group, customer].filter((one) => one !== undefined).length > 1)
    throw new AppError('bad-request', 'say one of --site, --group and --customer');
  if (site !== undefined) return `site:${(await siteNamed(api, site)).id}`;
  if (group !== undefined) return `group:${(await groupNamed(api, group)).id}`;
  return customer === undefined ? 'fleet' : `customer:${(await customerNamed(api, customer)).id}`;
}
