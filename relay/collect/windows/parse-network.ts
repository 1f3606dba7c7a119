// Reads where a Windows machine stands in the network, what it offers there and whom it talks to.
import type { Fact } from '#relay/collect/collector.ts';
import { factMac, factText } from '#relay/collect/fact-text.ts';
import { type Rows, rowsOf } from './ask-cim.ts';
import type { ColdAnswers } from './cold-questions.ts';
import { interfaceName } from './device-names.ts';
import { bounded, factOf, orNull, windowsFact, wordOf } from './fact-of.ts';
import type { NETWORK } from './network-questions.ts';

const MAX_INTERFACES = 128;
const MAX_ADDRESSES = 64;
const MAX_SERVERS = 16;
const MAX_PORTS = 1_024;
const MAX_ROUTES = 500;
const MAX_SHARES = 500;
const MAX_CONNECTIONS = 500;
const MAX_RULES = 1_000;

export const networkFacts = (answers: ColdAnswers): Fact[] => [
  ...networkFact(answers),
  ...routesFact(answers),
  ...dnsFact(answers),
  ...sharesFact(answers),
  ...portsFact(answers),
  ...connectionsFact(answers),
  ...rulesFact(answers),
];

type Configuration = Rows<(typeof NETWORK)['configurations']>[number];

/** RFC 4941: made anew each day, so that every reading would be news. MSFT_NetIPAddress calls their ends random. */
const RANDOM_SUFFIX = 5;

function networkFact(answers: ColdAnswers): Fact[] {
  const adapters = rowsOf(answers.adapters) ?? [];
  const byIndex = new Map(adapters.map((adapter) => [adapter.Index, adapter]));
  const random = new Set(
    (rowsOf(answers.addresses) ?? [])
      .filter(({ SuffixOrigin }) => SuffixOrigin === RANDOM_SUFFIX)
      .map(({ IPAddress }) => bare(IPAddress ?? '')),
  );
  return factOf('network', answers.configurations, (rows) => {
    const configured = new Set(rows.map(({ Index }) => Index));
    const idle = adapters.filter(({ Index, PhysicalAdapter }) => PhysicalAdapter === true && !configured.has(Index));
    const interfaces = [
      ...rows.map((row) => {
        const adapter = byIndex.get(row.Index);
        return {
          name: factText(interfaceName(row.Description ?? adapter?.Name ?? '')) ?? '?',
          label: factText(adapter?.NetConnectionID),
          mac: factMac(row.MACAddress),
          mtu: orNull(row.MTU),
          isUp: adapter?.NetConnectionStatus === undefined ? null : adapter.NetConnectionStatus === 2,
          addresses: addressesOf(row, random),
          isDhcp: orNull(row.DHCPEnabled),
        };
      }),
      ...idle.map((adapter) => ({
        name: factText(interfaceName(adapter.Name ?? '')) ?? '?',
        label: factText(adapter.NetConnectionID),
        mac: factMac(adapter.MACAddress),
        mtu: null,
        isUp: adapter.NetConnectionStatus === undefined ? null : adapter.NetConnectionStatus === 2,
        addresses: [],
        isDhcp: null,
      })),
    ];
    return {
      interfaces: bounded(interfaces, ({ name }) => name, MAX_INTERFACES).list,
      gateways: unique(rows.flatMap(({ DefaultIPGateway }) => DefaultIPGateway ?? [])).sort(inOrder),
      // Their order is their rank.
      nameServers: unique(rows.flatMap(({ DNSServerSearchOrder }) => DNSServerSearchOrder ?? [])),
    };
  });
}

const inOrder = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const unique = (texts: readonly string[]): string[] =>
  [...new Set(texts.flatMap((text) => factText(text) ?? []))].slice(0, MAX_SERVERS);

/** An address without the interface it is on. */
const bare = (address: string): string => address.replace(/%.*$/, '').toLowerCase();

/** "192.0.2.7" with "255.255.255.0" and "fe80::1" with "64" stand side by side in two lists. */
function addressesOf({ IPAddress = [], IPSubnet = [] }: Configuration, random: ReadonlySet<string>): string[] {
  const all = IPAddress.flatMap((raw, index) => {
    const address = bare(raw);
    const prefix = prefixOf(IPSubnet[index]);
    const isAddress = /^[0-9a-f:.]{2,45}$/.test(address);
    return !isAddress || prefix === undefined || random.has(address) ? [] : [`${address}/${prefix}`];
  });
  return [...new Set(all)].sort(inOrder).slice(0, MAX_ADDRESSES);
}

function prefixOf(mask: string | undefined): number | undefined {
  if (mask !== undefined && /^\d{1,3}$/.test(mask)) return Number(mask) <= 128 ? Number(mask) : undefined;
  const octets = mask?.split('.').map(Number) ?? [];
  if (octets.length !== 4 || !octets.every((octet) => octet >= 0 && octet <= 255)) return undefined;
  const bits = octets.map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits) ? bits.replaceAll('0', '').length : undefined;
}

const routesFact = ({ routes }: ColdAnswers): Fact[] =>
  windowsFact('routes', routes, (rows) => {
    const { list, isTruncated } = bounded(
      rows.map((row) => ({
        to: factText(row.DestinationPrefix) ?? '?',
        // On the link itself.
        via: row.NextHop === '0.0.0.0' || row.NextHop === '::' ? null : factText(row.NextHop),
        interface: factText(row.InterfaceAlias),
        metric: orNull(row.RouteMetric),
      })),
      (route) => `${route.to} ${route.interface} ${route.via}`,
      MAX_ROUTES,
    );
    return { routes: list, isTruncated };
  });

