// `bench -- winrm`: 500 simulated Windows devices, half over TLS and half sealed over HTTP, polled every minute; then some fall silent,
// one refuses everything, and the password changes behind the relay's back.
import { SECOND_POLL_MS } from '#relay/poll/schedule.ts';
import { systemClock as clock } from '#shared/base/clock.ts';
import { DeviceId, newId } from '#shared/base/id.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { WindowsLabDevice } from '#test/lab/windows-lab.ts';
import { startWindowsLabProcess, type WindowsLabProcess } from '#test/lab/windows-lab-process.ts';
import type { Bench, BenchOptions } from './bench.ts';
import { median, percentile, rounded } from './statistics.ts';
import type { WinrmReport } from './winrm-message.ts';
import { FULL_WINRM_PLAN, QUICK_WINRM_PLAN, type WinrmPlan } from './winrm-plan.ts';
import { WinrmRelayProcess } from './winrm-relay-process.ts';

interface Site {
  lab: WindowsLabProcess;
  relay: WinrmRelayProcess;
  plan: WinrmPlan;
  say: BenchOptions['say'];
}

/** Until every device has answered after a start; far above what it takes. */
const SETTLE_MS = 180_000;
const LOOK_EVERY_MS = 250;
/** A busy machine is late by this at most; nothing waits for it where there is no need. */
const SLACK_MS = 5_000;
/** The account is one of a domain: a wrong password there is wrong everywhere. */
const DOMAIN = 'LAB';
/** Which device refuses everything: none that falls silent. */
const REFUSING = (plan: WinrmPlan) => plan.devices - 1;

/** The limit is a twentieth: two digits would hide half of what is left below it. */
const rounded3 = (value: number): number => Math.round(value * 1_000) / 1_000;

const rosterOf = (devices: readonly WindowsLabDevice[], intervalMs: number): RosterEntry[] =>
  devices.map(({ name, address, port, tlsPort, index }) => ({
    device: DeviceId.parse(newId(clock.now())),
    name,
    transport: 'winrm',
    address,
    port: index % 2 === 0 ? tlsPort : port,
    credential: 'main',
    intervalMs,
    simulated: true,
  }));

async function startRelay(
  site: Omit<Site, 'relay'>,
  folder: string,
  { intervalMs, password }: { intervalMs: number; password?: string },
): Promise<WinrmRelayProcess> {
  const { lab, plan } = site;
  const [first] = lab.devices;
  if (first === undefined) throw new Error('an empty lab');
  const relay = new WinrmRelayProcess();
  await relay.start({
    roster: rosterOf(lab.devices, intervalMs),
    folder,
    user: `${DOMAIN}\\${first.user}`,
    password: password ?? first.password,
    ports: { tls: first.tlsPort, plain: first.port },
    concurrency: plan.concurrency,
    timeoutMs: plan.timeoutMs,
  });
  return relay;
}

/** Collects what happens until each of these has answered since, at most for so long. */
async function untilAnswered(relay: WinrmRelayProcess, places: number, ms: number): Promise<WinrmReport> {
  const seen: WinrmReport = { polls: [], failures: [], alerts: [] };
  const answered = new Set<number>();
  const deadline = clock.monotonic() + ms;
  while (answered.size < places && clock.monotonic() < deadline) {
    await clock.sleep(LOOK_EVERY_MS);
    const { polls, failures, alerts } = await relay.report();
    seen.polls.push(...polls);
    seen.failures.push(...failures);
    seen.alerts = alerts;
    for (const [place] of polls) if (place < places) answered.add(place);
  }
  return seen;
}

/** Waits until each device has answered once. */
async function settled({ relay, plan, say }: Site): Promise<void> {
  const { polls, failures } = await untilAnswered(relay, plan.devices, SETTLE_MS);
  if (new Set(polls.map(([place]) => place)).size < plan.devices)
    throw new Error(`devices do not answer: ${JSON.stringify(failures.slice(0, 3))}`);
  say(`${plan.devices} devices answer`);
  // The second look at a new device comes after five seconds, and its grid begins behind that.
  if (plan.intervalMs < SECOND_POLL_MS) await relay.again();
}

/** What happens at the site in `ms`. */
async function observe({ relay }: Site, ms: number): Promise<WinrmReport> {
  await relay.report();
  await clock.sleep(ms);
  return relay.report();
}

async function loginCounts(lab: WindowsLabProcess): Promise<{ logins: number; attempts: number; requests: number }> {
  const counts = await lab.counts();
  const sum = (of: (one: (typeof counts)[number]) => number) => counts.reduce((total, one) => total + of(one), 0);
  return {
    logins: sum(({ logins }) => logins),
    attempts: sum(({ attempts }) => attempts),
    requests: sum(({ requests }) => Object.values(requests).reduce((total, count) => total + count, 0)),
  };
}

