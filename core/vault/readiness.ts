import { FORGOTTEN_SECONDS, type Host } from './host-store.ts';

/** May everything be sealed with this key now, or is there something to wait for, or to do first? */
export type Readiness =
  | { readonly kind: 'ready' }
  | { readonly kind: 'wait'; readonly why: string }
  | { readonly kind: 'not-yet'; readonly why: string };

/** A host says that it is there every 30 s. */
const MISSED_SECONDS = 45;

/** Every running host must have the key, and seal with it: what one seals with another key is never all under this one. */
export function readinessFor(kid: string, hosts: readonly Host[]): Readiness {
  const lacking = hosts.filter(({ kids }) => !kids.includes(kid));
  const there = lacking.find(({ silentSeconds }) => silentSeconds <= MISSED_SECONDS);
  if (there) {
    const why = `The hub ${there.name} runs without the key "${kid}": add it to the keys of that host and restart it first.`;
    return { kind: 'not-yet', why };
  }
  const [silent] = lacking;
  if (silent) {
    const why = `The hub ${silent.name} has no key "${kid}" and has been silent for ${silent.silentSeconds} s; if it has ended, it is forgotten after ${FORGOTTEN_SECONDS} s.`;
    return { kind: 'wait', why };
  }
  const other = hosts.find(({ kids }) => kids[0] !== kid);
  if (other) {
    const why = `The hub ${other.name} has the key "${kid}" behind "${other.kids[0]}" and goes on sealing with that one: put "${kid}" first there and restart it.`;
    return { kind: 'not-yet', why };
  }
  const late = hosts.find(({ sealsWith }) => sealsWith !== kid);
  if (late) return { kind: 'wait', why: `The hub ${late.name} seals with "${late.sealsWith}" for up to half a minute more.` };
  return { kind: 'ready' };
}
