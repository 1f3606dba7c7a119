// `bench -- poll`: 500 SSH devices on a real sshd, polled every minute by a relay with a full hot cache; then with a tenth of them frozen.
import path from 'node:path';
import { CredentialStore } from '#relay/transport/credentials.ts';
import { systemClock as clock } from '#shared/base/clock.ts';
import { DeviceId, newId } from '#shared/base/id.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { loopbackAddress } from '#test/lab/loopback-address.ts';
import { type SshdPeer, startSshd } from '#test/peers/sshd.ts';
import type { Bench, BenchOptions } from './bench.ts';
import { FULL_POLL_PLAN, type PollPlan, QUICK_POLL_PLAN } from './poll-plan.ts';
import type { PollReport } from './poll-relay-message.ts';
import { PollRelayProcess } from './poll-relay-process.ts';
import { median, percentile, rounded } from './statistics.ts';

const CREDENTIAL = 'bench';
/** Until every device has answered after a start or a thaw; far above what it takes. */
const SETTLE_MS = 180_000;
const LOOK_EVERY_MS = 250;

interface Site {
  relay: PollRelayProcess;
  plan: PollPlan;
  /** Serves the devices that freeze: the first `frozen` places of the roster. */
  freezing: SshdPeer;
  frozen: number;
  say: BenchOptions['say'];
}

/** It listens on all addresses to stand for many; only loopback may log in. */
const startPeer = () =>
  startSshd({ address: '0.0.0.0', maxStartups: 1_000, config: ['AllowUsers *@127.*', 'MaxSessions 10'] });

function rosterOf(plan: PollPlan, frozen: number, ports: { freezing: number; steady: number }): RosterEntry[] {
  return Array.from({ length: plan.devices }, (_, place) => ({
    device: DeviceId.parse(newId(clock.now())),
    name: `bench-${place}`,
    transport: 'ssh',
    address: loopbackAddress('127.30.0.1', place),
    port: place < frozen ? ports.freezing : ports.steady,
    credential: CREDENTIAL,
    intervalMs: plan.intervalMs,
  }));
}

/** Waits until each of these places has answered `times` more. */
async function answered({ relay, say }: Site, places: number, times: number): Promise<void> {
  const counts = new Array<number>(places).fill(0);
  const deadline = clock.monotonic() + SETTLE_MS;
  const isMissing = (count: number) => count < times;
  let last: PollReport['failures'] = [];
  while (counts.some(isMissing)) {
    if (clock.monotonic() > deadline) throw new Error(`devices do not answer: ${JSON.stringify(last.slice(0, 3))}`);
    await clock.sleep(LOOK_EVERY_MS);
    const { polls, failures } = await relay.report();
    for (const [place] of polls) counts[place] = (counts[place] ?? 0) + 1;
    if (failures.length > 0) last = failures;
  }
  say(`${places} devices answer`);
}

/** What happens at the site in `ms`. */
async function observe({ relay }: Site, ms: number): Promise<PollReport> {
  await relay.report();
  await clock.sleep(ms);
  return relay.report();
}

async function sweeps(site: Site) {
  const { relay, plan, say } = site;
  const cpuBefore = relay.use().cpuS;
  const report = await observe(site, plan.sweeps * plan.intervalMs);
  const { cpuS, rssMb } = relay.use();
  for (const failure of report.failures.slice(0, 5)) say(`failed: ${failure.join(' ')}`);
  const durations = report.polls.map(([, durationMs]) => durationMs);
  return {
    errors: report.failures.length,
    polledRatio: rounded(report.polls.length / (plan.sweeps * plan.devices)),
    cpuSPerSweep: rounded((cpuS - cpuBefore) / plan.sweeps),
    pollMedianMs: rounded(median(durations)),
    pollP99Ms: rounded(percentile(durations, 0.99)),
    rssMb,
  };
}

