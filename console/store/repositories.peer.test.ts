// Every repository suite again on a private PostgreSQL 15, and the races that only READ COMMITTED has.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '#console/store/database.ts';
import { type PostgresPeer, startPostgres } from '#test/peers/postgres.ts';
import { defineActionsTests } from '#test/repository/actions-suite.ts';
import { defineAuditReadTests } from '#test/repository/audit-read-suite.ts';
import { defineAuditTests } from '#test/repository/audit-suite.ts';
import { defineCanaryTests } from '#test/repository/canary-suite.ts';
import { defineCharterTests } from '#test/repository/charter-suite.ts';
import { defineCredentialTests } from '#test/repository/credentials-suite.ts';
import { defineCustomersTests } from '#test/repository/customers-suite.ts';
import { defineDeviceEditsTests } from '#test/repository/device-edits-suite.ts';
import { defineDeviceLogTests } from '#test/repository/device-log-suite.ts';
import { defineDevicesTests } from '#test/repository/devices-suite.ts';
import { defineGroupsTests } from '#test/repository/groups-suite.ts';
import { defineInventoryTests } from '#test/repository/inventory-suite.ts';
import { defineJobsTests } from '#test/repository/jobs-suite.ts';
import { defineMirrorTests } from '#test/repository/mirror-suite.ts';
import { definePeopleDeskTests } from '#test/repository/people-desk-suite.ts';
import { definePeopleTests } from '#test/repository/people-suite.ts';
import { definePolicyTests } from '#test/repository/policies-suite.ts';
import { defineRecentTests } from '#test/repository/recent-suite.ts';
import { defineRelayRecordsTests } from '#test/repository/relay-records-suite.ts';
import { defineRemovalsTests } from '#test/repository/removals-suite.ts';
import { defineReplaceTests } from '#test/repository/replace-suite.ts';
import { defineScopeTests } from '#test/repository/scope-suite.ts';
import { defineSessionTests } from '#test/repository/sessions-suite.ts';
import { defineSignInTests } from '#test/repository/sign-in-suite.ts';
import { defineSitesTests } from '#test/repository/sites-suite.ts';
import { defineStandingTests } from '#test/repository/standing-suite.ts';
import { defineStoreTests } from '#test/repository/store-suite.ts';
import { defineTagsTests } from '#test/repository/tags-suite.ts';
import { postgresEngine } from '#test/repository/test-engine.ts';
import { defineTimelineTests } from '#test/repository/timeline-suite.ts';

let peer: PostgresPeer | undefined;
beforeAll(async () => {
  peer = await startPostgres();
});
afterAll(() => peer?.stop());

const engine = postgresEngine(() => peer?.connectionString ?? '');

defineStoreTests(engine);
defineAuditTests(engine);
defineAuditReadTests(engine);
definePeopleTests(engine);
defineSignInTests(engine);
defineSessionTests(engine);
definePeopleDeskTests(engine);
defineScopeTests(engine);
defineSitesTests(engine);
defineCustomersTests(engine);
defineRemovalsTests(engine);
defineReplaceTests(engine);
defineDevicesTests(engine);
defineDeviceEditsTests(engine);
defineGroupsTests(engine);
defineTagsTests(engine);
defineRelayRecordsTests(engine);
defineInventoryTests(engine);
defineDeviceLogTests(engine);
defineRecentTests(engine);
defineMirrorTests(engine);
defineActionsTests(engine);
defineCanaryTests(engine);
defineStandingTests(engine);
definePolicyTests(engine);
defineTimelineTests(engine);
defineJobsTests(engine);
defineCharterTests(engine);
defineCredentialTests(engine);

test('several consoles that open a new database at once migrate it once and agree on its incarnation', async () => {
  const place = engine.place();
  const stores = await Promise.all([openStore(place), openStore(place), openStore(place)]);
  for (const store of stores) expect(store.incarnation).toBe(stores[0]?.incarnation);
  await Promise.all(stores.map((store) => store.close()));
});
