// A good input for every operation of the contract, made fresh against a live console. An operation without a row fails the contract test by name.
import path from 'node:path';
import { ORPCError } from '@orpc/client';
import type { Api } from '#console/cli/client.ts';
import { systemClock } from '#shared/base/clock.ts';
import { DeviceId, FreezeId, GroupId, ImportId, newId, ScriptId, StandingId, ViewId } from '#shared/base/id.ts';
import { signerFile } from '#shared/crypto/cli-files.ts';
import { readPrivateFile } from '#shared/crypto/private-file.ts';
import { SHIPPED_CHECKS } from '#shared/judge/shipped-checks.ts';
import type { StandingOrder } from '#shared/model/standing-order.ts';
import { draftNextCharter } from '#shared/seal/charter-draft.ts';
import { readCharter, signCharter } from '#shared/seal/charter-seal.ts';
import { sealCredential } from '#shared/seal/credential-seal.ts';
import { readBrake, signBrake } from '#shared/seal/freeze-seal.ts';
import { generateSigningKey, importSigningKey } from '#shared/seal/key-pair.ts';
import { draftBatch, readManifest, sealBatch, signStatement } from '#shared/seal/manifest-seal.ts';
import { draftScript } from '#shared/seal/script-draft.ts';
import { scriptText, signScriptText } from '#shared/seal/script-seal.ts';
import { newSessionKey } from '#shared/seal/session-channel.ts';
import { signStanding } from '#shared/seal/standing-seal.ts';
import { draftVariable, signVariable } from '#shared/seal/variable-seal.ts';
import { generateOpeningKey } from '#shared/seal/vault-box.ts';
import { type EnrolledRelay, type Estate, enrolRelay, runOrder, sign, targetsOf } from '#test/e2e/composed-site.ts';
import { NOTIFY_INPUTS } from './notify-inputs.ts';
import { PEOPLE_INPUTS } from './people-inputs.ts';
import { POLICY_INPUTS } from './policy-inputs.ts';
import { SIGN_IN_INPUTS } from './sign-in-inputs.ts';

export type Input = Record<string, unknown>;

export interface World {
  estate: Estate;
  api: Api;
  relay: EnrolledRelay;
  device: DeviceId;
  /** 1, 2, 3 ...: what must be new is new. */
  next: () => number;
}

/** An id of something that an operation makes; a random one while that operation is not built. */
async function made<T>(make: () => Promise<{ id: T }>, instead: (id: string) => T): Promise<T> {
  try {
    return (await make()).id;
  } catch (error) {
    if (error instanceof ORPCError && error.status === 503) return instead(newId(systemClock.now()));
    throw error;
  }
}

export async function makeWorld(estate: Estate): Promise<World> {
  let made = 0;
  const next = () => {
    made += 1;
    return made;
  };
  const site = await estate.api.sites.create({ name: 'Contract', isSimulated: true });
  const relay = await enrolRelay(estate, site.id);
  const world = { estate, api: estate.api, relay, device: DeviceId.parse(newId(1)), next };
  return { ...world, device: await newDevice(world) };
}

const deviceInput = ({ relay, next }: World) => ({ relayId: relay.id, name: `device ${next()}`, address: '127.0.0.9' });
const newDevice = async (world: World) => (await world.api.devices.create(deviceInput(world))).id;
const newSite = async ({ api, next }: World) =>
  (await api.sites.create({ name: `site ${next()}`, customerName: `customer ${next()}` })).id;
const newCustomer = async (world: World) => {
  const site = await world.api.sites.show({ id: await newSite(world) });
  return site.customerId;
};
const newGroup = ({ api, next }: World) =>
  made(
    () => api.groups.create({ name: `group ${next()}`, kind: 'hand' }),
    (id) => GroupId.parse(id),
  );
const newView = ({ api, next }: World) =>
  made(
    () => api.views.create({ page: 'fleet', name: `view ${next()}`, search: {} }),
    (id) => ViewId.parse(id),
  );
