// Finds the one thing a person means by an id or a name; several of one name are an error that lists their ids.
import { AppError } from '#shared/base/errors.ts';
import type { Api } from './client.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

interface Named {
  id: string;
  name: string;
}

/** `kind` is the word of errors: "site". */
export function oneOf<T extends Named>(kind: string, items: readonly T[], word: string): T {
  const found = items.filter((item) => item.id === word || item.name === word);
  const [only] = found;
  if (only === undefined) throw new AppError('not-found', `no ${kind} ${word}`);
  if (found.length > 1)
    throw new AppError(
      'conflict',
      `${found.length} ${kind}s are called ${word}: ${found.map((one) => one.id).join(', ')}`,
    );
  return only;
}

export const siteNamed = async (api: Api, word: string) => oneOf('site', (await api.sites.list()).items, word);
export const customerNamed = async (api: Api, word: string) =>
  oneOf('customer', (await api.customers.list()).items, word);
export const groupNamed = async (api: Api, word: string) => oneOf('group', (await api.groups.list()).items, word);
export const relayNamed = async (api: Api, word: string) => oneOf('relay', (await api.relays.list()).items, word);

const quoted = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** The id of the device of this id or exact name. */
export async function deviceNamed(api: Api, word: string): Promise<string> {
  if (UUID.test(word)) return word;
  const { items } = await api.devices.list({ q: `name=${quoted(word)}`, limit: 20, names: 'none' });
  return oneOf('device', items, word).id;
}

export const devicesNamed = (api: Api, words: readonly string[]): Promise<string[]> =>
  Promise.all(words.map((word) => deviceNamed(api, word)));

/** Largest page of the API. */
const PAGE = 1_000;

/** Every device that fits, up to `limit`. */
export async function listDevices(api: Api, query: { q?: string; sort?: string; names?: string }, limit: number) {
  const devices: Awaited<ReturnType<Api['devices']['list']>>['items'] = [];
  let cursor: string | undefined;
  let total = 0;
  do {
    const page = await api.devices.list({
      ...query,
      limit: Math.min(PAGE, limit - devices.length),
      ...(cursor === undefined ? {} : { cursor }),
    });
    devices.push(...page.items);
    total = page.total;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && devices.length < limit);
  return { devices, total };
}
