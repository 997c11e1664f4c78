/** The quotation as its customer gets it, in either language. */
import { FilePdfOutlined } from '@ant-design/icons';
import { Button, Space } from 'antd';
import { useKnown } from '../../api/catalogue';
import { useText } from '../../app/preferences';
import { asOf, useMoment } from '../../app/route';

/** Each language by its own name, as whoever gets the paper knows it. */
const LANGUAGES = { 'zh-CN': '中文', en: 'English' };

export function Papers({ quotation }: { quotation: string }) {
  const text = useText();
  const card = useKnown().cardOf('quotation', quotation) ?? '';
  const moment = useMoment();
  return (
    <Space>
      {Object.entries(LANGUAGES).map(([language, own]) => (
        <Button
          key={language}
          size="small"
          icon={<FilePdfOutlined />}
          href={asOf(`${card}/pdf?language=${language}`, moment)}
        >
          {text('quotation.pdf', { language: own })}
        </Button>
      ))}
    </Space>
  );
}
