// `bench wire`: bytes a sample between a relay's spool and a console's port, with frames, acks, TLS and heartbeats counted.
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { LinkRegistry } from '#console/gateway/link-registry.ts';
import { RelayServer } from '#console/gateway/relay-server.ts';
import { DurableSpool } from '#relay/spool/durable-spool.ts';
import { dialConsole } from '#relay/uplink/dial-console.ts';
import { Uplink } from '#relay/uplink/uplink.ts';
import { HOUR_MS, systemClock } from '#shared/base/clock.ts';
import {
  createAuthority,
  issueRelayCertificate,
  issueServerCertificate,
  loadAuthority,
} from '#shared/crypto/certificate.ts';
import { newRelayKey, spkiOf } from '#shared/crypto/identity-key.ts';
import { CONSOLE_TLS_NAME } from '#shared/crypto/peer-certificate.ts';
import { Ballast } from '#shared/runtime/ballast.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { fakeDesk, peerNo } from '#test/fixtures/link-pair.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { Bench } from './bench.ts';
import { mixData } from './mix-data.ts';
import { remoteWrite } from './peers/shapes.ts';

const SEED = 1;
const COLUMNS = 30;

const SWEEPS = 60;
/** The site of the promise; quick runs count its heartbeats, not those of a tenth of it. */
const SITE_DEVICES = 500;
/** Each side pings every 10 s: a masked ping or pong is 6 bytes, a plain one 2, a TLS record 22. */
const HEARTBEAT_BYTES_PER_HOUR = 360 * 2 * (6 + 22 + 2 + 22);

