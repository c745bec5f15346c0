import type { Notification } from "@/gen/errand/v1/notification_pb";

import type { NotificationPage } from "./pages";

/**
 * What the stream has told of notifications. A page that was read before something happened and arrives after it is put
 * right by what was seen meanwhile.
 */
export class SeenNotifications {
  readonly #latest = new Map<string, Notification | "deleted">();

  /** What was last seen of it. */
  get(id: string): Notification | "deleted" | undefined {
    return this.#latest.get(id);
  }

  /** Remembers a state. */
  put(notification: Notification): void {
    const known = this.#latest.get(notification.id);
    if (known === "deleted" || (known && known.version >= notification.version)) return;
    this.#remember(notification.id, notification);
  }

  /** Remembers that it is gone. */
  delete(id: string): void {
    this.#remember(id, "deleted");
  }

  forget(): void {
    this.#latest.clear();
  }

  /** The page with the later state of each, and without those that are gone. */
  correct(page: NotificationPage): NotificationPage {
    return {
      ...page,
      notifications: page.notifications.flatMap((notification) => {
        const latest = this.#latest.get(notification.id);
        if (latest === "deleted") return [];
        return [latest && latest.version > notification.version ? latest : notification];
      }),
    };
  }

  #remember(id: string, state: Notification | "deleted"): void {
    this.#latest.delete(id);
    this.#latest.set(id, state);
    const oldest = this.#latest.keys().next().value;
    if (this.#latest.size > REMEMBERED && oldest !== undefined) this.#latest.delete(oldest);
  }
}

const REMEMBERED = 1000;
