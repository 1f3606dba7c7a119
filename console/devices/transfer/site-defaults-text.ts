// A site's defaults as one cell: "relay=fra-1; transport=ssh; port=22; interval=60; tags=a, b".
import type { GroupId } from '#shared/base/id.ts';
import { CredentialName, Realm, ShareName, Tag, TransportKind } from '#shared/model/device.ts';
import type { SiteDefaults } from '#shared/model/site.ts';
import { type Read, readAs, readInterval, readPort, readWord } from './cell-readers.ts';
import { secondsText } from './device-cells.ts';
import type { EstateNames, EstateRelay } from './estate.ts';
import { joinList, splitList } from './lists.ts';

export function defaultsText(defaults: SiteDefaults, names: EstateNames): string {
  const { relayId, transport, port, credential, realm, share, intervalMs, tags, groupIds } = defaults;
  const groups = groupIds?.flatMap((id) => names.group.get(id)?.name ?? []);
  const pairs: Array<[string, string | undefined]> = [
    ['relay', relayId === undefined ? undefined : names.relay.get(relayId)?.name],
    ['transport', transport],
    ['port', port === undefined ? undefined : String(port)],
    ['credential', credential],
    ['realm', realm],
    ['share', share],
    ['interval', intervalMs === undefined ? undefined : secondsText(intervalMs)],
    ['tags', tags === undefined ? undefined : joinList([...tags].sort(), ',')],
    ['groups', groups === undefined ? undefined : joinList([...groups].sort(), ',')],
  ];
  return joinList(pairs.flatMap(([key, text]) => (text === undefined || text === '' ? [] : [`${key}=${text}`])));
}

/** What the names in it mean depends on the site, of which a new one has no relay. */
export function readDefaults(text: string, names: EstateNames, relays: readonly EstateRelay[]): Read<SiteDefaults> {
  const defaults: SiteDefaults = {};
  for (const pair of splitList(text)) {
    const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
    const message = setDefault(defaults, key.trim().toLowerCase(), value.trim(), { names, relays });
    if (message !== undefined) return { ok: false, message: `: "${pair.slice(0, 60)}" ${message}` };
  }
  return { ok: true, value: defaults };
}

interface Known {
  names: EstateNames;
  relays: readonly EstateRelay[];
}

/** What is wrong with the pair; undefined when it was taken. */
function setDefault(defaults: SiteDefaults, key: string, value: string, { names, relays }: Known): string | undefined {
  const take = <T>(read: Read<T>, set: (value: T) => void): string | undefined => {
    if (read.ok) set(read.value);
    return read.ok ? undefined : read.message;
  };
  switch (key) {
    case 'relay': {
      const relay = relays.find((one) => one.name === value && !one.isRevoked);
      if (relay === undefined) return 'names no relay of this site';
      defaults.relayId = relay.id;
      return undefined;
    }
    case 'transport':
      return take(readWord(TransportKind.options)(value), (transport) => {
        defaults.transport = transport;
      });
    case 'port':
      return take(readPort(value), (port) => {
        if (port !== null) defaults.port = port;
      });
    case 'credential':
      return take(readAs(CredentialName)(value), (credential) => {
        defaults.credential = credential;
      });
    case 'realm':
      return take(readAs(Realm)(value), (realm) => {
        defaults.realm = realm;
      });
    case 'share':
      return take(readAs(ShareName)(value), (share) => {
        defaults.share = share;
      });
    case 'interval':
      return take(readInterval(value), (intervalMs) => {
        defaults.intervalMs = intervalMs;
      });
    case 'tags':
      return take(tagsOf(value), (tags) => {
        defaults.tags = tags;
      });
    case 'groups':
      return take(groupsOf(value, names), (groups) => {
        defaults.groupIds = groups;
      });
    default:
      return 'is none of relay, transport, port, credential, realm, share, interval, tags, groups';
  }
}

function tagsOf(text: string): Read<string[]> {
  const tags = Tag.array().max(30).safeParse(splitList(text, ','));
  return tags.success ? { ok: true, value: tags.data } : { ok: false, message: 'holds what is no tag' };
}

/** As many as the defaults of a site may hold. */
const MAX_GROUPS = 20;

function groupsOf(text: string, names: EstateNames): Read<GroupId[]> {
  const found = splitList(text, ',').map((name) => names.groupByName.get(name));
  const groups = found.flatMap((group) => (group?.kind === 'hand' ? [group.id] : []));
  const isWhole = groups.length === found.length && groups.length <= MAX_GROUPS;
  return isWhole ? { ok: true, value: groups } : { ok: false, message: 'must name groups whose members people choose' };
}
