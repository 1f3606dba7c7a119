// Three customers with a site each, all over one console; and a person of every role at each of them.
import path from 'node:path';
import Database from 'better-sqlite3';
import { apiClient } from '#console/cli/client.ts';
import { loadProfile } from '#console/cli/profile.ts';
import { composeParts } from '#console/compose/compose-console.ts';
import { composePorts } from '#console/compose/compose-ports.ts';
import { prepareProfile } from '#console/compose/compose-trust.ts';
import { ConsoleConfig } from '#console/config/console-config.ts';
import { systemClock } from '#shared/base/clock.ts';
import { DeviceId } from '#shared/base/id.ts';
import type { NewGrant, RoleName } from '#shared/model/grant.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { StopStack } from '#shared/runtime/stop-stack.ts';
import { type Estate, enrolRelay } from '#test/e2e/composed-site.ts';
import { GOOD_INPUTS, type World } from '#test/e2e/contract/good-inputs.ts';
import type { Place } from './authz-rows.ts';
import type { Ending } from './ending.ts';

const STOP_EACH_MS = 3_000;

export interface Somebody {
  role: RoleName;
  place: Place;
  token: string;
}

export interface AuthzEstate {
  url: string;
  /** Of the owner, whom nothing is denied. */
  owner: string;
  database: Database.Database;
  parts: Awaited<ReturnType<typeof composeParts>>;
  places: readonly Place[];
  people: readonly Somebody[];
}

/** Names of what each place makes are numbers that begin with its mark, far from times, sizes and each other. */
interface Size {
  marks: readonly string[];
  roles: readonly RoleName[];
}

export async function startAuthzEstate(folder: string, ending: Ending, { marks, roles }: Size): Promise<AuthzEstate> {
  const data = path.join(folder, 'console');
  const stack = new StopStack({ clock: systemClock, log: silentLogger });
  ending.add(() => stack.stop(STOP_EACH_MS));
  const config = ConsoleConfig.parse({ data, listen: { httpPort: 0, httpsPort: 0, relayPort: 0 } });
  const deps = { clock: systemClock, log: silentLogger, stack };
  const parts = await composeParts(config, deps);
  const { url } = await composePorts(config, deps, parts);
  await parts.loaded;
  await prepareProfile(data, parts.services.people, url);
  const { token } = await loadProfile({ data }, {});
  const api = apiClient(await loadProfile({ data }, {}));
  const database = new Database(path.join(data, 'console.db'), { readonly: true });
  ending.add(() => void database.close());
  // What good inputs ask of an estate; the rest is for tests that start programs.
  const estate = { api, data, url, database, onEnd: ending.add } as unknown as Estate;
  const places: Place[] = [];
  for (const mark of marks) places.push(await makePlace(estate, mark));
  const people: Somebody[] = [];
  for (const place of places) for (const role of roles) people.push(await makePerson(parts, place, role));
  return { url, owner: token, database, parts, places, people };
}

async function makePlace(estate: Estate, mark: string): Promise<Place> {
  const { api } = estate;
  let made = 0;
  const next = () => {
    made += 1;
    return Number(mark) * 100_000 + made;
  };
  const site = await api.sites.create({ name: `Site ${next()}`, customerName: `Customer ${mark}`, isSimulated: true });
  const relay = await enrolRelay(estate, site.id);
  await api.relays.rename({ id: relay.id, name: `relay ${next()}` });
  const add = () =>
    api.devices.create({ relayId: relay.id, name: `device ${next()}`, address: '10.0.0.9', tags: [`tag-${mark}`] });
  const world: World = { estate, api, relay, device: DeviceId.parse((await add()).id), next };
  await add();
  const { id } = await api.groups.create({ name: `group ${next()}`, kind: 'hand' });
  await api.groups.changeMembers({ id, add: [world.device] });
  for (const name of ['credentials.put', 'variables.put', 'standing.put', 'actions.submit'] as const) {
    const input = await GOOD_INPUTS[name]?.(world);
    // Each is a good input of the operation of that name.
    if (name === 'credentials.put') await api.credentials.put(input as Parameters<typeof api.credentials.put>[0]);
    if (name === 'variables.put') await api.variables.put(input as Parameters<typeof api.variables.put>[0]);
    if (name === 'standing.put') await api.standing.put(input as Parameters<typeof api.standing.put>[0]);
    if (name === 'actions.submit') await api.actions.submit(input as Parameters<typeof api.actions.submit>[0]);
  }
  return { world, customer: site.customerId, siteName: site.name, mark };
}

/** Over the customer, so that the customer's own row is theirs too. */
async function makePerson({ services }: AuthzEstate['parts'], place: Place, role: RoleName): Promise<Somebody> {
  const caller = { actor: { kind: 'system' as const, part: 'test' } };
  const grant = grantOf(role, { kind: 'customer', id: place.customer } as NewGrant['over']);
  const { id } = await services.peopleDesk.create(caller, `${role} ${place.world.next()}`, [grant]);
  return { role, place, token: await services.people.createLocalToken(caller, id) };
}

export const grantOf = (role: RoleName, over: NewGrant['over']): NewGrant => ({
  ...{ effect: 'allow', role, verbs: [], over },
  ...{ from: null, until: null, hours: null },
});

/** Ids and numbers of everything that stands at a place: none of them may reach anybody of another. */
export function secretsOf({ database }: AuthzEstate, { world, customer }: Place): Set<string> {
  const { site } = world.relay;
  const ids = (table: string, column = 'site_id'): string[] =>
    database
      .prepare<[string], { id: string }>(`select id from ${table} where ${column} = ?`)
      .all(site)
      .map(({ id }) => id);
  return new Set([site, customer, ...ids('device'), ...ids('relay'), ...ids('action'), ...ids('standing_order')]);
}

const TABLES = {
  ...{ site: 'id', device: 'site_id', relay: 'site_id', charter: 'site_id', sealed_credential: 'site_id' },
  ...{ sealed_variable: 'site_id', standing_order: 'site_id', site_brake: 'site_id', action: 'site_id' },
  enrolment_token: 'site_id',
} as const;

/** Everything that stands at a place, as one text: what nobody of another place may change. */
export function stateOf({ database }: AuthzEstate, { world }: Place): string {
  const rows = Object.entries(TABLES).map(([table, column]) =>
    database.prepare(`select * from ${table} where ${column} = ? order by 1, 2`).all(world.relay.site),
  );
  const tags = database
    .prepare('select t.* from device_tag t join device d on d.id = t.device_id where d.site_id = ? order by 1, 2')
    .all(world.relay.site);
  return JSON.stringify([rows, tags], (_key, value: unknown) => (value instanceof Uint8Array ? value.length : value));
}
