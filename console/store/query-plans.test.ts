// Shows how SQLite walks each hot statement: a new SCAN or sort is seen in review, and a SCAN needs its reason here.
import { type Kysely, type KyselyPlugin, type RootOperationNode, sql } from 'kysely';
import { expect, test } from 'vitest';
import * as sessions from '#console/access/session-repository.ts';
import * as apiTokens from '#console/access/token-repository.ts';
import * as actions from '#console/actions/action-repository.ts';
import * as outcomes from '#console/actions/outcome-repository.ts';
import {
  lastResolved,
  openAlertsIn,
  openAlertsOf,
  openBecauseOf,
  openOwnAlerts,
  openSums,
} from '#console/alerts/alert-repository.ts';
import * as incidents from '#console/alerts/incident-repository.ts';
import { findNotice } from '#console/alerts/notice-repository.ts';
import { markTaken, oldestWaiting, waitingChanges } from '#console/alerts/outbox-repository.ts';
import * as shown from '#console/alerts/shown-repository.ts';
import { Audit } from '#console/audit/audit.ts';
import { linksAfter } from '#console/audit/audit-rows.ts';
import * as checkpoints from '#console/audit/checkpoint-repository.ts';
import * as devices from '#console/devices/device-repository.ts';
import * as events from '#console/devices/event-repository.ts';
import * as groups from '#console/devices/group-repository.ts';
import * as identities from '#console/devices/identity-repository.ts';
import * as logs from '#console/devices/log-repository.ts';
import * as members from '#console/devices/member-repository.ts';
import { ownDevices } from '#console/devices/own-devices.ts';
import * as rosters from '#console/devices/roster-repository.ts';
import * as tags from '#console/devices/tag-repository.ts';
import * as targets from '#console/devices/target-repository.ts';
import * as views from '#console/devices/view-repository.ts';
import * as ways from '#console/devices/way-repository.ts';
import * as facts from '#console/inventory/fact-repository.ts';
import { flapsOf } from '#console/notify/incident-facts.ts';
import * as told from '#console/notify/notification-repository.ts';
import * as trace from '#console/notify/trace-repository.ts';
import * as watchDocuments from '#console/policies/document-repository.ts';
import * as watchParts from '#console/policies/part-repository.ts';
import * as watchPlaces from '#console/policies/place-repository.ts';
import * as fleet from '#console/query/fleet-repository.ts';
import { listAudit, listAuditOf } from '#console/query/read-audit.ts';
import * as recent from '#console/query/recent-repository.ts';
import * as customers from '#console/sites/customer-repository.ts';
import * as enrolment from '#console/sites/enrolment-token-repository.ts';
import * as relays from '#console/sites/relay-repository.ts';
import type { Link } from '#console/sites/relays.ts';
import * as removals from '#console/sites/removal-repository.ts';
import * as sites from '#console/sites/site-repository.ts';
import { AlertId, DeviceId, FindingId, GroupId, IncidentId, ManifestId, newId } from '#shared/base/id.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { makeEstate, scope } from '#test/repository/estate.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';
import type { Db, Tx } from './engine.ts';
import type { Tables } from './schema.ts';

const device = DeviceId.parse(newId(1));
const action = ManifestId.parse(newId(1));
const identity = { smbiosUuid: 'uuid-0001', macs: ['0a:00:00:00:00:01'] };
const cursor = (...key: Array<string | number>) => Buffer.from(JSON.stringify(key)).toString('base64url');
const page = { limit: 200 };
const group = GroupId.parse(newId(1));
const bound = { at: 9, of: { below: 9 } } as const;
const boundById = { at: 9, of: { below: 'i' } } as const;
const incident = IncidentId.parse(newId(1));
const alert = AlertId.parse(newId(1));
const finding = FindingId.parse(newId(1));
const unfiltered = { state: 'open', muted: false } as const;
const lately = { since: 1, limit: 50 };

