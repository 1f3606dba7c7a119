// People on the made-up console: how they sign in, where they are signed in, what they may do and what was done.
import { ORPCError } from '@orpc/server';
import { systemClock } from '#shared/base/clock.ts';
import { ROLE_NAMES } from '#shared/model/grant.ts';
import type { Guarded } from './fixture-console.ts';

const DAY_MS = 86_400_000;
const now = () => systemClock.now();
const id = (n: number) => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;
/** Hostile on purpose: whoever has a browser chooses what it calls itself. */
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) "><script>throw 1</script> Chrome/141.0 Safari/537.36';

const profile = () => ({
  person: id(1),
  name: 'owner',
  passkeys: [
    { id: id(11), name: 'laptop', rpId: 'localhost', createdAt: now() - 40 * DAY_MS, lastUsedAt: now() - 3_600_000 },
    { id: id(12), name: 'phone', rpId: 'localhost', createdAt: now() - 9 * DAY_MS, lastUsedAt: null },
  ],
  hasPassword: true,
  hasTotp: true,
  recoveryLeft: 8,
  oidc: null,
  isEnrolled: true,
});

const session = (n: number, more: object = {}) => ({
  id: id(20 + n),
  createdAt: now() - n * 3_600_000,
  lastSeenAt: now() - n * 60_000,
  expiresAt: now() + 8 * 3_600_000,
  via: 'passkey',
  address: '192.0.2.7',
  agent: AGENT,
  isCurrent: n === 0,
  ...more,
});

const token = () => ({
  id: id(31),
  name: 'nightly export',
  person: id(1),
  createdAt: now() - DAY_MS,
  expiresAt: now() + 29 * DAY_MS,
  lastUsedAt: now() - 7_200_000,
  lastUsedFrom: '10.0.0.9',
  verbs: ['device.read', 'site.read'],
  over: [{ kind: 'everything' as const }],
  addresses: ['10.0.0.0/8'],
  isSteppedUp: false,
  isLocal: false,
});

const grant = (n: number, more: object = {}) => ({
  id: id(40 + n),
  effect: 'allow' as const,
  role: 'technician' as const,
  verbs: ['device.*'],
  over: { kind: 'everything' as const },
  overName: null,
  from: null,
  until: null,
  hours: null,
  isActive: true,
  ...more,
});

const WORK = {
  days: ['mon' as const, 'tue' as const, 'wed' as const, 'thu' as const, 'fri' as const],
  from: '08:00',
  until: '18:00',
};

const bounded = () =>
  grant(2, {
    effect: 'deny',
    role: null,
    verbs: ['device.remove', 'site.remove'],
    over: { kind: 'tag', id: 'till' },
    from: now() - DAY_MS,
    until: now() + 30 * DAY_MS,
    hours: { timeZone: 'Europe/Berlin', spans: [WORK] },
    isActive: false,
  });

const person = (n: number, name: string, more: object = {}) => ({
  id: id(n),
  name,
  createdAt: now() - n * DAY_MS,
  disabledAt: null,
  isSelf: n === 1,
  factors: ['passkey' as const],
  lastSeenAt: now() - n * 60_000,
  grants: [grant(n)],
  ...more,
});

const people = () => [
  person(1, 'owner', { grants: [grant(1, { role: 'owner', verbs: ['*'] })], factors: ['passkey', 'password', 'totp'] }),
  person(2, 'Ada <b>Lovelace</b>', { grants: [grant(1), bounded()] }),
  person(3, 'Bartholomäus Freiherr von und zu Langenscheidt-Schwarzenberg', { disabledAt: now() - DAY_MS }),
  person(4, 'new one', { grants: [], factors: [], lastSeenAt: null }),
];

function personOf(wanted: string) {
  const found = people().find((one) => one.id === wanted);
  if (found === undefined) throw new ORPCError('NOT_FOUND', { status: 404, message: 'no such person' });
  return found;
}

const why = () => ({
  allowed: false,
  verb: 'device.remove',
  resource: 'device:host1',
  rule: bounded().id,
  text: 'A denial over the tag "till" stops device.remove on host1; it wins over every right that allows it.',
  considered: [
    { grant: bounded(), counts: true, text: 'It denies the verb, over a tag that host1 has.' },
    { grant: grant(1), counts: true, text: 'It allows the verb, over everything.' },
  ],
});

