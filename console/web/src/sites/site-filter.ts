// A place in the words of the fleet's filter, for the links that lead there.
import type { DeviceStatus } from '#shared/model/device.ts';

/** Quotes take every sign as it stands. */
const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

const withStatus = (terms: string, status: DeviceStatus | undefined): string =>
  status === undefined ? terms : `${terms} status:${status}`;

/** A name is a site's own within its customer only. */
export const siteFilter = (site: { name: string; customerName: string }, status?: DeviceStatus): string =>
  withStatus(`customer=${quoted(site.customerName)} site=${quoted(site.name)}`, status);

export const customerFilter = (name: string, status?: DeviceStatus): string =>
  withStatus(`customer=${quoted(name)}`, status);
