// The files of an onboarding kit, as text: GPO and Intune take the same steps, and each has its undo.
import { INVOKE_RMM_JOB } from '#relay/transport/smb-queue/invoke-rmm-job.ts';
import { commonPart } from './common-part.ts';
import { DETECT, DETECT_END, DISABLE, ENABLE } from './enable-part.ts';
import { kitPage } from './kit-page.ts';
import type { KitSettings } from './kit-settings.ts';
import { QUEUE_CHECKS, QUEUE_DETECT, QUEUE_DISABLE, queueEnable } from './queue-part.ts';
import { sha256Of, windowsText } from './windows-text.ts';

export interface KitFile {
  name: string;
  text: string;
  /** What a defender sees of it. */
  sha256: string;
}

const file = (name: string, text: string): KitFile => ({ name, text, sha256: sha256Of(text) });
const script = (name: string, ...parts: readonly string[]): KitFile => file(name, windowsText(parts.join('')));

export function kitFiles(settings: KitSettings): KitFile[] {
  const queue = settings.queue !== undefined;
  const common = (purpose: string) => commonPart(settings, purpose);
  const checks = queue ? [QUEUE_CHECKS] : [];
  const enable = [...checks, ENABLE, ...(queue ? [queueEnable()] : [])];
  const scripts = [
    script(
      'Enable-RmmMonitoring.ps1',
      common('Makes this machine ready to be monitored. GPO: a startup script.'),
      ...enable,
    ),
    script(
      'Disable-RmmMonitoring.ps1',
      common('Takes back what Enable-RmmMonitoring.ps1 has made. GPO: a startup script.'),
      ...(queue ? [QUEUE_DISABLE] : []),
      DISABLE,
    ),
    script(
      'Intune-Detect.ps1',
      common('Is this machine ready to be monitored? Intune: the detection script of a remediation.'),
      ...checks,
      DETECT,
      ...(queue ? [QUEUE_DETECT] : []),
      DETECT_END,
    ),
    script(
      'Intune-Remediate.ps1',
      common('Makes this machine ready to be monitored. Intune: the remediation script.'),
      ...enable,
    ),
    ...(queue ? [script('Invoke-RmmJob.ps1', INVOKE_RMM_JOB)] : []),
  ];
  return [...scripts, file('README.txt', kitPage(settings, scripts))];
}