/** Hot: asked per request, per batch or per connection, or over a table that grows. */
const HOT: ReadonlyArray<[string, (tx: Tx, link: Link) => Promise<unknown>]> = [
  ['session of a request', (tx) => sessions.sessionByHash(tx, 'h')],
  ['token of a request', (tx) => apiTokens.tokenByHash(tx, 'h', 1)],
  [
    'audit append',
    (tx) => new Audit({ clock: new FakeClock() }).append(tx, { actor: 'a', verb: 'v', resource: 'r', outcome: 'ok' }),
  ],
  ['audit page', (tx) => listAudit(tx, scope, { ...page, cursor: cursor(9) })],
  ['audit page of a site', (tx, link) => listAudit(tx, scope, page, { site: link.site })],
  ['audit page of a person', (tx) => listAudit(tx, scope, page, { actor: 'person:1' })],
  ['audit rows in order', (tx) => linksAfter(tx, 9, 500)],
  ['newest checkpoint', (tx) => checkpoints.newestCheckpoint(tx)],
  ['counter-signatures of a relay', (tx, link) => checkpoints.counterSignaturesOf(tx, link.relay)],
  ['enrolment token use', (tx) => enrolment.takeUse(tx, 'h', 1)],
  ['relay by key', (tx) => relays.findRelayByKey(tx, 'k')],
  ['relays', (tx) => relays.listRelays(tx, scope)],
  ['relay seen', (tx, link) => relays.setSeen(tx, { id: link.relay, at: 1, epoch: 'e' })],
  ['fleet, first page', (tx) => devices.listDevices(tx, scope, page)],
  ['fleet, next page', (tx) => devices.listDevices(tx, scope, { ...page, cursor: cursor('n', 'i') })],
  [
    'fleet of a site, next page',
    (tx, link) => devices.listDevices(tx, scope, { ...page, siteId: link.site, cursor: cursor('n', 'i') }),
  ],
  ['one device', (tx) => devices.findDevice(tx, scope, device)],
  ['notifications that are due', (tx) => told.dueNotifications(tx, 9, { limit: 64, busy: [] })],
  ['when a notification is due', (tx) => told.nextDueAt(tx)],
  ['what a place was told', (tx) => told.toldSince(tx, 'r', 1)],
  ['what is held for a place', (tx) => told.heldOf(tx, 'r', 100)],
  ['digests that are due', (tx) => told.dueDigests(tx, 9)],
  ['what was said of an incident', (tx) => told.notificationsOf(tx, IncidentId.parse(newId(1)))],
  ['log of notifications, next page', (tx) => told.listNotifications(tx, scope, { ...page, cursor: cursor(9, 'i') })],
  ['cases that are due', (tx) => trace.dueCases(tx, 9, 100)],
  ['why people were told', (tx) => trace.verdictsOf(tx, IncidentId.parse(newId(1)))],
  ['devices by status', (tx) => devices.countByStatus(tx, scope)],
  ['devices by name and id', (tx) => targets.devicesNamed(tx, scope, ['a'], undefined)],
  ['watch document in force', (tx, link) => watchDocuments.findActive(tx, scope, link.site)],
  ['layers of a watch document', (tx) => watchParts.layersById(tx, ['a', 'b'])],
  ['members of a relay', (tx, link) => watchPlaces.placedOfRelay(tx, link.relay)],
  ['roster', (tx, link) => rosters.readRoster(tx, link.relay)],
  ['devices of a batch', (tx, link) => identities.machinesOf(tx, link.relay, [device])],
  ['own devices of a batch', (tx, link) => ownDevices(tx, link.relay, [device])],
  ['machines that share an identifier', (tx, link) => identities.machinesSharing(tx, link.site, identity, device)],
  ['new states', (tx) => identities.setStates(tx, [{ id: device, status: 'up', reason: null, detail: null, at: 1 }])],
  ['events of a device', (tx) => events.listDeviceEvents(tx, scope, device, 100)],
  ['log of a device', (tx) => logs.listEntries(tx, scope, { device, filter: {} }, page)],
  [
    'log of a device, next page',
    (tx) => logs.listEntries(tx, scope, { device, filter: {} }, { ...page, cursor: cursor(9, 9) }),
  ],
  ['log of a device, errors', (tx) => logs.listEntries(tx, scope, { device, filter: { levels: ['error'] } }, page)],
  ['log of a device, one log', (tx) => logs.listEntries(tx, scope, { device, filter: { log: 'System' } }, page)],
  ['logs of a device', (tx) => logs.countLogs(tx, scope, device)],
  ['entries beyond the bound', (tx) => logs.trimEntries(tx, device, 2_000)],
  ['way to a device', (tx) => ways.findWay(tx, device)],
  ['fleet: next ids', (tx) => fleet.readIds(tx, device, 250)],
  ['fleet: devices that changed', (tx) => fleet.readDevices(tx, [device])],
  ['fleet: facts of new devices', (tx) => fleet.readFactRows(tx, [device])],
  ['fleet: bodies of facts', (tx) => fleet.readBodies(tx, ['h'])],
  ['events lately', (tx) => recent.recentEvents(tx, scope, lately)],
  ['inventory lately', (tx) => recent.recentFacts(tx, scope, lately)],
  ['outcomes lately', (tx) => recent.recentOutcomes(tx, scope, lately)],
  ['edits lately', (tx) => recent.recentEdits(tx, scope, lately)],
  ['facts of a device', (tx) => facts.listFacts(tx, scope, device)],
  ['facts of a batch', (tx) => facts.currentFacts(tx, [device])],
  ['history of a fact', (tx) => facts.listFactHistory(tx, scope, { device, kind: 'os' }, 10)],
  ['actions of a standing order', (tx) => actions.listActions(tx, scope, { ...page, origin: 'standing:i' })],
  ['actions, next page', (tx) => actions.listActions(tx, scope, { ...page, cursor: cursor(1, 'i') })],
  ['actions due', (tx, link) => actions.lockDue(tx, link.relay, { now: 1, limit: 16, after: action })],
  ['actions to cancel', (tx, link) => actions.listCancelAsked(tx, link.relay)],
  ['actions expired', (tx) => actions.lockExpired(tx, 1, 100)],
  ['actions of a batch', (tx, link) => actions.lockActionsOf(tx, link.relay, [action])],
  ['states of a batch', (tx) => outcomes.statesOf(tx, [action])],
  ['settling', (tx) => actions.settleFinished(tx, [action])],
  ['outcomes of an action', (tx) => outcomes.listOutcomes(tx, action, 1)],
  ['timeline: events', (tx) => events.deviceEventsBefore(tx, device, bound, 200)],
  ['timeline: inventory changes', (tx) => facts.factChangesBefore(tx, device, boundById, 200)],
  ['timeline: actions', (tx) => outcomes.deviceActionsBefore(tx, device, boundById, 200)],
  ['timeline: edits', (tx) => listAuditOf(tx, `device:${device}`, bound, 200)],
  ['customers', (tx) => customers.listCustomers(tx, scope)],
  ['sites', (tx) => sites.listSites(tx, scope)],
  ['what goes with a site', (tx, link) => removals.countOf(tx, [link.site])],
  ['devices that go with a site', (tx, link) => removals.devicesOf(tx, [link.site])],
  ['devices to remove', (tx) => devices.lockDevices(tx, scope, [device])],
  ['groups', (tx) => groups.listGroups(tx)],
  ['members by hand', (tx) => members.countMembers(tx, scope)],
  ['devices into a group', (tx) => members.insertMembers(tx, group, [device], scope)],
  ['devices out of a group', (tx) => members.deleteMembers(tx, group, [device])],
  ['tags', (tx) => tags.listTags(tx, scope)],
  ['devices of a tag', (tx) => tags.devicesTagged(tx, scope, 'sql')],
  ['tags off devices', (tx) => tags.deleteTags(tx, [device], ['sql'])],
  ['devices with too many tags', (tx) => tags.findOvertagged(tx, [device], 30)],
  ['saved views', (tx) => views.listViews(tx, 'p1')],
  ['findings of a batch', (tx) => incidents.findingsById(tx, ['f'])],
  ['former findings', (tx) => incidents.closeFormer(tx, alert, finding)],
  ['open alerts of devices', (tx) => openAlertsOf(tx, [`device:${device}`])],
  ['open alerts that an outage explains', (tx) => openBecauseOf(tx, [device])],
  ['sums of open alerts of incidents', (tx) => openSums(tx, [incident], [alert])],
  ['findings of an alert that flaps', (tx) => incidents.countFindings(tx, alert, 9)],
  ['how often an incident came and went', (tx) => flapsOf(tx, incident, 9)],
  ['cases of an incident', (tx) => trace.casesOf(tx, incident)],
  ['open alerts of incidents', (tx) => openAlertsIn(tx, [incident])],
  ['what was resolved last', (tx) => lastResolved(tx, { subject: 's', check: 'c', instance: '' }, 1)],
  ['open alerts of the console itself', (tx) => openOwnAlerts(tx)],
  ['incidents due', (tx) => incidents.dueIncidents(tx, 9, 200)],
  ['incidents of a change', (tx) => incidents.lockIncidents(tx, [incident])],
  ['incidents, open', (tx) => shown.listIncidents(tx, scope, unfiltered, page)],
  ['incidents, next page', (tx) => shown.listIncidents(tx, scope, unfiltered, { ...page, cursor: cursor(9, 'i') })],
  ['incidents of a device', (tx) => shown.listIncidents(tx, scope, { ...unfiltered, deviceId: device }, page)],
  ['incidents, counted', (tx) => shown.countOpen(tx, scope)],
  ['alerts of a page of incidents', (tx) => shown.countAlerts(tx, scope, [incident])],
  ['alerts, open', (tx) => shown.listAlerts(tx, scope, unfiltered, page)],
  [
    'alerts of an incident',
    (tx) => shown.listAlerts(tx, scope, { state: 'any', muted: true, incidentId: incident }, page),
  ],
  ['timeline of an incident', (tx) => shown.listEntries(tx, scope, { incident, limit: 1_000 })],
  ['outbox of alerts', (tx) => waitingChanges(tx, 100)],
  ['oldest in the outbox of alerts', (tx) => oldestWaiting(tx)],
  ['outbox of alerts, taken', (tx) => markTaken(tx, [1], 9)],
  ['notice of an incident', (tx) => findNotice(tx, incident, 20)],
  ['counts of a page of actions', (tx) => outcomes.countStates(tx, [action])],
];

