// A site where machines trade addresses, are cloned and share names: no sample and no command may land on the wrong one.
import { expect, onTestFinished, test } from 'vitest';
import { collectorList } from '#relay/collect/collector-list.ts';
import { FactLedger } from '#relay/poll/fact-ledger.ts';
import { Poller } from '#relay/poll/poller.ts';
import { systemClock as clock } from '#shared/base/clock.ts';
import { systemRandom } from '#shared/base/id.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { metricByName } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { makeSshRelay, never, request } from '#test/peers/ssh-relay.ts';
import { type Lab, startLab } from './lab.ts';
import { SimulatedMachine } from './machine.ts';
import { labCredential, rosterFragment } from './roster-fragment.ts';

const DEVICES = 60;
const SWAPPED = 50;
/** These show the identity of the machine five places further on, network cards aside. */
const CLONES = [50, 51, 52, 53, 54];
const NAMESAKES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
/** Shorter than a roster allows, so that the test is. */
const INTERVAL_MS = 1_000;
const BOOT = metricByName('system.boot')?.id;

/** Which machine made a record: its boot's own number, as the collector reads it. */
function bootsOf(lab: Lab): Map<number, number> {
  const machines = lab.devices.map(({ index }) => new SimulatedMachine({ seed: 1, index, isAudit: false, clock }));
  return new Map(machines.map((machine, index) => [Number.parseInt(machine.bootId.slice(0, 8), 16), index]));
}

const bootIn = ({ series, values }: PollRecord) => values[series.findIndex(({ metric }) => metric === BOOT)];

async function site() {
  const lab = await startLab({ devices: DEVICES, seed: 1, base: '127.24.0.1' });
  for (const index of CLONES) lab.set(index, { cloneOf: index + 5, cloneKeepsOwnMacs: true });
  for (const index of NAMESAKES) lab.set(index, { hostname: 'server' });
  const relay = makeSshRelay(tempFolder(onTestFinished), labCredential(lab.devices));
  const records: PollRecord[] = [];
  const refused = new Set<string>();
  const poller = new Poller(
    {
      clock,
      log: silentLogger,
      pool: relay.pool,
      collectorFor: collectorList(systemRandom),
      ledger: new FactLedger({ clock }),
      onPoll: (record) => records.push(record),
      onFact: () => undefined,
      onOutcome: (outcome) => {
        if (!outcome.ok && outcome.reason.endsWith('-changed')) refused.add(outcome.device);
      },
    },
    { concurrency: 64, timeoutMs: 5_000, inventoryEveryMs: 0 },
  );
  onTestFinished(async () => {
    await poller.stop();
    await relay.pool.stop();
    await lab.stop();
  });
  const roster = rosterFragment(lab.devices, { credential: 'main', intervalMs: INTERVAL_MS });
  poller.setRoster(roster);
  poller.start();
  return { lab, relay, records, refused, roster };
}

/** Swaps neighbours: 0 and 1, 2 and 3, and so on; and each clone with its original, which share a host key. */
function trade(lab: Lab): void {
  for (let index = 0; index < SWAPPED; index += 2) lab.swap(index, index + 1);
  for (const index of CLONES) lab.swap(index, index + 5);
}

test('50 swapped addresses, 5 clones, 10 namesakes: every sample and command is of the machine it is stored for', async () => {
  const { lab, relay, records, refused, roster } = await site();
  const indexOf = new Map(roster.map(({ device }, index) => [device, index]));
  const boots = bootsOf(lab);
  const seen = () => new Set(records.map(({ device }) => device)).size;
  await expect.poll(seen, { timeout: 20_000 }).toBe(DEVICES);
  trade(lab);
  const cutAt = records.length;
  await expect.poll(() => refused.size, { timeout: 20_000 }).toBe(DEVICES);
  const command = async (entry: RosterEntry) => {
    const session = await relay.pool.session(entry, never);
    if (!session.ok) return session.reason;
    const ran = await session.value.run(request(`echo ${entry.device} >> /lab/marker`), never);
    return ran.ok ? 'ran' : ran.reason;
  };
  const ends = new Set(await Promise.all(roster.map(command)));
  expect([...ends].sort()).toEqual(['host-key-changed', 'identity-changed']);
  expect(lab.counts().every(({ commands }) => commands === 0)).toBe(true);
  trade(lab);
  // Back at home everybody answers again, and only for themselves.
  await expect
    .poll(async () => [...new Set(await Promise.all(roster.map(command)))], { timeout: 20_000 })
    .toEqual(['ran']);
  await expect.poll(() => records.length, { timeout: 20_000 }).toBeGreaterThan(cutAt + DEVICES);
  const wrong = records.filter((record) => boots.get(bootIn(record) ?? -1) !== indexOf.get(record.device));
  expect(wrong).toEqual([]);
  for (const [index, { device }] of roster.entries()) {
    expect(new Set(lab.file(index, '/lab/marker')?.trim().split('\n'))).toEqual(new Set([device]));
  }
});