async function steadyCycles(site: Site) {
  const { lab, relay, plan, say } = site;
  // A device passes over a point of its grid that is near its last poll: the cycles begin when all keep their time.
  await clock.sleep(plan.intervalMs);
  const before = { ...(await loginCounts(lab)), cpuS: relay.use().cpuS, at: clock.monotonic() };
  const report = await observe(site, plan.cycles * plan.intervalMs);
  const { cpuS, rssMb } = relay.use();
  const after = await loginCounts(lab);
  for (const failure of report.failures.slice(0, 5)) say(`failed: ${failure.join(' ')}`);
  const durations = report.polls.map(([, durationMs]) => durationMs);
  const figures = {
    errors: report.failures.length,
    polledRatio: rounded(report.polls.length / (plan.cycles * plan.devices)),
    logins: after.logins,
    requestsPerPoll: rounded((after.requests - before.requests) / Math.max(1, report.polls.length)),
    relayCores: rounded3((cpuS - before.cpuS) / ((clock.monotonic() - before.at) / 1_000)),
    pollMedianMs: rounded(median(durations)),
    pollP99Ms: rounded(percentile(durations, 0.99)),
    rssMb,
  };
  say(`${plan.cycles} cycles: ${JSON.stringify(figures)}`);
  return figures;
}

/** One machine that lets nobody in any more: the others go on, and nobody is alarmed about the login. */
async function oneRefuses(site: Site) {
  const { lab, relay, plan, say } = site;
  const one = REFUSING(plan);
  await relay.report();
  // Down for a moment, so that it has to be logged in to anew.
  await lab.set([one], { isDown: true });
  await lab.set([one], { isDown: false, refusesLogin: true });
  // The refusing one is the last place. Two cycles: a device passes over a point of its grid that is near its last poll.
  const { polls, failures, alerts } = await untilAnswered(relay, one, 2.2 * plan.intervalMs + SLACK_MS);
  const others = new Set(polls.map(([place]) => place).filter((place) => place !== one));
  await lab.set([one], { refusesLogin: false });
  say(`one refuses: ${others.size} others answer, ${alerts.length} alerts`);
  return {
    othersPolled: others.size,
    othersFailedBesideRefusal: failures.filter(([place]) => place !== one).length,
    alertsOfRefusal: alerts.length,
  };
}

/** A fifth of the site accepts and never answers. */
async function blackHoles(site: Site) {
  const { lab, plan, say } = site;
  const silent = Math.round(plan.devices * plan.blackHoled);
  const places = Array.from({ length: silent }, (_, place) => place);
  await lab.set(places, { isBlackHole: true });
  const { polls, failures } = await observe(site, plan.blackHoledCycles * plan.intervalMs);
  await lab.set(places, { isBlackHole: false });
  const lags = polls.filter(([place]) => place >= silent).map(([, , lagMs]) => lagMs);
  const figures = {
    silent,
    skewP99Ms: rounded(percentile(lags, 0.99)),
    othersFailed: failures.filter(([place]) => place >= silent && place !== REFUSING(plan)).length,
  };
  say(`black holes: ${JSON.stringify(figures)}`);
  return figures;
}

/** The domain's password changes while some still log in, and every connection is lost: two tries, and one alert. */
async function passwordChanged(site: Site) {
  const { lab, plan, say } = site;
  const all = lab.devices.map(({ index }) => index);
  await lab.set(all, { isDown: true });
  await lab.setPassword('Another-Pass-1');
  const before = await loginCounts(lab);
  await lab.set(all, { isDown: false });
  const { alerts } = await observe(site, 1.5 * plan.intervalMs);
  const attempts = (await loginCounts(lab)).attempts - before.attempts;
  say(`password changed: ${attempts} attempts, ${alerts.length} alerts`);
  return { changedAttempts: attempts, changedAlerts: alerts.length };
}

/** A relay that never had the right password. */
async function wrongFromTheStart(site: Omit<Site, 'relay'>, folder: string) {
  const { lab, plan, say } = site;
  const before = await loginCounts(lab);
  await using relay = await startRelay(site, folder, { intervalMs: plan.wrongIntervalMs, password: 'Never-Right-1' });
  const { alerts } = await observe({ ...site, relay }, 3 * plan.wrongIntervalMs);
  const attempts = (await loginCounts(lab)).attempts - before.attempts;
  say(`wrong from the start: ${attempts} attempts, ${alerts.length} alerts`);
  return { wrongAttempts: attempts, wrongAlerts: alerts.length };
}

async function measure(site: Omit<Site, 'relay'>, folder: string) {
  await using relay = await startRelay(site, folder, { intervalMs: site.plan.intervalMs });
  const whole = { ...site, relay };
  await settled(whole);
  const steady = await steadyCycles(whole);
  const refused = await oneRefuses(whole);
  const silent = await blackHoles(whole);
  const changed = await passwordChanged(whole);
  return { ...steady, ...refused, ...silent, ...changed, peakRssMb: relay.use().peakRssMb };
}

export const benchWinrm: Bench = async ({ isQuick, say }) => {
  const startedAt = clock.monotonic();
  const plan = isQuick ? QUICK_WINRM_PLAN : FULL_WINRM_PLAN;
  const site = async <T>(base: string, run: (site: Omit<Site, 'relay'>, folder: string) => Promise<T>): Promise<T> => {
    await using folder = makeTempFolder('rmm-bench-winrm');
    await using lab = await startWindowsLabProcess({ devices: plan.devices, base });
    return await run({ lab, plan, say }, folder.path);
  };
  const wrong = () => site('127.42.0.1', wrongFromTheStart);
  // One after the other where processor time is judged.
  const beside = isQuick ? wrong() : undefined;
  const [figures, wrongFigures] = await Promise.all([site('127.41.0.1', measure), beside]);
  return {
    name: 'bench winrm',
    figures: { devices: plan.devices, ...figures, ...(wrongFigures ?? (await wrong())) },
    durationMs: clock.monotonic() - startedAt,
  };
};
