// Every action that Linux can do, and the script that does it.
import type { Scripts } from '#relay/execute/actions/action-script.ts';
import { diskScript, logScript, tempScript } from './clean-scripts.ts';
import { healthScript, infoScript } from './look-scripts.ts';
import { dnsScript, renewScript, resetScript } from './network-scripts.ts';
import { rebootScript, shutdownScript } from './power-script.ts';
import { processScript } from './process-script.ts';
import { serviceScript } from './service-script.ts';
import { lockScript, logOffScript } from './session-scripts.ts';

export const LINUX_SCRIPTS: Scripts = {
  'device.reboot': rebootScript,
  'device.shutdown': shutdownScript,
  'user.lock': lockScript,
  'user.logoff': logOffScript,
  'service.restart': serviceScript('restart'),
  'service.start': serviceScript('start'),
  'service.stop': serviceScript('stop'),
  'service.enable': serviceScript('enable'),
  'service.disable': serviceScript('disable'),
  'process.kill': processScript,
  'temp.clear': tempScript,
  'disk.clean': diskScript,
  'log.clear': logScript,
  'dns.flush': dnsScript,
  'address.renew': renewScript,
  'network.reset': resetScript,
  'health.check': healthScript,
  'system.info': infoScript,
};
