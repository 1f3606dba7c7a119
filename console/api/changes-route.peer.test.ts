// The feed over real HTTP: who may follow it, what a wrong question is answered, and that a viewer that does not read is cut.
import { once } from 'node:events';
import http from 'node:http';
import path from 'node:path';
import { serve } from '@hono/node-server';
import { expect, onTestFinished, test } from 'vitest';
import { People } from '#console/access/people.ts';
import { RightsChanged } from '#console/access/rights-changed.ts';
import { Audit } from '#console/audit/audit.ts';
import { ChangeFeed } from '#console/live/change-feed.ts';
import { openStore } from '#console/store/database.ts';
import { systemClock as clock } from '#shared/base/clock.ts';
import { DeviceId, systemRandom as random, SiteId } from '#shared/base/id.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { createApp } from './app.ts';
import type { ApiServices } from './services.ts';

const uuid = (n: number) => `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

async function served() {
  const folder = tempFolder(onTestFinished, 'rmm-feed');
  const store = await openStore({ engine: 'sqlite', file: path.join(folder, 'console.db') });
  onTestFinished(() => store.close());
  const people = new People({ store, audit: new Audit({ clock }), clock, random });
  const feed = new ChangeFeed({ run: 'r', latest: { glance: () => undefined, readings: () => undefined } });
  // The route of the feed asks for nothing else; the empty ones are there because the router takes them apart.
  const services = {
    clock,
    log: silentLogger,
    people,
    feed,
    signIn: {},
    incidents: {},
    policies: {},
    notify: {},
    rightsChanged: new RightsChanged(),
  } as unknown as ApiServices;
  const app = createApp({ services, hosts: new Set(['127.0.0.1']), web: new Map(), isSecure: false });
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/api/changes`;
  const { token } = await people.initConsole();
  const headers = { authorization: `Bearer ${token}` };
  const open = async (query = '') => {
    const request = http.get(`${url}${query}`, { headers, agent: false });
    onTestFinished(() => void request.destroy());
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage]; // what the event carries
    return answer;
  };
  const site = SiteId.parse(uuid(1));
  const tellMany = () => {
    for (let n = 0; n < 5_000; n += 1)
      feed.publish({ kind: 'device', site, device: DeviceId.parse(uuid(n)), at: 1, status: 'down' });
    feed.flush();
  };
  return { url, headers, feed, open, tellMany };
}

test('HEAD is none of its methods: nobody would read the feed that it opens', async () => {
  const { url, headers, feed } = await served();
  const answer = await fetch(url, { method: 'HEAD', headers });
  expect([answer.status, answer.headers.get('allow'), feed.stats().viewers]).toEqual([405, 'GET', 0]);
});

test('a stranger gets 401, a wrong question 400 with its field, each as a problem', async () => {
  const { url, headers, feed } = await served();
  const stranger = await fetch(url);
  expect([stranger.status, stranger.headers.get('content-type')]).toEqual([401, 'application/problem+json']);
  const wrong = await fetch(`${url}?watch=17`, { headers });
  expect(wrong.status).toBe(400);
  expect(await wrong.json()).toMatchObject({ code: 'bad-request', errors: [{ field: 'watch[0]' }] });
  expect(feed.stats().viewers).toBe(0);
});

test('a viewer that does not read is cut, one that reads is not, and one that leaves is forgotten', async () => {
  const { feed, open, tellMany } = await served();
  const deaf = await open('?fleet=true');
  deaf.pause();
  const reader = await open();
  expect(reader.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  expect(reader.headers['content-encoding']).toBeUndefined();
  let heard = 0;
  reader.on('data', (bytes: Buffer) => {
    heard += bytes.length;
  });
  expect(feed.stats().viewers).toBe(2);
  const cut = once(deaf, 'error');
  // What the system holds for a socket comes before what we hold.
  await expect
    .poll(() => {
      tellMany();
      return feed.stats().viewers;
    })
    .toBe(1);
  deaf.resume();
  await cut;
  await expect.poll(() => heard).toBeGreaterThan(2 * 1024 * 1024);
  reader.destroy();
  await expect.poll(() => feed.stats().viewers).toBe(0);
});