/** From the moment a poll was due to its answer, of the devices that never freeze. */
function othersP99(report: PollReport, frozen: number): number {
  const answers = report.polls.filter(([place]) => place >= frozen).map(([, durationMs, lagMs]) => durationMs + lagMs);
  return percentile(answers, 0.99);
}

async function frozenRounds(site: Site) {
  const { relay, plan, freezing, frozen, say } = site;
  await relay.setInterval(plan.roundIntervalMs);
  const rounds: Array<{ baseMs: number; frozenMs: number }> = [];
  let othersFailed = 0;
  for (let round = 0; round < plan.rounds; round += 1) {
    await answered(site, plan.devices, 1);
    const baseMs = othersP99(await observe(site, plan.roundMs), frozen);
    freezing.freeze();
    const report = await observe(site, plan.roundMs);
    freezing.thaw();
    const frozenMs = othersP99(report, frozen);
    othersFailed += report.failures.filter(([place]) => place >= frozen).length;
    rounds.push({ baseMs, frozenMs });
    say(`round ${round + 1}: p99 ${rounded(baseMs)} ms, with ${frozen} frozen ${rounded(frozenMs)} ms`);
  }
  return {
    othersFailed,
    baseP99Ms: rounded(median(rounds.map(({ baseMs }) => baseMs))),
    frozenP99Ms: rounded(median(rounds.map(({ frozenMs }) => frozenMs))),
    frozenP99Ratio: rounded(median(rounds.map(({ baseMs, frozenMs }) => frozenMs / baseMs))),
  };
}

/** The rounds come first: they warm the relay up, which in real life has run for days. */
async function measure(site: Site) {
  const { relay, plan, say } = site;
  await answered(site, plan.devices, 2);
  const rounds = await frozenRounds(site);
  await answered(site, plan.devices, 1);
  const exec = await relay.exec(plan.execs);
  await relay.setInterval(plan.intervalMs);
  // A device passes over a point of its grid that is near its last poll: the sweeps begin when all keep their time.
  await clock.sleep(plan.intervalMs);
  const swept = await sweeps(site);
  say(`${plan.sweeps} sweeps: ${JSON.stringify(swept)}`);
  return {
    ...swept,
    errors: swept.errors + exec.failures.length,
    execMedianMs: rounded(median(exec.ms)),
    ...rounds,
    peakRssMb: relay.use().peakRssMb,
  };
}

export const benchPoll: Bench = async ({ isQuick, say }) => {
  const startedAt = clock.monotonic();
  const plan = isQuick ? QUICK_POLL_PLAN : FULL_POLL_PLAN;
  const frozen = Math.round(plan.devices * plan.frozenShare);
  await using folder = makeTempFolder('rmm-bench-poll');
  const peers: SshdPeer[] = [];
  try {
    const steady = await startPeer();
    peers.push(steady);
    const freezing = await startPeer();
    peers.push(freezing);
    const credentialFolder = path.join(folder.path, 'credentials');
    const roster = rosterOf(plan, frozen, { freezing: freezing.port, steady: steady.port });
    const credentials = new CredentialStore(credentialFolder);
    credentials.add(CREDENTIAL, { user: steady.user, privateKey: steady.clientKeyPem });
    credentials.add(`${CREDENTIAL}-freezing`, { user: freezing.user, privateKey: freezing.clientKeyPem });
    for (const entry of roster.slice(0, frozen)) entry.credential = `${CREDENTIAL}-freezing`;
    await using relay = new PollRelayProcess();
    const prefill = await relay.start({ roster, credentialFolder, ...plan });
    say(`cache filled with ${prefill.samples} samples in ${Math.round(prefill.ms)} ms`);
    const figures = await measure({ relay, plan, freezing, frozen, say });
    return {
      name: 'bench poll',
      figures: { devices: plan.devices, cachedSamples: prefill.samples, ...figures },
      durationMs: clock.monotonic() - startedAt,
    };
  } finally {
    for (const peer of peers) await peer.stop();
  }
};
