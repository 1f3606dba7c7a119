// What the page of a new standing order begins with, as it stands in its URL.

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** As orders have it: the URL must stay one that servers take. */
const MAX_DEVICES = 200;

export interface NewStandingSearch {
  /** Ids of devices, with commas between; without them it is an order by rule. */
  devices?: string;
  /** Where a rule stands. */
  relay?: string;
  /** A standing order whose content is signed anew. */
  anew?: string;
}

const one = (value: unknown): string | undefined => (typeof value === 'string' && UUID.test(value) ? value : undefined);

export function parseNewStanding({ devices, relay, anew }: Record<string, unknown>): NewStandingSearch {
  const ids = typeof devices === 'string' ? [...new Set(devices.split(','))].filter((id) => UUID.test(id)) : [];
  const [at, former] = [one(relay), one(anew)];
  return {
    ...(ids.length === 0 ? {} : { devices: ids.slice(0, MAX_DEVICES).join(',') }),
    ...(at === undefined ? {} : { relay: at }),
    ...(former === undefined ? {} : { anew: former }),
  };
}
