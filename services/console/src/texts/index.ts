/** The console's own words. Labels of things, fields and commands come from the catalogue. */
import { en } from './en';
import { zh } from './zh';

export type TextName = keyof typeof en;
/** One text for each name: a language that lacks one does not compile. */
export type Texts = Record<TextName, string>;
export type Language = 'en' | 'zh-CN';

export const dictionaries: Record<Language, Texts> = { en, 'zh-CN': zh };
