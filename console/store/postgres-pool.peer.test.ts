// Proves on a real PostgreSQL what happens when connections break, are all in use, or never come about.
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import type { PostgresPoolClient } from 'kysely';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { type PostgresPeer, startPostgres } from '#test/peers/postgres.ts';
import { readPostgresAddress } from './postgres-address.ts';
import { ConnectionPool } from './postgres-pool.ts';

let peer: PostgresPeer | undefined;
beforeAll(async () => {
  peer = await startPostgres();
});
afterAll(() => peer?.stop());

function openPool({ connectMs = 5_000, address = peer?.connectionString ?? '' } = {}) {
  const errors: Error[] = [];
  const pool = new ConnectionPool({
    connection: { ...readPostgresAddress(address, {}), fetch_types: false, prepare: false },
    onError: (error) => errors.push(error),
    connectMs,
  });
  onTestFinished(() => pool.end());
  return { pool, errors };
}

const pidOf = async (client: PostgresPoolClient): Promise<number> => {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid', []);
  return rows[0]?.pid ?? 0;
};

async function end(pool: ConnectionPool, pid: number): Promise<void> {
  const other = await pool.connect();
  await other.query('select pg_terminate_backend($1, 5000)', [pid]);
  other.release();
}

test('a connection that ends inside a transaction fails that one, and nothing runs outside of it', async () => {
  const { pool } = openPool();
  const client = await pool.connect();
  await client.query('create table kept (n int)', []);
  await client.query('begin', []);
  await client.query('insert into kept values (1)', []);
  await end(pool, await pidOf(client));
  await expect(client.query('insert into kept values (2)', [])).rejects.toThrow();
  await expect(client.query('commit', [])).rejects.toThrow();
  client.release();
  const next = await pool.connect();
  expect((await next.query('select n from kept', [])).rows).toEqual([]);
  next.release();
});

test('a connection that ends in the middle of a statement fails it, and its place is free again', async () => {
  const { pool } = openPool();
  const client = await pool.connect();
  const pid = await pidOf(client);
  const slow = expect(client.query('select pg_sleep(60)', [])).rejects.toThrow();
  await end(pool, pid);
  await slow;
  client.release();
  const ten = await Promise.all(Array.from({ length: 10 }, () => pool.connect()));
  expect(new Set(await Promise.all(ten.map(pidOf))).size).toBe(10);
  for (const one of ten) one.release();
});

test('an idle connection that ends is told of, and the next one works', async () => {
  const { pool, errors } = openPool();
  const [first, second] = await Promise.all([pool.connect(), pool.connect()]);
  const pid = await pidOf(first);
  first.release();
  await second.query('select pg_terminate_backend($1, 5000)', [pid]);
  await vi.waitFor(() => expect(errors).toHaveLength(1));
  const next = await pool.connect();
  expect(await pidOf(next)).not.toBe(pid);
  for (const one of [next, second]) one.release();
});

test('the eleventh waits until one is free, and not longer than it may', async () => {
  const { pool } = openPool({ connectMs: 1_000 });
  const ten = await Promise.all(Array.from({ length: 10 }, () => pool.connect()));
  const served = pool.connect();
  ten[3]?.release();
  expect(await served).toBe(ten[3]);
  await expect(pool.connect()).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('in use'),
  });
  for (const one of ten) one.release();
});

test('a server that hangs up on everybody is unavailable in time', async () => {
  const server = net.createServer((socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo; // listens on TCP
  const { pool } = openPool({ connectMs: 300, address: `postgresql://rmm@127.0.0.1:${port}/rmm` });
  await expect(pool.connect()).rejects.toMatchObject({ code: 'unavailable' });
});

test('nobody listens: the refusal comes at once, with its code', async () => {
  const { pool } = openPool({ address: 'postgresql://rmm@127.0.0.1:1/rmm' });
  await expect(pool.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a pool that ends refuses who waits, and lets who works finish', async () => {
  const { pool } = openPool();
  const ten = await Promise.all(Array.from({ length: 10 }, () => pool.connect()));
  const waiting = expect(pool.connect()).rejects.toMatchObject({ code: 'unavailable' });
  const [first] = ten;
  const working = first?.query('select 7 as n from pg_sleep(0.2)', []);
  const ended = pool.end();
  await waiting;
  expect((await working)?.rows).toEqual([{ n: 7 }]);
  for (const one of ten) one.release();
  await ended;
  await expect(pool.connect()).rejects.toMatchObject({ code: 'unavailable' });
});
