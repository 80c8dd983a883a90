import type { Manifest, OAuth2, Plugin } from '../sdk/index.ts';

/** What an operator needs to read and the README does not tell. */
export function readmeFaults(plugin: Plugin, text: string): string[] {
  const { manifest, handlers } = plugin;
  if (manifest.comingSoon) return [];
  const headings = [...text.matchAll(/^#{2,}\s+(.*)$/gm)].map(([, heading = '']) => heading);
  const under = (words: RegExp) => headings.some((heading) => words.test(heading));
  const oauth = (manifest as Manifest).auth.find((auth): auth is OAuth2 => auth.method === 'oauth');
  return [
    ...(under(/set ?up|creat|connect|regist|\bapps?\b|\bkeys?\b|token/i)
      ? []
      : ['has no section on what to create at the provider; add `## Setup`']),
    ...(oauth ? oauthFaults(oauth, text) : []),
    ...(handlers?.webhook && !text.includes('/webhooks/')
      ? ['does not name the webhook URL to enter at the provider: `PUBLIC_URL/webhooks/<plugin>`']
      : []),
    ...(under(/limit/i) ? [] : ["has no section on the provider's limits; add `## Limits`"]),
    ...(under(/checklist/i) && /^\s*[-*] \[[ xX]\]/m.test(text)
      ? []
      : ['has no `## Checklist` with `- [x]` items: test, reconnect, resume, unsubscribe, limits, removal']),
  ];
}

function oauthFaults({ scopes }: OAuth2, text: string): string[] {
  const unnamed = scopes.map(({ name }) => name).filter((name) => !text.includes(name));
  return [
    ...(text.includes('/oauth/callback')
      ? []
      : ['does not name the redirect URI: `PUBLIC_URL/integrations/<plugin>/oauth/callback`']),
    ...(unnamed.length > 0 ? [`does not name the scopes ${unnamed.join(', ')}, which the app needs at the provider`] : []),
  ];
}
