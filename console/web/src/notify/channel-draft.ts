// A channel as its form holds it: what its kind asks for, and secrets that are written and never read again.
import type { Channel, ChannelKind } from './notify-data.ts';

export interface ChannelDraft {
  kind: string;
  name: string;
  isOn: boolean;
  settings: Record<string, string>;
  /** Typed now; what is empty stays as it is. */
  secrets: Record<string, string>;
}

const initialOf = (kind: ChannelKind | undefined): Record<string, string> =>
  Object.fromEntries(
    (kind?.fields ?? []).flatMap(({ name, initial }) => (initial === undefined ? [] : [[name, initial]])),
  );

/** What a kind came to ask for after a channel was made begins as it does with a new one. */
export function draftOf(channel: Channel | undefined, kinds: readonly ChannelKind[]): ChannelDraft {
  const kind = channel === undefined ? kinds[0] : kinds.find((one) => one.kind === channel.kind);
  return {
    kind: channel?.kind ?? kind?.kind ?? '',
    name: channel?.name ?? '',
    isOn: channel?.isOn ?? true,
    settings: { ...initialOf(kind), ...channel?.settings },
    secrets: {},
  };
}

/** Another kind asks for other things. */
export const ofKind = (kind: ChannelKind): Pick<ChannelDraft, 'kind' | 'settings' | 'secrets'> => ({
  kind: kind.kind,
  settings: initialOf(kind),
  secrets: {},
});

/** Fields that are asked for and empty, by their place in the form. A secret that is set already is not asked for again. */
export function missingOf(draft: ChannelDraft, kind: ChannelKind | undefined, set: readonly string[]): string[] {
  return (kind?.fields ?? [])
    .filter(({ name, isRequired, kind: type }) => {
      if (!isRequired) return false;
      return type === 'secret'
        ? (draft.secrets[name] ?? '') === '' && !set.includes(name)
        : (draft.settings[name] ?? '').trim() === '';
    })
    .map(({ name, kind: type }) => (type === 'secret' ? `secrets.${name}` : `settings.${name}`));
}

const filled = (texts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''));

export const wishOf = ({ kind, name, isOn, settings, secrets }: ChannelDraft) => ({
  kind,
  name: name.trim(),
  isOn,
  settings: filled(settings),
  secrets: filled(secrets),
});
