// Relays killed in the middle of commands, thirty times: nothing runs twice, nothing is called done that was not, nothing is left hanging.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CredentialStore } from '#relay/transport/credentials.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import type { DeviceTarget } from '#shared/contract/device-contract.ts';
import { type Bundles, ensureBundles } from '#test/chaos/bundles.ts';
import { Program } from '#test/chaos/program.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { type Lab, startLab } from '#test/lab/lab.ts';
import { startSshd } from '#test/peers/sshd.ts';
import {
  addLab,
  type EnrolledRelay,
  type Estate,
  enrolRelay,
  makeSite,
  outcomesOf,
  raiseCaps,
  runOrder,
  sign,
  startEstate,
  untilKnown,
} from './composed-site.ts';

const RELAYS = 3;
const KILLS_EACH = 10;
/** A kill that came too late for every device does not count; so many lives are spent at most. */
const MAX_LIVES = 20;
const SIMULATED = 4;
/** Many at once and long, so that a kill cuts off all that began; or one after the other and short, so that it finds each state. */
const ROUNDS = [
  { concurrency: 3, middleMs: 300 },
  { concurrency: 1, middleMs: 75 },
] as const;
/** After the first device began. */
const KILL_WITHIN_MS = 150;

interface Watched {
  targets: DeviceTarget[];
  /** What the command of a round wrote on a device. */
  traceOf: (device: DeviceId, round: number) => string;
}

interface Victim extends Watched {
  estate: Estate;
  program: Program;
  folder: string;
  /** Actions by round. */
  actions: string[];
  kills: number;
}

const fileOf = (folder: string, round: number) => path.join(folder, `trace-${round}`);

/** Simulated devices, and this very machine through a real sshd. */
async function watch(
  estate: Estate,
  relay: EnrolledRelay,
  folder: string,
  lab: Lab,
): Promise<Omit<Watched, 'targets'> & { ids: DeviceId[] }> {
  const simulated = await addLab(estate, relay, lab);
  const sshd = await startSshd();
  onTestFinished(() => sshd.stop());
  const { user, clientKeyPem: privateKey } = sshd;
  new CredentialStore(path.join(relay.data, 'credentials')).add('real', { user, privateKey });
  const way = { transport: 'ssh' as const, address: '127.0.0.1', port: sshd.port, credential: 'real' };
  const real = await estate.api.devices.create({ relayId: relay.id, name: 'real', intervalMs: 60_000, ...way });
  const traceOf = (device: DeviceId, round: number) => {
    const file = fileOf(folder, round);
    if (device === real.id) return existsSync(file) ? readFileSync(file, 'utf8') : '';
    return lab.file(simulated.indexOf(device), file) ?? '';
  };
  return { ids: [...simulated, real.id], traceOf };
}

async function victim(estate: Estate, site: SiteId, bundles: Bundles, n: number): Promise<Victim> {
  const relay = await enrolRelay(estate, site);
  const folder = tempFolder(onTestFinished, 'rmm-traces');
  const lab = await startLab({ devices: SIMULATED, base: `127.32.${n}.1`, seed: n + 1 });
  onTestFinished(() => lab.stop());
  const { ids, traceOf } = await watch(estate, relay, folder, lab);
  const program = new Program({
    name: `relay ${n}`,
    script: bundles.relay,
    args: ['relay', 'run', '--data', relay.data, '--log', 'warn'],
    logFile: path.join(relay.data, 'relay.log'),
  });
  onTestFinished(async () => void (await program.kill()));
  program.start();
  const targets = await untilKnown(estate, ids);
  return { estate, program, folder, targets, traceOf, actions: [], kills: 0 };
}

const isInTheMiddle = (trace: string) => trace === 'begun\n';

/** One life: a command on every device, three at once, and a kill while at least one is in its middle. */
async function liveAndDie(one: Victim, random: () => number): Promise<void> {
  const { estate, program, targets, traceOf, actions } = one;
  const round = actions.length;
  const file = fileOf(one.folder, round);
  const { concurrency, middleMs } = ROUNDS[round % 2 === 0 ? 0 : 1];
  const command = `echo begun >> ${file}; sleep ${middleMs / 1_000}; echo ended >> ${file}`;
  const signed = await sign(estate, runOrder(targets, command, { concurrency }));
  actions.push(...(await estate.api.actions.submit({ signed })).ids);
  const traces = () => targets.map(({ id }) => traceOf(id, round));
  await expect.poll(() => traces().some(isInTheMiddle), { timeout: 20_000, interval: 5 }).toBe(true);
  await systemClock.sleep(random() * KILL_WITHIN_MS);
  const isHit = traces().some(isInTheMiddle);
  await program.kill();
  if (isHit) one.kills += 1;
  program.start();
}

/** What each state may look like on the device. */
const TRUTH: Record<string, readonly string[]> = {
  succeeded: ['begun\nended\n'],
  unknown: ['', 'begun\n', 'begun\nended\n'],
  // Nothing ran: the device could not be reached.
  failed: [''],
};

test('thirty kills in mid-command: never run twice, never a success that did not happen, none stuck', async () => {
  const seed = systemClock.now() % 1_000_000;
  const random = seededRandom(seed);
  const bundles = await ensureBundles(() => undefined);
  const estate = await startEstate();
  const site = await makeSite(estate, 'Lab');
  await raiseCaps(estate, site, { devicesPerTenMinutes: 10_000 });
  const victims = await Promise.all(Array.from({ length: RELAYS }, (_, n) => victim(estate, site, bundles, n)));
  await Promise.all(
    victims.map(async (one) => {
      while (one.kills < KILLS_EACH && one.actions.length < MAX_LIVES) await liveAndDie(one, random);
    }),
  );
  const states: Record<string, number> = {};
  for (const { actions, traceOf } of victims) {
    for (const [round, id] of actions.entries()) {
      for (const { deviceId, state, detail } of await outcomesOf(estate, [id])) {
        const trace = traceOf(deviceId, round);
        expect(
          TRUTH[state],
          `seed ${seed}, round ${round}: ${state} (${detail}) for ${JSON.stringify(trace)}`,
        ).toContain(trace);
        states[state] = (states[state] ?? 0) + 1;
      }
      expect(await estate.api.actions.show({ id })).toMatchObject({ state: 'settled' });
    }
  }
  const kills = victims.reduce((sum, one) => sum + one.kills, 0);
  expect(kills).toBe(RELAYS * KILLS_EACH);
  // What a kill cut off is told as unknown, and what it had not begun runs in the next life.
  expect(states['unknown']).toBeGreaterThanOrEqual(kills);
  expect(states['succeeded']).toBeGreaterThan(kills / 2);
});
