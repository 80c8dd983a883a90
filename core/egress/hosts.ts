/** Does `pattern` (a host, or `*.` and a host for any number of labels before it) name `host`? Case does not matter. */
export function hostMatches(pattern: string, host: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), host.toLowerCase()];
  return wanted.startsWith('*.') ? given.endsWith(wanted.slice(1)) && given.length > wanted.length - 1 : given === wanted;
}

/** Hosts are compared with their port, which is absent for https's own. */
export function isDeclared(hosts: readonly string[], url: URL): boolean {
  return hosts.some((pattern) => hostMatches(pattern, url.host));
}
