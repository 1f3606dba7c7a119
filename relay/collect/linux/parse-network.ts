// Reads where a Linux machine stands in the network: interfaces, addresses, gateways, name servers, open ports.
import type { Fact } from '#relay/collect/collector.ts';
import { byKey, factInteger, factMac, factText } from '#relay/collect/fact-text.ts';
import type { Sections } from '#relay/collect/framed-output.ts';
import { groupsOf, keyedLines } from '#relay/collect/keyed-lines.ts';
import { parseIfconfig } from '#relay/collect/parse-ifconfig.ts';
import { openPorts } from './parse-ports.ts';

const MAX_INTERFACES = 128;
const MAX_ADDRESSES = 64;
const MAX_GATEWAYS = 16;
/** What a resolver reads at most is three; systemd may list more. */
const MAX_NAME_SERVERS = 16;

interface Address {
  name: string;
  address: string;
  prefix: number;
}

export function networkFact(sections: Sections): Fact | undefined {
  const links = groupsOf(sections.get('links'), 'link');
  if (!sections.has('links')) return undefined;
  const addresses = addressesOf(sections);
  const interfaces = links
    .map(({ name, lines }) => {
      const own = keyedLines(lines, ' ');
      const state = own.get('state');
      return {
        name: factText(name) ?? '?',
        mac: factMac(own.get('mac')),
        mtu: factInteger(own.get('mtu')),
        isUp: state === 'up' ? true : state === 'down' ? false : null,
        addresses:
          addresses
            ?.filter((address) => address.name === name)
            .map(({ address, prefix }) => `${address}/${prefix}`)
            .sort()
            .slice(0, MAX_ADDRESSES) ?? null,
      };
    })
    .sort(byKey(({ name }) => name))
    .slice(0, MAX_INTERFACES);
  return {
    kind: 'network',
    body: { interfaces, gateways: gatewaysOf(sections), nameServers: nameServersOf(sections) },
  };
}

function addressesOf(sections: Sections): Address[] | undefined {
  const lines = sections.get('addresses');
  if (lines !== undefined) return lines.flatMap(fromIp);
  const ifconfig = sections.get('ifconfig');
  if (ifconfig === undefined) return undefined;
  return parseIfconfig(ifconfig).flatMap(({ name, addresses }) => addresses.map((address) => ({ name, ...address })));
}

/** "4: eth0    inet 192.0.2.2/24 brd 192.0.2.255 scope global eth0\ valid_lft forever ..." */
function fromIp(line: string): Address[] {
  const [, name = '', address = '', prefix = '', rest = ''] =
    /^\d+: (\S+)\s+inet6? ([0-9a-fA-F:.]{2,45})(?: peer \S+?)?\/(\d{1,3})(.*)$/.exec(line) ?? [];
  // Privacy addresses change by the day; they would make every reading news.
  return name === '' || / temporary| deprecated/.test(rest)
    ? []
    : [{ name: name.split('@')[0] ?? name, address, prefix: Number(prefix) }];
}

function gatewaysOf(sections: Sections): string[] | null {
  const routes = sections.get('routes');
  const table = sections.get('proc-routes');
  if (routes === undefined && table === undefined) return null;
  const gateways = [
    ...(routes ?? []).map((line) => /^default via ([0-9a-fA-F:.]{2,45}) /.exec(line)?.[1]),
    ...(table ?? []).map(fromRouteTable),
  ].filter((gateway) => gateway !== undefined);
  return [...new Set(gateways)].sort().slice(0, MAX_GATEWAYS);
}

/** "eth0 00000000 010200C0 0003 ...": destination and gateway as little-endian hex. */
function fromRouteTable(line: string): string | undefined {
  const [, gateway = ''] = /^\S+\s+00000000\s+([0-9A-F]{8})\s/.exec(line) ?? [];
  if (gateway === '' || gateway === '00000000') return undefined;
  return [6, 4, 2, 0].map((at) => Number.parseInt(gateway.slice(at, at + 2), 16)).join('.');
}

function nameServersOf(sections: Sections): string[] | null {
  const lines = sections.get('dns');
  if (lines === undefined) return null;
  const servers = lines.flatMap((line) => factText(/^nameserver\s+(\S{1,64})/.exec(line)?.[1]) ?? []);
  // Their order is their rank.
  return [...new Set(servers)].slice(0, MAX_NAME_SERVERS);
}

export function portsFact(sections: Sections): Fact | undefined {
  const ports = openPorts(sections);
  return ports === undefined ? undefined : { kind: 'ports', body: { ports } };
}
