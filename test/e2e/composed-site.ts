// A whole estate in this process: the composed console, relays enrolled in it, simulated devices; real sockets, own folders, free ports.
import path from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { type Api, apiClient } from '#console/cli/client.ts';
import { followActions } from '#console/cli/follow-action.ts';
import { loadProfile } from '#console/cli/profile.ts';
import { type RunOrder, signRun } from '#console/cli/sign-run.ts';
import { composeConsole } from '#console/compose/compose-console.ts';
import { ConsoleConfig } from '#console/config/console-config.ts';
import { enrolThisMachine } from '#relay/commands/enrol-this-machine.ts';
import { composeRelay } from '#relay/compose/compose-relay.ts';
import { RelayConfig } from '#relay/config/relay-config.ts';
import { CredentialStore } from '#relay/transport/credentials.ts';
import { type Clock, systemClock } from '#shared/base/clock.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { ActionOutcome } from '#shared/contract/action-contract.ts';
import type { DeviceTarget } from '#shared/contract/device-contract.ts';
import { readPrivateFile } from '#shared/crypto/private-file.ts';
import type { Caps, Charter } from '#shared/model/charter.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { StopStack } from '#shared/runtime/stop-stack.ts';
import { type CharterChange, draftNextCharter } from '#shared/seal/charter-draft.ts';
import { readCharter, signCharter } from '#shared/seal/charter-seal.ts';
import { importSigningKey } from '#shared/seal/key-pair.ts';
import type { OnEnd } from '#test/fixtures/console-kit.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { LabDevice } from '#test/lab/lab.ts';
import { labCredential } from '#test/lab/roster-fragment.ts';

/** What our programs' own stop gives each part; nothing here is slower. */
const STOP_EACH_MS = 3_000;

/** Keeps every line as text, so that a test can ask what was said, and what was not. */
export function keepingLogger(lines: string[]): Logger {
  const take = (level: string) => (fields: object, message: string) =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  const { debug, info, warn, error } = {
    debug: take('debug'),
    info: take('info'),
    warn: take('warn'),
    error: take('error'),
  };
  const logger: Logger = { debug, info, warn, error, room: () => logger };
  return logger;
}

interface Program {
  data: string;
  /** Everything it logged. */
  log: string[];
  stop: () => Promise<void>;
}

export interface Estate extends Program {
  api: Api;
  url: string;
  relayPort: number;
  httpsPort: number;
  /** The console's own database, as a thief of the console would use it. */
  database: Database.Database;
  /** Takes what ends with the test, or with the command. */
  onEnd: OnEnd;
}

/** A console on free ports, under more names where it is given any; it stops when the test, or the command, has finished. */
export async function startEstate(
  names: readonly string[] = [],
  onEnd: OnEnd = onTestFinished,
  prepare: (data: string) => Promise<void> = async () => undefined,
  more: Partial<ConsoleConfig> = {},
): Promise<Estate> {
  const data = folderUntil(onEnd, 'rmm-estate');
  await prepare(data);
  const log: string[] = [];
  const listen = { httpPort: 0, httpsPort: 0, relayPort: 0 };
  const logger = keepingLogger(log);
  const stack = new StopStack({ clock: systemClock, log: logger });
  const config = ConsoleConfig.parse({
    data,
    listen,
    names: ['localhost', '127.0.0.1', ...names],
    trust: { firstCharter: { t3StopMs: 0 } },
    ...more,
  });
  const { url, relayPort, httpsPort } = await composeConsole(config, { clock: systemClock, log: logger, stack });
  const database = new Database(path.join(data, 'console.db'));
  const stop = async () => {
    database.close();
    await stack.stop(STOP_EACH_MS);
  };
  onEnd(stop);
  const api = apiClient(await loadProfile({ data }, {}));
  return { api, data, log, url, relayPort, httpsPort, database, stop, onEnd };
}

function folderUntil(onEnd: OnEnd, name: string): string {
  const folder = makeTempFolder(name);
  onEnd(() => folder[Symbol.asyncDispose]());
  return folder.path;
}

export interface RelayOptions {
  kind?: 'site' | 'leaf';
  config?: Omit<Partial<RelayConfig>, 'data'>;
  clock?: Clock;
  /** Takes what ends with it; the test where it is absent. */
  onEnd?: OnEnd;
}

export interface EnrolledRelay {
  id: RelayId;
  site: SiteId;
  data: string;
}

export interface RunningRelay extends EnrolledRelay, Program {}

/** A site that is marked as simulated: the machine the tests run on is no device of it. */
export async function makeSite(estate: Estate, name: string, isSimulated = true): Promise<SiteId> {
  const { id } = await estate.api.sites.create({ name, isSimulated });
  return id;
}

export async function enrolRelay(estate: Estate, site: SiteId, kind: 'site' | 'leaf' = 'site'): Promise<EnrolledRelay> {
  const data = folderUntil(estate.onEnd, 'rmm-relay');
  const made = await estate.api.relays.createToken({ siteId: site, kind });
  const { relay } = await enrolThisMachine({ data, token: made.token, owner: made.owner, kind });
  return { id: relay, site, data };
}

