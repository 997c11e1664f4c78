/** What surrounds every page: language, theme, session and catalogue. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App as AntApp, ConfigProvider, theme } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { Problem, speak } from '../api/client';
import { PreferencesContext, store, storedPreferences, type Preferences } from './preferences';
import { SessionGate } from './SessionGate';

const ACCENT = '#0f766e';
const ACCENT_ON_DARK = '#2dd4bf';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (times, error) =>
        times < 2 && error instanceof Problem && (error.status === 0 || error.status === 503),
    },
  },
});

function themeOf({ dark, compact }: Preferences) {
  const algorithms = [dark ? theme.darkAlgorithm : theme.defaultAlgorithm];
  if (compact) algorithms.push(theme.compactAlgorithm);
  const accent = dark ? ACCENT_ON_DARK : ACCENT;
  return {
    algorithm: algorithms,
    token: {
      colorPrimary: ACCENT,
      colorLink: accent,
      colorTextDescription: dark ? 'rgba(255,255,255,0.68)' : 'rgba(0,0,0,0.62)',
      colorTextPlaceholder: dark ? 'rgba(255,255,255,0.55)' : 'rgba(0,0,0,0.56)',
      ...(dark ? { colorError: '#ff8a87' } : { colorWarning: '#9a5b00', colorWarningBg: '#fff7e6', colorSuccess: '#2f7d0d', colorSuccessBg: '#f2fbea', colorError: '#b3261e', colorErrorBg: '#fff2f0' }),
      borderRadius: 7,
    },
    components: {
      Tabs: { itemSelectedColor: accent, itemHoverColor: accent, inkBarColor: accent },
      Menu: { itemSelectedBg: dark ? '#123a36' : '#e3f3f0', itemSelectedColor: accent, subMenuItemSelectedColor: accent, itemHeight: 36 },
    },
  };
}

export function App() {
  const [preferences, setPreferences] = useState(() => {
    const stored = storedPreferences();
    speak(stored.language);
    return stored;
  });
  const choose = useCallback((changed: Partial<Preferences>) => {
    setPreferences((before) => {
      const chosen = { ...before, ...changed };
      store(chosen);
      speak(chosen.language);
      return chosen;
    });
  }, []);
  const { language, dark } = preferences;
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
    dayjs.locale(language === 'zh-CN' ? 'zh-cn' : 'en');
  }, [language, dark]);
  const value = useMemo(() => ({ ...preferences, choose }), [preferences, choose]);
  return (
    <PreferencesContext value={value}>
      <ConfigProvider
        theme={themeOf(preferences)}
        locale={language === 'zh-CN' ? zhCN : enUS}
        componentSize={preferences.compact ? 'small' : 'middle'}
      >
        <AntApp style={{ minHeight: '100%' }}>
          <QueryClientProvider client={queries}>
            <SessionGate />
          </QueryClientProvider>
        </AntApp>
      </ConfigProvider>
    </PreferencesContext>
  );
}
