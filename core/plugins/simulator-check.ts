import type { Auth, Manifest, Sandbox } from '../sdk/index.ts';
import { isUnproven, openRig, type Rig, type RigOptions, wayFor, waysOf, wrongCredential } from '../sdk/testing/rig.ts';
import { syncable } from '../sdk/testing/runs.ts';
import { GARBAGE, garbage, OUTAGES } from '../sdk/testing/trouble.ts';
import { actionBreaches } from './actions-check.ts';
import { attempt, inSimulator, said, silent } from './attempt-check.ts';
import type { Breach, ReadyPlugin } from './check.ts';
import { signedBreaches } from './signed-check.ts';
import { streamBreaches } from './streams-check.ts';

/** Works the plugin against its own simulator, in this process and without a network. */
export async function simulatorBreaches(plugin: ReadyPlugin, sandbox: Sandbox | undefined): Promise<Breach[]> {
  if (!sandbox)
    return [silent('P201', 'has no simulator; write sandbox.ts, so that it can be tried and checked without an account')];
  const hosts = hostBreaches(plugin.manifest, sandbox);
  const ways = waysOf(plugin, sandbox);
  if (!ways) return [...hosts, inSimulator('P202', NO_WAY)];
  const open = (way: RigOptions) => openRig(plugin, sandbox, way);
  const found: Breach[] = [];
  for (const way of ways) found.push(...(await connectionBreaches(() => open(way), way)));
  if (found.some(({ rule }) => rule === 'P202')) return [...hosts, ...found];
  for (const way of ways) {
    const untested = await testBreach(() => open(way));
    if (!untested) continue;
    found.push(untested);
    break;
  }
  const streams = plugin.handlers.streams ?? {};
  for (const way of ways) {
    const read = syncable(streams).filter((name) => wayFor(ways, streams[name] ?? {}) === way);
    found.push(...(await streamBreaches(() => open(way), read)));
  }
  const work = [
    ...(await actionBreaches((action) => open(wayFor(ways, action)), sandbox.demo?.actions)),
    ...(plugin.handlers.webhook ? await signedBreaches(() => open(ways[0]), sandbox.demo?.webhook) : []),
  ];
  return [...hosts, ...found, ...work];
}

const NO_WAY = 'does not say how to connect to it; give `demo: { credentials }` or `demo: { oauth: { accessToken, grant } }`';

function hostBreaches({ baseUrl, hosts = [], auth }: Manifest, sandbox: Sandbox): Breach[] {
  const ofWay = (way: Auth) => (way.method === 'oauth' ? [way.authorizeUrl, way.tokenUrl, way.revokeUrl] : []);
  const addresses = [baseUrl, ...auth.flatMap(ofWay)].filter((url) => url !== undefined);
  const asked = [...addresses.map((url) => new URL(url.replaceAll(/[{}]/g, '')).host), ...hosts];
  const answers = (host: string) =>
    sandbox.hosts.some((own) => own === host || (own.startsWith('*.') && host.replace(/^\*/, '').endsWith(own.slice(1))));
  const silentHosts = [...new Set(asked)].filter((host) => !answers(host));
  return silentHosts.map((host) => inSimulator('P201', `does not answer for ${host}; add it to \`hosts\``));
}

/** Does `test` come to its sentence? */
async function testBreach(open: () => Rig): Promise<Breach | undefined> {
  const rig = open();
  const { test } = rig.handlers;
  try {
    if (!test) return undefined;
    const { ctx } = await rig.connect();
    const outcome = await attempt((async () => test(ctx))());
    const { message } = (outcome.value ?? {}) as { readonly message?: unknown };
    if (typeof message === 'string' && message.trim() !== '') return undefined;
    const problem = outcome.error
      ? `does not come to its sentence: ${said(outcome)}; mend test or the simulator`
      : 'answers without a `message`; return { message: "Connected to Blue Fitness." }';
    return silent('P303', `\`test\` ${problem}`, ['test']);
  } finally {
    await rig.close();
  }
}

const AT = ['identify'];

async function connectionBreaches(open: () => Rig, way: RigOptions): Promise<Breach[]> {
  const rig = open();
  const identify = (changes: Parameters<Rig['link']>[0]) => attempt(rig.handlers.identify(rig.link(changes), rig.grant));
  try {
    const first = await attempt(rig.connect());
    if (first.error)
      return [
        silent(
          'P202',
          `cannot connect to its simulator by ${way.oauth ? 'OAuth' : 'keys'}: ${first.error}; mend identify or the simulator`,
          AT,
        ),
      ];
    const wrong = await identify(wrongCredential(rig.manifest, way));
    const refused = wrong.consequence === 'rejected' || wrong.consequence === 'reconnect-needed';
    const found: Breach[] =
      refused || isUnproven(rig.manifest, way)
        ? []
        : [silent('P203', `takes a wrong credential for a good one (${said(wrong)}); let identify ask the provider`, AT)];
    for (const [what, answer] of OUTAGES) {
      const outcome = await identify({ answer });
      if (outcome.consequence !== 'try-later')
        found.push(
          silent(
            'P301',
            `identify must end in TryLater when the provider ${what}, and ${said(outcome)}; let the error of ctx.http pass`,
            AT,
          ),
        );
    }
    for (const [what, body] of GARBAGE) {
      const outcome = await identify({ answer: garbage(body) });
      if (outcome.error && !outcome.consequence)
        found.push(
          silent(
            'P302',
            `identify trips over ${what} (${outcome.error}); check what came before using it, and throw Rejected`,
            AT,
          ),
        );
    }
    return found;
  } finally {
    await rig.close();
  }
}
