// The order that takes an action back, where there is one: from the action, and from what the device said that it was before.
import type { CatalogueAction } from './catalogue-actions.ts';
import { REGISTRY_KINDS, RegistryText } from './parameter-types.ts';

const SAID = /^said: ([\x20-\x7e]{1,300})$/m;

/** What a device said of it in one line; undefined when it said nothing that we would repeat. */
export const saidIn = (stdout: string): string | undefined => SAID.exec(stdout)?.[1];

const FORMER = /^former (?:(none)|(dword|qword|string|expand) ([A-Za-z0-9+/]*={0,2}))$/m;

const fromBase64 = (text: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(text), (letter) => letter.codePointAt(0) ?? 0));

/** A registry value goes back to what it was; one that was not there goes away again. */
function formerValue(key: string, value: string, stdout: string): CatalogueAction | undefined {
  const [found, none, word, base64 = ''] = FORMER.exec(stdout) ?? [];
  if (found === undefined) return undefined;
  if (none !== undefined) return { name: 'registry.remove', arguments: { key, value } };
  const kind = REGISTRY_KINDS.find((one) => one === word);
  const data = RegistryText.safeParse(fromBase64(base64));
  if (kind === undefined || !data.success) return undefined;
  return { name: 'registry.set', arguments: { key, value, kind, data: data.data } };
}

/** How a service stood: an order that changed nothing has nothing to take back. */
const wasBefore = (stdout: string): string | undefined => /before ([a-z]{1,20}),/.exec(saidIn(stdout) ?? '')?.[1];

/** Undefined: nothing to take back, or no way to. `stdout` is what the device printed. */
export function undoOf(action: CatalogueAction, stdout: string): CatalogueAction | undefined {
  switch (action.name) {
    case 'service.stop':
      return wasBefore(stdout) === 'inactive' ? undefined : { name: 'service.start', arguments: action.arguments };
    case 'service.start':
      return wasBefore(stdout) === 'active' ? undefined : { name: 'service.stop', arguments: action.arguments };
    case 'service.enable':
      return wasBefore(stdout) === 'enabled' ? undefined : { name: 'service.disable', arguments: action.arguments };
    case 'service.disable':
      return wasBefore(stdout) === 'disabled' ? undefined : { name: 'service.enable', arguments: action.arguments };
    case 'rdp.enable':
      return wasBefore(stdout) === 'enabled' ? undefined : { name: 'rdp.disable', arguments: {} };
    case 'rdp.disable':
      return wasBefore(stdout) === 'disabled' ? undefined : { name: 'rdp.enable', arguments: {} };
    case 'device.shutdown':
      return { name: 'device.wake', arguments: {} };
    case 'registry.set':
    case 'registry.remove':
      return formerValue(action.arguments.key, action.arguments.value, stdout);
    default:
      return undefined;
  }
}
