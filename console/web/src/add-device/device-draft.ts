// A new device as the form holds it: what somebody said, over what the site's defaults say. Only the former is sent.
import { REACH_TEXTS, type ReachTexts, reachValue } from '#console/web/src/form/reach-fields.tsx';
import { draftOfDefaults, isPort } from '#console/web/src/sites/defaults-draft.ts';
import type { DeviceType, TransportKind } from '#shared/model/device.ts';

/** What the defaults of a site may say too. */
export interface Reach extends ReachTexts {
  transport: TransportKind;
  intervalMs: string;
  tags: string[];
}

export interface DeviceDraft {
  name: string;
  address: string;
  type: DeviceType | '';
  notes: string;
  /** Said by whoever fills the form; absent is as the site says. */
  own: Partial<Reach>;
}

export const EMPTY_DEVICE: DeviceDraft = { name: '', address: '', type: '', notes: '', own: {} };

export type ReachField = keyof Reach;
type Defaults = Parameters<typeof draftOfDefaults>[0];

/** Where neither the form nor the site says anything, as the console has it. */
const NO_TEXTS = { port: '', credential: '', spn: '', realm: '', share: '' };
const PLAIN: Reach = { transport: 'ssh', ...NO_TEXTS, intervalMs: '60000', tags: [] };

/** What the fields show. A port and a login of the defaults belong to the transport of the defaults. */
export function reachOf(own: Partial<Reach>, defaults: Defaults): Reach {
  const said = draftOfDefaults(defaults);
  const usual = said.transport === '' ? PLAIN.transport : said.transport;
  const transport = own.transport ?? usual;
  const isUsual = transport === usual;
  return {
    transport,
    port: own.port ?? (isUsual ? said.port : ''),
    credential: own.credential ?? (isUsual ? said.credential : ''),
    spn: own.spn ?? '',
    realm: own.realm ?? (transport === 'winrm' ? said.realm : ''),
    share: own.share ?? (transport === 'smb' ? said.share : ''),
    intervalMs: own.intervalMs ?? (said.intervalMs === '' ? PLAIN.intervalMs : said.intervalMs),
    tags: own.tags ?? said.tags,
  };
}

/** Whether what a field shows comes from the site. */
export function isInherited(field: ReachField, own: Partial<Reach>, defaults: Defaults): boolean {
  if (own[field] !== undefined) return false;
  const value = field === 'spn' ? '' : draftOfDefaults(defaults)[field];
  return value.length > 0 && String(reachOf(own, defaults)[field]) === String(value);
}

/** Another transport asks for other things: what was said of the former one goes, but its login. */
export function withTransport(own: Partial<Reach>, transport: TransportKind): Partial<Reach> {
  const { port: _port, spn: _spn, realm: _realm, share: _share, ...kept } = own;
  return { ...kept, transport };
}

/** The wish as the console takes it. What was emptied is said as none, or the site's default would hold. */
export function wishOf({ name, address, type, notes, own }: DeviceDraft, relayId: string) {
  const { transport, intervalMs, tags } = own;
  const texts = REACH_TEXTS.flatMap((field) => {
    const text = own[field];
    return text === undefined ? [] : [[field, reachValue(field, text)] as const];
  });
  return {
    relayId,
    name: name.trim(),
    address: address.trim(),
    ...(type !== '' && { type }),
    ...(notes !== '' && { notes }),
    ...(transport !== undefined && { transport }),
    ...Object.fromEntries(texts),
    ...(intervalMs !== undefined && intervalMs !== '' && { intervalMs: Number(intervalMs) }),
    ...(tags !== undefined && { tags }),
  };
}

export type Missing = 'name' | 'address' | 'port';

/** What can be seen without asking the console. */
export function missingIn({ name, address, own }: DeviceDraft): Missing[] {
  const port = own.port?.trim() ?? '';
  return [
    ...(name.trim() === '' ? (['name'] as const) : []),
    ...(address.trim() === '' ? (['address'] as const) : []),
    ...(port === '' || isPort(port) ? [] : (['port'] as const)),
  ];
}

/** A name or an address that a relay may look at. */
const ADDRESS = /^[A-Za-z0-9:_][A-Za-z0-9:._-]{0,252}$/;
export const isAddress = (text: string): boolean => ADDRESS.test(text);
