// How the console looks and speaks, as lines of the palette.
import { chooseLanguage, LANGUAGES, type Language } from '#console/web/src/i18n/language.ts';
import { chooseDensity, chooseTheme, DENSITIES, THEMES } from '#console/web/src/settings/appearance.ts';
import { DENSITY_TEXT, THEME_TEXT } from '#console/web/src/shell/person-menu.tsx';
import { t as shellText } from '#console/web/src/shell/text.ts';
import { Icon, type IconName } from '#console/web/src/ui/icon.tsx';
import type { PaletteEntry } from './palette-entry.ts';
import { t } from './text.ts';

interface SettingEntry extends PaletteEntry {
  words: string;
}

// The keys of that very object.
const languages = Object.keys(LANGUAGES) as Language[];

function entry(key: string, text: string, words: string, icon: IconName, run: () => void): SettingEntry {
  return { key, text, words: `${text} ${words}`, mark: <Icon name={icon} className="text-muted" />, run };
}

export function settingEntries(): SettingEntry[] {
  return [
    ...THEMES.map((theme) =>
      entry(`theme ${theme}`, t('theme', { name: shellText(THEME_TEXT[theme]) }), t('wordsTheme'), 'moon', () =>
        chooseTheme(theme),
      ),
    ),
    ...DENSITIES.map((density) =>
      entry(
        `density ${density}`,
        t('density', { name: shellText(DENSITY_TEXT[density]) }),
        t('wordsDensity'),
        'menu',
        () => chooseDensity(density),
      ),
    ),
    ...languages.map((one) =>
      entry(`language ${one}`, t('language', { name: LANGUAGES[one] }), t('wordsLanguage'), 'edit', () =>
        chooseLanguage(one),
      ),
    ),
  ];
}
