/** Rows as a file that spreadsheets open as they are: with a mark of its encoding, and no formulas. */
const MARK = '\uFEFF';
const FORMULA = /^[=+\-@\t\r]/;
const GROUPED = /^[-−]?\d{1,3}(,\d{3})*(\.\d+)?$/;

/** A number is one again, whatever it was grouped by; a text that would be a formula is a text. */
export function cellOf(shown: string): string {
  const said = shown.replace(/\s+/g, ' ').trim();
  if (GROUPED.test(said)) return said.replaceAll(',', '').replace('−', '-');
  const safe = FORMULA.test(said) ? `'${said}` : said;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvOf(rows: string[][]): string {
  return MARK + rows.map((row) => row.map(cellOf).join(',')).join('\r\n') + '\r\n';
}

/** Head and rows of a table as they are shown; columns without a head, such as those of buttons, are left out. */
export function shownIn(table: Element): string[][] {
  const told = (row: Element) => [...row.children].map((cell) => cell.textContent);
  const heads = [...table.querySelectorAll('thead tr')].map(told)[0] ?? [];
  const rows = [...table.querySelectorAll('tbody tr.ant-table-row')].map(told);
  const named = heads.map((_, at) => at).filter((at) => heads[at] !== '');
  return [heads, ...rows].map((row) => named.map((at) => row[at] ?? ''));
}

export function download(name: string, content: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type: 'text/csv;charset=utf-8' }));
  link.download = `${name}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}