/** Two rows for an interface, one for each family. */
const dnsFact = ({ dns }: ColdAnswers): Fact[] =>
  windowsFact('dns', dns, (rows) => {
    const servers = new Map<string, string[]>();
    for (const row of rows) {
      const name = factText(row.InterfaceAlias) ?? '?';
      const told = row.ServerAddresses ?? [];
      if (told.length > 0) servers.set(name, unique([...(servers.get(name) ?? []), ...told]));
    }
    const interfaces = [...servers].map(([name, list]) => ({ name, servers: list }));
    return { interfaces: bounded(interfaces, ({ name }) => name, MAX_INTERFACES).list };
  });

/** Win32_Share.Type; the highest bit marks those Windows makes for administrators. */
const SHARE_KINDS = { 0: 'disk', 1: 'printer', 2: 'device', 3: 'ipc' } as const;
const ADMIN_SHARE = 0x8000_0000n;

const sharesFact = ({ shares }: ColdAnswers): Fact[] =>
  windowsFact('shares', shares, (rows) => ({
    shares: bounded(
      rows.map((row) => ({
        name: factText(row.Name) ?? '?',
        path: factText(row.Path),
        description: factText(row.Description),
        kind: row.Type === undefined ? null : wordOf(SHARE_KINDS, Number(row.Type % ADMIN_SHARE)),
        isHidden: row.Name?.endsWith('$') ?? false,
      })),
      ({ name }) => name,
      MAX_SHARES,
    ).list,
  }));

const LISTENS = 2;
const ESTABLISHED = 5;
/** RFC 6335, 6: from here on a UDP port is one that a program got for a question of its own, another one each time. */
const FIRST_DYNAMIC_PORT = 49_152;

function processNames(answers: ColdAnswers): (id: number | undefined) => string | null {
  const names = new Map((rowsOf(answers.processes) ?? []).map(({ ProcessId, Name }) => [ProcessId, Name]));
  return (id) => (id === undefined ? null : factText(names.get(id)));
}

const isPort = (port: number | undefined): port is number => port !== undefined && port > 0 && port <= 65_535;

function portsFact(answers: ColdAnswers): Fact[] {
  const nameOf = processNames(answers);
  return factOf('ports', answers.connections, (rows) => {
    const all = [
      ...rows.filter(({ State }) => State === LISTENS).map((row) => ({ ...row, protocol: 'tcp' })),
      ...(rowsOf(answers.endpoints) ?? [])
        .filter(({ LocalPort }) => LocalPort !== undefined && LocalPort < FIRST_DYNAMIC_PORT)
        .map((row) => ({ ...row, protocol: 'udp' })),
    ].flatMap(({ protocol, LocalAddress, LocalPort: port, OwningProcess }) =>
      isPort(port)
        ? [{ protocol, address: bare(factText(LocalAddress) ?? '*'), port, process: nameOf(OwningProcess) }]
        : [],
    );
    const key = (one: (typeof all)[number]) =>
      `${one.protocol} ${String(one.port).padStart(5, '0')} ${one.address} ${one.process ?? ''}`;
    const ports = [...new Map(all.map((one) => [key(one), one])).values()];
    return { ports: bounded(ports, key, MAX_PORTS).list };
  });
}

function connectionsFact(answers: ColdAnswers): Fact[] {
  const nameOf = processNames(answers);
  return windowsFact('connections', answers.connections, (rows) => {
    const all = rows
      .filter(({ State }) => State === ESTABLISHED)
      .flatMap(({ RemoteAddress, RemotePort, OwningProcess }) => {
        const remoteAddress = bare(factText(RemoteAddress) ?? '');
        const isOutside = remoteAddress !== '' && remoteAddress !== '::1' && !remoteAddress.startsWith('127.');
        return isOutside && isPort(RemotePort)
          ? [{ process: nameOf(OwningProcess), remoteAddress, remotePort: RemotePort }]
          : [];
      });
    const key = (one: (typeof all)[number]) => `${one.process ?? ''} ${one.remoteAddress} ${one.remotePort}`;
    const { list, isTruncated } = bounded(
      [...new Map(all.map((one) => [key(one), one])).values()],
      key,
      MAX_CONNECTIONS,
    );
    return { connections: list, isTruncated };
  });
}

const RULE_PROFILES: ReadonlyArray<readonly [number, string]> = [
  [1, 'domain'],
  [2, 'private'],
  [4, 'public'],
];

const rulesFact = ({ rules }: ColdAnswers): Fact[] =>
  windowsFact('firewall-rules', rules, (rows) => {
    const { list, isTruncated } = bounded(
      rows.map(({ InstanceID, DisplayName, DisplayGroup, Profiles, Action }) => ({
        name: factText(DisplayName ?? InstanceID) ?? '?',
        group: factText(DisplayGroup),
        // 2 allows, 3 allows what is secured, 4 blocks.
        action: Action === 4 ? ('block' as const) : Action === 2 || Action === 3 ? ('allow' as const) : null,
        // 0 is each of them.
        profiles: RULE_PROFILES.filter(
          ([bit]) => Profiles !== undefined && (Profiles === 0 || (Profiles & bit) !== 0),
        ).map(([, name]) => name),
      })),
      ({ name, group, profiles }) => `${name} ${group} ${profiles.join()}`,
      MAX_RULES,
    );
    return { rules: list, isTruncated };
  });
