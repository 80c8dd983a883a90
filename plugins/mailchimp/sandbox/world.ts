import { type Changes, Documents } from 'patchbay/simulator';
import { baseCampaigns, baseMembers, baseTags, type Doc } from './base.ts';
import { ACCOUNTS, AUDIENCES, type DemoAudience } from './demo.ts';

export type Kind = 'members' | 'tags' | 'campaigns' | 'webhooks' | 'forgotten';

/** The accounts and what is in them. */
export class World extends Documents<Kind, Doc> {
  readonly epoch: number;

  constructor({ epoch, ...given }: { epoch: number; changes: Changes<Kind, Doc> | undefined; changed: () => void }) {
    super({
      ...given,
      base: {
        members: ACCOUNTS.flatMap((account) => account.audiences.flatMap((one) => baseMembers(account, one, epoch))),
        tags: AUDIENCES.flatMap((audience) => baseTags(audience, epoch)),
        campaigns: ACCOUNTS.flatMap((account) => baseCampaigns(account, epoch)),
        webhooks: [],
        forgotten: [],
      },
      keyOf: ({ key }) => key,
    });
    this.epoch = epoch;
  }

  /** Everything of a kind in one audience. */
  at(kind: Kind, listId: string): Doc[] {
    return this.all(kind, (doc) => doc['list_id'] === listId);
  }

  audience(id: string | undefined): DemoAudience | undefined {
    return AUDIENCES.find((audience) => audience.id === id);
  }
}
