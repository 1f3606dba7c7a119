// A hundred and twenty URLs that a person may set to make a console speak to what stands behind it.

export interface TrapPorts {
  /** Where the traps speak TLS: 127.0.0.1, 127.0.0.2, ::1. */
  tls: number;
  /** Plain HTTP on 127.0.0.1. */
  plain: number;
  /** TLS on 127.0.0.1, at a port that is none of the web's. */
  odd: number;
}

/** 127.0.0.1 as somebody or other reads it. */
const LOOPBACKS = [
  '127.0.0.1',
  '127.0.0.2',
  '127.1',
  '127.0.1',
  '127.000.000.001',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0x7f.1',
  '0177.0.0.1',
  '0177.0.0.01',
  '017700000001',
  '127.0.0.1.',
  '127.0.0.0x1',
  '0X7F.0X0.0X0.0X1',
  '%31%32%37.0.0.1',
  '127\u30020\u30020\u30021',
  '\u2460\u2461\u2466.0.0.1',
  '127.0.0.1%2e',
  '0.0.0.0',
  '0',
  '0x0',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[0000::0001]',
  '[::0:1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:0.0.0.0]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[::127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[::1%25lo]',
  'localhost',
  'LOCALHOST',
  'localhost.',
  'localhost.localdomain',
  'ip6-localhost',
] as const;

/** What no listener of a test can be, and what stands behind a real console all the same. */
const INNER = [
  '10.0.0.1',
  '172.16.0.1',
  '192.168.0.1',
  '100.64.0.1',
  '100.100.100.200',
  '168.63.129.16',
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '[::ffff:169.254.169.254]',
  '[fe80::1]',
  '[fd00::1]',
  '[fd00:ec2::254]',
  '[ff02::1]',
  '224.0.0.251',
  '255.255.255.255',
  '240.0.0.1',
  '198.18.0.1',
  'metadata.google.internal',
  'kubernetes.default.svc.cluster.local',
] as const;

/** Each name leads to the address behind it. */
export const NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  ['loop.example.org', ['127.0.0.1']],
  ['loop-two.example.org', ['127.0.0.2']],
  ['loop-six.example.org', ['::1']],
  ['mapped.example.org', ['::ffff:127.0.0.1']],
  ['compatible.example.org', ['::127.0.0.1']],
  ['nat64.example.org', ['64:ff9b::7f00:1']],
  ['six-to-four.example.org', ['2002:7f00:1::']],
  ['zero.example.org', ['0.0.0.0']],
  ['zero-six.example.org', ['::']],
  ['ten.example.org', ['10.0.0.1']],
  ['meta.example.org', ['169.254.169.254']],
  ['cgnat.example.org', ['100.64.0.1']],
  ['zoned.example.org', ['fe80::1%lo']],
  ['both.example.org', ['93.184.216.34', '127.0.0.1']],
  ['both-six.example.org', ['2606:2800:220:1::1', '::1']],
  ['late.example.org', ['93.184.216.34', '8.8.8.8', '127.0.0.2']],
]);

const SCHEMES = ['ftp', 'gopher', 'ws', 'wss', 'dict', 'ldap', 'blob:https', 'view-source:https'] as const;

/** Each is told from the others by its path, where it reaches anything. */
export function ssrfUrls({ tls, plain, odd }: TrapPorts): string[] {
  const numbered = [
    ...LOOPBACKS.map((host) => `https://${host}:${tls}`),
    ...LOOPBACKS.slice(0, 12).map((host) => `http://${host}:${plain}`),
    ...INNER.map((host) => `https://${host}:${tls}`),
    ...[...NAMES.keys()].map((host) => `https://${host}:${tls}`),
    ...['loop.example.org', 'LOOP.example.org', '127.0.0.1'].map((host) => `http://${host}:${plain}`),
    ...['loop.example.org', '127.0.0.1', '[::1]'].map((host) => `https://${host}:${odd}`),
    ...SCHEMES.map((scheme) => `${scheme}://127.0.0.1:${plain}`),
    `//127.0.0.1:${tls}`,
    `https:127.0.0.1:${tls}`,
    `https:/127.0.0.1:${tls}`,
    `https:\\\\127.0.0.1:${tls}`,
    `https://127.0.0.1:${tls}\\`,
    `https://id.example.org@127.0.0.1:${tls}`,
    `https://id.example.org:443@127.0.0.1:${tls}`,
    `https://:@127.0.0.1:${tls}`,
    `https://127.0.0.1\t:${tls}`,
    ` https://127.0.0.1:${tls}`,
    `https://127.0.0.1\r\n:${tls}`,
    `https://127.0.0.1:0${tls}`,
    `https://id.example.org%40127.0.0.1:${tls}`,
    `https://[::1]@loop.example.org:${tls}`,
    `https://named.example.org@127.0.0.1:${tls}`,
    `https://127.0.0.1:${tls}#@named.example.org`,
  ];
  return numbered.map((text, n) => (text.includes('#') ? text : `${text}/${n}`));
}