const lastHour = () => ({ from: systemClock.now() - HOUR_MS, to: systemClock.now() });
const csv = (world: World) => {
  const name = `imported ${world.next()}`;
  return Buffer.from(`name,address\n${name},10.0.0.7\n`).toString('base64');
};
const importInput = (world: World) => ({ format: 'csv' as const, content: csv(world), siteId: world.relay.site });
const newImport = (world: World) =>
  made(
    () => world.api.imports.plan(importInput(world)),
    (id) => ImportId.parse(id),
  );
const signed = async ({ estate, device }: World) => sign(estate, runOrder(await targetsOf(estate, [device]), 'true'));
const newAction = async (world: World) => {
  const { ids } = await world.api.actions.submit({ signed: await signed(world) });
  return ids[0];
};

/** A session that its relay is said to have: nobody is linked here. */
async function openedSession(world: World) {
  const { estate, device, api } = world;
  const { publicKey: key } = await newSessionKey();
  const args = { kind: 'files' as const, key, idleMs: 60_000, maxBytes: 1_024 };
  const action = { name: 'session.open' as const, arguments: args };
  const order = runOrder(await targetsOf(estate, [device]), '', { action });
  const { ids } = await api.actions.submit({ signed: await sign(estate, order) });
  estate.database.prepare(`update action set state = 'sent' where id = ?`).run(ids[0]);
  return ids[0];
}

async function nextCharter(world: World) {
  const { relay } = world;
  const current = await world.estate.api.sites.charter({ id: relay.site });
  const next = draftNextCharter(await readCharter(current.signed), {}, systemClock.now());
  return signCharter(next, [await ownerOf(world)]);
}

const ownerOf = async ({ estate }: World) =>
  importSigningKey(readPrivateFile(path.join(estate.data, 'owner', 'owner.key')) ?? '');

/** An order that an approver has signed and a technician has not, and the technician's signature on it. */
async function waitingOrder(world: World) {
  const { estate, relay, api } = world;
  const approver = await generateSigningKey();
  const charter = await readCharter((await api.sites.charter({ id: relay.site })).signed);
  const named = { kind: 'cli-ed25519' as const, key: approver.publicKey, name: 'second', role: 'approver' as const };
  const next = draftNextCharter(charter, { signers: [...charter.signers, named] }, systemClock.now());
  await api.sites.putCharter({ id: relay.site, signed: await signCharter(next, [await ownerOf(world)]) });
  const [order] = await signed(world);
  if (order === undefined) throw new Error('nothing was signed');
  const { statement, parts } = await draftBatch([readManifest(order.manifest)]);
  const { ids } = await api.actions.submit({ signed: sealBatch(parts, [await signStatement(statement, approver)]) });
  const technician = await importSigningKey(readPrivateFile(signerFile(estate.data)) ?? '');
  return { id: ids[0], signature: await signStatement(statement, technician) };
}

async function freezeOf(world: World) {
  const id = await newSite(world);
  const guardian = await importSigningKey(readPrivateFile(signerFile(world.estate.data)) ?? '');
  const at = systemClock.now();
  const brake = { v: 1, kind: 'freeze', site: id, id: FreezeId.parse(newId(at)), at, reason: 'test' } as const;
  return { id, signed: await signBrake(brake, [guardian]) };
}

async function everywhereOf({ estate }: World) {
  const guardian = await importSigningKey(readPrivateFile(signerFile(estate.data)) ?? '');
  const at = systemClock.now();
  const brake = {
    v: 1,
    kind: 'freeze',
    site: 'everywhere',
    id: FreezeId.parse(newId(at)),
    at,
    reason: 'test',
  } as const;
  return { signed: await signBrake(brake, [guardian]) };
}

async function thawOf(world: World) {
  const frozen = await freezeOf(world);
  await world.api.sites.putBrake(frozen);
  const key = await importSigningKey(readPrivateFile(signerFile(world.estate.data)) ?? '');
  const freeze = readBrake(frozen.signed);
  const at = freeze.at + 1;
  const id = FreezeId.parse(newId(at));
  const thaw = { v: 1, kind: 'thaw', site: frozen.id, id, at, freezes: freeze.id, reason: 'test' } as const;
  return { id: frozen.id, signed: await signBrake(thaw, [key]) };
}