const AUDIT_ROWS = 240;
const VERBS = ['device.write', 'session.create', 'relay.connect', 'person.grant', 'audit.read'];
const OUTCOMES = ['ok', 'ok', 'ok', 'denied', 'failed'];

const auditRow = (seq: number) => ({
  seq,
  at: now() - (AUDIT_ROWS - seq) * 600_000,
  actor: seq % 7 === 0 ? 'system:boot' : `person:${id((seq % 4) + 1)}`,
  verb: VERBS[seq % VERBS.length] ?? '',
  resource: `device:${id(seq)}`,
  outcome: OUTCOMES[seq % OUTCOMES.length] ?? 'ok',
  address: seq % 3 === 0 ? null : '192.0.2.7',
  siteId: null,
  detail: { name: '<img src=x onerror=alert(1)>', changed: ['name', 'tags'] },
  hash: String(seq).padStart(64, 'a'),
});

function auditPage(limit: number, cursor?: string, verb?: string) {
  const all = Array.from({ length: AUDIT_ROWS }, (_, n) => auditRow(AUDIT_ROWS - n));
  const fitting = all.filter((row) => verb === undefined || row.verb === verb);
  const from = Number(cursor ?? 0);
  const items = fitting.slice(from, from + limit);
  return { items, nextCursor: from + limit < fitting.length ? String(from + limit) : null };
}

const witness = (n: number, state: 'agrees' | 'disagrees' | 'away', text: string) => ({
  relayId: id(60 + n),
  relayName: `relay-${n}`,
  siteName: 'Harbour',
  state,
  isLive: state !== 'away',
  seq: AUDIT_ROWS - n,
  hash: 'b'.repeat(64),
  at: now() - n * 600_000,
  held: 12,
  keyId: 'c'.repeat(43),
  text,
  proof: null,
});

const verdict = () => ({
  ok: false,
  rows: 117,
  firstBadSeq: 118,
  faults: [
    { kind: 'row' as const, seq: 118, toSeq: null, text: 'row 118 does not hold the hash of row 117' },
    { kind: 'witness' as const, seq: 118, toSeq: 239, text: 'relay-2 holds another row 239 than this trail' },
  ],
  keyId: 'd'.repeat(43),
  checkpoints: { count: 14, newestSeq: AUDIT_ROWS - 3, newestAt: now() - 120_000 },
  witnesses: [
    witness(1, 'agrees', 'What it holds is in the trail.'),
    witness(2, 'disagrees', 'It holds another row 239 than this trail.'),
    witness(3, 'away', 'It is not connected; what it counter-signed last was checked.'),
  ],
});

const ROLE_VERBS = ['device.read', 'device.write', 'device.remove', 'site.read', 'person.grant', 'audit.read'];
const roles = () =>
  ROLE_NAMES.map((name, at) => ({
    name,
    sentence: name,
    verbs: ROLE_VERBS.slice(0, Math.max(1, ROLE_VERBS.length - at)).map((verb) => ({
      verb,
      sentence: verb,
      isDangerous: verb === 'device.remove',
    })),
  }));

const refuse = (): never => {
  throw new ORPCError('UNAUTHENTICATED', { status: 401, message: 'nobody was signed in' });
};

export const peopleRoutes = (guarded: Guarded) => ({
  profile: { show: guarded.profile.show.handler(profile) },
  people: {
    list: guarded.people.list.handler(() => ({ items: people() })),
    show: guarded.people.show.handler(({ input }) => personOf(input.id)),
    why: guarded.people.why.handler(why),
  },
  roles: { list: guarded.roles.list.handler(() => ({ items: roles() })) },
  audit: {
    list: guarded.audit.list.handler(({ input }) => auditPage(input.limit, input.cursor, input.verb)),
    verify: guarded.audit.verify.handler(verdict),
  },
  tokens: { list: guarded.tokens.list.handler(() => ({ items: [token()] })) },
});

/** Beside those of signing in by a link. */
export const sessionRoutes = (guarded: Guarded) => ({
  methods: guarded.session.methods.handler(() => ({
    passkey: { rpId: 'localhost' },
    oidc: { label: 'Example ID', path: '/sign-in/oidc' },
  })),
  password: guarded.session.password.handler(refuse),
  list: guarded.session.list.handler(() => ({
    items: [session(0), session(1, { via: 'password', address: '2001:db8::7' }), session(5, { agent: null })],
  })),
});
