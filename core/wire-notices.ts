import type { DataSource } from 'typeorm';
import type { Audit } from './access/audit.ts';
import type { Config } from './config.ts';
import type { Jobs } from './database/jobs.ts';
import type { Egress } from './egress/client.ts';
import { Listener } from './inbox/listener.ts';
import type { Log } from './log.ts';
import type { Mail } from './mail/mail.ts';
import { ChoiceStore } from './notices/choice-store.ts';
import { DeliveryStore } from './notices/delivery-store.ts';
import { EndpointStore } from './notices/endpoint-store.ts';
import { IncidentStore } from './notices/incident-store.ts';
import { NoticeLinks } from './notices/notice-links.ts';
import { Notices } from './notices/notices.ts';
import { OCCURRENCES_CHANNEL, OccurrenceStore } from './notices/occurrence-store.ts';
import { Webhooks } from './notices/webhooks.ts';
import { callingPlugins } from './plugins/calling-plugins.ts';
import type { Registry } from './plugins/registry.ts';
import type { Vault } from './vault/secret.ts';
import { wordsIn } from './web/words/mail-words.ts';
import type { WireInput } from './wire-plugins.ts';

interface NoticeParts {
  readonly config: Config;
  readonly dataSource: DataSource;
  readonly jobs: Jobs;
  readonly vault: Vault;
  readonly egress: Egress;
  readonly audit: Audit;
  readonly registry: Registry;
  readonly mail: Mail;
  readonly log: Log;
  readonly gatherMs: number | undefined;
}

/** Who is told what: people by mail, a store's own systems by webhooks. */
export function wireNotices({ config, dataSource, registry, ...parts }: NoticeParts) {
  const incidents = new IncidentStore(dataSource);
  const choices = new ChoiceStore(dataSource);
  const noticeLinks = new NoticeLinks({ publicUrl: config.publicUrl, secret: config.sessionSecret });
  const webhooks: Webhooks = new Webhooks({
    ...parts,
    incidents,
    endpoints: new EndpointStore(dataSource),
    deliveries: new DeliveryStore(dataSource),
    brandName: config.brand.name,
    alarm: (incident) => notices.open(incident),
  });
  const notices = new Notices({
    ...parts,
    incidents,
    choices,
    links: noticeLinks,
    occurrences: new OccurrenceStore(dataSource),
    wordsIn,
    titleOf: (plugin) => registry.template(plugin)?.name ?? '',
    calling: () => callingPlugins(registry),
    publish: (occurrence, sql) => webhooks.publish(occurrence, sql),
  });
  const remind: Notices['remind'] = (about) => notices.remind(about);
  return { notices, noticeLinks, incidents, noticeChoices: choices, webhooks, remind };
}

/** Wakes whoever reads what happened. */
export function wireOccurrenceNews({ databaseUrl: url, config, log }: WireInput, notices: Notices): Listener {
  const onNotify = () => {
    if (config.roles.includes('worker')) notices.wake();
  };
  return new Listener({ url, channel: OCCURRENCES_CHANNEL, onNotify, log });
}
