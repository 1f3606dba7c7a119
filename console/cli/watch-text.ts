// A watch document in plain lines, and what differs between two: what a person reads before signing.

import { inert } from '#shared/base/inert-text.ts';
import { checkText, spanText } from '#shared/model/check-text.ts';
import type { LocalRoute, MaintenanceWindow, WatchDocument, WatchLayer } from '#shared/model/watch-policy.ts';

export type NameOf = (id: string) => string;

/** Every line has a name of its own, so that two documents can be compared line by line. */
export function watchLines(document: WatchDocument, nameOf: NameOf): Map<string, string> {
  const lines = new Map<string, string>();
  for (const site of document.sites) lines.set(`site ${nameOf(site)}`, 'yes');
  const layerName = (id: string) => document.layers.find((layer) => layer.id === id)?.name ?? id;
  for (const layer of document.layers) addLayer(lines, layer, nameOf);
  for (const window of document.windows)
    lines.set(`window ${window.name} ${window.id}`, windowText(window, { nameOf, layerName }));
  for (const route of document.routes) lines.set(`local route ${route.name} ${route.id}`, routeText(route, nameOf));
  return lines;
}

function addLayer(lines: Map<string, string>, layer: WatchLayer, nameOf: NameOf): void {
  const name = `layer ${layer.name} ${layer.id}`;
  const { checks = [], off = [], presence, health } = layer.settings;
  lines.set(name, `of level ${layer.level}, priority ${layer.priority}${layer.isEnforced ? ', enforced' : ''}`);
  for (const device of layer.except ?? []) lines.set(`${name} passes over ${nameOf(device)}`, 'yes');
  for (const check of checks) lines.set(`${name} check ${check.id}`, `${check.name}: ${checkText(check)}`);
  for (const id of off) lines.set(`${name} check ${id}`, 'turned off');
  if (presence !== undefined) lines.set(`${name} presence`, presence);
  if (health !== undefined) lines.set(`${name} health`, `well from ${health.good}, fair from ${health.fair}`);
}

export function windowText(window: MaintenanceWindow, names: { nameOf: NameOf; layerName: NameOf }): string {
  const { startsAt, zone, rule, durationMs, sites, layers, devices, checks } = window;
  const about = [
    ...(sites ?? []).map((id) => `site ${names.nameOf(id)}`),
    ...(layers ?? []).map((id) => `layer ${names.layerName(id)}`),
    ...(devices ?? []).map((id) => `device ${names.nameOf(id)}`),
  ];
  const what = checks === undefined ? 'everything' : checks.join(', ');
  const where = about.length === 0 ? 'at all its sites' : `of ${about.join(', ')}`;
  return `from ${startsAt} ${zone} for ${spanText(durationMs)}, ${rule ?? 'once'}: mutes ${what} ${where}`;
}

export function routeText({ atLeast, afterMs, mail, sites }: LocalRoute, nameOf: NameOf): string {
  const { host, port, security, from, to, credential } = mail;
  const login = credential === undefined ? 'no login' : `login ${credential}`;
  const where = sites === undefined ? '' : ` at ${sites.map(nameOf).join(', ')}`;
  return `${atLeast} and worse, once the console is away for ${spanText(afterMs)}, mail from ${from} to ${to.join(', ')} over ${host}:${port} (${security}, ${login})${where}`;
}

/** What is different, with a dash for what is not there. */
export function watchDifference(before: WatchDocument | undefined, after: WatchDocument, nameOf: NameOf): string[][] {
  const a = before === undefined ? new Map<string, string>() : watchLines(before, nameOf);
  const b = watchLines(after, nameOf);
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((name) => a.get(name) !== b.get(name))
    .map((name) => [inert(name), inert(a.get(name) ?? '-'), inert(b.get(name) ?? '-')]);
}
