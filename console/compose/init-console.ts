// `rmm console init`: the first person, made on the console's own machine and nowhere else, and a link that signs a browser in.
import path from 'node:path';
import { People } from '#console/access/people.ts';
import { Audit } from '#console/audit/audit.ts';
import type { ConsoleConfig } from '#console/config/console-config.ts';
import type { Clock } from '#shared/base/clock.ts';
import { systemRandom } from '#shared/base/id.ts';
import { readProfile } from '#shared/crypto/cli-files.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { openConsoleStore } from './compose-store.ts';
import { prepareProfile } from './compose-trust.ts';

interface Asked {
  clock: Clock;
  log: Logger;
  /** Where browsers find the console; without it where it ran last, or the plain port of this machine. */
  url: string | undefined;
}

/**
 * Who can open the console's folder holds the console: this is the way in when nobody can sign in any more. It works beside a
 * running console and without one, and stands in the audit as a link of this machine.
 */
export async function initConsole(config: ConsoleConfig, { clock, log, url }: Asked): Promise<string> {
  const data = path.resolve(config.data);
  const store = await openConsoleStore(config, data, log);
  try {
    const people = new People({ store, audit: new Audit({ clock }), clock, random: systemRandom });
    const address = (url ?? readProfile(data)?.url ?? `http://localhost:${config.listen.httpPort}`).replace(/\/$/, '');
    await prepareProfile(data, people, address);
    const { person } = await people.initConsole();
    const boot = { actor: { kind: 'system', part: 'console init' } } as const;
    const { secret } = await people.createSignInLink(boot, person.id);
    return `${address}/sign-in#${secret}`;
  } finally {
    await store.close();
  }
}
