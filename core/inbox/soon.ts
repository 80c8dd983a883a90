/** What is known now, or will be. */
export type Soon<T> = T | Promise<T>;

export function isLater<T>(value: Soon<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | undefined)?.then === 'function';
}

/** Goes on at once where there is nothing to wait for, as for nearly every call of a busy provider. */
export function andThen<T, U>(value: Soon<T>, next: (value: T) => Soon<U>): Soon<U> {
  return isLater(value) ? value.then(next) : next(value);
}
