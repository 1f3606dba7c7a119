// `fuzz winrm`, answers: a machine whose envelopes are damaged, swapped, nested and blown up, below our whole client.
import { allInstances, type CimQuery } from '#relay/transport/cim.ts';
import { WinrmClient } from '#relay/transport/winrm/client.ts';
import { NS } from '#relay/transport/winrm/namespaces.ts';
import { FAILURE_REASONS, fail, type Outcome } from '#shared/base/outcome.ts';
import { FakeClock, settle } from '#test/fixtures/fake-clock.ts';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { done, received, ShellDouble, streamOf } from '#test/fixtures/shell-double.ts';
import { type DoubleReply, type DoubleRequest, envelopeOf, faultOf, WsmanDouble } from '#test/fixtures/wsman-double.ts';
import { below, damage, pick, type Random } from './mutate.ts';

const CLIXML = '#< CLIXML\r\n<Objs><S S="Error">no such thing_x000D__x000A_</S></Objs>';
const QUERY = {
  from: 'Win32_LogicalDisk',
  select: {
    DeviceID: 'text',
    Size: 'big',
    FreeSpace: 'integer',
    Since: 'time',
    Names: 'texts',
    IsOn: 'boolean',
    Load: 'real',
  },
} as const satisfies CimQuery;

const item = (i: number) =>
  `<w:XmlFragment><DeviceID>D${i}</DeviceID><FreeSpace>${i}</FreeSpace><IsOn>true</IsOn><Load>1.5</Load><Names>a</Names><Names>b</Names><Since><cim:Datetime>2026-01-31T12:00:00Z</cim:Datetime></Since><Size>18446744073709551615</Size></w:XmlFragment>`;
const items = (count: number) => Array.from({ length: count }, (_, i) => item(i)).join('');

/** What a machine in good health says. */
function goodReplies(random: Random): (request: DoubleRequest) => DoubleReply | Promise<DoubleReply> {
  const shells = new ShellDouble();
  shells.receives = [
    received(streamOf('stdout', 'ü'.repeat(below(random, 50))), streamOf('stderr', CLIXML)),
    done(below(random, 300), streamOf('stdout', 'end')),
  ];
  return (request) => {
    const context = '<n:EnumerationContext>uuid:1</n:EnumerationContext>';
    if (request.action === 'Enumerate')
      return `<n:EnumerateResponse>${context}<w:Items>${items(1)}</w:Items></n:EnumerateResponse>`;
    if (request.action === 'Pull')
      return `<n:PullResponse>${context}<n:Items>${items(5)}</n:Items><n:EndOfSequence/></n:PullResponse>`;
    if (request.action === '')
      return `<i:IdentifyResponse xmlns:i="${NS.identity}"><i:ProductVendor>M</i:ProductVendor></i:IdentifyResponse>`;
    return shells.answer(request);
  };
}

type Edit = (xml: string, random: Random) => string;

const inserted = (xml: string, at: number, more: string): string => xml.slice(0, at) + more + xml.slice(at);
/** Before some tag. */
const somewhere = (xml: string, random: Random): number => {
  const starts = [...xml.matchAll(/</g)].map(({ index }) => index);
  return starts[below(random, starts.length)] ?? 0;
};

/** A part between two tags, again and again; seldom up to more than any answer may have. */
const repeated: Edit = (xml, random) => {
  const [from = 0, to = 0] = [somewhere(xml, random), somewhere(xml, random)].sort((a, b) => a - b);
  const part = xml.slice(from, to);
  const limit = random() < 0.02 ? 1_200_000 : 20_000;
  const times = part === '' ? 0 : Math.min(1 + below(random, 2_000), Math.ceil(limit / part.length));
  return inserted(xml, from, part.repeat(times));
};

const nested: Edit = (xml, random) => {
  const depth = below(random, random() < 0.02 ? 50_000 : 60);
  return inserted(xml, somewhere(xml, random), `${'<q>'.repeat(depth)}${'</q>'.repeat(depth)}`);
};

const hedgehog: Edit = (xml, random) => {
  const at = xml.indexOf('>', somewhere(xml, random));
  const count = below(random, random() < 0.02 ? 40_000 : 80);
  return inserted(xml, at, Array.from({ length: count }, (_, i) => ` k${i}="v"`).join(''));
};

const NUMBERS = [
  '-1',
  '0',
  '4294967296',
  '18446744073709551616',
  '1e309',
  '9'.repeat(5_000),
  '',
  'NaN',
  '0x10',
  '\u0661',
];
const NAMESPACES = Object.values(NS);
const SUBCODES = ['w:EncodingLimit', 'w:TimedOut', 'w:QuotaLimit', 'w:AccessDenied', 'a:x', ''];
const CODES = [5, 995, 2150858793, 2150858843, 2150858790, 2150859174, 0x80041010, 0x80041003, 1];
const WORDS = [
  '<!DOCTYPE a [<!ENTITY x "yyyy">]>',
  '&x;',
  '&#0;',
  '<?pi x?>',
  '<!-- -->',
  ']]>',
  '<![CDATA[<a>]]>',
  '\u0000',
  '\u202e',
];

