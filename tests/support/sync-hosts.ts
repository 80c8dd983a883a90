import { type HubHost, type HubHosts, hubHosts } from './hub-hosts.ts';
import { writePagedPlugin } from './paged-plugin.ts';
import { PagedProvider } from './paged-provider.ts';

export type SyncHost = HubHost;

/** Hubs in processes of their own on one database, with the plugin `paged` and its provider in the test's process. */
export interface SyncHosts extends HubHosts {
  readonly provider: PagedProvider;
}

export async function syncHosts({ pageSize }: { readonly pageSize: number }): Promise<SyncHosts> {
  const provider = await new PagedProvider(pageSize).start();
  const egressMap = () => ({ 'api.paged.example': provider.url });
  const hosts = await hubHosts({ plugins: (pluginDirs) => writePagedPlugin(pluginDirs), egressMap });
  return {
    ...hosts,
    provider,
    async close() {
      await hosts.close();
      await provider.close();
    },
  };
}
