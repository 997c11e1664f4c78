/** The console's own words. Labels of things, fields and commands come from the catalogue. */
import { closerEn } from './closer.en';
import { closerZh } from './closer.zh';
import { dossiersEn } from './dossiers.en';
import { dossiersZh } from './dossiers.zh';
import { en } from './en';
import { formsEn } from './forms.en';
import { formsZh } from './forms.zh';
import { namedEn } from './named.en';
import { namedZh } from './named.zh';
import { operationsEn } from './operations.en';
import { operationsZh } from './operations.zh';
import { pagesEn } from './pages.en';
import { pagesZh } from './pages.zh';
import { workEn } from './work.en';
import { workZh } from './work.zh';
import { zh } from './zh';

const english = { ...en, ...pagesEn, ...workEn, ...closerEn, ...dossiersEn, ...formsEn, ...operationsEn, ...namedEn };

export type TextName = keyof typeof english;
/** One text for each name: a language that lacks one does not compile. */
export type Texts = Record<TextName, string>;
export type Language = 'en' | 'zh-CN';

const chinese = { ...zh, ...pagesZh, ...workZh, ...closerZh, ...dossiersZh, ...formsZh, ...operationsZh, ...namedZh };

export const dictionaries: Record<Language, Texts> = { en: english, 'zh-CN': chinese };

export function isTextName(name: string): name is TextName {
  return name in english;
}