/** Statement -> why walking the whole table (or index) is right. */
const SCANS: Readonly<Record<string, string>> = {
  'newest checkpoint': 'read from the end; the first row is the answer',
  relays: 'all relays are the answer; one console has tens',
  'fleet, first page': 'walks the index on (name, id) in order and stops at the page',
  'new states': 'walks the states of the batch, and finds each device by its id',
  customers: 'all customers are the answer, by name',
  sites: 'all sites are the answer, by customer and name',
  groups: 'all groups are the answer; 500 are the most',
  'members by hand': 'counts every membership, in the index alone, while the fleet index lacks a new group',
  tags: 'counts every tag of every device, in the index alone',
  'saved views': 'tens of people with tens of views',
  'devices by status': 'counts every device, in the index alone',
  'outbox of alerts': 'walks what nobody took, in its order, and stops at the bound',
  'oldest in the outbox of alerts': 'the first of what nobody took is the answer',
  'sums of open alerts of incidents': 'the list is of alerts that are in memory, and is walked once',
  'open alerts of the console itself':
    'walks what is open of relays, sites and the console, in an index of these alone',
  'edits lately': 'walks the newest 500 rows of the trail, and stops there',
};

class Recorder implements KyselyPlugin {
  readonly nodes: RootOperationNode[] = [];

