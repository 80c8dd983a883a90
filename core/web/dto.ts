import { ValidateIf } from 'class-validator';

/** The field may be left out. Unlike `IsOptional` it does not let `null` pass for a value. */
export function IfGiven(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}
