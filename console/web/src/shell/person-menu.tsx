// The menu of the person: how the console looks and speaks, its version, and the way out.
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { selection } from '#console/web/src/fleet/fleet.ts';
import { chooseLanguage, LANGUAGES, type Language, language } from '#console/web/src/i18n/language.ts';
import {
  chooseDensity,
  chooseTheme,
  DENSITIES,
  type Density,
  THEMES,
  type Theme,
  useAppearance,
} from '#console/web/src/settings/appearance.ts';
import type { IconName } from '#console/web/src/ui/icon.tsx';
import { Menu, type MenuItem } from '#console/web/src/ui/menu.tsx';
import type { Me } from '#shared/contract/session-contract.ts';
import { forgetPerson } from './forget-person.ts';
import { t } from './text.ts';

export const THEME_TEXT = { system: 'themeSystem', light: 'themeLight', dark: 'themeDark' } as const;
export const DENSITY_TEXT = { comfortable: 'densityComfortable', compact: 'densityCompact' } as const;
const THEME_ICON: Readonly<Record<Theme, IconName>> = { system: 'device', light: 'sun', dark: 'moon' };

/** Ends the session and leads to the door. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useCallback(async () => {
    await api.session.remove();
    forgetPerson({ queries, selection });
    await navigate({ to: '/sign-in' });
  }, [queries, navigate]);
}

const themeItem = (theme: Theme, chosen: Theme, index: number): MenuItem => ({
  key: theme,
  text: t(THEME_TEXT[theme]),
  icon: THEME_ICON[theme],
  isChecked: theme === chosen,
  isFirstOfGroup: index === 0,
  onSelect: () => chooseTheme(theme),
});

const densityItem = (density: Density, chosen: Density, index: number): MenuItem => ({
  key: density,
  text: t(DENSITY_TEXT[density]),
  isChecked: density === chosen,
  isFirstOfGroup: index === 0,
  onSelect: () => chooseDensity(density),
});

// The keys of that very object.
const languages = Object.keys(LANGUAGES) as Language[];
const languageItem = (one: Language, index: number): MenuItem => ({
  key: one,
  text: LANGUAGES[one],
  isChecked: one === language,
  isFirstOfGroup: index === 0,
  onSelect: () => chooseLanguage(one),
});

export function PersonMenu({ me }: { me: Me }) {
  const { theme, density } = useAppearance();
  const signOut = useSignOut();
  const items: MenuItem[] = [
    ...THEMES.map((one, index) => ({ ...themeItem(one, theme, index), isFirstOfGroup: false })),
    ...DENSITIES.map((one, index) => densityItem(one, density, index)),
    ...languages.map(languageItem),
    {
      key: 'version',
      text: t('version', { version: me.version }),
      // Nothing to choose: it stands here to be read.
      blocked: t('signedInAs', { name: me.name }),
      isFirstOfGroup: true,
      onSelect: () => undefined,
    },
    { key: 'out', text: t('signOut'), onSelect: () => void signOut() },
  ];
  return <Menu isAtEnd button={{ text: me.name, kind: 'quiet', isSmall: true }} items={items} />;
}
