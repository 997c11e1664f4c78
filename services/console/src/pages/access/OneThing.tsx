/** Whether somebody sees one thing, and which of its commands he may give. */
import { CheckOutlined, CloseOutlined } from '@ant-design/icons';
import { useKnown } from '../../api/catalogue';
import type { Kind } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { FileTable } from '../../tables/FileTable';
import { named } from '../../values/format';
import { actionsOf, labelOf, partsOf, rightOf, type Grant } from './rights';

export function OneThing({ kind, grants }: { kind: Kind; grants: Grant[] }) {
  const text = useText();
  const known = useKnown();
  const rows = actionsOf(kind, known).map((action) => ({ action, right: rightOf(action, grants, known) }));
  const said = (action: string) =>
    partsOf(action).verb === 'read' ? text('access.seeIt') : labelOf(action, known);
  return (
    <FileTable
      file="rights-in-one"
      rowKey="action"
      style={{ maxWidth: 860 }}
      dataSource={rows}
      columns={[
        { title: text('access.right'), render: (_, one) => said(one.action) },
        {
          title: text('access.may'),
          render: (_, { right }) =>
            right === undefined ? (
              <>
                <CloseOutlined /> {text('value.no')}
              </>
            ) : (
              <>
                <CheckOutlined /> {text('value.yes')}
              </>
            ),
        },
        {
          title: text('access.byRole'),
          render: (_, { right }) => right?.roles.map((role) => named('role', role, text)).join(', '),
        },
        {
          title: text('access.confirmedBy'),
          render: (_, { right }) => right?.confirmedBy?.join(', '),
        },
      ]}
    />
  );
}
