import type { FieldFault } from '../../sdk/index.ts';
import { answerFor } from '../http/errors.ts';

/**
 * The fields a check of a form finds fault with.
 * @throws what the check throws where it is about no field
 */
export function faultsIn(check: () => unknown): readonly FieldFault[] {
  try {
    check();
    return [];
  } catch (error) {
    const { fields } = answerFor(error);
    if (!fields) throw error;
    return fields;
  }
}