  transformQuery({ node }: { node: RootOperationNode }): RootOperationNode {
    this.nodes.push(node);
    return node;
  }

  transformResult<T>({ result }: { result: T }): Promise<T> {
    return Promise.resolve(result);
  }
}

async function planOf(db: Kysely<Tables>, run: (tx: Tx) => Promise<unknown>): Promise<string[]> {
  const recorder = new Recorder();
  await db
    .withPlugin(recorder)
    .transaction()
    .execute((tx) => run(tx));
  const lines: string[] = [];
  for (const node of recorder.nodes) lines.push(...(await explain(db, node)));
  return lines;
}

async function explain(db: Db, node: RootOperationNode): Promise<string[]> {
  const executor = db.getExecutor();
  const query = executor.compileQuery(node, { queryId: 'plan' });
  const parameters = query.parameters.map((value) => sql.lit(value === null ? null : String(value)));
  const parts = query.sql.split('?');
  const plan = await sql<{ detail: string }>`explain query plan ${sql.join(
    parts.flatMap((part, i) => [sql.raw(part), ...(parameters[i] === undefined ? [] : [parameters[i]])]),
    sql``,
  )}`.execute(db);
  return plan.rows.map((row) => row.detail);
}

test('every hot statement goes by an index, or says why not', async () => {
  const estate = await makeEstate(sqliteEngine);
  const { db } = estate.store;
  const link = await estate.addRelay();
  const text: string[] = [];
  for (const [name, run] of HOT) {
    const lines = await planOf(db, (tx) => run(tx, link));
    const hasScan = lines.some((line) => line.startsWith('SCAN'));
    expect.soft(hasScan, `${name}: ${lines.join(' / ')}`).toBe(name in SCANS);
    const reason = SCANS[name];
    text.push(`${name}${reason === undefined ? '' : ` (${reason})`}`, ...lines.map((line) => `  ${line}`));
  }
  await expect(`${text.join('\n')}\n`).toMatchFileSnapshot('query-plans.txt');
});
