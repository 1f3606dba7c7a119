// The table of authorisation: one row for each operation of the contract and each plain route. A route without a row fails a test.
import { GOOD_INPUTS, type Input, type World } from '#test/e2e/contract/good-inputs.ts';

/**
 * What a route reaches. `public`: nobody need be signed in. `own`: the asker themself. `list`: as much as the asker may see.
 * `thing`: one thing of a site, which is not there for others. `whole`: the estate as a whole, for those who see all of it.
 */
export type Reach = 'public' | 'own' | 'list' | 'thing' | 'whole';

export interface Place {
  world: World;
  customer: string;
  siteName: string;
  /** Words that stand in nothing else. */
  mark: string;
}

export interface Row {
  reach: Reach;
  /** Of a thing that may be used up by whoever may use it: made anew for each. */
  isSpent?: boolean;
  /** What whoever holds the secret that the input carries may hear, and a stranger to the site else may not. */
  bearerHears?: (place: Place) => string;
  input?: (place: Place) => Input | Promise<Input>;
}

const SITE = ({ world }: Place) => world.relay.site;
const lists = (input?: Row['input']): Row => ({ reach: 'list', ...(input && { input }) });
const thing = (input?: Row['input']): Row => ({ reach: 'thing', ...(input && { input }) });
const spent = (input?: Row['input']): Row => ({ ...thing(input), isSpent: true });
/** More devices than there are: who may remove it hears how many there are, and nothing is removed. */
const NEVER = 99_999;

