// The fields that say how a device is reached, as far as its transport asks for them.
import { TextField } from '#console/web/src/ui/text-field.tsx';
import type { DEVICE_TRANSPORTS } from '#shared/model/device-words.ts';
import { t } from './text.ts';

type Transport = (typeof DEVICE_TRANSPORTS)[number];

/** As forms hold them: empty is none, or as the site says. */
export interface ReachTexts {
  port: string;
  credential: string;
  spn: string;
  realm: string;
  share: string;
}
export type ReachTextField = keyof ReachTexts;
export const REACH_TEXTS = ['port', 'credential', 'spn', 'realm', 'share'] as const satisfies readonly ReachTextField[];

/** The port that is meant when none is given. Of WinRM there are two: TLS first. */
const USUAL_PORTS = { ssh: '22', winrm: '5986', smb: '445' } as const;

const HINTS = { ssh: undefined, winrm: 'portWinrm', smb: 'portSmb' } as const;

export const portOfTransport = (transport: Transport): string => (transport === 'local' ? '' : USUAL_PORTS[transport]);

/** What is asked for of a transport, in the order in which it stands. */
export function reachFieldsOf(transport: Transport): readonly ReachTextField[] {
  switch (transport) {
    case 'local':
      return [];
    case 'ssh':
      return ['port', 'credential'];
    case 'winrm':
      return ['port', 'credential', 'spn', 'realm'];
    case 'smb':
      return ['port', 'credential', 'share'];
  }
}

interface ReachTextFieldsProps {
  transport: Transport;
  texts: ReachTexts;
  /** What a form says of a field in place of the usual hint; '' where it has nothing to say. */
  hintOf?: (field: ReachTextField) => string;
  errorOf: (field: ReachTextField) => string;
  onChange: (patch: Partial<ReachTexts>) => void;
}

export function ReachTextFields({ transport, texts, hintOf = () => '', errorOf, onChange }: ReachTextFieldsProps) {
  return reachFieldsOf(transport).map((field) => (
    <TextField
      key={field}
      isCode
      label={t(field)}
      value={texts[field]}
      hint={hintOf(field) || usualHint(field, transport)}
      error={errorOf(field)}
      autoCapitalize="off"
      spellCheck={false}
      {...(field === 'port' && { inputMode: 'numeric' as const, placeholder: portOfTransport(transport) })}
      onText={(text) => onChange({ [field]: field === 'realm' ? text.toUpperCase() : text })}
    />
  ));
}

function usualHint(field: ReachTextField, transport: Transport): string {
  if (field !== 'port') return t(`${field}Hint`);
  const hint = transport === 'local' ? undefined : HINTS[transport];
  return hint === undefined ? '' : t(hint);
}

/** As the API takes them: what is empty is none. The port has been checked before. */
export const reachValue = (field: ReachTextField, text: string): string | number | null => {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return field === 'port' ? Number(trimmed) : trimmed;
};
