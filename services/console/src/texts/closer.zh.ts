import type { closerEn } from './closer.en';

export const closerZh: Record<keyof typeof closerEn, string> = {
  'differences.none': '没有差异',
  'differences.new': '新增',
  'differences.gone': '已删除',
  'settings.none': '无',
  'form.addRowOf': '添加：{name}',
  'unit.days': '天',
  'form.moveUp': '上移第 {n} 行',
};