export const AUTHZ_ROWS: Readonly<Record<string, Row>> = {
  'session.create': { reach: 'public', input: () => ({ secret: 'x'.repeat(32) }) },
  'session.password': {
    reach: 'public',
    input: () => ({ name: 'nobody', password: 'nothing at all', code: '123456' }),
  },
  'session.passkeyChallenge': { reach: 'public' },
  'session.passkey': { reach: 'public', input: () => ({}) },
  'session.methods': { reach: 'public' },
  ...owned(['session.createLink', 'session.remove', 'session.me', 'session.list', 'session.endAll', 'profile.show']),
  ...owned([
    'profile.newTotp',
    'profile.passkeyChallenge',
    'profile.newRecoveryCodes',
    'profile.removeTotp',
    'roles.list',
  ]),
  ...owned(['views.list', 'views.create', 'tokens.list', 'tokens.create']),
  ...owned(['session.stepUp', 'profile.confirmTotp'], () => ({ code: '123456' })),
  ...owned(
    ['session.end', 'profile.removePasskey', 'tokens.remove', 'views.remove', 'imports.show', 'imports.apply'],
    unknownId,
  ),
  ...owned(['session.stepUpPasskey', 'profile.addPasskey'], () => ({})),
  'profile.putPassword': { reach: 'own', input: () => ({ password: 'short' }) },

  'people.list': lists(),
  'people.show': thing(),
  'people.create': thing(),
  'people.invite': thing(),
  'people.update': spent(),
  'people.remove': spent(),
  'people.grant': spent(),
  'people.ungrant': spent(),
  'people.why': thing(),

  'devices.list': lists(({ mark }) => ({ q: mark })),
  'devices.columns': lists(),
  'devices.facets': lists(() => ({})),
  'devices.show': thing(),
  'devices.create': thing(),
  'devices.createMany': thing(),
  'devices.update': thing(),
  'devices.removeMany': spent(),
  'devices.remove': spent(),
  'devices.metrics': thing(),
  'devices.facts': lists(({ world }) => ({ id: world.device })),
  'devices.events': lists(({ world }) => ({ id: world.device })),
  'devices.log': thing(),
  'devices.logs': thing(),
  'devices.timeline': thing(),
  'devices.targets': thing(),
  'devices.watch': thing(),

  'metrics.catalogue': lists(),
  'metrics.range': thing(),
  'metrics.sum': thing(),
  'metrics.top': thing(),
  'metrics.last': thing(),
  'metrics.export': thing(),
  'checks.shipped': lists(),
  'checks.preview': thing(),
  'checks.backTest': thing(),

  'customers.list': lists(),
  'customers.create': { reach: 'whole' },
  'customers.update': thing(({ customer }) => ({ id: customer, notes: 'pays' })),
  'customers.removal': thing(({ customer }) => ({ id: customer })),
  'customers.remove': thing(({ customer }) => ({ id: customer, devices: NEVER })),

  'sites.list': lists(),
  'sites.show': thing(),
  'sites.create': thing(({ world, mark }) => ({ name: `site ${world.next()}`, customerName: `Customer ${mark}` })),
  'sites.update': thing((place) => ({ id: SITE(place), notes: 'second floor' })),
  'sites.removal': thing(),
  'sites.remove': thing((place) => ({ id: SITE(place), devices: NEVER })),
  'sites.charter': thing(),
  'sites.putCharter': spent(),
  // Of a site that is not seen it says what it says of one that is not there: no brake.
  'sites.brake': lists((place) => ({ id: SITE(place) })),
  'sites.putBrake': thing(async (place) => ({ ...(await good('sites.putBrake', place)), id: SITE(place) })),
  'sites.freezeAll': lists(),
  'sites.signThaw': thing(async (place) => ({ ...(await good('sites.signThaw', place)), id: SITE(place) })),

  'variables.list': lists(),
  'variables.put': spent(),
  'credentials.list': lists(),
  'credentials.show': thing(),
  'credentials.put': spent(),
  'credentials.remove': spent(),

  'relays.list': lists(),
  'relays.rename': thing(),
  'relays.createToken': thing(),
  'relays.replace': thing(),
  'relays.revoke': spent(),
  'relays.release': thing(),
  'relays.probe': thing(),

  'groups.list': lists(),
  'groups.create': { reach: 'whole' },
  'groups.update': { reach: 'whole' },
  'groups.remove': { reach: 'whole' },
  'groups.changeMembers': lists(),

  'tags.list': lists(),
  'tags.change': lists(({ world }) => ({ devices: [world.device], add: ['other'] })),
  'tags.rename': thing(({ mark }) => ({ tag: `tag-${mark}`, to: `tag-${mark}` })),
  'tags.remove': spent(async ({ world, mark }) => {
    const tag = `gone-${mark}-${world.next()}`;
    await world.api.tags.change({ devices: [world.device], add: [tag] });
    return { tag };
  }),

  'imports.plan': lists(),
  'exports.devices': lists(),
  'exports.sites': lists(),

  // A script belongs to no site: whoever may read scripts reads all, and who changes one sees the whole estate.
  'scripts.list': lists(),
  'scripts.show': lists(),
  'scripts.put': { reach: 'whole' },
  'scripts.remove': { reach: 'whole' },
  'scripts.sources': { reach: 'whole' },
  'scripts.sync': { reach: 'whole' },

  'standing.list': lists(),
  'standing.show': thing(),
  'standing.matches': lists(),
  'standing.put': spent(),

  'policies.list': lists(),
  'policies.create': thing(),
  'policies.update': spent(),
  'policies.remove': spent(),
  'policies.sites': lists(),
  'policies.inForce': thing(),
  'policies.draft': lists(),
  'policies.plan': lists(),
  'policies.waiting': lists(),
  'policies.put': spent(),
  'policies.effective': thing(),
  'policies.setParent': thing(),
  'policies.calendar': lists(),

  // Whoever did not open a session finds none there.
  ...owned(['actions.attach'], unknownId),
  'actions.submit': spent(),
  'actions.catalogue': lists(),
  'actions.preview': lists(),
  'actions.list': lists(),
  'actions.show': thing(),
  'actions.batch': thing(),
  'actions.sign': spent(),
  'actions.cancel': thing(),

  'alerts.list': lists(),
  'alerts.show': thing(),
  'incidents.list': lists(),
  'incidents.counts': lists(),
  'incidents.show': thing(),
  // What is not seen is passed over and counted as none.
  'incidents.acknowledge': lists(),
  'incidents.resolve': lists(),
  'incidents.reopen': lists(),
  'incidents.snooze': lists(),
  'incidents.assign': lists(),
  'incidents.note': lists(),
  'health.overview': lists(),
  'health.devices': lists(),
  'health.device': thing(),
  'health.deviceHistory': thing(),
  'health.history': lists(({ world }) => ({ siteId: world.relay.site, days: 1 })),

  'channels.list': { reach: 'whole' },
  'channels.kinds': { reach: 'whole' },
  'channels.create': { reach: 'whole' },
  'channels.update': { reach: 'whole' },
  'channels.remove': { reach: 'whole' },
  'channels.test': { reach: 'whole' },
  'contacts.list': { reach: 'whole' },
  'contacts.create': { reach: 'whole' },
  'contacts.update': { reach: 'whole' },
  'contacts.remove': { reach: 'whole' },
  'routes.list': { reach: 'whole' },
  'routes.create': { reach: 'whole' },
  'routes.update': { reach: 'whole' },
  'routes.remove': { reach: 'whole' },
  'routes.explain': { reach: 'whole' },
  'escalations.list': { reach: 'whole' },
  'escalations.create': { reach: 'whole' },
  'escalations.update': { reach: 'whole' },
  'escalations.remove': { reach: 'whole' },
  'onCall.list': { reach: 'whole' },
  'onCall.create': { reach: 'whole' },
  'onCall.update': { reach: 'whole' },
  'onCall.remove': { reach: 'whole' },
  'onCall.turns': { reach: 'whole' },
  'onCall.calendar': { reach: 'whole' },
  'notifications.list': lists(),
  'notifications.show': thing(),
  'notifications.why': thing(),
  'notifications.retry': spent(),
  // A link names the site of its incident, as the message that it came in does: nothing else of the site.
  'acknowledge.show': { reach: 'public', bearerHears: ({ siteName }) => siteName },
  'acknowledge.use': { reach: 'public' },

  'audit.list': lists(() => ({ limit: 1_000 })),
  'audit.verify': { reach: 'whole' },
  'audit.checkpoints': { reach: 'whole' },
  'audit.export': lists(() => ({})),

  'exposition.console': { reach: 'whole' },
  'exposition.site': thing(),
  'exposition.targets': lists(),

  'maintenance.storage': { reach: 'whole' },
  'maintenance.jobs': { reach: 'whole' },
  'maintenance.runs': { reach: 'whole' },
  'maintenance.run': { reach: 'whole' },
  'maintenance.retention': { reach: 'whole' },
  'maintenance.putRetention': { reach: 'whole' },
  'maintenance.removeRetention': { reach: 'whole' },

  'system.overview': lists(),
  'system.search': lists(({ mark }) => ({ q: mark })),
  'system.status': lists(),
  'system.changes': lists(),
};

