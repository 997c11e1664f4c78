/** Goes anywhere and begins anything from the keyboard: things by number, name or pinyin as well. */
import { Input, Modal, Typography, type InputRef } from 'antd';
import { useRef, useState, type KeyboardEvent } from 'react';
import { useText } from '../app/preferences';
import { go } from '../app/route';
import { useFound } from './useFound';

export default function Palette({ onClose }: { onClose: () => void }) {
  const text = useText();
  const input = useRef<InputRef>(null);
  const [words, setWords] = useState('');
  const [at, setAt] = useState(0);
  const found = useFound(words);
  const chosen = Math.min(at, Math.max(0, found.length - 1));
  const open = (index: number) => {
    const one = found[index];
    if (one === undefined) return;
    onClose();
    go(one.to);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(chosen + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(chosen - 1, 0));
    else if (event.key === 'Enter') open(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <Modal
      open
      title={text('palette.title')}
      footer={null}
      onCancel={onClose}
      afterOpenChange={(shown) => shown && input.current?.focus()}
      style={{ top: 80 }}
    >
      <Input
        ref={input}
        autoFocus
        size="large"
        value={words}
        role="combobox"
        aria-expanded
        aria-controls="palette-found"
        aria-activedescendant={found.length > 0 ? `palette-${String(chosen)}` : undefined}
        aria-label={text('palette.placeholder')}
        placeholder={text('palette.placeholder')}
        onChange={(event) => {
          setWords(event.target.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <div id="palette-found" role="listbox" aria-label={text('palette.title')} className="found">
        {found.map((one, index) => (
          <div
            key={`${one.group} ${one.key}`}
            id={`palette-${String(index)}`}
            role="option"
            aria-selected={index === chosen}
            className={index === chosen ? 'choice chosen' : 'choice'}
            onMouseEnter={() => setAt(index)}
            onClick={() => open(index)}
          >
            {one.label} <Typography.Text type="secondary">{one.group}</Typography.Text>
          </div>
        ))}
      </div>
    </Modal>
  );
}