/** Runs an enrolled relay; it stops when the test has finished, if it has not before. */
export async function runRelay(relay: EnrolledRelay, options: RelayOptions = {}): Promise<RunningRelay> {
  const { clock = systemClock, config = {}, onEnd = onTestFinished } = options;
  const log: string[] = [];
  const logger = keepingLogger(log);
  const stack = new StopStack({ clock: systemClock, log: logger });
  const stop = () => stack.stop(STOP_EACH_MS);
  onEnd(stop);
  await composeRelay(RelayConfig.parse({ ...config, data: relay.data }), { clock, log: logger, stack });
  return { ...relay, log, stop };
}

export async function startRelay(estate: Estate, site: SiteId, options: RelayOptions = {}): Promise<RunningRelay> {
  return runRelay(await enrolRelay(estate, site, options.kind), options);
}

/** The shortest interval a roster takes. */
const INTERVAL_MS = 5_000;

/** Stores the login of a lab's devices on a relay. */
export function giveLogin(relay: EnrolledRelay, lab: { devices: readonly LabDevice[] }): void {
  new CredentialStore(path.join(relay.data, 'credentials')).add('lab', labCredential(lab.devices));
}

/** Puts a lab's devices on a relay's roster, in the lab's order, each by the name that `nameOf` gives it. */
export async function addLab(
  estate: Estate,
  relay: EnrolledRelay,
  lab: { devices: readonly LabDevice[] },
  nameOf: (index: number) => string = (index) => lab.devices[index]?.name ?? '',
): Promise<DeviceId[]> {
  giveLogin(relay, lab);
  const devices = lab.devices.map(({ index, address, port }) => ({
    relayId: relay.id,
    name: nameOf(index),
    transport: 'ssh' as const,
    address,
    port,
    credential: 'lab',
    intervalMs: INTERVAL_MS,
  }));
  return (await estate.api.devices.createMany({ devices })).ids;
}

/** What the console would have a signer name. */
export async function targetsOf(estate: Pick<Estate, 'api'>, devices: readonly DeviceId[]): Promise<DeviceTarget[]> {
  return (await estate.api.devices.targets({ devices: [...devices] })).targets;
}

export const isKnown = ({ identity }: DeviceTarget): boolean => identity.machineId !== undefined;

/** Asks until each device's identity is pinned; a first contact is a login each, sixteen at once. */
export async function untilKnown(estate: Pick<Estate, 'api'>, devices: readonly DeviceId[]): Promise<DeviceTarget[]> {
  const until = systemClock.monotonic() + 30_000;
  for (;;) {
    const targets = await targetsOf(estate, devices);
    const known = targets.filter(isKnown).length;
    if (known === devices.length) return targets;
    if (systemClock.monotonic() > until) throw new Error(`${known} of ${devices.length} devices are known`);
    await systemClock.sleep(100);
  }
}

/** What the command line signs for `rmm run`, with less time and room. */
export const runOrder = (
  targets: readonly DeviceTarget[],
  command: string,
  change: Partial<RunOrder> = {},
): RunOrder => ({
  targets,
  action: { name: 'command.run', arguments: { command } },
  timeoutMs: 20_000,
  outputBytes: 16_384,
  concurrency: 50,
  reason: 'test',
  validForMs: 60_000,
  ...change,
});

export const sign = (estate: Estate, order: RunOrder) => signRun(estate.api, estate.data, order, systemClock);

/** Every outcome of these actions, once each is final. */
export const outcomesOf = (estate: Estate, ids: readonly string[], deadlineMs = 30_000): Promise<ActionOutcome[]> =>
  followActions(estate.api, ids, { clock: systemClock, deadlineMs, signal: new AbortController().signal });

/** Signs, submits, waits for every device. */
export async function run(estate: Estate, order: RunOrder): Promise<ActionOutcome[]> {
  const { ids } = await estate.api.actions.submit({ signed: await sign(estate, order) });
  return outcomesOf(estate, ids);
}

/** The next charter of a site, signed by the owner key that still lies in the console's folder. */
export async function changeCharter(
  estate: Pick<Estate, 'api' | 'data'>,
  site: SiteId,
  change: (charter: Charter) => CharterChange,
): Promise<void> {
  const owner = await importSigningKey(readPrivateFile(path.join(estate.data, 'owner', 'owner.key')) ?? '');
  const charter = await readCharter((await estate.api.sites.charter({ id: site })).signed);
  const next = draftNextCharter(charter, change(charter), systemClock.now());
  await estate.api.sites.putCharter({ id: site, signed: await signCharter(next, [owner]) });
}

export const raiseCaps = (estate: Pick<Estate, 'api' | 'data'>, site: SiteId, caps: Partial<Caps>): Promise<void> =>
  changeCharter(estate, site, () => ({ caps }));

/** The audit's newest rows, newest first. */
export async function auditRows(estate: Estate) {
  return (await estate.api.audit.list({ limit: 1_000 })).items;
}
