/** Lines that are short, as a table that is filled in row by row; what they come to follows. */
import { PlusOutlined } from '@ant-design/icons';
import { Button, Form } from 'antd';
import { useRef, type KeyboardEvent } from 'react';
import { useText } from '../../app/preferences';
import { headOf } from '../../values/format';
import { FieldInput } from './FieldInput';
import { Help, isNeededIn, rulesOf, RowButtons, type OneFieldProps } from './fieldParts';
import { LineAmount, LineTotals } from './LineAmounts';
import { useLineAmounts } from './useLineAmounts';
import { begunRow } from './values';

type LineTableProps = OneFieldProps & { rows: { key: number; name: number }[] } & {
  add: (row: object) => void;
  move: (from: number, to: number) => void;
  remove: (index: number) => void;
};

/** A list that is open takes Enter for itself. */
function isChoosing(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.getAttribute('aria-expanded') === 'true';
}

/** Enter leads to the same cell of the next line, and in the last one to a new line. */
function useNextLine(count: number, add: () => void) {
  const body = useRef<HTMLTableSectionElement>(null);
  const enter = (row: number, column: number) => {
    const cell = body.current?.rows[row]?.cells[column];
    cell?.querySelector<HTMLElement>('input, textarea')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || isChoosing(event.target)) return;
    const cell = (event.target as HTMLElement).closest('td');
    const row = cell?.closest('tr')?.sectionRowIndex;
    if (cell === null || row === undefined || (event.target as HTMLElement).tagName === 'BUTTON') return;
    event.preventDefault();
    if (row + 1 < count) enter(row + 1, cell.cellIndex);
    else {
      add();
      // The new line has its inputs once it is drawn.
      window.setTimeout(() => enter(count, 1), 0);
    }
  };
  return { body, onKeyDown };
}

export function LineTable({ field, path, rows, add, move, remove, ...shared }: LineTableProps) {
  const text = useText();
  const fields = field.fields ?? [];
  const amounts = useLineAmounts(field, path, shared);
  const addRow = () => add(begunRow(fields));
  const { body, onKeyDown } = useNextLine(rows.length, addRow);
  const inner = { ...shared, note: undefined };
  return (
    <>
      <div className="line-scroll">
        <table className="line-table">
          <thead>
            <tr>
              <th scope="col">#</th>
              {fields.map((one) => (
                <th key={one.name} scope="col" className={one.type === 'integer' ? 'number' : ''}>
                  {isNeededIn(one, inner) && <span className="needed">*</span>}
                  {headOf(one)} <Help field={one} />
                </th>
              ))}
              {amounts.priced && (
                <th scope="col" className="number">
                  {text('form.amount')}
                </th>
              )}
              <th scope="col" aria-label={text('card.actions')} />
            </tr>
          </thead>
          <tbody ref={body} onKeyDown={onKeyDown}>
            {rows.map((row, index) => (
              <tr key={row.key}>
                <td className="line-number">{index + 1}</td>
                {fields.map((one) => (
                  <td key={one.name} data-label={headOf(one)} className={`of-${one.type}`}>
                    <Form.Item name={[row.name, one.name]} rules={rulesOf(one, inner, text)} className="cell">
                      <FieldInput
                        field={one}
                        command={shared.command}
                        currency={amounts.currency ?? shared.currency}
                        label={`${headOf(one)} ${index + 1}`}
                        placeholder={amounts.placeholderOf(one, index)}
                      />
                    </Form.Item>
                  </td>
                ))}
                {amounts.priced && <LineAmount amounts={amounts} index={index} />}
                <td className="line-buttons">
                  <RowButtons
                    index={index}
                    onUp={() => move(index, index - 1)}
                    onRemove={() => remove(row.name)}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="line-foot">
        <Button
          size="small"
          icon={<PlusOutlined />}
          aria-label={text('form.addRowOf', { name: field.label })}
          onClick={addRow}
        >
          {text('form.addRow')}
        </Button>
        <span className="grow" />
        <LineTotals fields={fields} amounts={amounts} />
      </div>
    </>
  );
}
