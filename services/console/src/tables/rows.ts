/** So many rows at a time, of a table that has all of them. */
export function paged(pageSize: number) {
  return { pageSize, hideOnSinglePage: true, showSizeChanger: false };
}
