// Every action that Windows can do, and the script that does it.
import type { Scripts } from '#relay/execute/actions/action-script.ts';
import { windowsHealth, windowsInfo } from './look-scripts.ts';
import { windowsReboot, windowsShutdown } from './power-script.ts';
import { windowsRdpDisable, windowsRdpEnable, windowsRdpStart } from './rdp-scripts.ts';
import { windowsRegistryRemove, windowsRegistrySet } from './registry-scripts.ts';
import { windowsServiceScript } from './service-script.ts';
import { windowsKill, windowsLock, windowsLogOff } from './session-scripts.ts';
import {
  windowsDisk,
  windowsDns,
  windowsLog,
  windowsPolicy,
  windowsRenew,
  windowsReset,
  windowsTemp,
} from './upkeep-scripts.ts';

export const WINDOWS_SCRIPTS: Scripts = {
  'device.reboot': windowsReboot,
  'device.shutdown': windowsShutdown,
  'user.lock': windowsLock,
  'user.logoff': windowsLogOff,
  'rdp.enable': windowsRdpEnable,
  'rdp.disable': windowsRdpDisable,
  'rdp.start': windowsRdpStart,
  'service.restart': windowsServiceScript('restart'),
  'service.start': windowsServiceScript('start'),
  'service.stop': windowsServiceScript('stop'),
  'service.enable': windowsServiceScript('enable'),
  'service.disable': windowsServiceScript('disable'),
  'process.kill': windowsKill,
  'temp.clear': windowsTemp,
  'disk.clean': windowsDisk,
  'log.clear': windowsLog,
  'dns.flush': windowsDns,
  'address.renew': windowsRenew,
  'network.reset': windowsReset,
  'policy.update': windowsPolicy,
  'health.check': windowsHealth,
  'system.info': windowsInfo,
  'registry.set': windowsRegistrySet,
  'registry.remove': windowsRegistryRemove,
  // Given as it was signed: it is the value itself.
  'powershell.run': ({ script }) => script,
};
