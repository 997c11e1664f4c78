/** Words of the pages that look closer at one thing, or at what happens. */
export const closerEn = {
  'differences.none': 'Nothing differs',
  'differences.new': 'New',
  'differences.gone': 'Gone',
  'settings.none': 'none',
  'form.addRowOf': 'Add: {name}',
  'unit.days': 'days',
  'form.moveUp': 'Move up row {n}',
};