async function sealedLogin({ estate, relay, next }: World) {
  const { key } = await generateOpeningKey();
  const technician = await importSigningKey(readPrivateFile(signerFile(estate.data)) ?? '');
  const header = {
    v: 1,
    site: relay.site,
    relay: relay.id,
    name: `login-${next()}`,
    version: 1,
    slot: 'current',
  } as const;
  const binding = { purpose: 'monitor' as const, ranges: ['10.0.0.0/8'], weakest: 'password' as const };
  const secret = { user: 'ops', password: 'tiger', binding };
  return sealCredential({ header, secret, keys: [key.publicKey], issuedAt: systemClock.now() }, technician);
}

async function sealedVariable({ estate, relay, next }: World) {
  const { key } = await generateOpeningKey();
  const technician = await importSigningKey(readPrivateFile(signerFile(estate.data)) ?? '');
  const header = { v: 1, kind: 'variable', site: relay.site, name: `VALUE_${next()}`, version: 1 } as const;
  const secret = { value: 'tiger in the night', actions: ['command.run' as const] };
  const draft = await draftVariable({ header, secret, keys: [key.publicKey], issuedAt: systemClock.now() });
  return signVariable(draft, technician);
}

async function standingOf({ estate, relay, device, api }: World) {
  const now = systemClock.now();
  const technician = await importSigningKey(readPrivateFile(signerFile(estate.data)) ?? '');
  const { version } = await readCharter((await api.sites.charter({ id: relay.site })).signed);
  const order: StandingOrder = {
    ...{ v: 1, kind: 'standing', id: StandingId.parse(newId(now)), site: relay.site, relay: relay.id, name: 'test' },
    trigger: { type: 'daily', minuteUtc: 210 },
    targets: [{ device, identity: { macs: [] } }],
    action: { name: 'command.run', arguments: { command: 'true' } },
    caps: { timeoutMs: 1_000, outputBytes: 0, concurrency: 1 },
    ...{ coolDownMs: HOUR_MS, nbf: now, exp: now + HOUR_MS, charterVersion: version, reason: 'test' },
  };
  return { signed: await signStanding(order, [technician]) };
}

async function scriptOf({ estate }: World) {
  const id = ScriptId.parse(newId(systemClock.now()));
  const file = { file: 'look.sh', text: 'uptime\n', spec: { name: `look ${id.slice(-12)}` } };
  const text = scriptText(draftScript(file, { id, version: 1 }));
  const key = await importSigningKey(readPrivateFile(signerFile(estate.data)) ?? '');
  return { text, signatures: [await signScriptText(text, key)] };
}

const HOUR_MS = 3_600_000;
const nothing = () => ({});
const oneDevice = ({ device }: World) => ({ id: device });
const oneSite = ({ relay }: World) => ({ id: relay.site });