const EDITS: readonly Edit[] = [
  (xml, random) => Buffer.from(damage(Buffer.from(xml), random)).toString('utf8'),
  repeated,
  nested,
  hedgehog,
  (xml, random) => inserted(xml, somewhere(xml, random), pick(random, WORDS)),
  (xml, random) => pick(random, WORDS) + xml,
  (xml, random) => xml.replaceAll(pick(random, NAMESPACES), pick(random, NAMESPACES)),
  (xml, random) => xml.replace(/>\d+</, `>${pick(random, NUMBERS)}<`),
  (xml, random) =>
    xml.replace(/(<\w+:(?:Stream|ExitCode|EnumerationContext|ShellId)[^>]*>)[^<]*/, `$1${pick(random, NUMBERS)}`),
  (xml, random) => xml.replace(/RelatesTo>[^<]*/, `RelatesTo>${pick(random, NUMBERS)}`),
  (xml, random) => xml.replace(/CommandId="[^"]*"/g, `CommandId="${pick(random, NUMBERS)}"`),
  (xml, random) => xml.replace(/State\/Done/, pick(random, ['State/Running', 'State/', ''])),
  (xml, random) =>
    inserted(xml, somewhere(xml, random), 'A'.repeat(random() < 0.02 ? 1_100_000 : below(random, 4_000))),
  (xml, random) => xml.slice(0, below(random, xml.length)),
];

async function hostile(
  request: DoubleRequest,
  good: ReturnType<typeof goodReplies>,
  random: Random,
): Promise<DoubleReply> {
  const chance = random();
  if (chance < 0.04)
    return fail(pick(random, ['lost', 'timed-out', 'malformed', 'denied', 'refused'] as const), 'played');
  if (chance < 0.12)
    return { xml: envelopeOf(faultOf(pick(random, CODES), pick(random, SUBCODES)), request.messageId) };
  const reply = await good(request);
  if (chance < 0.65 || typeof reply !== 'string') return reply;
  let xml = envelopeOf(reply, request.messageId);
  const edits = 1 + below(random, 3);
  for (let i = 0; i < edits; i += 1) xml = pick(random, EDITS)(xml, random);
  return { xml };
}

const never = new AbortController().signal;
const LIMITS = { timeoutMs: 30_000, maxInstances: 50, maxBytes: 4_000_000 };

function ask(client: WinrmClient, random: Random): Promise<Outcome<unknown>> {
  switch (below(random, 4)) {
    case 0:
      return client.identify(never);
    case 1:
      return allInstances(client.cim, QUERY, LIMITS, never);
    case 2:
      return talk(client);
    default:
      return client.run(
        {
          script: "Write-Output 'x'",
          timeoutMs: 20_000,
          maxOutputBytes: 10_000,
          keepTruncated: random() < 0.5,
          ...(random() < 0.5 ? { variables: new Map([['TOKEN', 'a-long-secret']]) } : {}),
        },
        never,
      );
  }
}

async function talk(client: WinrmClient): Promise<Outcome<unknown>> {
  const opened = await client.openShell({ program: 'cmd.exe' }, never);
  if (!opened.ok) return opened;
  await opened.value.write(Buffer.from('dir\r\n'), never);
  const chunks = opened.value.output();
  let next = await chunks.next();
  for (let i = 0; i < 50 && next.done !== true; i += 1) next = await chunks.next();
  await opened.value.close();
  return next.done === true ? next.value : fail('cancelled', 'left');
}

/** 1,200 quarter seconds of the played clock: five minutes, longer than anything may take. */
const MAX_TURNS = 1_200;

/** Lets played time pass until it is settled; undefined when it never is. */
async function settled<T>(promise: Promise<T>, clock: FakeClock): Promise<T | undefined> {
  let isOver = false;
  const watched = promise.finally(() => {
    isOver = true;
  });
  watched.catch(() => undefined); // looked at below
  for (let turn = 0; turn < MAX_TURNS && !isOver; turn += 1) {
    await settle(2);
    if (!isOver) await clock.advance(250);
  }
  return isOver ? await watched : undefined;
}

/** True where the client made sense of what it was told. Throws for everything that must not be. */
export async function answersCase(random: Random): Promise<boolean> {
  const clock = new FakeClock();
  const good = goodReplies(random);
  const double = new WsmanDouble((request) => hostile(request, good, random));
  const client = new WinrmClient({
    connect: double.connect,
    clock,
    random: seededBytes(below(random, 1_000)),
    name: 'w',
  });
  const outcome = await settled(ask(client, random), clock);
  if (outcome === undefined) throw new Error('it has no end');
  if (!outcome.ok) checkFailure(outcome);
  if (
    (await settled(
      client.close().then(() => true),
      clock,
    )) !== true
  )
    throw new Error('closing has no end');
  if (double.open > 0 || clock.sleeping > 0)
    throw new Error(`${double.open} connections, ${clock.sleeping} waits are left`);
  checkOnce(double.requests);
  return outcome.ok;
}

function checkFailure({ reason, detail }: { reason: string; detail: string }): void {
  if (!FAILURE_REASONS.some((each) => each === reason)) throw new Error(`${reason} is no reason`);
  if (detail.length > 1_000 || /[^\x20-\x7e]/.test(detail))
    throw new Error(`a detail that nobody should show: ${detail.slice(0, 200)}`);
}

/** A command, its input and its shell are asked for once, whatever came back. */
function checkOnce(requests: readonly DoubleRequest[]): void {
  const commands = requests.filter(({ action }) => action === 'Command');
  const ids = new Set(requests.map(({ messageId, action }) => `${messageId}${action}`));
  if (commands.length > 1) throw new Error(`${commands.length} commands instead of one`);
  if (
    requests.some(({ messageId }) => messageId !== '') &&
    ids.size < requests.filter((each) => each.messageId !== '').length
  )
    throw new Error('a message id was used twice');
}
