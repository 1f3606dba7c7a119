// Starts, stops, restarts, enables and disables one service of Windows; it ends as the script for Linux does.
import type { ArgumentsOf } from '#shared/model/actions/catalogue-actions.ts';
import { windowsScript } from './windows-prelude.ts';

type ServiceVerb = 'start' | 'stop' | 'restart' | 'enable' | 'disable';
/** All five are told the same. */
type OneService = (values: ArgumentsOf<'service.restart'>) => string;

const ACTS: Readonly<Record<ServiceVerb, string>> = {
  // `-Force` takes along what depends on it.
  restart: `if ($before -eq 'active') { Get-One | Restart-Service -Force -WarningAction SilentlyContinue }
  else { Get-One | Start-Service -WarningAction SilentlyContinue }`,
  start: 'Get-One | Start-Service -WarningAction SilentlyContinue',
  stop: 'Get-One | Stop-Service -Force -WarningAction SilentlyContinue',
  enable: 'Get-One | Set-Service -StartupType Automatic',
  disable: 'Get-One | Set-Service -StartupType Disabled',
};

const AFTER: Readonly<Record<ServiceVerb, string>> = {
  restart: 'active',
  start: 'active',
  stop: 'inactive',
  enable: 'enabled',
  disable: 'disabled',
};

const RUNNING = `function State { switch ("$((Get-One).Status)") {
  'Running' { 'active' } 'Stopped' { 'inactive' } default { 'changing' } } }`;
const AT_BOOT = `function State { if ("$((Get-One).StartType)" -eq 'Disabled') { 'disabled' } else { 'enabled' } }`;

/** The name is a quoted word, compared and never matched: Get-Service itself would read wildcards. */
const body = (verb: ServiceVerb): string => `
function Get-One { Get-Service | Where-Object { $_.Name -eq $service } | Select-Object -First 1 }
${verb === 'enable' || verb === 'disable' ? AT_BOOT : RUNNING}
if ($null -eq (Get-One)) { Said "no service named $service here"; exit 100 }
$before = State
$code = 0
try {
  ${ACTS[verb]}
} catch { $code = CodeOf $_ }
$after = State
Said "\${service}: before $before, after $after"
if ($code -ne 0) { exit $code }
if ($after -ne '${AFTER[verb]}' -and $after -ne 'changing') { exit 103 }
`;

export const windowsServiceScript = (verb: ServiceVerb): OneService =>
  windowsScript(`service.${verb}`, body(verb), ({ service }) => ({ service }));
