// `npm run e2e -- outage`: three sites lose a switch, a relay, a link, their console and their power; how often somebody is told is counted at a mail server.
import { systemClock } from '#shared/base/clock.ts';
import type { Chaos, ChaosOptions } from '#test/chaos/chaos.ts';
import type { Figures } from '#test/judge.ts';
import { lateOutage } from './outage-late.ts';
import { startWatchRig, type WatchRig } from './watch-rig.ts';

interface Size {
  sites: number;
  devices: number;
  /** Devices behind the switch. */
  behind: number;
  speed: number;
  intervalMs: number;
}

const FULL: Size = { sites: 3, devices: 100, behind: 50, speed: 1, intervalMs: 10_000 };
const QUICK: Size = { sites: 3, devices: 8, behind: 5, speed: 6, intervalMs: 5_000 };
/** After what was expected came: what is told twice comes within it. */
const QUIET_MS = 30_000;
/** Nothing here takes longer on a machine that is not overrun. */
const PATIENCE_MS = 180_000;
/** So that "it is over" comes between two steps; people wait five minutes for a relapse. */
const ENV = { RMM_ALERTS_DEDUP_MS: '20000' };
const LOCAL = 'local@site.test';
/** How long headquarters have to be away before a site tells its own. */
const LOCAL_AFTER_MS = 30_000;

export const outage: Chaos = async ({ isQuick, seed, say }: ChaosOptions) => {
  const startedAt = systemClock.monotonic();
  const size = isQuick ? QUICK : FULL;
  const figures: Record<string, number> = {};
  {
    await using rig = await startWatchRig({ ...size, seed, say, env: ENV });
    await rig.say([localRoute(rig, 2)]);
    await rig.quiet(QUIET_MS);
    say(`${rig.sink.mails.length} mails of how the sites were found`);
    const steps = { aSwitch, aRelay, aLink, aRestart, theEvening };
    for (const [name, step] of Object.entries(steps)) {
      const mark = rig.sink.mails.length;
      const found = await step(rig, size);
      say(`${name}: ${JSON.stringify(found)}`);
      for (const { headers, to } of rig.sink.mails.slice(mark)) say(`  ${to[0]}: ${headers['subject']?.[0]}`);
      Object.assign(figures, found);
    }
  }
  Object.assign(figures, await lateOutage({ isQuick, seed: seed + 1, say }));
  return { name: 'e2e outage', figures, durationMs: systemClock.monotonic() - startedAt, details: { seed, ...size } };
};

const localRoute = (rig: WatchRig, site: number) => ({
  kind: 'route' as const,
  body: {
    name: 'On call at the site',
    sites: [rig.relay(site).site],
    atLeast: 'high' as const,
    afterMs: LOCAL_AFTER_MS,
    mail: { host: '127.0.0.1', port: rig.sink.port, security: 'none' as const, from: LOCAL, to: [LOCAL] },
  },
});

/** How often it was told, after one word of it came and nothing more follows. */
async function toldOf(rig: WatchRig, mark: number): Promise<number> {
  await rig.sink.until(1, PATIENCE_MS, () => rig.mailsSince(mark));
  await rig.quiet(QUIET_MS);
  return rig.mailsSince(mark).length;
}

/** Waits until nothing is open, and so many mails say that it is over. */
async function healed(rig: WatchRig, mark: number, resolved: number): Promise<void> {
  const open = await rig.until(
    () => rig.incidents(),
    (some) => some.filter(({ cause, severity }) => cause !== 'device' || severity === 'critical').length === 0,
    PATIENCE_MS,
  );
  if (open.some(({ severity }) => severity === 'critical'))
    throw new Error(`still open: ${open.map(({ title }) => title).join('; ')}`);
  await rig.sink.until(resolved, PATIENCE_MS, () => over(rig, mark));
  await rig.quiet(QUIET_MS);
}

/** Mails that say that something is over. */
const over = (rig: WatchRig, mark: number) =>
  rig.mailsSince(mark).filter(({ headers }) => /resolved/i.test(headers['subject']?.[0] ?? ''));

