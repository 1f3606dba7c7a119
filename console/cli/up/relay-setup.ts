// Brings a relay to life beside the console: a site, an enrolment, a roster, and then the relay itself.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Api } from '#console/cli/client.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { RelayId } from '#shared/base/id.ts';
import type { NewDevice } from '#shared/contract/device-contract.ts';
import type { SiteSummary } from '#shared/contract/site-contract.ts';
import type { Child } from './child.ts';
import type { Children } from './children.ts';

export interface RelaySetup {
  api: Api;
  clock: Clock;
  children: Children;
  /** The `rmm` script itself. */
  script: string;
  logFolder: string;
  /** The relay's own data folder. */
  folder: string;
  name: string;
  site: { name: string; isSimulated: boolean };
  environment?: Readonly<Record<string, string>>;
}

async function siteFor(setup: RelaySetup): Promise<Pick<SiteSummary, 'id'>> {
  const { items } = await setup.api.sites.list();
  return items.find((site) => site.name === setup.site.name) ?? (await setup.api.sites.create(setup.site));
}

/** The relay writes its identity file last: with an enrolment in it, it is enrolled. */
const IdentityFile = z.looseObject({ enrolment: z.unknown() });

async function isEnrolled(folder: string): Promise<boolean> {
  const file = path.join(folder, 'identity', 'identity.json');
  if (!existsSync(file)) return false;
  const { enrolment } = IdentityFile.parse(JSON.parse(await readFile(file, 'utf8')));
  return enrolment !== null && enrolment !== undefined;
}

/** Enrols the relay in `folder` unless it is enrolled; the token goes in by standard input, never on a command line. */
export async function ensureEnrolled(setup: RelaySetup): Promise<void> {
  if (await isEnrolled(setup.folder)) return;
  const site = await siteFor(setup);
  const made = await setup.api.relays.createToken({ siteId: site.id, kind: 'site', uses: 1, expiresInMs: 600_000 });
  await setup.children.run({
    name: `${setup.name}-enrolment`,
    script: setup.script,
    args: ['relay', 'enroll', '--data', setup.folder, '--owner', made.owner, '--token-stdin'],
    logFolder: setup.logFolder,
    clock: setup.clock,
    input: made.token,
  });
}

/** The id of the relay of a site; the newest one that is not revoked. */
export async function relayOf(api: Api, siteName: string): Promise<RelayId> {
  const { items } = await api.relays.list();
  const relay = items.filter((item) => item.siteName === siteName && !item.isRevoked).at(-1);
  if (relay === undefined) throw new AppError('not-found', `site ${siteName} has no relay`);
  return RelayId.parse(relay.id);
}

/** Adds the devices that the relay does not have yet, by name. */
export async function ensureDevices(api: Api, devices: readonly NewDevice[]): Promise<void> {
  const known = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await api.devices.list(cursor === undefined ? { limit: 1_000 } : { limit: 1_000, cursor });
    for (const device of page.items) known.add(`${device.relayId} ${device.name}`);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  const missing = devices.filter((device) => !known.has(`${device.relayId} ${device.name}`));
  for (let from = 0; from < missing.length; from += 1_000)
    await api.devices.createMany({ devices: missing.slice(from, from + 1_000) });
}

export function startRelay(setup: RelaySetup): Child {
  return setup.children.start({
    name: setup.name,
    script: setup.script,
    args: ['relay', 'run', '--data', setup.folder],
    ...(setup.environment === undefined ? {} : { environment: setup.environment }),
    logFolder: setup.logFolder,
    clock: setup.clock,
  });
}
