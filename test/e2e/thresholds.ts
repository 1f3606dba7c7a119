// `npm run e2e -- thresholds`: every shipped threshold that a Linux device can pass is passed, fires with its severity, and clears; some on this very machine.
import { systemClock } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { AlertSummary } from '#shared/contract/alert-contract.ts';
import type { Severity } from '#shared/model/alert-words.ts';
import type { Chaos, ChaosOptions } from '#test/chaos/chaos.ts';
import type { Behaviour } from '#test/lab/behaviour.ts';
import { REAL_NAME, withRealMachine } from './real-machine.ts';
import { startWatchRig, type WatchRig } from './watch-rig.ts';

interface Case {
  check: string;
  severity: Severity;
  change: Partial<Behaviour>;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const SPEED = 10;
/** What is held for five minutes is found in six; the rest is for a busy machine. In the programs' time. */
const PATIENCE_MS = 15 * MINUTE_MS;

const bad = (check: string, severity: Severity, change: Partial<Behaviour>): Case => ({ check, severity, change });
const stressed = (check: string, severity: Severity, stress: Behaviour['stress']): Case =>
  bad(check, severity, { stress });

/** Each a little beyond its limit, on a device of its own. */
const CASES: readonly Case[] = [
  stressed('cpu.used', 'medium', { cpuUsed: 0.85 }),
  stressed('cpu.used', 'high', { cpuUsed: 0.97 }),
  stressed('memory.used', 'medium', { memoryUsed: 0.88 }),
  stressed('memory.used', 'critical', { memoryUsed: 0.97 }),
  stressed('disk.free', 'medium', { diskUsed: 0.83 }),
  stressed('disk.free', 'critical', { diskUsed: 0.92 }),
  stressed('disk.queue', 'medium', { diskQueue: 12 }),
  stressed('disk.queue', 'high', { diskQueue: 25 }),
  stressed('disk.latency', 'medium', { diskLatencyMs: 30 }),
  stressed('disk.latency', 'high', { diskLatencyMs: 80 }),
  stressed('network.receive-errors', 'medium', { networkErrors: 200 }),
  stressed('network.receive-errors', 'high', { networkErrors: 1_500 }),
  stressed('service.failed', 'high', { failedServices: 2 }),
  stressed('uptime.long', 'low', { uptimeMs: 95 * DAY_MS }),
  bad('response.time', 'medium', { delayMs: 2_500 }),
  bad('response.time', 'high', { delayMs: 7_000 }),
  bad('device.down', 'critical', { isDown: true }),
];

export const thresholds: Chaos = async ({ seed, say }: ChaosOptions) => {
  const startedAt = systemClock.monotonic();
  await using rig = await startWatchRig({
    ...{ sites: 1, devices: CASES.length, intervalMs: 30_000, speed: SPEED, seed, say },
  });
  await using real = await withRealMachine(rig);
  await rig.time.sleep(MINUTE_MS);
  const before = await alertsOf(rig);
  await Promise.all(CASES.map(({ change }, index) => rig.set(0, index, change)));
  await real.suffer();
  const wanted = [...CASES.map((one, index) => ({ ...one, device: rig.device(0, index) })), ...real.wanted];
  const isNew = ({ id }: AlertSummary) => !before.some((one) => one.id === id);
  const matching = (some: readonly AlertSummary[], { check, severity, device }: Wanted) =>
    some.find((one) => isNew(one) && one.check === check && one.deviceId === device && one.severity === severity);
  const fired = await rig.until(
    () => alertsOf(rig),
    (some) => wanted.every((one) => matching(some, one)),
    PATIENCE_MS / SPEED,
  );
  const quiet = wanted.filter((one) => matching(fired, one) === undefined);
  for (const { check, severity } of quiet) say(`did not fire: ${check} ${severity}`);
  await Promise.all(CASES.map((_, index) => rig.estate.lab.heal(rig.relay(0).devices[index]?.index ?? index)));
  await real.recover();
  const ids = new Set<string>(wanted.flatMap((one) => matching(fired, one)?.id ?? []));
  const isOpen = ({ id, state, check, deviceName }: AlertSummary) =>
    ids.has(id) && state !== 'resolved' && !(check === 'cpu.used' && deviceName === REAL_NAME && real.isBusyAnyway());
  const isClear = (some: readonly AlertSummary[]) => !some.some(isOpen);
  const cleared = await rig.until(() => alertsOf(rig), isClear, PATIENCE_MS / SPEED);
  const open = cleared.filter(isOpen);
  for (const { check, severity, detail } of open) say(`did not clear: ${check} ${severity}: ${detail}`);
  const figures = {
    thresholds: wanted.length,
    onThisMachine: real.wanted.length,
    notFired: quiet.length,
    notCleared: open.length,
    withoutEvidence: cleared.filter(({ id, state, evidence }) => ids.has(id) && state === 'resolved' && !evidence)
      .length,
    busyAnyway: real.isBusyAnyway() ? 1 : 0,
  };
  return {
    name: 'e2e thresholds',
    figures,
    durationMs: systemClock.monotonic() - startedAt,
    details: { seed, speed: SPEED },
  };
};

interface Wanted {
  check: string;
  severity: Severity;
  device: DeviceId;
}

const alertsOf = async (rig: WatchRig): Promise<readonly AlertSummary[]> =>
  (await rig.estate.api.alerts.list({ state: 'any', limit: 200 })).items;
