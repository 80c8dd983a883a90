import { dayIn } from 'patchbay';

const DAY_MS = 86_400_000;

/** `2026-01-31`: the day it is now in a time zone; the account's days are what the provider reports by. */
export function todayIn(timeZone: string, now = Date.now()): string {
  try {
    return dayIn(timeZone, now);
  } catch {
    return new Date(now).toISOString().slice(0, 10);
  }
}

/** How many days from one to the other, both included. */
export function daysFrom(since: string, until: string): number {
  return Math.round((Date.parse(until) - Date.parse(since)) / DAY_MS) + 1;
}

export function earlier(one: string, other: string): string {
  return one < other ? one : other;
}