export const GOOD_INPUTS: Readonly<Record<string, (world: World) => Input | Promise<Input>>> = {
  'session.create': async ({ api }) => ({ secret: (await api.session.createLink()).url.split('#')[1] }),
  'session.createLink': nothing,
  'session.remove': nothing,
  'session.me': nothing,
  ...SIGN_IN_INPUTS,
  ...PEOPLE_INPUTS,
  ...NOTIFY_INPUTS,
  ...POLICY_INPUTS,
  'session.passkeyChallenge': nothing,
  'session.methods': nothing,
  'session.list': nothing,
  'session.endAll': nothing,
  'profile.show': nothing,
  'profile.newTotp': nothing,
  'profile.passkeyChallenge': nothing,
  'profile.newRecoveryCodes': nothing,
  'tokens.list': nothing,
  'devices.list': () => ({ limit: 5, sort: '-name', q: 'status:unknown' }),
  'devices.columns': nothing,
  'devices.facets': () => ({ q: 'status:unknown' }),
  'devices.show': oneDevice,
  'devices.create': deviceInput,
  'devices.createMany': (world) => ({ devices: [deviceInput(world)] }),
  'devices.update': (world) => ({ id: world.device, notes: 'kept cool' }),
  'devices.removeMany': async (world) => ({ devices: [await newDevice(world)] }),
  'devices.remove': async (world) => ({ id: await newDevice(world) }),
  'devices.metrics': ({ device }) => ({ id: device, ...lastHour() }),
  'devices.facts': oneDevice,
  'devices.events': oneDevice,
  'devices.log': ({ device }) => ({ id: device, level: 'critical,error', text: 'logon', limit: 5 }),
  'devices.logs': oneDevice,
  'devices.timeline': oneDevice,
  'devices.targets': ({ device }) => ({ devices: [device] }),
  'devices.watch': oneDevice,
  'metrics.catalogue': nothing,
  'metrics.range': ({ device }) => ({ devices: device, name: 'cpu.used_ratio', ...lastHour() }),
  'metrics.sum': ({ relay }) => ({ name: 'network.rx_rate', over: `site:${relay.site}`, ...lastHour() }),
  'metrics.top': ({ relay }) => ({ name: 'cpu.used_ratio', over: `site:${relay.site}`, by: 'max', ...lastHour() }),
  'metrics.export': ({ relay }) => ({ over: `site:${relay.site}`, names: 'cpu.used_ratio', ...lastHour() }),
  'checks.shipped': nothing,
  'checks.preview': ({ device }) => ({ device, check: SHIPPED_CHECKS[0], ...lastHour() }),
  'checks.backTest': ({ relay }) => ({ over: `site:${relay.site}`, off: ['cpu.used'], ...lastHour() }),
  'metrics.last': ({ relay }) => ({ name: 'memory.used', over: `site:${relay.site}` }),
  'customers.list': nothing,
  'customers.create': ({ next }) => ({ name: `customer ${next()}` }),
  'customers.update': async (world) => ({ id: await newCustomer(world), notes: 'pays' }),
  'customers.removal': async (world) => ({ id: await newCustomer(world) }),
  'customers.remove': async (world) => ({ id: await newCustomer(world), devices: 0 }),
  'sites.list': nothing,
  'sites.show': oneSite,
  'sites.create': ({ next }) => ({ name: `site ${next()}` }),
  'sites.update': async (world) => ({ id: await newSite(world), notes: 'second floor' }),
  'sites.removal': oneSite,
  'sites.remove': async (world) => ({ id: await newSite(world), devices: 0 }),
  'sites.charter': oneSite,
  'sites.putCharter': async (world) => ({ id: world.relay.site, signed: await nextCharter(world) }),
  'sites.brake': oneSite,
  'sites.putBrake': freezeOf,
  'sites.freezeAll': everywhereOf,
  'sites.signThaw': thawOf,
  'variables.list': nothing,
  'variables.put': async (world) => ({ sealed: await sealedVariable(world) }),
  'credentials.list': nothing,
  'credentials.show': async (world) => {
    const sealed = await sealedLogin(world);
    const { name, slot } = await world.api.credentials.put({ sealed });
    return { relayId: world.relay.id, name, slot };
  },
  'credentials.put': async (world) => ({ sealed: await sealedLogin(world) }),
  'credentials.remove': async (world) => {
    const sealed = await sealedLogin(world);
    const { name, slot } = await world.api.credentials.put({ sealed });
    return { relayId: world.relay.id, name, slot };
  },
  'relays.list': nothing,
  'relays.rename': ({ relay, next }) => ({ id: relay.id, name: `relay ${next()}` }),
  'relays.createToken': ({ relay }) => ({ siteId: relay.site }),
  'relays.replace': ({ relay }) => ({ id: relay.id }),
  'relays.revoke': async ({ estate, relay }) => ({ id: (await enrolRelay(estate, relay.site)).id }),
  'relays.release': ({ relay }) => ({ id: relay.id }),
  'relays.probe': ({ relay }) => ({ id: relay.id, address: '127.0.0.1' }),
  'health.overview': nothing,
  'health.devices': () => ({ bucket: 'unknown', limit: 5 }),
  'health.device': oneDevice,
  'health.deviceHistory': ({ device }) => ({ id: device, days: 7 }),
  'health.history': ({ relay }) => ({ siteId: relay.site, days: 1 }),
  'groups.list': nothing,
  'groups.create': ({ next }) => ({ name: `group ${next()}`, kind: 'hand' }),
  'groups.update': async (world) => ({ id: await newGroup(world), description: 'by hand' }),
  'groups.remove': async (world) => ({ id: await newGroup(world) }),
  'groups.changeMembers': async (world) => ({ id: await newGroup(world), add: [world.device] }),
  'tags.list': nothing,
  'tags.change': ({ device }) => ({ devices: [device], add: ['sql'] }),
  'tags.rename': () => ({ tag: 'sql', to: 'mssql' }),
  'tags.remove': () => ({ tag: 'mssql' }),
  'views.list': nothing,
  'views.create': ({ next }) => ({ page: 'fleet', name: `view ${next()}`, search: { q: 'tag:sql' } }),
  'views.remove': async (world) => ({ id: await newView(world) }),
  'imports.plan': importInput,
  'imports.show': async (world) => ({ id: await newImport(world) }),
  'imports.apply': async (world) => ({ id: await newImport(world) }),
  'exports.devices': () => ({ format: 'csv' }),
  'exports.sites': () => ({ format: 'json' }),
  'scripts.list': nothing,
  'scripts.show': async (world) => ({ id: (await world.api.scripts.put(await scriptOf(world))).id, version: 1 }),
  'scripts.put': scriptOf,
  'scripts.sources': nothing,
  'scripts.sync': () => ({ name: 'ops' }),
  'scripts.remove': async (world) => ({ id: (await world.api.scripts.put(await scriptOf(world))).id }),
  'standing.list': nothing,
  'standing.show': async (world) => ({ id: (await world.api.standing.put(await standingOf(world))).id }),
  'standing.matches': ({ relay }) => ({ relayId: relay.id, rule: 'os:debian hostname:web-*' }),
  'standing.put': standingOf,
  'actions.submit': async (world) => ({ signed: await signed(world) }),
  'actions.catalogue': nothing,
  'actions.preview': ({ device }) => ({ action: 'device.reboot', devices: [device] }),
  'actions.list': () => ({ limit: 5 }),
  'actions.show': async (world) => ({ id: await newAction(world) }),
  'actions.batch': async (world) => ({ id: (await waitingOrder(world)).id }),
  'actions.sign': waitingOrder,
  'actions.attach': async (world) => ({ id: await openedSession(world) }),
  'actions.cancel': async (world) => ({ id: await newAction(world) }),
  'audit.list': () => ({ limit: 5 }),
  'audit.verify': () => ({ witness: true }),
  'audit.checkpoints': () => ({ limit: 5 }),
  'exposition.console': nothing,
  'exposition.site': ({ relay }) => ({ id: relay.site }),
  'exposition.targets': nothing,
  'audit.export': () => ({ verb: 'device.*' }),
  'maintenance.storage': nothing,
  'maintenance.jobs': nothing,
  'maintenance.runs': () => ({ job: 'integrity', limit: 5 }),
  'maintenance.run': () => ({ job: 'integrity' }),
  'maintenance.retention': nothing,
  'maintenance.putRetention': async (world) => ({ customerId: await newCustomer(world), rawDays: 14 }),
  'maintenance.removeRetention': async (world) => {
    const customerId = await newCustomer(world);
    await world.api.maintenance.putRetention({ customerId, rawDays: 14 });
    return { customerId };
  },
  'system.overview': nothing,
  'system.search': () => ({ q: 'device' }),
  'system.status': nothing,
  'system.changes': nothing,
};
