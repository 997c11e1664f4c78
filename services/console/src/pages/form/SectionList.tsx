/** The sections of a form, one below the other; what few people need is folded. */
import { Collapse, Typography } from 'antd';
import { useText } from '../../app/preferences';
import { Fields } from './Fields';
import type { Shared } from './fieldParts';
import { FOLDED, joined, LINES, type Section } from './sections';

interface SectionListProps extends Shared {
  sections: Section[];
  unfolded: boolean;
  onUnfold: (open: boolean) => void;
}

/** So few fields need no headings. */
const FEW = 6;

export function SectionList({ sections, unfolded, onUnfold, ...shared }: SectionListProps) {
  const text = useText();
  const open = sections.filter((one) => one.title !== FOLDED);
  const folded = sections.find((one) => one.title === FOLDED);
  const plain = open.filter((one) => one.title !== LINES).flatMap((one) => one.fields);
  const isShort = plain.length <= FEW;
  return (
    <>
      {(isShort ? joined(open) : open).map(({ title, fields }) =>
        isShort || title === LINES ? (
          <div key={title} className="form-section">
            <Fields fields={fields} {...shared} />
          </div>
        ) : (
          <section key={title} className="form-section titled" aria-label={text(title)}>
            <Typography.Title level={2}>{text(title)}</Typography.Title>
            <Fields fields={fields} {...shared} />
          </section>
        ),
      )}
      {folded !== undefined && (
        <Collapse
          ghost
          className="form-more"
          activeKey={unfolded ? [FOLDED] : []}
          onChange={(keys) => onUnfold(keys.length > 0)}
          items={[
            {
              key: FOLDED,
              label: text(FOLDED),
              forceRender: true,
              children: <Fields fields={folded.fields} {...shared} />,
            },
          ]}
        />
      )}
    </>
  );
}
