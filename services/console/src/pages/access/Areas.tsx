/** All that somebody may see and do, by area. */
import { Tag } from 'antd';
import { useKnown } from '../../api/catalogue';
import { useText } from '../../app/preferences';
import { FileTable } from '../../tables/FileTable';
import { named } from '../../values/format';
import { areasOf, type Area, type Grant, type Right } from './rights';

export function Areas({ grants }: { grants: Grant[] }) {
  const text = useText();
  const known = useKnown();
  const rolesOf = ({ reads, commands }: Area) =>
    [...new Set([...reads, ...commands].flatMap((one) => one.roles))]
      .map((role) => named('role', role, text))
      .join(', ');
  return (
    <FileTable<Area>
      file="rights"
      rowKey="name"
      scroll={{ x: 760 }}
      dataSource={areasOf(grants, known)}
      columns={[
        { title: text('access.area'), dataIndex: 'label', width: '14%' },
        { title: text('access.maySee'), render: (_, one) => <Rights of={one.reads} /> },
        { title: text('access.mayDo'), render: (_, one) => <Rights of={one.commands} />, width: '42%' },
        { title: text('access.byRole'), render: (_, one) => rolesOf(one), width: '14%' },
      ]}
    />
  );
}

function Rights({ of }: { of: Right[] }) {
  return (
    <div className="tags">
      {of.map((one) => (
        <Tag key={one.action}>{one.label}</Tag>
      ))}
    </div>
  );
}
