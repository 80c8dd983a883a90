import { ValidateIf } from 'class-validator';

/** The field may be left out. Unlike `IsOptional` it does not let `null` pass for a value. */
export function IfGiven(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** The field may be left out, or null where that takes a value away. */
export function IfNotNull(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined && value !== null);
}
