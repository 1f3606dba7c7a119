// Twelve strangers at the relays' port on real TLS, and one relay that is enrolled: it alone gets in.
import net from 'node:net';
import { systemClock } from '#shared/base/clock.ts';
import { newId, RelayId, SiteId } from '#shared/base/id.ts';
import {
  createAuthority,
  issueRelayCertificate,
  issueServerCertificate,
  loadAuthority,
} from '#shared/crypto/certificate.ts';
import { newRelayKey, spkiOf } from '#shared/crypto/identity-key.ts';
import { SUBPROTOCOL } from '#shared/protocol/version.ts';
import {
  BOOT,
  type ConsoleKit,
  consoleKit,
  enrolRelay,
  listen,
  TestLink,
  type TestRelay,
} from '#test/fixtures/console-kit.ts';
import { Ending } from './ending.ts';
import type { Attack } from './security.ts';

const DAY_MS = 86_400_000;
/** A connection that is neither welcomed nor refused by then hangs, which is a fault too. */
const DEADLINE_MS = 10_000;

interface Stranger {
  name: string;
  peer: Partial<TestRelay>;
  protocol?: string;
  tls?: ConstructorParameters<typeof TestLink>[4];
}

/** A relay of that certificate that nobody enrolled. */
async function forged(
  kit: ConsoleKit,
  change: { authority?: ConsoleKit['authority']; id?: RelayId; site?: SiteId; now?: number },
) {
  const key = newRelayKey();
  const id = change.id ?? RelayId.parse(newId(kit.clock.now()));
  const { authority = kit.authority, site = kit.site.id, now = kit.clock.now() } = change;
  const certificate = await issueRelayCertificate(authority, { relay: id, site, spki: spkiOf(key), now });
  return { id, key, certificate };
}

async function strangers(kit: ConsoleKit): Promise<Stranger[]> {
  const { clock, authority } = kit;
  const now = clock.now();
  const rogue = await loadAuthority(await createAuthority(now));
  const good = await enrolRelay(kit, 'copied');
  const server = await issueServerCertificate(authority, { names: ['x'], ips: [], now });
  const revoked = await enrolRelay(kit, 'revoked');
  await kit.relays.revoke(BOOT, revoked.id);
  const elsewhere = SiteId.parse(newId(now));
  return [
    { name: 'no certificate', peer: {} },
    { name: 'another authority of the same name', peer: await forged(kit, { authority: rogue }) },
    { name: 'another authority, the id of a relay', peer: await forged(kit, { authority: rogue, id: good.id }) },
    { name: 'expired', peer: await enrolRelay(kit, 'late', -3) },
    { name: 'not valid yet', peer: await forged(kit, { now: now + 5 * DAY_MS }) },
    { name: 'a certificate for servers', peer: { key: server.privateKey, certificate: server.certificate } },
    { name: 'ours, of a relay nobody enrolled', peer: await forged(kit, {}) },
    { name: 'ours, of a relay with another key', peer: await forged(kit, { id: good.id }) },
    { name: 'ours, of another site', peer: await forged(kit, { id: good.id, site: elsewhere }) },
    { name: 'revoked', peer: revoked },
    { name: 'TLS 1.2', peer: good, tls: { maxVersion: 'TLSv1.2' } },
    { name: 'another protocol', peer: good, protocol: 'chat' },
  ];
}

/** Why there is no welcome; undefined when there is one. */
async function refusal(kit: ConsoleKit, port: number, { peer, protocol = SUBPROTOCOL, tls }: Stranger) {
  const over = new AbortController();
  const hangs = () => Promise.reject(new Error('hangs'));
  const late = systemClock.sleep(DEADLINE_MS, over.signal).then(hangs, hangs);
  const greeted = async () => {
    const link = new TestLink(port, kit.authority.certificatePem, peer, protocol, tls);
    try {
      await (await link.opened()).greet();
    } finally {
      link.ws.terminate();
    }
  };
  const why = await Promise.race([greeted(), late]).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  // A wait that nobody ends keeps the process for as long.
  over.abort();
  return why;
}

/** What a port that speaks TLS alone says to plain text. */
function plainText(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'));
    let heard = '';
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
    });
    socket.on('error', () => undefined); // 'close' follows
    socket.on('close', () => resolve(heard));
  });
}

export const attackMtls: Attack = async ({ say }) => {
  const begin = systemClock.monotonic();
  await using ending = new Ending();
  const kit = await consoleKit(ending.add);
  const { port, server } = await listen(kit, ending.add);
  const cases = await strangers(kit);
  let welcomed = 0;
  let hung = 0;
  for (const stranger of cases) {
    const why = await refusal(kit, port, stranger);
    say(`${stranger.name}: ${why ?? 'WELCOMED'}`);
    if (why === undefined) welcomed += 1;
    if (why === 'hangs') hung += 1;
  }
  const plain = await plainText(port);
  say(`plain text: ${plain === '' ? 'nothing is said' : 'ANSWERED'}`);
  const own = await refusal(kit, port, { name: 'enrolled', peer: await enrolRelay(kit, 'good') });
  say(`an enrolled relay: ${own ?? 'welcomed'}`);
  return {
    name: 'security mtls',
    figures: {
      strangers: cases.length,
      welcomed,
      hung,
      plainAnswered: plain === '' ? 0 : 1,
      handshakesRefused: server.stats().refusedHandshakes,
      ownWelcomed: own === undefined ? 1 : 0,
    },
    durationMs: systemClock.monotonic() - begin,
  };
};