function owned(names: readonly string[], input?: Row['input']): Record<string, Row> {
  return Object.fromEntries(names.map((name) => [name, { reach: 'own' as const, ...(input && { input }) }]));
}

function unknownId(): Input {
  return { id: '01890000-0000-7000-8000-0000000fffff' };
}

async function good(name: string, { world }: Place): Promise<Input> {
  return (await GOOD_INPUTS[name]?.(world)) ?? {};
}

export const inputOf = async (name: string, place: Place): Promise<Input> => {
  const row = AUTHZ_ROWS[name];
  return row?.input === undefined ? await good(name, place) : await row.input(place);
};

/** Routes that are none of the contract's: who may ask them, and why nothing of the estate comes out. */
export const PLAIN_ROUTES: Readonly<Record<string, { method: string; why: string }>> = {
  '/api/openapi.json': { method: 'GET', why: 'the document of the API, the same for everybody' },
  '/metrics': { method: 'GET', why: 'the numbers of the console itself, for whoever shows a token that may' },
  '/': { method: 'GET', why: 'the pages, the same for everybody' },
  '/sign-in': { method: 'GET', why: 'the pages, the same for everybody' },
  '/sso/start': { method: 'GET', why: 'the way to the identity provider, which tells nothing of the estate' },
  '/sso/callback': { method: 'GET', why: 'what it brings back is worth a session or nothing' },
};
