// Which script does an action on a system, as text; undefined where the catalogue says that it does not fit.
import { fitsSystem } from '#shared/model/actions/catalogue.ts';
import type { CatalogueAction } from '#shared/model/actions/catalogue-actions.ts';
import type { DeviceSystem } from '#shared/model/device.ts';
import type { ScriptOf, Scripts } from './action-script.ts';
import { LINUX_SCRIPTS } from './linux/linux-scripts.ts';
import { LINUX_BOOT } from './linux/power-script.ts';
import { MACOS_BOOT, MACOS_SCRIPTS } from './macos/macos-scripts.ts';
import { WINDOWS_BOOT } from './windows/power-script.ts';
import { WINDOWS_SCRIPTS } from './windows/windows-scripts.ts';

export const SCRIPTS: Readonly<Partial<Record<DeviceSystem, Scripts>>> = {
  linux: LINUX_SCRIPTS,
  windows: WINDOWS_SCRIPTS,
  macos: MACOS_SCRIPTS,
};

/** Prints "boot ...": another word after each boot. */
export const BOOT_SCRIPTS: Readonly<Partial<Record<DeviceSystem, string>>> = {
  linux: LINUX_BOOT,
  windows: WINDOWS_BOOT,
  macos: MACOS_BOOT,
};

export function scriptFor<Action extends CatalogueAction>(
  { name, arguments: values }: Action,
  system: DeviceSystem,
): string | undefined {
  if (!fitsSystem(name, system)) return undefined;
  // The table gives each name a script for the arguments of that name; the compiler does not follow one name through both.
  const script = SCRIPTS[system]?.[name] as ScriptOf<Action['name']> | undefined;
  return script?.(values as Parameters<ScriptOf<Action['name']>>[0]);
}
