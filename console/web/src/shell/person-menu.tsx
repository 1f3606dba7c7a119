// The menu of the person: how the console looks and speaks, its version, and the way out.
import { useNavigate } from '@tanstack/react-router';
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
import { t } from './text.ts';
import { useSignOut } from './use-sign-out.ts';

export const THEME_TEXT = { system: 'themeSystem', light: 'themeLight', dark: 'themeDark' } as const;
export const DENSITY_TEXT = { comfortable: 'densityComfortable', compact: 'densityCompact' } as const;
const THEME_ICON: Readonly<Record<Theme, IconName>> = { system: 'device', light: 'sun', dark: 'moon' };

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
  const navigate = useNavigate();
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
    { key: 'profile', text: t('pageProfile'), onSelect: () => void navigate({ to: '/profile' }) },
    { key: 'out', text: t('signOut'), onSelect: () => void signOut() },
  ];
  return <Menu isAtEnd button={{ text: me.name, kind: 'quiet', isSmall: true }} items={items} />;
}
