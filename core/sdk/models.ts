import type { Account } from './account.ts';
import type { Address, Money, Time } from './values.ts';

/**
 * Shapes that streams of different providers share, so that a store's own systems read one contact and not ten.
 * Every field but the few without `?` may be missing: leave out what the provider does not say, never guess it.
 */
export interface Models {
  readonly contact: Contact;
  readonly appointment: Appointment;
  readonly opportunity: Opportunity;
  readonly message: Message;
  readonly campaign: Campaign;
  readonly list: List;
  readonly invoice: Invoice;
  readonly payment: Payment;
  readonly subscription: Subscription;
  readonly report: Report;
}

/** The name of a shape in {@link Models}. */
export type ModelKind = keyof Models;

/** How the records of a stream read in a shared shape. */
export type Model = {
  readonly [K in ModelKind]: {
    readonly kind: K;
    /** Pure. `data` is what the stream wrote; throws for a record that cannot be read so. */
    of(data: Readonly<Record<string, unknown>>, account: Account): Models[K];
  };
}[ModelKind];

/** A person (or company) the store deals with. */
export interface Contact {
  readonly email?: string;
  /** E.164 where the provider gives it. */
  readonly phone?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  /** The whole name, where the provider does not split it. */
  readonly name?: string;
  /** Where the person works, or the company itself. */
  readonly company?: string;
  readonly address?: Address;
  /** The names of its tags, as people see them. */
  readonly tags?: readonly string[];
  /** May this person be written to? */
  readonly consent?: 'subscribed' | 'unsubscribed' | 'pending' | 'bounced' | 'never-asked';
  /** An IANA name, the provider's own. Where it gives none, the hub adds the one its address leaves no doubt about. */
  readonly timezone?: string;
  /** How this contact came to be, in the provider's words. */
  readonly source?: string;
  readonly createdAt?: Time;
  readonly updatedAt?: Time;
}

/** A time somebody has booked. */
export interface Appointment {
  readonly startsAt: Time;
  readonly endsAt?: Time;
  readonly title?: string;
  readonly status?: 'booked' | 'confirmed' | 'completed' | 'cancelled' | 'no-show';
  /** Ids are the provider's, those of its own streams. */
  readonly contactId?: string;
  readonly assigneeId?: string;
  /** Where it takes place: an address, a link, a room. */
  readonly location?: string;
}

/** A deal that may be won. */
export interface Opportunity {
  readonly name: string;
  readonly status: 'open' | 'won' | 'lost' | 'abandoned';
  readonly value?: Money;
  /** Names where the provider gives them with the deal, else its ids. */
  readonly pipeline?: string;
  readonly stage?: string;
  readonly contactId?: string;
  readonly createdAt?: Time;
  readonly updatedAt?: Time;
}

/** Something said to or by a contact. */
export interface Message {
  readonly channel: 'email' | 'sms' | 'whatsapp' | 'call' | 'chat' | 'other';
  readonly direction: 'inbound' | 'outbound';
  readonly subject?: string;
  /** Text or HTML, as it was sent. */
  readonly body?: string;
  /** An address or a number, as the channel has them. */
  readonly from?: string;
  readonly to?: string;
  readonly status?: 'queued' | 'sent' | 'delivered' | 'opened' | 'failed' | 'received';
  readonly contactId?: string;
  readonly sentAt?: Time;
}

/** A planned effort to reach people: an advertising campaign, a mailing. */
export interface Campaign {
  readonly name: string;
  readonly channel?: 'ads' | 'email' | 'sms' | 'other';
  readonly status: 'draft' | 'scheduled' | 'active' | 'paused' | 'ended' | 'archived';
  /** What it is to reach, in the provider's words. */
  readonly objective?: string;
  /** For a day or for its whole life, as the provider has it. */
  readonly budget?: Money;
  readonly listId?: string;
  readonly startsAt?: Time;
  readonly endsAt?: Time;
}

/** A set of contacts. */
export interface List {
  readonly name: string;
  /** How many contacts are in it. */
  readonly members?: number;
  readonly createdAt?: Time;
}

/** A demand for money. */
export interface Invoice {
  /** As it is printed on it. */
  readonly number?: string;
  readonly status: 'draft' | 'open' | 'paid' | 'void' | 'uncollectible';
  /** Taxes included. */
  readonly total: Money;
  /** What is still to be paid. */
  readonly due?: Money;
  readonly contactId?: string;
  readonly subscriptionId?: string;
  readonly issuedAt?: Time;
  readonly dueAt?: Time;
  readonly paidAt?: Time;
}

/** Money that moved, or was meant to. */
export interface Payment {
  readonly status: 'pending' | 'succeeded' | 'failed' | 'partly-refunded' | 'refunded' | 'disputed';
  readonly amount: Money;
  /** What went back of it: positive. */
  readonly refunded?: Money;
  /** What the provider kept. */
  readonly fee?: Money;
  /** How it was paid, in the provider's words: `card`, `sepa_debit`. */
  readonly method?: string;
  /** Why it failed, in words. */
  readonly failure?: string;
  readonly contactId?: string;
  readonly invoiceId?: string;
  readonly at?: Time;
}

/** An agreement that is paid again and again. */
export interface Subscription {
  readonly status: 'trialing' | 'active' | 'past-due' | 'paused' | 'unpaid' | 'incomplete' | 'cancelled';
  /** For one period. */
  readonly price?: Money;
  readonly interval?: 'day' | 'week' | 'month' | 'year';
  /** How many intervals one period lasts; default 1. */
  readonly intervalCount?: number;
  readonly contactId?: string;
  readonly startedAt?: Time;
  /** The end of the period that was paid last. */
  readonly paidUntil?: Time;
  /** Set where it is known to end, or has ended. */
  readonly endsAt?: Time;
}

/** Figures of one period, for one combination of dimensions. */
export interface Report {
  /** First and last day (`2026-01-31`), both included, in the account's own zone. */
  readonly from: string;
  readonly to: string;
  /** An IANA name. */
  readonly zone?: string;
  /** What the figures are of: `{ campaign: 'Spring' }`. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Money is in minor units of `currency`; shares are 0 to 1. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly currency?: string;
}
