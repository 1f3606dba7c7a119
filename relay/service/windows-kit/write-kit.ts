// Writes a kit into a folder, from what a person typed.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import { kitFiles } from './kit-files.ts';
import { KitSettings } from './kit-settings.ts';

export interface WindowsKitFlags {
  site: string;
  relayAddress: string[];
  account?: string;
  service?: string[];
  jobKey?: string;
  queueAccount?: string;
  out?: string;
}

function settingsOf({ site, relayAddress, account, service, jobKey, queueAccount }: WindowsKitFlags): KitSettings {
  if (jobKey === undefined && queueAccount !== undefined)
    throw new AppError('bad-request', '--queue-account is for a kit with a file queue: give --job-key too');
  const queue =
    jobKey === undefined ? undefined : { jobKey, ...(queueAccount === undefined ? {} : { account: queueAccount }) };
  const parsed = KitSettings.safeParse({
    ...{ site, relayAddresses: relayAddress, services: service ?? [] },
    ...(account === undefined ? {} : { account }),
    ...(queue === undefined ? {} : { queue }),
  });
  if (!parsed.success) throw new AppError('bad-request', z.prettifyError(parsed.error));
  return parsed.data;
}

/** A folder of its own per site; letters and digits of its name, so that it is a folder anywhere. */
const folderFor = (site: string): string => {
  const plain = site
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return `rmm-windows-${plain.replaceAll(/^-|-$/g, '') || 'site'}`;
};

/** Gives what is to be shown: where it lies, and the hash of each file. */
export function writeKit(flags: WindowsKitFlags): string {
  const settings = settingsOf(flags);
  const folder = path.resolve(flags.out ?? folderFor(settings.site));
  mkdirSync(folder, { recursive: true });
  const files = kitFiles(settings);
  for (const { name, text } of files) writeFileSync(path.join(folder, name), text);
  const hashes = files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('');
  return `${folder}\n${hashes}checked as text, never run on Windows: try it on one machine first (docs/windows-checklist.md)\n`;
}
