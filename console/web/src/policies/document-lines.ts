// A watch document line by line, in the language of the page, and what differs between two.
import { inert } from '#shared/base/inert-text.ts';
import type { MaintenanceWindow, WatchDocument, WatchLayer } from '#shared/model/watch-policy.ts';
import { checkText } from './check-words.ts';
import { routeText, windowText } from './part-words.ts';
import { t } from './text.ts';

/** By a key of its own for each line: its name for people, and what it says. */
export type DocumentLines = ReadonlyMap<string, { name: string; says: string }>;

export function linesOf(document: WatchDocument, nameOf: (id: string) => string): DocumentLines {
  const lines = new Map<string, { name: string; says: string }>();
  for (const layer of document.layers) addLayer(lines, layer, nameOf);
  for (const window of document.windows) {
    const says = [windowText(window), ...aboutOf(window, document, nameOf)].join('; ');
    lines.set(window.id, { name: t('lineWindow', { name: inert(window.name) }), says });
  }
  for (const route of document.routes) {
    const { port, security, from, credential } = route.mail;
    const sites = (route.sites ?? []).map(nameOf);
    const more = [`${port}`, t(`security_${security}`), inert(from), inert(credential ?? ''), ...sites];
    const says = [routeText(route), ...more.filter((part) => part !== '')].join('; ');
    lines.set(route.id, { name: t('lineRoute', { name: inert(route.name) }), says });
  }
  return lines;
}

function addLayer(
  lines: Map<string, { name: string; says: string }>,
  layer: WatchLayer,
  nameOf: (id: string) => string,
) {
  const name = inert(layer.name);
  const { checks = [], off = [], presence, health } = layer.settings;
  const says = t(layer.isEnforced ? 'layerSaysEnforced' : 'layerSays', {
    level: t(`level_${layer.level}`),
    priority: layer.priority,
  });
  lines.set(layer.id, { name: t('lineLayer', { name }), says });
  for (const check of checks)
    lines.set(`${layer.id} ${check.id}`, {
      name: t('lineCheck', { name, check: check.id }),
      says: `${inert(check.name)}: ${checkText(check)}`,
    });
  for (const id of off)
    lines.set(`${layer.id} ${id}`, { name: t('lineCheck', { name, check: id }), says: t('turnedOff') });
  if (presence !== undefined)
    lines.set(`${layer.id} presence`, { name: t('linePresence', { name }), says: t(`presence_${presence}`) });
  if (health !== undefined)
    lines.set(`${layer.id} health`, { name: t('lineHealth', { name }), says: t('healthFrom', health) });
  const except = layer.except ?? [];
  if (except.length > 0)
    lines.set(`${layer.id} except`, { name: t('lineExcept', { name }), says: except.map(nameOf).join(', ') });
}

function aboutOf(window: MaintenanceWindow, document: WatchDocument, nameOf: (id: string) => string): string[] {
  const layerName = (id: string) => inert(document.layers.find((layer) => layer.id === id)?.name ?? id);
  return [
    ...(window.sites ?? []).map(nameOf),
    ...(window.layers ?? []).map(layerName),
    ...(window.devices ?? []).map(nameOf),
    ...(window.checks ?? []),
  ];
}

export interface ChangedLine {
  key: string;
  name: string;
  before: string;
  after: string;
}

/** What is not there is a dash. */
export function changedLines(before: DocumentLines | undefined, after: DocumentLines): ChangedLine[] {
  const keys = [...new Set([...(before?.keys() ?? []), ...after.keys()])];
  return keys.flatMap((key) => {
    const [from, to] = [before?.get(key), after.get(key)];
    if (from?.says === to?.says && from?.name === to?.name) return [];
    return [{ key, name: (to ?? from)?.name ?? key, before: from?.says ?? '–', after: to?.says ?? '–' }];
  });
}
