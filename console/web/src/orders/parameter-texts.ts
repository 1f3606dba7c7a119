// What each kind of parameter is called, said of and found fault with, as keys of the texts: typed, so that none can lack.
import type { ParameterType } from '#shared/model/actions/parameter-types.ts';
import type { en } from './text.en.ts';

type TextKey = keyof typeof en;

interface ParameterTexts {
  label: TextKey;
  hint?: TextKey;
  fault: TextKey;
}

export const PARAMETER_TEXTS = {
  service: { label: 'service', hint: 'serviceHint', fault: 'noService' },
  process: { label: 'process', hint: 'processHint', fault: 'noProcess' },
  'process-id': { label: 'processId', hint: 'processIdHint', fault: 'noProcessId' },
  user: { label: 'user', hint: 'userHint', fault: 'noUser' },
  log: { label: 'log', hint: 'logHint', fault: 'noLog' },
  'registry-key': { label: 'registryKey', hint: 'registryKeyHint', fault: 'noRegistryKey' },
  'registry-name': { label: 'registryName', hint: 'registryNameHint', fault: 'noRegistryName' },
  'registry-kind': { label: 'registryKind', fault: 'noRegistryText' },
  'registry-text': { label: 'registryText', hint: 'registryTextHint', fault: 'noRegistryText' },
  powershell: { label: 'powershell', hint: 'powershellHint', fault: 'noPowershell' },
  days: { label: 'days', hint: 'daysHint', fault: 'noDays' },
} as const satisfies Readonly<Record<ParameterType, ParameterTexts>>;

export type ParameterFault = (typeof PARAMETER_TEXTS)[ParameterType]['fault'];
