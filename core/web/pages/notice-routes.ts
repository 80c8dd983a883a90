import type { Route } from '../http/route.ts';
import { sendMailAgain, sendTestMail, showAdminMail } from './admin-mail.ts';
import { chooseNotices, openFromMail, showNoticeStop, showNotices, stopNotices } from './notices.ts';
import {
  changeWebhook,
  createWebhook,
  removeWebhook,
  replayDelivery,
  rotateWebhook,
  showWebhook,
  showWebhooks,
  switchWebhook,
  testWebhook,
} from './webhooks.ts';

/** Who is told what: people by mail, a store's own systems by webhooks. */
export const noticePageRoutes: readonly Route[] = [
  { on: 'GET /notifications', who: 'signed-in', run: showNotices },
  { on: 'POST /notifications', who: 'signed-in', run: chooseNotices },
  { on: 'GET /notifications/stop/:store/:user/:proof', who: 'anyone', run: showNoticeStop },
  { on: 'POST /notifications/stop/:store/:user/:proof', who: 'anyone', signed: true, run: stopNotices },
  { on: 'GET /open/:store/:proof', who: 'signed-in', run: openFromMail },
  { on: 'GET /notifications/webhooks', who: 'signed-in', run: showWebhooks },
  { on: 'POST /notifications/webhooks', who: 'signed-in', run: createWebhook },
  { on: 'GET /notifications/webhooks/:webhook', who: 'signed-in', run: showWebhook },
  { on: 'POST /notifications/webhooks/:webhook', who: 'signed-in', run: changeWebhook },
  { on: 'POST /notifications/webhooks/:webhook/enabled', who: 'signed-in', run: switchWebhook },
  { on: 'POST /notifications/webhooks/:webhook/rotate', who: 'signed-in', run: rotateWebhook },
  { on: 'POST /notifications/webhooks/:webhook/test', who: 'signed-in', run: testWebhook },
  { on: 'POST /notifications/webhooks/:webhook/remove', who: 'signed-in', run: removeWebhook },
  { on: 'POST /notifications/webhooks/:webhook/deliveries/:delivery/replay', who: 'signed-in', run: replayDelivery },
  { on: 'GET /admin/mail', who: 'operator', run: showAdminMail },
  { on: 'POST /admin/mail/test', who: 'operator', run: sendTestMail },
  { on: 'POST /admin/mail/:mail/again', who: 'operator', run: sendMailAgain },
];
