/** How the reader likes the console: kept for him on the server, and in the browser for the next start. */
import { createContext, useContext } from 'react';
import { dictionaries, type Language, type TextName } from '../texts';
import { keepAs, kept } from './kept';

export interface Preferences {
  language: Language;
  dark: boolean;
  compact: boolean;
}

const STORED = 'distributary.preferences';

export function storedPreferences(): Preferences {
  const first: Preferences = {
    language: navigator.language.startsWith('zh') ? 'zh-CN' : 'en',
    dark: window.matchMedia('(prefers-color-scheme: dark)').matches,
    compact: false,
  };
  return { ...first, ...kept<object>(STORED, {}) };
}

export function store(chosen: Preferences): void {
  keepAs(STORED, chosen);
}

interface Chosen extends Preferences {
  choose: (changed: Partial<Preferences>) => void;
}

export const PreferencesContext = createContext<Chosen | null>(null);

export function usePreferences(): Chosen {
  const chosen = useContext(PreferencesContext);
  if (chosen === null) throw new Error('There are no preferences around this component.');
  return chosen;
}

export type Translate = (name: TextName, values?: Record<string, string | number>) => string;

function translated(language: Language): Translate {
  const texts = dictionaries[language];
  return (name, values = {}) =>
    texts[name].replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ''));
}

/** One for each language: what depends on it is made once. */
const translators = { en: translated('en'), 'zh-CN': translated('zh-CN') };

export function translator(language: Language): Translate {
  return translators[language];
}

export function useText(): Translate {
  return translator(usePreferences().language);
}