/** Passes TCP bytes on and counts them both ways; what IP and TCP add themselves is not seen from here. */
async function countingTunnel(target: number) {
  const counted = { up: 0, down: 0 };
  const open = new Set<net.Socket>();
  const server = net.createServer({ noDelay: true }, (relay) => {
    const upstream = net.connect({ port: target, host: '127.0.0.1', noDelay: true });
    relay.on('data', (data) => {
      counted.up += data.length;
    });
    upstream.on('data', (data) => {
      counted.down += data.length;
    });
    relay.pipe(upstream).pipe(relay);
    for (const socket of [relay, upstream]) {
      open.add(socket);
      socket.on('error', () => socket.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    for (const socket of open) socket.destroy();
    server.close();
  };
  return { counted, stop, port: (server.address() as AddressInfo).port }; // a TCP server's address is one
}

async function openHouse(folder: string) {
  const now = systemClock.now();
  const authority = await loadAuthority(await createAuthority(now));
  const key = newRelayKey();
  const { relay, site } = peerNo(1);
  const certificate = await issueRelayCertificate(authority, { relay, site, spki: spkiOf(key), now });
  const desk = fakeDesk();
  const registry = new LinkRegistry({
    clock: systemClock,
    onIncident: (peer, incident) => desk.onIncident(peer, incident),
    onChange: () => undefined,
  });
  const server = new RelayServer({
    clock: systemClock,
    random: Math.random,
    log: silentLogger,
    desk,
    registry,
    server: await issueServerCertificate(authority, { names: ['console'], ips: [], now }),
    authorityPem: authority.certificatePem,
  });
  const tunnel = await countingTunnel(await server.listen('127.0.0.1', 0));
  // A small ballast: the disk is not what is measured.
  const ballast = new Ballast(path.join(folder, 'ballast'), { sizeBytes: 4_096 });
  const spool = new DurableSpool({ file: path.join(folder, 'spool.db'), clock: systemClock, ballast });
  const uplink = new Uplink({
    clock: systemClock,
    random: Math.random,
    spool,
    dial: dialConsole({
      url: () => `wss://127.0.0.1:${tunnel.port}/`,
      tls: () => ({
        key,
        cert: certificate,
        ca: authority.certificatePem,
        checkServerIdentity: (_host, shown) => tls.checkServerIdentity(CONSOLE_TLS_NAME, shown),
      }),
      env: {},
    }),
    facts: () => ({ version: '0.1.0', hostname: 'bench', rosterVersion: 1, charterVersion: 1 }),
    callbacks: {
      onRoster: () => undefined,
      onCharter: () => undefined,
      onCommand: () => undefined,
      onLive: () => undefined,
      onProbe: () => undefined,
      onFreeze: () => undefined,
      onCredential: () => undefined,
      onStanding: () => undefined,
      onWatch: () => undefined,
      onCheckpoint: () => undefined,
      onHistory: () => undefined,
      onRenewAnswer: () => undefined,
    },
    log: silentLogger,
  });
  const stop = async () => {
    await uplink.stop();
    await server.stop();
    tunnel.stop();
    await spool.stop();
  };
  return { uplink, spool, counted: tunnel.counted, stop, desk };
}

type House = Awaited<ReturnType<typeof openHouse>>;

/** A live site commits a batch every two seconds, so each is acknowledged alone: the next waits for that here too. */
async function acknowledged({ spool }: House): Promise<void> {
  const isBehind = () => spool.stats().lanes.some((lane) => lane.received < lane.next - 1);
  const deadline = systemClock.monotonic() + 10_000;
  while (isBehind()) {
    if (systemClock.monotonic() > deadline) throw new Error('a batch was not acknowledged within 10 s');
    await systemClock.sleep(2);
  }
}

async function connected({ uplink }: House): Promise<void> {
  uplink.start();
  for (let i = 0; i < 500 && !uplink.isConnected; i += 1) await systemClock.sleep(10);
  if (!uplink.isConnected) throw new Error(`no link: ${uplink.stats().lastEnd}`);
}

export const benchWire: Bench = async ({ isQuick, say }) => {
  const begin = systemClock.monotonic();
  await using folder = makeTempFolder('rmm-bench-wire');
  const house = await openHouse(folder.path);
  try {
    await connected(house);
    const before = { ...house.counted };
    // Fewer devices under --quick, never fewer sweeps: the full records that begin an hour are spread over all of it.
    const devices = isQuick ? 34 : SITE_DEVICES;
    const from = Math.floor(systemClock.now() / HOUR_MS) * HOUR_MS;
    const data = mixData({ devices, hours: 1, hour: from / HOUR_MS, seed: SEED, columns: COLUMNS });
    const series = data.columns.map((column) => column.series);
    for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
      let { next } = house.spool.lanes()[2] ?? { next: 0 };
      for (let device = 0; device < devices; device += 1) {
        house.spool.addPoll(data.poll(sweep, device, series));
        const now = house.spool.lanes()[2]?.next ?? 0;
        if (now !== next) await acknowledged(house);
        next = now;
      }
      if (sweep % 10 === 9) say(`${sweep + 1} of ${SWEEPS} sweeps`);
    }
    house.spool.flush();
    await acknowledged(house);
    const samples = house.desk.batches.reduce((sum, batch) => sum + batch.n, 0);
    const payload = house.desk.batches.reduce((sum, batch) => sum + batch.data.length, 0);
    const up = house.counted.up - before.up;
    const down = house.counted.down - before.down;
    const heartbeat = HEARTBEAT_BYTES_PER_HOUR / (SITE_DEVICES * COLUMNS * SWEEPS);
    const perSample = (bytes: number) => Math.round((bytes / samples) * 1_000) / 1_000;
    // A sweep of the whole site in one request, its head not counted: the best that remote write does.
    const written = remoteWrite(data, { sweep: SWEEPS / 2, from: 0, to: devices }).length / (devices * COLUMNS);
    const bytesPerSample = perSample(up + down + heartbeat * samples);
    return {
      name: 'bench wire',
      durationMs: systemClock.monotonic() - begin,
      figures: {
        samples,
        bytesPerSample,
        remoteWriteBytesPerSample: Math.round(written * 1_000) / 1_000,
        remoteWriteRatio: Math.round((bytesPerSample / written) * 1_000) / 1_000,
        payloadBytesPerSample: perSample(payload),
        upBytesPerSample: perSample(up),
        downBytesPerSample: perSample(down),
      },
      details: {
        seed: SEED,
        devices,
        columns: COLUMNS,
        batches: house.desk.batches.length,
        heartbeat,
        ipHeaders: false,
      },
    };
  } finally {
    await house.stop();
  }
};