/** A switch and all devices behind it lose their power; those come first, as they do where a switch dies slowly. */
async function aSwitch(rig: WatchRig, { behind }: Size): Promise<Figures> {
  const children = Array.from({ length: behind }, (_, n) => n + 1);
  for (const child of children)
    await rig.estate.api.policies.setParent({ id: rig.device(0, child), parentId: rig.device(0, 0) });
  await rig.time.sleep(2_000); // the relay hears of it
  const mark = rig.sink.mails.length;
  await rig.power(0, [...children, 0], false);
  const switchTold = await toldOf(rig, mark);
  const open = (await rig.incidents()).filter(({ severity }) => severity === 'critical');
  const shown = open[0] === undefined ? undefined : await rig.show(open[0].id);
  const switchChildren = (shown?.children ?? []).filter(
    ({ isRoot, check }) => !isRoot && check === 'device.down',
  ).length;
  const isOfSwitch = shown?.deviceId === rig.device(0, 0) ? 1 : 0;
  const back = rig.sink.mails.length;
  await rig.power(0, [...children, 0], true);
  await healed(rig, back, 1);
  return {
    ...{ switchTold, switchChildren, switchIncidents: open.length, switchNamed: isOfSwitch },
    switchResolvedTold: rig.mailsSince(back).length,
  };
}

async function aRelay(rig: WatchRig, { devices }: Size): Promise<Figures> {
  const { program } = rig.relay(1);
  const mark = rig.sink.mails.length;
  await program.kill();
  const relayTold = await toldOf(rig, mark);
  const open = (await rig.incidents()).filter(({ cause }) => cause === 'relay' || cause === 'site');
  const unseen = open[0] === undefined ? 0 : (await rig.show(open[0].id)).unseenDevices;
  program.start();
  await program.ready();
  await healed(rig, mark + relayTold, 1);
  return { relayTold, relayIncidents: open.length, relayUnseen: unseen / devices };
}

/** The line to headquarters is cut, and while it is a device dies: its site tells its own, and headquarters do not tell it again. */
async function aLink(rig: WatchRig): Promise<Figures> {
  const { proxy } = rig.relay(2);
  const mark = rig.sink.mails.length;
  proxy.set({ isBlackHole: true });
  await rig.power(2, [3], false);
  const linkTold = await toldOf(rig, mark);
  await rig.sink.until(1, PATIENCE_MS, () => rig.mailsSince(mark, LOCAL));
  await rig.quiet(QUIET_MS);
  const back = rig.sink.mails.length;
  proxy.heal();
  // What the site found becomes known; its own on-call has been told.
  const isKnown = (some: readonly { deviceId: string | null }[]) =>
    some.some(({ deviceId }) => deviceId === rig.device(2, 3));
  const known = await rig.until(() => rig.incidents(), isKnown, PATIENCE_MS);
  await rig.quiet(QUIET_MS);
  const againTold = rig
    .mailsSince(back)
    .filter(({ text }) => text?.includes(rig.relay(2).devices[3]?.name ?? '?')).length;
  await rig.power(2, [3], true);
  await healed(rig, back, 1);
  return {
    ...{ linkTold, linkLocalTold: rig.mailsSince(mark, LOCAL).length, linkKnown: isKnown(known) ? 1 : 0 },
    linkToldAgain: againTold,
  };
}

/** Once in order and once by force, while something is open. */
async function aRestart(rig: WatchRig, { behind }: Size): Promise<Figures> {
  const { console } = rig.estate;
  const before = rig.sink.mails.length;
  // One that was well until now.
  const index = behind + 1;
  await rig.power(0, [index], false);
  await toldOf(rig, before);
  const mark = rig.sink.mails.length;
  await console.stop();
  console.start();
  await console.ready();
  await rig.quiet(QUIET_MS);
  await console.kill();
  console.start();
  await console.ready();
  // Longer than a relay takes to come back, and than a console that just started waits for one.
  await rig.time.sleep(90_000);
  await rig.quiet(QUIET_MS);
  const restartTold = rig.mailsSince(mark).length;
  await rig.power(0, [index], true);
  await healed(rig, mark, 1);
  return { restartTold };
}

/** Every device of every site is a workstation that is switched off at the end of the day. */
async function theEvening(rig: WatchRig, { sites, devices }: Size): Promise<Figures> {
  const settings = { presence: 'when-used' as const };
  const body = { name: 'Workstations', level: 'customer' as const, priority: 0, isEnforced: false, settings };
  await rig.say([{ kind: 'layer', body, places: [] }]);
  await rig.time.sleep(5_000);
  const mark = rig.sink.mails.length;
  const all = Array.from({ length: devices }, (_, n) => n);
  await Promise.all(Array.from({ length: sites }, (_, site) => rig.power(site, all, false)));
  // The fleet says that they are away, which is not known and has a reason.
  await rig.untilStatus('unknown', sites * devices, PATIENCE_MS);
  await rig.quiet(QUIET_MS);
  const eveningIncidents = (await rig.incidents()).filter(({ severity }) => severity === 'critical').length;
  return { eveningTold: rig.mailsSince(mark).length, eveningIncidents };
}
