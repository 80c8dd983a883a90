import type { FieldView } from './field-view.ts';

/** An input at fault, for a list that leads there. */
export interface FaultLink {
  /** Of the element: an input, or the group that holds several. */
  readonly id: string;
  readonly label: string;
  readonly message: string;
}

/** What is wrong with the fields of a page, in their order. */
export function faultLinks(fields: readonly FieldView[]): FaultLink[] {
  return fields.flatMap((field) => {
    const cells = field.rows.flatMap(({ label, cells }) => cells.flatMap((cell) => linkTo(cell, cell.spoken || label)));
    return [...linkTo(field, field.label), ...cells];
  });
}

function linkTo({ id, error }: FieldView, label: string): FaultLink[] {
  return error ? [{ id, label, message: error }] : [];
}
